"""What people read about merchants' coupons: their owners, and the clerks who redeem them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.coupons.model import CouponCode, CouponState, Held
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.redemptions.codes import ShownCode
from campaigns.redemptions.model import UndoReason
from campaigns.reminders.model import Topic
from handlers.wording.mutes import mute_button
from handlers.wording.phrase import Phrase
from handlers.wording.redemptions import UNDO_REASONS
from handlers.wording.times import when

COUPON_WORDS = ("我的券", "我的卡券", "卡券", "优惠券", "優惠券", "商户券", "商戶券", "my coupons", "coupons")

ISSUED = Phrase("🎟 您得到 {count} 张商户券：", "🎟 Coupons for you: {count}")
LINE = Phrase("· {title}（{partner}）{until} 前有效", "· {title} ({partner}), before {until}")
CONDITIONS = Phrase("  {conditions}", "  {conditions}")
MINE_BUTTON = Phrase("我的券", "My coupons")
NO_COUPONS = Phrase(
    "您还没有商户券。参加集章，到摊位盖章就有机会得到。", "You have no coupon yet: stamps at booths may bring one."
)
MINE = Phrase("我的券", "My coupons")
ENDED = {
    CouponState.ISSUED: Phrase("· {title}（{partner}）已过期", "· {title} ({partner}): ended"),
    CouponState.REDEEMED: Phrase("· {title}（{partner}）已使用", "· {title} ({partner}): used"),
    CouponState.EXPIRED: Phrase("· {title}（{partner}）已过期", "· {title} ({partner}): ended"),
    CouponState.VOID: Phrase("· {title}（{partner}）已作废", "· {title} ({partner}): void"),
}
USE_BUTTON = Phrase("用券：{title}", "Use: {title}")
READY = Phrase(
    "券码 {short}\n{title}（{partner}）\n{conditions}\n请店员扫码，或报 6 位码。30 分钟内有效，只用一次，不要转发。",
    "Code {short}\n{title} ({partner})\n{conditions}\n"
    "The clerk scans it, or types the six characters. It lives 30 minutes and works once: do not pass it on.",
)

FOR_STAFF = Phrase("这是券码，请到商户出示，由店员扫码。", "This is a coupon's code: show it to the partner's clerk.")
AT_DESK = Phrase(
    "核销商户券 · {rally}\n会员：{name}\n券：{title}（{partner}）\n条件：{conditions}\n有效至：{until}",
    "Coupon · {rally}\nMember: {name}\nCoupon: {title} ({partner})\nConditions: {conditions}\nUntil: {until}",
)
REDEEM_BUTTON = Phrase("确认核销", "Redeem")
DISMISS_BUTTON = Phrase("取消", "Not now")
UNDO_BUTTON = Phrase("撤回核销（10 分钟内）", "Take back (10 minutes)")
REDEEMED = Phrase("✅ 已核销。", "✅ Redeemed.")
DISMISSED = Phrase("没有核销，码仍然有效。", "Nothing was redeemed; the code still works.")
UNDONE = Phrase("已撤回，券可以再用。", "Taken back; the coupon can be used again.")
OUTCOMES = {
    CouponCode.REDEEMED: REDEEMED,
    CouponCode.UNDONE: UNDONE,
    CouponCode.UNKNOWN: Phrase(
        "没有这个码，可能已换新码：请会员重新出示。", "There is no such code, or a newer one: ask for it again."
    ),
    CouponCode.STALE: Phrase("券码过期了，请会员在「我的券」重新出示。", "The code is too old: ask for a new one."),
    CouponCode.OVER: Phrase("这张券已经用过。", "This coupon was used."),
    CouponCode.EXPIRED: Phrase("这张券已过有效期。", "This coupon has ended."),
    CouponCode.VOID: Phrase("这张券已作废。", "This coupon is void."),
    CouponCode.OWN: Phrase("不能核销自己的券。", "Nobody redeems their own coupon."),
    CouponCode.ELSEWHERE: Phrase(
        "这张券由该商户的店员核销；您的账号没有关联这家商户（请管理员发 /partner 商户名）。",
        "The partner's own clerk redeems it; you are not linked to that partner (ask for /partner NAME).",
    ),
    CouponCode.NOT_NOW: Phrase("活动已经结算，不能再核销。", "The event is settled: nothing is redeemed any more."),
    CouponCode.TOO_LATE: Phrase("超过 10 分钟或活动已结算，不能撤回。", "Too late: it stands."),
    CouponCode.NOT_YOURS: Phrase(
        "只有核销的人或团队长可以撤回。", "Only who redeemed it, or a team lead, takes it back."
    ),
}

TOLD_REDEEMED = Phrase(
    "您的「{title}」在{partner}用掉了。不是您本人使用，请马上告诉店员。",
    "Your “{title}” was redeemed at {partner}. If that was not you, tell the clerk at once.",
)
TOLD_UNDONE = Phrase(
    "店员撤回了「{title}」的核销（{reason}），券可以再用。", "The clerk took back “{title}” ({reason}); use it again."
)
TOLD_VOID = Phrase("您的「{title}」已作废：{reason}", "Your “{title}” is void: {reason}")
ENDING = Phrase(
    "⏰ 您的「{title}」（{partner}）{until} 到期，别忘了用。", "⏰ Your “{title}” ({partner}) ends {until}."
)


def title_of(held: Held, language: Language) -> str:
    """A coupon's name in the reader's language."""
    article = held.plan.article
    return article.title_zh if language is Language.ZH else article.title_en


def use_data(held: Held) -> str:
    """The button that shows a code (`handlers.chat.coupons.UseTap`)."""
    return f"my_coupon:{held.coupon.id}"


def mine(coupons: Sequence[Held], usable: Sequence[Held], zone: ZoneInfo, language: Language) -> str:
    """A member's coupons, those that can be used first."""
    if not coupons:
        return NO_COUPONS.say(language)
    lines = [_line(held, zone, language) for held in usable]
    ended = (held for held in coupons if held not in usable)
    return "\n".join([MINE.say(language), *lines, *(_ended(held, language) for held in ended)])


