"""What people read about gifts of medals: members, the gift desk, the organiser, the manager who follows up."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.deliveries.model import Button, Message
from campaigns.gifts.model import Gift, GiftCode
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.rallies.model import Article, Rally, Target
from campaigns.redemptions.codes import ShownCode
from campaigns.redemptions.model import UndoReason
from campaigns.suspicions.model import Case
from handlers.wording.consents import ask_contact
from handlers.wording.phrase import Phrase
from handlers.wording.redemptions import UNDO_REASONS
from handlers.wording.suspicions import REASONS

GIFT_WORDS = ("我的礼品", "我的禮品", "领奖", "領獎", "伴手礼", "伴手禮", "领奖码", "領獎碼", "my gifts", "gifts")

EARNED = Phrase("🏅 恭喜获得勋章「{medal}」！", "🏅 You earned the medal “{medal}”!")
FETCH = Phrase(
    "伴手礼：{gift}。\n到礼品台点「出示领奖码」，请工作人员扫码。",
    "Your gift: {gift}.\nAt the gift desk tap “Show my code” and let staff scan it.",
)
OUT_FOR_NOW = Phrase(
    "礼品暂时发完了，请到礼品台问一下。", "The gifts are gone for the moment: please ask at the gift desk."
)
BIND_FIRST = Phrase(
    "领取「{gift}」需要实名：请先绑定您在本行留的手机号，再到礼品台出示领奖码。",
    "“{gift}” needs your real name: link the number that the bank has of you, then show your code again.",
)
BIND_BEFORE = Phrase(
    "按规则领礼品要实名：请先绑定您在本行留的手机号。",
    "The rules ask for your real name: please link the number that the bank has of you first.",
)
BIND_BUTTON = Phrase("绑定手机号", "Link my number")
SHOW_BUTTON = Phrase("出示领奖码", "Show my code")
SHOW_ONE = Phrase("{gift} · 出示领奖码", "{gift} · show my code")
READY = Phrase(
    "领奖码 {short}\n「{medal}」伴手礼：{gift}\n请礼品台扫码，或报 6 位码。30 分钟内有效，只用一次，不要转发。",
    "Code {short}\nGift of “{medal}”: {gift}\n"
    "Staff scan it, or type the six characters. It lives 30 minutes and works once: do not pass it on.",
)
READY_OUT = Phrase("暂时发完了，请礼品台看一下", "gone for the moment, the desk will look")
NO_GIFTS = Phrase(
    "您还没有勋章。集满印章就能领伴手礼，发「集章」看还差几个。",
    "You have no medal yet. Collect stamps for a gift: send /stamps to see what is missing.",
)
MINE = Phrase("我的礼品", "My gifts")
WAITS = Phrase("🏅 {medal}：{gift}，待领取", "🏅 {medal}: {gift}, to be fetched")
WAITS_OUT = Phrase("🏅 {medal}：暂时发完，请到礼品台问", "🏅 {medal}: gone for now, ask at the desk")
FETCHED = Phrase("🏅 {medal}：{gift}，已领取", "🏅 {medal}: {gift}, fetched")
SHOW_REFUSALS = {
    GiftCode.UNKNOWN: Phrase("没有这份礼品，发「我的礼品」看看。", "There is no such gift: send “my gifts”."),
    GiftCode.OVER: Phrase("这份礼品您已经领过了。", "You have fetched this gift."),
    GiftCode.NOT_NOW: Phrase(
        "礼品台现在不发礼品：活动还没开始，或已经结束。", "The gift desk is not open: the event is not on."
    ),
    GiftCode.HAD_BEFORE: Phrase(
        "同一位客户只领一次：您已用另一个账号领过。", "Once per customer: you had it through another account."
    ),
}

FOR_STAFF = Phrase(
    "这是领奖码，请在礼品台出示，由工作人员扫码。",
    "This is a gift code: show it at the gift desk, where staff scan it.",
)
AT_DESK = Phrase(
    "礼品台 · {rally}\n会员：{name}（{known}）\n勋章：{medal}\n发放：{gift}{note}",
    "Gift desk · {rally}\nMember: {name} ({known})\nMedal: {medal}\nHand out: {gift}{note}",
)
KNOWN = Phrase("已实名", "known to the bank")
NOT_KNOWN = Phrase("未绑定", "not linked")
LEFT = Phrase("（含这份还剩 {left} 份）", " ({left} left with this one)")
INSTEAD = Phrase("\n⚠️ 原礼品发完了，发替代品", "\n⚠️ The gift is gone: this is its substitute")
NOTHING = Phrase("无", "nothing")
HAND_OUT_BUTTON = Phrase("确认发放", "Hand out")
DISMISS_BUTTON = Phrase("取消", "Not now")
CLEAR_BUTTON = Phrase("核实无误，放行", "It is in order")
REFUSE_BUTTON = Phrase("确认异常，不发", "It is not")
HANDED_OUT = Phrase("✅ 已发放，跟进已记下。", "✅ Handed out; the follow-up is noted.")
HANDED_TO_UNKNOWN = Phrase(
    "✅ 已发放。会员还没绑定手机号：请当面邀请绑定，绑好自动建跟进。",
    "✅ Handed out. The number is not linked: invite them to link it, and the follow-up opens by itself.",
)
DISMISSED = Phrase("没有发放，码仍然有效。", "Nothing was handed out; the code still works.")
UNDONE = Phrase("已撤回，库存已退回，码重新有效。", "Taken back into stock; the code works again.")
DOUBTS = Phrase("疑点：{reasons}\n请您当面核实后决定。", "Doubts: {reasons}\nPlease look, then decide.")
DESK_REFUSALS = {
    GiftCode.UNKNOWN: Phrase(
        "没有这个领奖码，可能已换新码：请会员重新出示。", "There is no such code, or a newer one: ask for it again."
    ),
    GiftCode.STALE: Phrase("领奖码过期了，请会员点「出示领奖码」。", "The code is too old: ask for a new one."),
    GiftCode.OVER: Phrase("这份礼品已经发过了，不要再发。", "This gift was handed out: do not give it again."),
    GiftCode.NOT_HANDED_OUT: Phrase(
        "这份礼品没有发放，不用撤回。", "It was not handed out: there is nothing to take back."
    ),
    GiftCode.OWN: Phrase("不能给自己发放。", "Nobody hands out to themselves."),
    GiftCode.ELSEWHERE: Phrase("礼品由银行工作人员发放。", "Gifts are handed out by the bank's own staff."),
    GiftCode.NOT_NOW: Phrase("活动还没开始，或已经结算。", "The event is not on, or is settled."),
    GiftCode.NOT_BOUND: Phrase(
        "按活动规则需要实名：已提醒会员绑定手机号，绑好再扫一次。",
        "The rules ask for the real name: the member was asked to link the number; then scan again.",
    ),
    GiftCode.HAD_BEFORE: Phrase("同一位客户已用另一个账号领过。", "The same customer had it through another account."),
    GiftCode.HELD: Phrase(
        "⚠️ 需要核实：请活动负责人或团队长扫这个码决定。", "⚠️ To be checked: ask a team lead to scan this code."
    ),
    GiftCode.REFUSED: Phrase("负责人核实后不发。有疑问请找团队长。", "A lead decided against it; ask a team lead."),
    GiftCode.CHANGED: Phrase("库存变了，请重新扫码。", "The stock has changed: scan again."),
    GiftCode.NOTHING_LEFT: Phrase(
        "礼品和替代品都发完了，请会员稍后再来。已通知负责人。",
        "Gift and substitute are gone: ask the member to come back. The organiser was told.",
    ),
    GiftCode.TOO_LATE: Phrase("超过 10 分钟或活动已结算，不能撤回。", "Too late: it stands."),
    GiftCode.NOT_YOURS: Phrase(
        "只有发放的人或团队长可以撤回。", "Only who handed it out, or a team lead, takes it back."
    ),
}

TOLD_HANDED = Phrase(
    "您已领取伴手礼「{gift}」。不是您本人领取，请马上告诉现场工作人员。",
    "Your gift “{gift}” was handed out. If that was not you, tell the staff at once.",
)
TOLD_UNDONE = Phrase(
    "工作人员撤回了伴手礼的发放（{reason}），您还可以再领。发「我的礼品」出示领奖码。",
    "Staff took back the hand-out of your gift ({reason}); you can still fetch it: send “my gifts”.",
)
RUN_OUT = Phrase(
    "⚠️ {rally}：「{medal}」的伴手礼和替代品都发不出了（库存或预算用完），有会员在等。",
    "⚠️ {rally}: gift and substitute of “{medal}” are used up (stock or budget), and members are waiting.",
)
SUBSTITUTED = Phrase(
    "ℹ️ {rally}：「{medal}」的伴手礼发完了，开始发替代品「{gift}」。",
    "ℹ️ {rally}: the gift of “{medal}” is gone; “{gift}” is handed out from now on.",
)
FOLLOW_UP = Phrase(
    "{rally}：在礼品台领了「{gift}」（{medal}）。联系前看客户卡上是否同意联系。",
    "{rally}: fetched “{gift}” ({medal}) at the gift desk. See on the card whether contact is agreed to.",
)


def article(found: Article, language: Language) -> str:
    """An article's name in the reader's language."""
    return found.title_zh if language is Language.ZH else found.title_en


def title(found: Rally | Target, language: Language) -> str:
    """The name of a rally or a medal in the reader's language."""
    return found.title_zh if language is Language.ZH else found.title_en


