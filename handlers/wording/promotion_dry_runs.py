"""What staff read of a dry run: whom quiet hours hold, when the last message could leave, how far a supply lasts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.promotions.sending import Sending
from campaigns.promotions.supplies import Bound, RateSource, RunOut
from handlers.wording.phrase import Phrase

BOUNDS = {
    Bound.STOCK: Phrase("库存", "the stock"),
    Bound.BUDGET: Phrase("预算", "the budget"),
    Bound.CAP: Phrase("未兑付上限", "the cap on what is outstanding"),
}
RATES = {
    RateSource.RESULTS: Phrase("第 {version} 版的参与率", "the participation of version {version}'s results"),
    RateSource.TARGET: Phrase("目标参与率", "the target of participation"),
    RateSource.BENCHMARK: Phrase("本行基准参与率", "the bank's benchmark of participation"),
}
ENDLESS = Phrase("{supply} 没有库存、预算或上限，不会领完。", "{supply} has no stock, budget or cap that could end.")
ROOM = Phrase(
    "{supply} 还够 {takers} 人领，最先到头的是 {piece} 的{bound}。",
    "{supply} has room for {takers}: {bound} of {piece} ends first.",
)
LASTS = Phrase(
    "按{rate} {share}，{addressed} 人里约 {expected} 人会领，够到活动结束。",
    "At {share} ({rate}) about {expected} of the {addressed} written to take it: it outlasts the window.",
)
RUNS_OUT = Phrase(
    "⚠️ 按{rate} {share}，{addressed} 人里约 {expected} 人会领，约在 {at} 领完，活动还没结束：请加量、少发或改文案。",
    "Warning: at {share} ({rate}) about {expected} of the {addressed} written to would take it and it runs out about "
    "{at}, before the window ends: get more, write to fewer, or say so in the words.",
)
NOT_HELD = Phrase("开始发送时没有人在免打扰时段。", "Nobody is in quiet hours at the start.")
HOURS = Phrase(
    "开始发送时 {held} 人在免打扰时段，等到当地可发时再发。",
    "At the start {held} are in quiet hours of their zone and wait for the end of these.",
)
LAST_ONE = Phrase("最后一条约在 {at} 发出。", "The last one could leave about {at}.")
TOO_LATE = Phrase(
    "⚠️ {heads} 人等不到：活动结束前都不可发。", "Warning: for {heads} the window ends before they may be written to."
)


def hours_lines(found: Sending, zone: ZoneInfo, language: Language) -> list[str]:
    """Whom quiet hours hold at the start, when the last one could leave, and for whom that is too late."""
    lines = [HOURS.say(language, held=f"{found.held:,}") if found.held else NOT_HELD.say(language)]
    if found.last_at is not None:
        lines.append(LAST_ONE.say(language, at=_when(found.last_at, zone)))
    return [*lines, *([TOO_LATE.say(language, heads=f"{found.too_late:,}")] if found.too_late else [])]


def supply_lines(found: RunOut, zone: ZoneInfo, language: Language) -> list[str]:
    """For how many there is room, what ends first, and on which day at the expected rate."""
    subject, first, rate = found.supply.subject, found.supply.first, found.rate
    if first is None:
        return [ENDLESS.say(language, supply=subject)]
    bound = BOUNDS[first.bound].say(language)
    room = ROOM.say(language, supply=subject, takers=f"{first.takers:,}", bound=bound, piece=first.piece)
    facts = {
        "rate": RATES[rate.source].say(language, version=rate.version or ""),
        "share": f"{rate.share:.1%}",
        "addressed": f"{found.addressed:,}",
        "expected": f"{found.expected:,.0f}",
    }
    if found.ends_at is None:
        return [room, LASTS.say(language, **facts)]
    return [room, RUNS_OUT.say(language, **facts, at=_when(found.ends_at, zone))]


def _when(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
