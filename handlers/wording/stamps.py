"""What visitors and clerks read about stamps: one short answer for each thing that can come of a scan."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.slips.model import SlipOutcome
from campaigns.stamps.model import Stamped, StampOutcome, Title
from handlers.wording.pauses import reason
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

MEMBER_CODE_WORDS = ("会员码", "我的会员码", "member code")

WELCOME = Phrase(
    "您好，我是{bank}的集章小助手。您已参加活动，不用填任何资料：我们只记下您的昵称、印章和扫码时间。\n"
    "随时发「集章」看进度，发「我的资料」看存了什么。\n\n",
    "Hello, I am {bank}'s stamp assistant. You take part now, with no form to fill in: we keep your name here, your "
    "stamps and when you scanned.\nSend /stamps to see how far you are, /my_data to see what is stored.\n\n",
)
STAMPED = Phrase(
    "✅ 「{booth}」盖章成功！已有 {stamps}/{booths} 枚。", "✅ Stamp of “{booth}”! You have {stamps} of {booths}."
)
MEDALS = Phrase("🏅 恭喜获得勋章：{medals}", "🏅 You won a medal: {medals}")
GAME = Phrase("「{booth}」：过了小游戏就盖章。", "“{booth}”: pass the game and the stamp is yours.")
OUTCOMES = {
    StampOutcome.ALREADY: Phrase(
        "「{booth}」的章您已经有了（{stamps}/{booths} 枚）。去下一个摊位吧！",
        "You have the stamp of “{booth}” already ({stamps} of {booths}). On to the next booth!",
    ),
    StampOutcome.OTHER_ACCOUNT: Phrase(
        "「{booth}」：您绑定的客户已用另一个账号盖过章，每位客户一枚。",
        "“{booth}”: the customer linked to you has this stamp under another account. Each customer gets one.",
    ),
    StampOutcome.VOIDED: Phrase(
        "「{booth}」的章已被工作人员作废，有疑问请到服务台。",
        "Staff took the stamp of “{booth}” back. Please ask at the desk.",
    ),
    StampOutcome.MALFORMED: Phrase(
        "这不是摊位的码，请重新扫屏幕。", "This is no booth's code: please scan the screen again."
    ),
    StampOutcome.FORGED: Phrase(
        "这个码无效，请扫摊位屏幕上的码。", "This code is not valid: please scan the booth's screen."
    ),
    StampOutcome.EXPIRED: Phrase(
        "码过期了（30 秒有效）。请再扫一次摊位屏幕上的新码。",
        "That code is over (it lives 30 seconds). Please scan the new one on the booth's screen.",
    ),
    StampOutcome.EARLY: Phrase("请再扫一次摊位屏幕上的码。", "Please scan the code on the booth's screen once more."),
    StampOutcome.NOT_YET: Phrase("活动还没开始：{opens} 开始。", "It has not begun yet: it starts {opens}."),
    StampOutcome.OVER: Phrase("活动已结束，谢谢参加！", "It is over. Thank you for coming!"),
    StampOutcome.CLOSED: Phrase(
        "「{booth}」现在不营业：{opens} 至 {closes}。", "“{booth}” is closed now: it is open {opens} to {closes}."
    ),
    StampOutcome.PAUSED: Phrase(
        "「{booth}」暂停中：{reason}。先去别的摊位吧！",
        "“{booth}” is paused: {reason}. Please try another booth first.",
    ),
    StampOutcome.UNKNOWN_PERSON: Phrase(
        "会员码无效、已用过或已过期（5 分钟有效）。请让访客重新点「会员码」。",
        "This member code is unknown, used or over (it lives 5 minutes). Please ask the visitor for a new one.",
    ),
}
SLIPS = {
    SlipOutcome.USED_BY_ANOTHER: Phrase(
        "这张纸条已被别人用过，请向摊位要一张新的。", "Somebody has used this slip. Please ask the booth for another."
    ),
    SlipOutcome.VOIDED: Phrase(
        "这张纸条已作废，请向摊位要一张新的。", "This slip is void. Please ask the booth for another."
    ),
    SlipOutcome.NOT_YET: Phrase("活动还没开始。", "It has not begun yet."),
    SlipOutcome.TOO_LATE: Phrase("活动已结束，谢谢参加！", "It is over. Thank you for coming!"),
    SlipOutcome.FORGED: Phrase("这张纸条无效。", "This slip is not valid."),
    SlipOutcome.OTHER_ACCOUNT: OUTCOMES[StampOutcome.OTHER_ACCOUNT],
    SlipOutcome.HAD_IT: OUTCOMES[StampOutcome.ALREADY],
    SlipOutcome.REPEATED: OUTCOMES[StampOutcome.ALREADY],
}
OWN_STAMPS_DATA = "own_stamps"  # The button of handlers.chat.rally_visits.
OWN_STAMPS_BUTTON = Phrase("我的集章", "My stamps")
MEMBER_CODE_BUTTON = Phrase("会员码", "Member code")
MEMBER_CODE = Phrase(
    "您的会员码：{code}\n请给摊位工作人员看。只能用一次，{ends} 前有效。",
    "Your member code: {code}\nShow it to the booth's staff. It works once, until {ends}.",
)
FOR_CLERKS = Phrase(
    "这是会员码，请给摊位工作人员看，由工作人员扫码盖章。",
    "This is a member code: show it to a booth's staff, who scan it and give the stamp.",
)
WHICH_BOOTH = Phrase("给这位访客盖哪个摊位的章？", "Which booth's stamp is this visitor to get?")
NO_BOOTH = Phrase("您现在不在任何摊位值班。", "You are on duty at no booth now.")
CONFIRMED = Phrase(
    "✅ 已盖「{booth}」的章，访客共 {stamps}/{booths} 枚。",
    "✅ “{booth}” stamped; the visitor has {stamps} of {booths}.",
)
AT_BOOTH = Phrase("✅ 已盖章，访客共 {stamps}/{booths} 枚", "✅ Stamped: the visitor has {stamps} of {booths}")
AT_BOOTH_BEFORE = Phrase("这位访客已有本摊位的章", "This visitor has this stamp already")
AT_BOOTH_REFUSED = {
    StampOutcome.OTHER_ACCOUNT: Phrase("这位客户已用另一个账号盖过", "This customer has it under another account"),
    StampOutcome.VOIDED: Phrase("这枚章已作废，请找负责人", "This stamp was taken back: ask the organiser"),
    StampOutcome.NOT_YET: Phrase("活动还没开始", "It has not begun yet"),
    StampOutcome.OVER: Phrase("活动已结束", "It is over"),
    StampOutcome.CLOSED: Phrase("现在不在营业时间", "The booth is closed at this hour"),
    StampOutcome.PAUSED: Phrase("摊位暂停中", "The booth is paused"),
}
HAD_IT = Phrase("这位访客已有「{booth}」的章。", "This visitor has the stamp of “{booth}” already.")


def title_of(title: Title | None, language: Language) -> str:
    """A name in one language."""
    if title is None:
        return ""
    return title.zh if language is Language.ZH else title.en


def outcome(found: Stamped, bank: str, zone: ZoneInfo, language: Language) -> str:
    """What a visitor reads in the chat after a scan."""
    facts = {"booth": title_of(found.booth, language), "stamps": found.stamps, "booths": found.booths}
    if found.outcome is StampOutcome.GAME:
        return GAME.say(language, **facts)
    if found.outcome is not StampOutcome.STAMPED:
        return OUTCOMES[found.outcome].say(
            language, **facts, reason=reason(found.reason, language), **_hours(found, zone, language)
        )
    welcome = WELCOME.say(language, bank=bank) if found.is_newcomer else ""
    return welcome + STAMPED.say(language, **facts)


def outcome_in_app(found: Stamped, bank: str, zone: ZoneInfo, language: Language) -> str:
    """The same in the Mini App with the medals that it won, which in the chat are told by a message of their own."""
    said = outcome(found, bank, zone, language)
    if not found.medals:
        return said
    return said + "\n" + MEDALS.say(language, medals="、".join(title_of(each, language) for each in found.medals))


@dataclass(frozen=True)
class ClerkWords:
    """The sentence that a clerk's word puts into the ledger (`campaigns.stamps.clerks.ClerkWording`)."""

    bank: str
    zone: ZoneInfo

    def confirmed(self, found: Stamped, language: Language) -> Message:
        """What a visitor reads whom a clerk has given a stamp."""
        row = (Button(OWN_STAMPS_BUTTON.say(language), OWN_STAMPS_DATA),)
        return Message(outcome(found, self.bank, self.zone, language), (row,))


