"""What people read about reminders: a manager's with their times, previews and refusals, and what arrives."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.audiences.model import Fault
from campaigns.deliveries.model import Button, Message
from campaigns.deliveries.model import State as DeliveryState
from campaigns.letters.model import Objection
from campaigns.members.model import Language, Member
from campaigns.reminders.festivals import proposal_of
from campaigns.reminders.model import (
    LONGEST_WORDS,
    MOST_OF_AN_OWNER,
    MOST_PEOPLE,
    Happening,
    Line,
    Outcome,
    Past,
    Plan,
    Preview,
    Reminder,
    ReminderRefusal,
    State,
)
from campaigns.reminders.schedule import Before, Thing
from campaigns.reminders.topics import topic_of
from handlers.wording.audiences import refused as line_refused
from handlers.wording.festivals import FESTIVAL_DATA, INVITE_BUTTON
from handlers.wording.letters import objections
from handlers.wording.mutes import mute_button
from handlers.wording.paging import Leaf
from handlers.wording.phrase import Phrase
from handlers.wording.reminder_times import timing_words
from handlers.wording.times import lasting, when

REMIND_DATA = "remind"
REMIND_REVIEW_DATA = "remind_ok"
REMIND_NEW_DATA = "remind_new"
REMIND_WORDS = ("定时提醒", "设提醒", "发提醒")
NOTHING = ("无", "没有", "none")

_HEADS = {
    Thing.CHAIN: Phrase(
        "⏰ 接龙「{title}」{when} 截止，还有 {free} 个名额。", "⏰ “{title}” ends {when}; {free} places left."
    ),
    Thing.SEAT: Phrase(
        "⏰ 接龙「{title}」还差 1 位就满，{when} 截止。", "⏰ “{title}” has one place left; it ends {when}."
    ),
    Thing.TODO: Phrase("⏰ 待办「{title}」{when} 截止，还没做的朋友请抓紧。", "⏰ The to-do “{title}” ends {when}."),
    Thing.EVENT: Phrase("⏰ 活动「{title}」{when} 开始，欢迎准时到场。", "⏰ “{title}” begins {when}."),
}
_STATES = {
    State.DRAFT: Phrase("草稿", "draft"),
    State.ON: Phrase("已启用", "on"),
    State.PAUSED: Phrase("已暂停", "paused"),
    State.ENDED: Phrase("已结束", "ended"),
}
_OUTCOMES = {
    Outcome.PLANNED: Phrase("已安排", "planned"),
    Outcome.NOBODY: Phrase("没有人可发", "for nobody"),
    Outcome.MISSED: Phrase("停机错过，按约定不补发", "missed, dropped by its policy"),
    Outcome.SUPERSEDED: Phrase("停机错过，由后一次代替", "missed, a later one came instead"),
}
_DELIVERED = {
    DeliveryState.SENT: Phrase("送达", "sent"),
    DeliveryState.SUPPRESSED: Phrase("未发（静音、退订等）", "kept back"),
    DeliveryState.CANCELLED: Phrase("已取消", "cancelled"),
    DeliveryState.FAILED: Phrase("失败", "failed"),
    DeliveryState.UNKNOWN: Phrase("状态不明", "in doubt"),
}
WAITING = Phrase("待发", "waiting")

USAGE = Phrase(
    "这样写一句就行：/remind 时间 给谁 内容\n"
    "· /remind 周五 15:00 本群 接龙今晚截止\n"
    "· /remind 每周三 9:00 节假日顺延 全部群 今天在小区东门设服务点\n"
    "· /remind 工作日 8:50 我 看早报\n"
    "· /remind 中秋前3天 10:00 本群 中秋活动报名看公告\n"
    "· /remind 活动前1天 本群（接龙、差一位、待办也可以，内容可以不写）\n"
    "· /remind 明天 10:00 客户:王小明 请带身份证来领卡\n"
    "· /remind 周一 10:00 客群「女性 且 25-40岁」 …\n"
    "停机错过时默认 12 小时内补发；加「过时不发」或「补发3小时」来改。",
    "One line is enough: /remind time whom words\n"
    "· /remind fri 15:00 here The chain ends tonight\n"
    "· /remind every wed 9:00 next-workday allgroups We are at the east gate today\n"
    "· /remind workdays 8:50 me Read the brief\n"
    "· /remind 3d before mid-autumn 10:00 here See the announcement\n"
    "· /remind 1d before event here (chain, seat, todo as well; words may be left out)\n"
    "· /remind tomorrow 10:00 to:Name Please bring your ID card\n"
    "After an outage it still comes within 12 hours; add drop or late3h to change that.",
)
NEW_BUTTON = Phrase("＋ 新提醒", "＋ New")
NO_REMINDERS = Phrase("你还没有提醒。", "You have no reminders yet.")
ASK_WHOM = Phrase("提醒谁？", "Whom?")
ALL_GROUPS = Phrase("我的全部群", "All my groups")
MYSELF = Phrase("我自己", "Myself")
SOMEBODY = Phrase("客户或客群", "Customers")
ASK_NAMED = Phrase(
    "请发「客户:姓名」，或「客群:」加客群名字或条件。", "Send “to:Name”, or “audience:” with its name or condition."
)
BAD_NAMED = Phrase(
    "没看懂。请发「客户:姓名」或「客群:条件」。", "I could not read that: “to:Name” or “audience:condition”."
)
ASK_TIME = Phrase(
    "什么时候？例如：周五 15:00、每周三 9:00 节假日顺延、工作日 8:50、中秋前3天 10:00、活动前1天",
    "When? For example: fri 15:00, every wed 9:00, workdays 8:50, 3d before mid-autumn 10:00, 1d before event",
)
ASK_WORDS = Phrase(
    "写什么？（最多 {most} 字；接龙、待办、活动的提醒可以发「无」，只发标准的话）",
    "What shall it say? ({most} characters; “none” for the standard words before a chain, to-do or event)",
)
CANCELLED = Phrase("好的，没有设提醒。", "All right, no reminder.")
SENT_IN_PRIVATE = Phrase(
    "预览已私聊发给你，确认后生效。", "The preview is in your private chat; it counts once you confirm."
)
CONFIRM = Phrase("确认启用", "Confirm")
CHANGE_TIME = Phrase("改时间", "Change the time")
CHANGE_WORDS = Phrase("改内容", "Change the words")
PAUSE = Phrase("暂停", "Pause")
RESUME = Phrase("继续", "Resume")
END = Phrase("取消提醒", "Cancel it")
APPROVE, REFUSE = Phrase("通过", "Approve"), Phrase("不通过", "Refuse")
TO_REVIEW = Phrase(
    "请审核 {author} 的提醒（内容属于营销宣传）：\n时间：{time}\n内容：{words}",
    "Please review a reminder by {author} (its words advertise):\nWhen: {time}\nWords: {words}",
)
APPROVED = Phrase("提醒「{words}」由 {by} 通过，已启用。", "The reminder “{words}” was approved by {by} and is on.")
REFUSED = Phrase("提醒「{words}」没有通过（{by}），没有启用。", "The reminder “{words}” was refused by {by}.")
APPROVED_LATE = Phrase(
    "提醒「{words}」由 {by} 通过时，时间已经过去，没有启用：请换个时间再发一次。",
    "The time of the reminder “{words}” had passed when {by} approved it: please send it again with another.",
)
SET_BACK = Phrase(
    "提醒 {number} 出了故障，这次没有发出，会自动再试；也可以用 /remind 取消它，重新设一个。",
    "Reminder {number} failed and was not sent; it is tried again. You can cancel it with /remind and set a new one.",
)
IN_REVIEW = Phrase(
    "内容属于营销宣传，已送同事审核，通过后启用。", "Its words advertise: a colleague approves it first."
)

_REFUSALS = {
    ReminderRefusal.NO_TIME: Phrase(
        "没看懂时间。请写如：周五 15:00、每周三 9:00、工作日 8:50、中秋前3天 10:00、活动前1天。",
        "I could not read the time. Write fri 15:00, every wed 9:00, workdays 8:50 or 1d before event.",
    ),
    ReminderRefusal.PAST: Phrase("这个时间已经过去，请换一个。", "That time has passed: choose another."),
    ReminderRefusal.BEYOND: Phrase("补发最多等 7 天。", "It can come seven days late at most."),
    ReminderRefusal.NO_WORDS: Phrase("请写要提醒什么。", "Please say what to remind of."),
    ReminderRefusal.LONG_WORDS: Phrase("内容最多 {words} 字。", "It takes {words} characters at most."),
    ReminderRefusal.NO_GROUP: Phrase(
        "你还没有登记商户福利群。把我加进群，再在群里发 /register。",
        "You have no registered group yet. Add me to a group and send /register there.",
    ),
    ReminderRefusal.WHICH_GROUP: Phrase(
        "你有几个群：请写「全部群」，或到那个群里发，或发 /remind 点「新提醒」选群。",
        "You have several groups: write allgroups, send it in that group, or send /remind and choose.",
    ),
    ReminderRefusal.NO_SUCH_GROUP: Phrase(
        "没有找到这个群，或不是你管理的：请写群名里独有的几个字。",
        "There is no such group of yours: write what only its title has.",
    ),
    ReminderRefusal.NOBODY: Phrase(
        "在你的客户和群成员里没有找到能发的人。", "Nobody among your customers and groups can be reached so."
    ),
    ReminderRefusal.MANY_CALLED: Phrase(
        "有几位同名的客户，请用「客群」写清楚。", "Several people have that name: use an audience instead."
    ),
    ReminderRefusal.TOO_MANY: Phrase(
        "超过 {people} 人，请做成营销活动。", "That is over {people} people: make it a campaign."
    ),
    ReminderRefusal.ONLY_GROUPS: Phrase(
        "接龙、待办、活动的提醒只发到群里，请选群。", "Reminders before chains, to-dos and events go to groups."
    ),
    ReminderRefusal.QUIET: Phrase(
        "那时是免打扰时间（晚 9 点到早 9 点），请换个时间。",
        "Those are quiet hours (21:00 to 9:00): choose another time.",
    ),
    ReminderRefusal.STANDING: Phrase(
        "截止前 2 小时机器人会自动提醒，不用再设；请设得更早。",
        "Two hours before the end I remind by myself: choose earlier.",
    ),
    ReminderRefusal.FULL: Phrase(
        "你已有 {owner} 个提醒，请先取消一些。", "You have {owner} reminders: cancel some first."
    ),
    ReminderRefusal.UNKNOWN: Phrase("没有这个提醒，或不是你的。", "There is no such reminder of yours."),
    ReminderRefusal.DECIDED: Phrase("这个提醒已经处理过了。", "This was settled already."),
    ReminderRefusal.OWN_WORDS: Phrase("自己写的要由别人审核。", "Somebody else approves your words."),
    ReminderRefusal.IN_REVIEW: Phrase("正在等同事审核。", "It waits for a colleague."),
}


def refusal(found: ReminderRefusal | Fault | tuple[Objection, ...], language: Language) -> str:
    """Why nothing happens, in one sentence; for words every reason of the gate."""
    if isinstance(found, Fault):
        return line_refused(found, language)
    if isinstance(found, tuple):
        return objections(found, language)
    return _REFUSALS[found].say(language, words=LONGEST_WORDS, people=MOST_PEOPLE, owner=MOST_OF_AN_OWNER)


def line_words(found: Line, zone: ZoneInfo, language: Language) -> str:
    """A reminder with whom it is for, its next times, and what became of the last."""
    reminder, plan = found.reminder, found.reminder.shown
    waiting = f" · {IN_REVIEW.say(language)}" if reminder.in_review else ""
    time = timing_words(plan.timing, zone, language)
    parts = [
        f"#{reminder.id} {time} · {_STATES[reminder.state].say(language)}{waiting}",
        Phrase("给：{whom}", "To: {whom}").say(language, whom=_whom(found, language)),
        *([f"「{plan.words}」" if language is Language.ZH else f"“{plan.words}”"] if plan.words else []),
        _lateness(plan, language),
        *_next_times(found, zone, language),
        *([_past(found.last, zone, language)] if found.last else []),
    ]
    return "\n".join(parts)


def preview_words(found: Preview, zone: ZoneInfo, language: Language) -> str:
    """A draft before it counts: everything about it, and how many people it reaches."""
    head = Phrase("【预览】约 {heads} 人会看到", "[Preview] about {heads} people").say(language, heads=found.heads)
    marketing = Phrase(
        "内容属于营销宣传：要同事审核，只发给同意接收的人。",
        "Its words advertise: a colleague approves, consents count.",
    )
    lines = [head, line_words(found.line, zone, language)]
    if found.line.reminder.shown.is_marketing:
        lines.append(marketing.say(language))
    return "\n".join(lines)


def overview(found: Leaf[Line], zone: ZoneInfo, language: Language) -> str:
    """A page of a manager's reminders, each on a line of its own."""
    if not found.items:
        return f"{NO_REMINDERS.say(language)}\n\n{USAGE.say(language)}"
    head = Phrase("你的提醒（点编号查看和修改）：", "Your reminders (tap one to change it):").say(language)
    return "\n".join([found.head(head, language), *(_short(each, zone, language) for each in found.items)])


