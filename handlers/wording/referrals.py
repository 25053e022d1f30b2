"""What people read of referrals (老带新): both sides, and those who decide."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.referrals.model import (
    Doubt,
    Link,
    LinkRefusal,
    Programme,
    Referral,
    Side,
    Stage,
    StartCode,
)
from campaigns.referrals.service import Friend, Started
from handlers.wording.phrase import Phrase
from handlers.wording.points import day_words
from handlers.wording.times import until, when

LINK_REFUSALS = {
    LinkRefusal.NO_PROGRAMME: Phrase("现在没有老带新活动，开始时会在群里通知。", "There is no such programme now."),
    LinkRefusal.NOT_BOUND: Phrase(
        "先绑定手机号再邀请朋友：奖励要发给核实过的客户。发 /bind 开始。",
        "Link your number first: rewards go to verified customers. Send /bind.",
    ),
    LinkRefusal.STAFF: Phrase("老带新只面向客户，工作人员不参加。", "This is for customers; staff do not take part."),
}
START_REFUSALS = {
    StartCode.OWN_LINK: Phrase(
        "这是您自己的邀请链接，请转发给还不是{bank}客户的朋友。",
        "This is your own link: forward it to a friend who is not a customer of {bank} yet.",
    ),
    StartCode.REFERRED_ALREADY: Phrase(
        "您已经接受过邀请，每人只算一次。发 /refer 看进度。",
        "You were invited before; everybody counts once. /refer shows how it stands.",
    ),
    StartCode.CUSTOMER_ALREADY: Phrase(
        "您已经是{bank}客户，新客礼只给第一次开户的朋友。您也可以发 /refer 邀请朋友。",
        "You are a customer of {bank} already; this gift is for newcomers. Send /refer to invite friends yourself.",
    ),
    StartCode.STAFF: LINK_REFUSALS[LinkRefusal.STAFF],
    StartCode.FULL: Phrase("本次活动名额已满，谢谢您的关注。", "All places of this programme are taken. Thank you."),
    StartCode.NOT_NOW: Phrase("这次活动不在进行中，谢谢您的关注。", "This programme is not running now. Thank you."),
    StartCode.UNKNOWN_LINK: Phrase(
        "这个邀请链接无效，请向朋友要一个新的。", "This link does not work: ask your friend for a new one."
    ),
}
GAIN = Phrase("双方各得 {points} 波豆", "{points} points for each of you")
FREE = Phrase("，新朋友另有 {months} 个月免费短信通知", ", and {months} months of free messages for the newcomer")
TERMS = Phrase(
    "· 条件：新朋友{condition}，实名后 {patience} 天内完成\n"
    "· 到账：开户满 {cooling} 天后；期间或之后销户，奖励收回\n"
    "· 名额：前 {places} 位完成实名的新朋友，活动至 {ends}\n"
    "· 只奖励直接邀请的一位朋友，不分级；与存款多少无关",
    "· Condition: the newcomer {condition}, within {patience} days\n"
    "· Paid {cooling} days after the account opens; taken back if it closes\n"
    "· For the first {places} newcomers who give their real name, until {ends}\n"
    "· One level only, and it does not depend on any balance",
)
INVITED = Phrase(
    "🎁 {referrer} 邀请您加入{bank}「{title}」\n{gain}\n{terms}\n\n下一步：点下方按钮，看过用途并同意后绑定手机号。",
    "🎁 {referrer} invites you to {bank}: {title}\n{gain}\n{terms}\n\nNext: tap below, read the purpose, agree and "
    "link your number.",
)
INVITED_HELD = Phrase(
    "\n\n近期报名较集中，您的资料会由工作人员核实，不影响绑定。",
    "\n\nMany have come just now, so a colleague will look at it. You can link your number meanwhile.",
)
BIND_BUTTON = Phrase("看用途并绑定手机号", "Read the purpose and link")
MY_LINK = Phrase("🔗 您的邀请链接：{link}\n{gain}\n{terms}", "🔗 Your link: {link}\n{gain}\n{terms}")
COPY = Phrase(
    "【{bank}·{title}】\n我在用{bank}，新朋友{condition}，{gain}。\n前 {places} 位有效，活动至 {ends}。\n"
    "点链接参加：{link}",
    "{bank} · {title}\nA newcomer who {condition} brings {gain}.\nFirst {places} only, until {ends}.\nJoin: {link}",
)
BROUGHT = Phrase("您邀请的朋友：", "Friends you invited:")
NOBODY = Phrase("还没有朋友通过您的链接加入。", "Nobody has come by your link yet.")
COMING = Phrase("您由 {other} 邀请：{stage}", "Invited by {other}: {stage}")
BENEFITS = Phrase("🎁 我的福利", "🎁 My benefits")
FREE_UNTIL = Phrase("· 免费短信通知至 {until}", "· Free messages until {until}")
NO_BENEFITS = Phrase(
    "还没有老带新福利。发 /refer 看邀请进度。", "No benefit by referral yet. /refer shows how it stands."
)
SEEN_STAGES = {
    Stage.PENDING: Phrase("待实名", "waiting for the real name"),
    Stage.NAMED: Phrase("已实名，待开户", "name given, waiting for the account"),
    Stage.OPENED: Phrase("已开户，{pays} 后到账", "account open, pays after {pays}"),
    Stage.PAID: Phrase("已到账 {points} 波豆", "{points} points paid"),
    Stage.HELD: Phrase("核实中", "being checked"),
    Stage.VOID: Phrase("已结束：{why}", "ended: {why}"),
    Stage.CLAWED_BACK: Phrase("已收回：{why}", "taken back: {why}"),
}
KIND_REASONS = {
    Doubt.SELF: Phrase("双方登记的是同一位客户", "both sides are the same customer"),
    Doubt.EXISTING_CUSTOMER: Phrase("活动面向首次开户的新朋友", "it is for people new to the bank"),
    Doubt.RING: Phrase("双方互为邀请", "each invited the other"),
    Doubt.BURST: Phrase("未通过核实", "it could not be confirmed"),
    Doubt.TWICE: Phrase("每位新朋友只计一次", "everybody counts once"),
    Doubt.FULL: Phrase("名额已满", "all places were taken"),
    Doubt.ACCOUNT_CLOSED: Phrase("账户已销户", "the account was closed"),
    Doubt.LATE: Phrase("超过了完成期限", "the time was over"),
    Doubt.REJECTED: Phrase("未通过核实", "it could not be confirmed"),
}
TOLD = {
    (Stage.NAMED, Side.REFERRER): Phrase(
        "您邀请的 {other} 已实名，开户后进入 {cooling} 天等待期。",
        "{other}, whom you invited, has given the real name. After the account opens it takes {cooling} days.",
    ),
    (Stage.NAMED, Side.NEWCOMER): Phrase(
        "实名完成，名额已为您保留。{deadline} 前{condition}，奖励就会到账。",
        "Your name is confirmed and a place is kept. The reward follows whoever {condition} before {deadline}.",
    ),
    (Stage.OPENED, Side.REFERRER): Phrase(
        "您邀请的 {other} 已开户，{points} 波豆将在 {pays} 后到账。",
        "{other}, whom you invited, has opened an account: {points} points arrive after {pays}.",
    ),
    (Stage.OPENED, Side.NEWCOMER): Phrase(
        "开户成功，{points} 波豆将在 {pays} 后到账。", "Your account is open: {points} points arrive after {pays}."
    ),
    (Stage.PAID, Side.REFERRER): Phrase(
        "🎉 老带新奖励到账：{points} 波豆（邀请 {other}）。", "🎉 {points} points have arrived for inviting {other}."
    ),
    (Stage.PAID, Side.NEWCOMER): Phrase(
        "🎉 新客礼到账：{points} 波豆{free}。", "🎉 Your gift has arrived: {points} points{free}."
    ),
    (Stage.HELD, Side.REFERRER): Phrase(
        "您对 {other} 的邀请正在核实中，有结果会告诉您。",
        "Your invitation of {other} is being checked; we will tell you.",
    ),
    (Stage.HELD, Side.NEWCOMER): Phrase(
        "您的资料正在核实中，有结果会告诉您，请稍候。", "Your details are being checked; we will tell you the result."
    ),
    (Stage.VOID, Side.REFERRER): Phrase(
        "您对 {other} 的邀请未能生效：{why}。欢迎继续邀请其他朋友。",
        "Your invitation of {other} did not count: {why}. You are welcome to invite others.",
    ),
    (Stage.VOID, Side.NEWCOMER): Phrase(
        "这次新客礼未能生效：{why}。有疑问请联系理财经理。",
        "The gift did not come about: {why}. Your wealth manager answers questions.",
    ),
    (Stage.CLAWED_BACK, Side.REFERRER): Phrase(
        "{other} 已销户，按活动规则这笔老带新奖励已收回。",
        "{other} has closed the account; by the rules this reward was taken back.",
    ),
    (Stage.CLAWED_BACK, Side.NEWCOMER): Phrase(
        "您已销户，按活动规则新客礼和免费短信已收回。",
        "You closed the account; by the rules gift and free messages have ended.",
    ),
}
PAID_FREE = Phrase("，免费短信通知至 {until}", ", and free messages until {until}")
HELD_TOGETHER = Phrase(
    "通过您链接加入的部分朋友正在核实中，有结果会告诉您。",
    "Some of those who came by your link are being checked; we will tell you.",
)
WAITING = Phrase("有 {heads} 条老带新待核实，发 /held 处理。", "{heads} referrals wait for a decision: /held")


def gain(programme: Programme, language: Language) -> str:
    """What both get."""
    free = FREE.say(language, months=programme.free_months) if programme.free_months else ""
    return GAIN.say(language, points=f"{programme.points:,}") + free


def terms(programme: Programme, zone: ZoneInfo, language: Language) -> str:
    """The conditions, all of them, out of the terms that are paid by."""
    return TERMS.say(
        language,
        condition=_condition(programme, language),
        patience=programme.patience.days,
        cooling=programme.cooling.days,
        places=f"{programme.places:,}",
        ends=until(programme.ends_at, zone, language),
    )


def copy(link: Link, bank: str, username: str, zone: ZoneInfo, language: Language) -> str:
    """The text that a member forwards; the gate reads it before a programme opens."""
    programme = link.programme
    return COPY.say(
        language,
        bank=bank,
        title=_title(programme, language),
        condition=_condition(programme, language),
        gain=gain(programme, language),
        places=f"{programme.places:,}",
        ends=until(programme.ends_at, zone, language),
        link=address(link, username),
    )


def address(link: Link, username: str) -> str:
    """The deep link."""
    return f"https://t.me/{username}?start=f_{link.token}"


def started(outcome: Started, bank: str, zone: ZoneInfo, language: Language) -> str:
    """What somebody reads who opened a link."""
    if outcome.code is not StartCode.STARTED or outcome.programme is None:
        return START_REFUSALS[outcome.code].say(language, bank=bank)
    said = INVITED.say(
        language,
        referrer=outcome.referrer,
        bank=bank,
        title=_title(outcome.programme, language),
        gain=gain(outcome.programme, language),
        terms=terms(outcome.programme, zone, language),
    )
    return said + INVITED_HELD.say(language) if outcome.is_held else said


def own(
    link: Link | LinkRefusal, friends: list[Friend], coming: Friend | None, username: str, zone: ZoneInfo, who: Member
) -> str:
    """A member's own page: link, those who came, and the referral that the member came by."""
    language = who.language
    if isinstance(link, LinkRefusal):
        parts = [LINK_REFUSALS[link].say(language)]
    else:
        programme = link.programme
        parts = [
            MY_LINK.say(
                language,
                link=address(link, username),
                gain=gain(programme, language),
                terms=terms(programme, zone, language),
            )
        ]
    if friends:
        lines = [f"· {friend.other}：{seen(friend, zone, language)}" for friend in friends]
        parts.append("\n".join([BROUGHT.say(language), *lines]))
    elif isinstance(link, Link):
        parts.append(NOBODY.say(language))
    if coming:
        parts.append(COMING.say(language, other=coming.other, stage=seen(coming, zone, language)))
    return "\n\n".join(parts)


