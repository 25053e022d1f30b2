"""What people read on the page of an event: states of booths, where to go next, the own gifts and coupons."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.coupons.model import CouponState, Held
from campaigns.games.model import GameKind
from campaigns.gifts.model import Gift
from campaigns.members.model import Language
from campaigns.rallies.model import Booth, BoothState, Rally, RallyState
from campaigns.stamp_cards.model import Suggestion
from handlers.wording.pauses import reason
from handlers.wording.phrase import Phrase
from handlers.wording.rally_pages import of
from handlers.wording.times import when
from handlers.wording.waits import ABOUT, NO_QUEUE


class Shown(StrEnum):
    """A booth as the map shows it."""

    OPEN = "open"
    PAUSED = "paused"
    EARLY = "early"
    CLOSED = "closed"


NO_RALLY = Phrase("现在没有集章活动。", "There is no stamp rally now.")
STATES = {
    RallyState.DRAFT: Phrase("筹备中", "in preparation"),
    RallyState.ANNOUNCED: Phrase("即将开始", "soon"),
    RallyState.RUNNING: Phrase("进行中", "on now"),
    RallyState.ENDED: Phrase("已结束", "over"),
    RallyState.SETTLED: Phrase("已结束", "over"),
}
BOOTHS = {
    Shown.OPEN: Phrase("开放中", "open"),
    Shown.PAUSED: Phrase("暂停：{reason}", "paused: {reason}"),
    Shown.EARLY: Phrase("{opens} 开始", "opens {opens}"),
    Shown.CLOSED: Phrase("已结束", "closed"),
}
GAMES = {
    GameKind.SCAN: Phrase("扫屏幕上的码即得印章", "Scan the screen's code: the stamp is yours"),
    GameKind.QUIZ: Phrase("扫码后答一道题", "Scan, then answer one question"),
    GameKind.SPIN: Phrase("扫码后转转盘，最多 {tries} 次必过", "Scan, then spin: it passes within {tries}"),
    GameKind.STAFF: Phrase("{task}，店员确认后得印章", "{task}; a clerk confirms"),
    GameKind.PHOTO: Phrase("{task}，把照片发给我，店员确认", "{task}: send me the photo, a clerk confirms"),
}
NEXT = Phrase("下一站：{booth}", "Next: {booth}")
METRES = Phrase("约 {metres} 米", "about {metres} m")
GIFT_WAITS = Phrase("待领取", "to be fetched")
GIFT_FETCHED = Phrase("已领取", "fetched")
GIFT_OUT = Phrase("暂时发完，请到礼品台问", "gone for now: ask at the desk")
UNTIL = Phrase("{until} 前可用", "valid until {until}")
COUPONS = {
    CouponState.REDEEMED: Phrase("已使用", "used"),
    CouponState.EXPIRED: Phrase("已过期", "ended"),
    CouponState.VOID: Phrase("已作废", "void"),
}


def state_of(rally: Rally, booth: Booth, now: datetime) -> Shown:
    """How the map shows a booth now."""
    if rally.state in {RallyState.ENDED, RallyState.SETTLED} or now >= booth.closes_at:
        return Shown.CLOSED
    if rally.state is not RallyState.RUNNING or now < booth.opens_at:
        return Shown.EARLY
    return Shown.PAUSED if booth.state is BoothState.PAUSED else Shown.OPEN


def booth_state(booth: Booth, state: Shown, zone: ZoneInfo, language: Language) -> str:
    """A booth's state with the reason of its pause, or when it opens."""
    opens = f"{booth.opens_at.astimezone(zone):%H:%M}"
    return BOOTHS[state].say(language, reason=reason(booth.reason, language), opens=opens)


def hours(booth: Booth, zone: ZoneInfo) -> str:
    """A booth's hours: 10:00–18:00."""
    return f"{booth.opens_at.astimezone(zone):%H:%M}–{booth.closes_at.astimezone(zone):%H:%M}"


def game(booth: Booth, language: Language) -> str:
    """What a booth asks for."""
    return GAMES[booth.game.kind].say(language, tries=booth.game.tries, task=of(booth.game, "task", language))


def suggestion(found: Suggestion, language: Language) -> str:
    """Why to go there: 不用排队 · 约 40 米."""
    parts = [ABOUT.say(language, minutes=found.minutes) if found.minutes else NO_QUEUE.say(language)]
    if found.metres:
        parts.append(METRES.say(language, metres=found.metres))
    return " · ".join(parts)


def gift_state(gift: Gift, language: Language) -> str:
    """Whether a gift was fetched, waits, or is gone."""
    words = GIFT_FETCHED if gift.hand_out.is_handed_out else GIFT_WAITS if gift.stock else GIFT_OUT
    return words.say(language)


def coupon_state(held: Held, zone: ZoneInfo, language: Language) -> str:
    """Until when a coupon is valid, or how it ended."""
    if held.coupon.state is CouponState.ISSUED:
        return UNTIL.say(language, until=when(held.coupon.expires_at, zone, language))
    return COUPONS[held.coupon.state].say(language)