def gift_of(gift: Gift, language: Language) -> str:
    """What is or was handed out."""
    return article(gift.stock.article, language) if gift.stock else NOTHING.say(language)


def show_data(gift: Gift) -> str:
    """The button that shows a code (`handlers.chat.gifts.ShowTap`)."""
    return f"my_gift:{gift.rally.id}:{gift.target.code}"


def mine(gifts: Sequence[Gift], language: Language) -> str:
    """A member's gifts, one line each."""
    if not gifts:
        return NO_GIFTS.say(language)
    return "\n".join([MINE.say(language), *(_line(gift, language) for gift in gifts)])


def _line(gift: Gift, language: Language) -> str:
    words = FETCHED if gift.hand_out.is_handed_out else WAITS if gift.stock else WAITS_OUT
    return words.say(language, medal=title(gift.target, language), gift=gift_of(gift, language))


def ready(gift: Gift, code: ShownCode, language: Language) -> str:
    """The words under the code's picture."""
    short = f"{code.short[:3]} {code.short[3:]}"
    what = gift_of(gift, language) if gift.stock else READY_OUT.say(language)
    return READY.say(language, short=short, medal=title(gift.target, language), gift=what)


def show_refusal(code: GiftCode, language: Language) -> str:
    """Why no code is shown."""
    return SHOW_REFUSALS.get(code, SHOW_REFUSALS[GiftCode.UNKNOWN]).say(language)