def benefits(coming: Friend | None, zone: ZoneInfo, today: date, language: Language) -> str:
    """What a newcomer has from the referral: how it stands, and free messages as long as they run."""
    if coming is None:
        return NO_BENEFITS.say(language)
    lines = [BENEFITS.say(language), COMING.say(language, other=coming.other, stage=seen(coming, zone, language))]
    until = coming.referral.free_until
    if coming.referral.stage is Stage.PAID and until and until >= today:
        lines.append(FREE_UNTIL.say(language, until=day_words(until, language)))
    return "\n".join(lines)


def seen(friend: Friend, zone: ZoneInfo, language: Language) -> str:
    """Where a referral stands, as its sides read it; a doubt is never said to them while it is looked into."""
    referral = friend.referral
    return SEEN_STAGES[referral.stage].say(language, **_facts(referral, friend.programme, zone, language))


@dataclass(frozen=True)
class ReferralWords:
    """The sentences that referrals put into the ledger (`campaigns.referrals.ports.ReferralWording`)."""

    bank: str
    username: str
    zone: ZoneInfo

    def told(self, reader: Member, side: Side, referral: Referral, programme: Programme, other: str) -> Message | None:
        """What one side reads of a stage."""
        phrase = TOLD.get((referral.stage, side))
        if phrase is None:
            return None
        facts = _facts(referral, programme, self.zone, reader.language)
        return Message(phrase.say(reader.language, other=other, **facts))

    def held_together(self, reader: Member) -> Message:
        """What a referrer reads once a day whose newcomers wait for a person."""
        return Message(HELD_TOGETHER.say(reader.language))

    def copy(self, reader: Member, link: Link) -> Message:
        """The text that a member forwards."""
        text = copy(link, self.bank, self.username, self.zone, reader.language)
        button = Button(Phrase("接受邀请", "Accept").say(reader.language), url=address(link, self.username))
        return Message(text, ((button,),))

    def waiting(self, reader: Member, heads: int) -> Message:
        """What those who decide read once a day."""
        return Message(WAITING.say(reader.language, heads=heads))


def _facts(referral: Referral, programme: Programme, zone: ZoneInfo, language: Language) -> dict[str, object]:
    until = referral.free_until
    return {
        "points": f"{programme.points:,}",
        "cooling": programme.cooling.days,
        "condition": _condition(programme, language),
        "deadline": when(referral.made_at + programme.patience, zone, language),
        "pays": when(referral.pays_at, zone, language) if referral.pays_at else "",
        "free": PAID_FREE.say(language, until=day_words(until, language)) if until and programme.free_months else "",
        "why": KIND_REASONS[referral.doubt].say(language) if referral.doubt else "",
    }


def _title(programme: Programme, language: Language) -> str:
    return Phrase(programme.title_zh, programme.title_en).say(language)


def _condition(programme: Programme, language: Language) -> str:
    return Phrase(programme.condition_zh, programme.condition_en).say(language)
