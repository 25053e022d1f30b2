"""What staff read about follow-ups: the list, what a tap did, what colleagues and leads are told."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.customers.model import Letter
from campaigns.customers.next_actions import ActionChannel
from campaigns.deliveries.model import Button, Message
from campaigns.followups.model import (
    ClassChange,
    CloseReason,
    Colleague,
    FollowUp,
    FollowUpRefusal,
    FollowUpState,
    Interaction,
    Preset,
    Source,
)
from campaigns.members.model import Language
from campaigns.members.rules import masked
from campaigns.staff.model import Role
from handlers.wording.phrase import Phrase, in_language
from handlers.wording.segments import letter_name
from handlers.wording.staff import ROLES
from handlers.wording.times import when

FOLLOW_UP_WORDS = ("跟进", "我的跟进", "待办", "我的待办", "follow-ups")

HEAD = Phrase("⏰ 我的跟进 · {shown} 项{late}", "⏰ My follow-ups: {shown}{late}")
LATE_COUNT = Phrase("（逾期 {late} 项）", " ({late} overdue)")
NONE = Phrase(
    "没有待跟进的事。在客户卡上点「⏰ 跟进」可以新建。宣传任务请发「宣传任务」。",
    "Nothing to follow up. “⏰ Follow up” at a customer's card adds something; “my publicity tasks” has the rest.",
)
LINE = Phrase("{at}. {who} · {source}\n{why}\n{due}", "{at}. {who}, {source}\n{why}\n{due}")
DUE = Phrase("截止 {due}", "due {due}")
OVERDUE = Phrase("🔴 已逾期（{due}）", "🔴 overdue since {due}")
ASKED = Phrase("（{due}，同事交办）", "{due}, a colleague asked")
SOURCES = {
    Source.CARD: Phrase("客户卡", "card"),
    Source.PROMISE: Phrase("答应客户的事", "promise"),
    Source.NEXT_ACTION: Phrase("下一步行动", "next action"),
    Source.CLASS_CHANGE: Phrase("类别变动", "class changed"),
    Source.OFFER_ANSWERED: Phrase("客户回应", "the customer answered"),
    Source.COMPLAINT: Phrase("投诉", "complaint"),
    Source.GIFT_DESK: Phrase("礼品台", "gift desk"),
    Source.QUESTION: Phrase("客户提问", "question"),
    Source.APPLICATION: Phrase("办卡进度", "application"),
    Source.LOAN: Phrase("贷款申请", "loan request"),
    Source.CAMPAIGN: Phrase("营销活动", "campaign"),
    Source.JOURNEY: Phrase("客户旅程", "journey"),
}
PRESETS = {
    Preset.CALL_BACK: Phrase("回电话", "call back"),
    Preset.MEET: Phrase("约见面", "arrange a meeting"),
    Preset.SEND_PAPERS: Phrase("送资料", "bring papers"),
}
PROMISE = Phrase("🤝 答应的事…", "🤝 A promise…")
WRITE_PROMISE = Phrase(
    "您答应了客户什么？请发一句话。发「取消」放弃。", "What did you promise? Send one sentence. “cancel” stops."
)
CHOOSE = Phrase("跟进什么？按服务时限自动定截止日。", "What is to be done? The service clock says until when.")
OPENED = Phrase("已记下：{why}，截止 {due}。", "Noted: {why}, due {due}.")
FOLLOW_UP_BUTTON = Phrase("⏰ 跟进", "⏰ Follow up")

DONE_BUTTON, LATER_BUTTON = Phrase("{at} ✅ 完成", "{at} ✅ Done"), Phrase("{at} 🕓 稍后", "{at} 🕓 Later")
HAND_BUTTON, FAILED_BUTTON = Phrase("{at} ↪️ 转给", "{at} ↪️ To…"), Phrase("{at} ❌ 没成", "{at} ❌ No")
LIST_BUTTON = Phrase("‹ 我的跟进", "‹ My follow-ups")
TAKEN_CARE = {
    FollowUpState.DONE: Phrase("已完成。", "Done."),
    FollowUpState.REFUSED: Phrase("已记录：客户拒绝。", "Noted: the customer said no."),
    FollowUpState.DROPPED: Phrase("已记录：未成。", "Noted: nothing came of it."),
}
LATER = Phrase("改到 {due}。", "Put off until {due}.")
WHY_NOT = Phrase("为什么没成？", "Why not?")
REASONS = {
    CloseReason.NOT_INTERESTED: Phrase("不感兴趣", "Not interested"),
    CloseReason.HAS_ELSEWHERE: Phrase("他行已办", "Has it elsewhere"),
    CloseReason.TERMS: Phrase("条件不合适", "Terms do not suit"),
    CloseReason.NOT_REACHED: Phrase("联系不上", "Not reached"),
    CloseReason.NOT_NEEDED: Phrase("不需要了", "No longer needed"),
}
CHOOSE_COLLEAGUE = Phrase("转给谁？办结后会告诉您。", "To whom? You will be told when it is closed.")
NO_COLLEAGUES = Phrase("还没有别的同事。", "There are no colleagues yet.")
COLLEAGUE = Phrase("{name}（{role}）", "{name} ({role})")
HANDED_TO = Phrase("已转给 {name}，办结后会告诉您。", "Handed to {name}; you will be told when it is closed.")
REFUSALS = {
    FollowUpRefusal.UNKNOWN: Phrase("没有这一项。", "There is no such follow-up."),
    FollowUpRefusal.NOT_YOURS: Phrase("这一项已经不归您。", "This is no longer yours."),
    FollowUpRefusal.CLOSED: Phrase("这一项已经了结。", "This is closed already."),
    FollowUpRefusal.PUT_OFF_ENOUGH: Phrase(
        "已经推迟三次，请填结果或转给同事。", "Put off three times: please say what came of it, or hand it over."
    ),
    FollowUpRefusal.NO_COLLEAGUE: Phrase("不能转给这个人。", "It cannot be handed to this person."),
    FollowUpRefusal.NOBODY_OWNS: Phrase(
        "这位客户还没有归属经理，请先交接给一位经理。", "Nobody looks after this customer yet."
    ),
}
HANDED = Phrase(
    "↪️ {by} 请您跟进：{who} · {source}\n截止 {due}", "↪️ {by} asks you to follow up: {who}, {source}\ndue {due}"
)
OPEN_LIST = Phrase("看我的跟进", "My follow-ups")
CLOSED = Phrase(
    "✅ {by} 办结了您交办的事：{who} · {source}\n结果：{result}",
    "✅ {by} closed what you asked for: {who}, {source}\nresult: {result}",
)
DECLINED = Phrase(
    "ℹ️ {who} 不希望被联系，这条跟进已结束 · {source}", "ℹ️ {who} wants nobody to be in touch; closed: {source}"
)
RESULTS = {
    FollowUpState.DONE: Phrase("完成", "done"),
    FollowUpState.REFUSED: Phrase("客户拒绝", "the customer said no"),
    FollowUpState.DROPPED: Phrase("未成", "nothing came of it"),
    FollowUpState.OPEN: Phrase("进行中", "open"),
}
BECAUSE = Phrase("{result}（{reason}）", "{result} ({reason})")
LATE = Phrase(
    "🔴 逾期未跟进：{who} · {source}\n负责人 {owner}，截止 {due}",
    "🔴 Overdue: {who}, {source}\n{owner} should have done it by {due}",
)
CLASS_CHANGED = Phrase(
    "从{before}变为{after}，请联系客户了解情况", "moved from {before} to {after}: please get in touch"
)
CARD_FOLLOW_UPS = Phrase("⏰ 待跟进：{open}", "⏰ Open: {open}")
CARD_OPEN = Phrase("{why}（{source}，{due}）", "{why} ({source}, {due})")
CONTACTS = Phrase("🤙 最近联系：{past}", "🤙 Last contacts: {past}")
NO_CONTACTS = Phrase("🤙 还没有联系记录", "🤙 No contacts so far")
CHANNELS = {
    ActionChannel.VISIT: Phrase("面谈", "visit"),
    ActionChannel.CALL: Phrase("电话", "call"),
    ActionChannel.MESSAGE: Phrase("发文案", "message"),
    ActionChannel.PUSH: Phrase("推送", "push"),
    ActionChannel.COUNTER: Phrase("柜面", "counter"),
}
LIST_DATA = "followups"


@dataclass(frozen=True)
class FollowUpWords:
    """The sentences that follow-ups put into the ledger (`campaigns.followups.service.FollowUpWording`).

    The ledger keeps what it sent, so none of them says what a manager wrote down: that is sealed.
    """

    zone: ZoneInfo

    def handed(self, found: FollowUp, by: str, language: Language) -> Message:
        """What a colleague reads who is asked to do something."""
        text = HANDED.say(language, by=by, due=self._due(found, language), **_facts(found, language))
        return Message(text, ((Button(OPEN_LIST.say(language), LIST_DATA),),))

    def closed(self, found: FollowUp, by: str, language: Language) -> Message:
        """What the one who asked reads when it is done."""
        result = RESULTS[found.state].say(language)
        if found.reason is not None:
            result = BECAUSE.say(language, result=result, reason=REASONS[found.reason].say(language))
        return Message(CLOSED.say(language, by=by, result=result, **_facts(found, language)))

    def late(self, found: FollowUp, owner: str, language: Language) -> Message:
        """What a team lead reads of something overdue."""
        return Message(LATE.say(language, owner=owner, due=self._due(found, language), **_facts(found, language)))

    def declined(self, found: FollowUp, language: Language) -> Message:
        """What the owner reads when the customer wants nobody to be in touch."""
        return Message(DECLINED.say(language, **_facts(found, language)))

    def class_changed(self, change: ClassChange) -> str:
        """Why a customer is to be called after a change of class."""
        moved = (
            CLASS_CHANGED.say(language, before=_class(change.before, language), after=_class(change.after, language))
            for language in (Language.ZH, Language.EN)
        )
        return Phrase(*moved).both()

    def _due(self, found: FollowUp, language: Language) -> str:
        return when(found.due_at, self.zone, language)


def _facts(found: FollowUp, language: Language) -> dict[str, str]:
    return {"who": who(found), "source": SOURCES[found.source].say(language)}


def who(found: FollowUp) -> str:
    """The customer by number and masked name."""
    return f"{found.customer.number} {masked(found.name)}" if found.name else found.customer.number


def page(found: list[FollowUp], now: datetime, zone: ZoneInfo, language: Language) -> str:
    """What somebody has to do, the first due first."""
    if not found:
        return NONE.say(language)
    late = sum(each.due_at <= now for each in found)
    head = HEAD.say(language, shown=len(found), late=LATE_COUNT.say(language, late=late) if late else "")
    return "\n\n".join([head, *(_line(each, at, now, zone, language) for at, each in enumerate(found, 1))])


def desk_lines(found: list[FollowUp], contacts: list[Interaction], zone: ZoneInfo, language: Language) -> list[str]:
    """What stands at a customer's card: what is open, the last contacts."""
    lines = []
    if found:
        opened = (
            CARD_OPEN.say(
                language,
                why=in_language(each.why, language),
                source=SOURCES[each.source].say(language),
                due=f"{each.due_at.astimezone(zone):%m-%d}",
            )
            for each in found
        )
        lines.append(CARD_FOLLOW_UPS.say(language, open=_joined(list(opened), language)))
    past = [f"{each.at.astimezone(zone):%m-%d} {CHANNELS[each.channel].say(language)}" for each in contacts]
    lines.append(CONTACTS.say(language, past=_joined(past, language)) if past else NO_CONTACTS.say(language))
    return lines


def colleague_label(found: Colleague, language: Language) -> str:
    """A colleague on a button: the name and what they are."""
    role = ROLES[Role(found.roles[0])].say(language) if found.roles else ""
    return COLLEAGUE.say(language, name=found.name, role=role)


def refusal(found: FollowUpRefusal, language: Language) -> str:
    """Why nothing happened."""
    return REFUSALS[found].say(language)


def _line(each: FollowUp, at: int, now: datetime, zone: ZoneInfo, language: Language) -> str:
    moment = when(each.due_at, zone, language)
    due = (OVERDUE if each.due_at <= now else DUE).say(language, due=moment)
    if each.requester_id is not None:
        due = ASKED.say(language, due=due)
    facts = {"who": who(each), "source": SOURCES[each.source].say(language), "why": in_language(each.why, language)}
    return LINE.say(language, at=at, due=due, **facts)


def _class(letter: str, language: Language) -> str:
    return letter_name(Letter(letter), language)


def _joined(words: list[str], language: Language) -> str:
    return ("；" if language is Language.ZH else "; ").join(words)