def at_desk(gift: Gift, owner: Member, language: Language) -> str:
    """What staff see of a code: the masked name, whether the bank knows them, the medal, what is to be handed out."""
    note = ""
    if gift.stock and not gift.hand_out.is_handed_out:
        note = LEFT.say(language, left=gift.stock.left) + (INSTEAD.say(language) if gift.stock.is_substitute else "")
    return AT_DESK.say(
        language,
        rally=title(gift.rally, language),
        name=masked(owner.name),
        known=(KNOWN if gift.hand_out.customer_id else NOT_KNOWN).say(language),
        medal=title(gift.target, language),
        gift=gift_of(gift, language),
        note=note,
    )


def doubts(case: Case, language: Language) -> str:
    """Why a gift is held, for who decides."""
    reasons = (REASONS[reason.sign].say(language, n=reason.times) for reason in case.suspicion.reasons)
    return DOUBTS.say(language, reasons="；".join(reasons))


def desk_outcome(code: GiftCode, language: Language, gift: Gift | None = None) -> str:
    """What came of a scan or of a tap at the desk; whose customer nobody knows is followed up later."""
    if code is GiftCode.HANDED_OUT:
        is_known = gift is None or gift.hand_out.customer_id is not None
        return (HANDED_OUT if is_known else HANDED_TO_UNKNOWN).say(language)
    return UNDONE.say(language) if code is GiftCode.UNDONE else DESK_REFUSALS[code].say(language)


@dataclass(frozen=True)
class GiftWords:
    """The sentences about gifts that go into the ledger (`campaigns.gifts.desk.GiftWording`)."""

    bank: str

    def earned(self, member: Member, gift: Gift) -> Message:
        """A medal, and how its gift is fetched."""
        language, medal = member.language, title(gift.target, member.language)
        said = EARNED.say(language, medal=medal)
        fetch = FETCH.say(language, gift=gift_of(gift, language)) if gift.stock else OUT_FOR_NOW.say(language)
        show = (Button(SHOW_BUTTON.say(language), show_data(gift)),)
        if gift.rally.plan.needs_real_name and member.customer_id is None:
            bind = (Button(BIND_BUTTON.say(language), "bind:ask"),)
            return Message(f"{said}\n{fetch}\n{BIND_BEFORE.say(language)}", (bind, show))
        return Message(f"{said}\n{fetch}", (show,))

    def handed_over(self, member: Member, gift: Gift) -> Message:
        """The gift was handed out."""
        return Message(TOLD_HANDED.say(member.language, gift=gift_of(gift, member.language)))

    def undone(self, member: Member, gift: Gift, reason: UndoReason) -> Message:
        """Staff took the hand-out back."""
        return Message(TOLD_UNDONE.say(member.language, reason=UNDO_REASONS[reason].say(member.language)))

    def bind_first(self, member: Member, gift: Gift) -> Message:
        """The desk waits for the real name."""
        said = BIND_FIRST.say(member.language, gift=gift_of(gift, member.language))
        return Message(said, ((Button(BIND_BUTTON.say(member.language), "bind:ask"),),))

    def ask_contact(self, member: Member) -> Message:
        """Whether somebody may be in touch."""
        return ask_contact(self.bank, member.language)

    def run_out(self, organiser: Member, gift: Gift) -> Message:
        """Nothing is left of a gift and its substitute."""
        return Message(self._about(RUN_OUT, organiser.language, gift))

    def substituted(self, organiser: Member, gift: Gift) -> Message:
        """From now on the substitute is handed out."""
        return Message(self._about(SUBSTITUTED, organiser.language, gift))

    def follow_up(self, member: Member, gift: Gift) -> str:
        """Why the customer's manager should be in touch; managers read Chinese first."""
        return self._about(FOLLOW_UP, Language.ZH, gift)

    def _about(self, words: Phrase, language: Language, gift: Gift) -> str:
        rally, medal = title(gift.rally, language), title(gift.target, language)
        return words.say(language, rally=rally, medal=medal, gift=gift_of(gift, language))