def confirmed(found: Stamped, zone: ZoneInfo, language: Language) -> str:
    """What a clerk reads after a word for somebody."""
    facts = {"booth": title_of(found.booth, language), "stamps": found.stamps, "booths": found.booths}
    match found.outcome:
        case StampOutcome.STAMPED:
            return CONFIRMED.say(language, **facts)
        case StampOutcome.ALREADY:
            return HAD_IT.say(language, **facts)
    return OUTCOMES[found.outcome].say(
        language, **facts, reason=reason(found.reason, language), **_hours(found, zone, language)
    )


def at_booth(found: Stamped, language: Language) -> str:
    """What a clerk reads on the booth's own page."""
    if found.outcome is StampOutcome.STAMPED:
        return AT_BOOTH.say(language, stamps=found.stamps, booths=found.booths)
    if found.outcome is StampOutcome.ALREADY:
        return AT_BOOTH_BEFORE.say(language)
    return AT_BOOTH_REFUSED.get(found.outcome, OUTCOMES[StampOutcome.UNKNOWN_PERSON]).say(language)


def spaced(code: str) -> str:
    """Six characters as they are read aloud: ABC DEF."""
    return f"{code[:3]} {code[3:]}"


def _hours(found: Stamped, zone: ZoneInfo, language: Language) -> dict[str, str]:
    return {
        "opens": when(found.opens_at, zone, language) if found.opens_at else "",
        "closes": when(found.closes_at, zone, language) if found.closes_at else "",
    }