def ready(held: Held, code: ShownCode, language: Language) -> str:
    """The words under the code's picture."""
    return READY.say(language, **_facts(held, language), short=f"{code.short[:3]} {code.short[3:]}")


def at_desk(held: Held, owner: Member, zone: ZoneInfo, language: Language) -> str:
    """What a clerk sees of a code: the masked name, the coupon, its conditions."""
    rally = held.rally.title_zh if language is Language.ZH else held.rally.title_en
    until = when(held.coupon.expires_at, zone, language)
    return AT_DESK.say(language, **_facts(held, language), rally=rally, name=masked(owner.name), until=until)


def desk_outcome(code: CouponCode, language: Language) -> str:
    """What came of a scan or of a tap at the desk."""
    return OUTCOMES[code].say(language)


def _line(held: Held, zone: ZoneInfo, language: Language) -> str:
    until = when(held.coupon.expires_at, zone, language)
    return (
        LINE.say(language, **_facts(held, language), until=until)
        + "\n"
        + CONDITIONS.say(language, **_facts(held, language))
    )


def _ended(held: Held, language: Language) -> str:
    return ENDED[held.coupon.state].say(language, **_facts(held, language))


def _facts(held: Held, language: Language) -> Mapping[str, str]:
    plan = held.plan
    conditions = plan.conditions_zh if language is Language.ZH else plan.conditions_en
    return {"title": title_of(held, language), "partner": plan.partner, "conditions": conditions}


@dataclass(frozen=True)
class CouponWords:
    """The sentences about coupons that go into the ledger (`campaigns.coupons.desk.CouponWording`)."""

    zone: ZoneInfo

    def issued(self, member: Member, coupons: Sequence[Held]) -> Message:
        """New coupons of one stamp."""
        language = member.language
        lines = [_line(held, self.zone, language) for held in coupons]
        buttons = tuple(
            (Button(USE_BUTTON.say(language, title=title_of(held, language)), use_data(held)),) for held in coupons
        )
        return Message("\n".join([ISSUED.say(language, count=len(coupons)), *lines]), buttons)

    def redeemed(self, member: Member, held: Held) -> Message:
        """A coupon was redeemed."""
        return self._about(TOLD_REDEEMED, member, held)

    def undone(self, member: Member, held: Held, reason: UndoReason) -> Message:
        """A redemption was taken back."""
        return self._about(TOLD_UNDONE, member, held, reason=UNDO_REASONS[reason].say(member.language))

    def voided(self, member: Member, held: Held, reason: str) -> Message:
        """A coupon holds no more."""
        return self._about(TOLD_VOID, member, held, reason=reason)

    def ending(self, member: Member, held: Held) -> Message:
        """A coupon ends soon."""
        found = self._about(ENDING, member, held, until=when(held.coupon.expires_at, self.zone, member.language))
        use = Button(USE_BUTTON.say(member.language, title=title_of(held, member.language)), use_data(held))
        return Message(found.text, ((use,), (mute_button(Topic.COUPON, member.language),)))

    def _about(self, words: Phrase, member: Member, held: Held, **facts: str) -> Message:
        return Message(words.say(member.language, **{**_facts(held, member.language), **facts}))