def _short(found: Line, zone: ZoneInfo, language: Language) -> str:
    reminder = found.reminder
    state = _STATES[reminder.state].say(language)
    time = timing_words(reminder.shown.timing, zone, language)
    return f"#{reminder.id} {time} · {_whom(found, language)} · {state} {reminder.shown.words[:20]}".rstrip()


@dataclass(frozen=True)
class ReminderWords:
    """The sentences that reminders put into the ledger (`campaigns.reminders.ports.ReminderWording`)."""

    zone: ZoneInfo
    language: Language = Language.ZH

    def to_group(self, plan: Plan, happening: Happening | None) -> Message:
        """What a group reads: the standard words before a thing, and the manager's own."""
        if happening is None:
            return Message(f"⏰ {plan.words}")
        at = when(happening.at, self.zone, self.language)
        head = _HEADS[happening.thing].say(self.language, title=happening.title, when=at, free=happening.free)
        return Message("\n".join(part for part in (head, plan.words) if part))

    def to_person(self, plan: Plan, reader: Member, *, own: bool) -> Message:
        """What a person reads, with the button that mutes it; one's own has none."""
        text = f"⏰ {plan.words}"
        if not own:
            return Message(text, ((mute_button(topic_of(plan), reader.language),),))
        festival = proposal_of(plan, reader.id)
        if festival is None:
            return Message(text)
        return Message(text, ((Button(INVITE_BUTTON.say(reader.language), f"{FESTIVAL_DATA}:{festival}"),),))

    def set_back(self, number: int, language: Language) -> Message:
        """What its owner reads, once, of a reminder that could not be planned."""
        return Message(SET_BACK.say(language, number=number))

    def to_review(self, reminder: Reminder, author: str, language: Language) -> Message:
        """What a second person reads of words that advertise."""
        plan = reminder.drafted
        assert plan is not None
        time = timing_words(plan.timing, self.zone, language)
        data = f"{REMIND_REVIEW_DATA}:{reminder.id}:{reminder.draft}"
        row = (Button(APPROVE.say(language), f"{data}:1"), Button(REFUSE.say(language), f"{data}:0"))
        return Message(TO_REVIEW.say(language, author=author, time=time, words=plan.words), (row,))

    def reviewed(self, reminder: Reminder, by: str, language: Language, *, approved: bool, is_late: bool) -> Message:
        """What the owner reads then; `is_late` where its time had passed meanwhile."""
        plan = reminder.drafted
        assert plan is not None
        said = APPROVED_LATE if is_late else APPROVED if approved else REFUSED
        return Message(said.say(language, words=plan.words, by=by))


def _whom(found: Line, language: Language) -> str:
    audience = found.reminder.shown.audience
    if audience.line is not None:
        return Phrase("客群「{line}」", "audience “{line}”").say(language, line=audience.line)
    if audience.member_id == found.reminder.owner_id:
        return MYSELF.say(language)
    return found.person or "、".join(found.groups) or "—"


def _lateness(plan: Plan, language: Language) -> str:
    if isinstance(plan.timing, Before) and plan.useful:
        return Phrase("停机错过：截止或开始前都补发", "After an outage: it still comes before the thing").say(language)
    if not plan.useful:
        return Phrase("停机错过：不补发", "After an outage: dropped").say(language)
    span = lasting(plan.useful.total_seconds(), language)
    return Phrase("停机错过：{span}内补发", "After an outage: it still comes within {span}").say(language, span=span)


def _next_times(found: Line, zone: ZoneInfo, language: Language) -> list[str]:
    if found.reminder.state not in {State.ON, State.DRAFT}:
        return []
    if not found.upcoming:
        none = Phrase("现在还没有对应的事项，有了会自动提醒。", "Nothing of the kind is ahead now; it comes by itself.")
        return [none.say(language)] if isinstance(found.reminder.shown.timing, Before) else []
    times = " / ".join(when(moment, zone, language) for moment in found.upcoming)
    return [Phrase("接下来：{times}", "Next: {times}").say(language, times=times)]


def _past(last: Past, zone: ZoneInfo, language: Language) -> str:
    states = _counted(last, language) if last.outcome is Outcome.PLANNED else ""
    said = f"{_OUTCOMES[last.outcome].say(language)} {states}".strip()
    return Phrase("上一次：{at} {said}", "Last: {at} {said}").say(
        language, at=when(last.due_at, zone, language), said=said
    )


def _counted(last: Past, language: Language) -> str:
    """How many messages stand where; those on their way together."""
    ended = {state: count for state, count in last.states.items() if state in _DELIVERED}
    waiting = sum(last.states.values()) - sum(ended.values())
    parts = [f"{_DELIVERED[state].say(language)} {count}" for state, count in sorted(ended.items())]
    return "，".join([*parts, *([f"{WAITING.say(language)} {waiting}"] if waiting else [])])
