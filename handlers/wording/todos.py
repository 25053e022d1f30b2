"""What people read about to-dos."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.todos.model import Missing, TickCode, TickOutcome, Todo, TodoFault, TodoRefusal, TodoState
from campaigns.todos.rules import state_of
from handlers.wording.phrase import Phrase
from handlers.wording.times import lasting, when

SHOWN_NAMES = 60

DONE_LABEL = Phrase("我已完成", "I have done it")
END_BUTTON = Phrase("结束「{title}」", "End “{title}”")

DONE = Phrase("已记下，你已完成。现在 {done} 人已完成。", "Noted: you have done it. {done} people have.")
TWICE = Phrase("你已经完成过了，不用再点。{done} 人已完成。", "You have done it already. {done} people have.")
NOT_FOR_YOU = Phrase("这个待办是给指定成员的。", "This to-do is for named members.")
ENDED = Phrase("这个待办已结束。", "This to-do is over.")
NO_TODO = Phrase("没有找到这个待办，请看群里最新的卡片。", "There is no such to-do; see the newest card in the group.")

OPENED = Phrase("待办「{title}」已发到群里并置顶。", "The to-do “{title}” is pinned in the group.")
USAGE = Phrase(
    "请这样发：/todo 内容 截止时间\n例如：/todo 填写活动报名表 明天20:00\n只给某几位：回复他的消息，或在内容里@他。",
    "Please send: /todo what deadline\nFor example: /todo Fill in the form 12-31 20:00\n"
    "For some people only: reply to a message of theirs, or mention them.",
)
PRIVATE_USAGE = Phrase(
    "也可以私聊我发 /todo，我一步一步问你。", "Or send /todo to me in private and I will ask step by step."
)
ASK_GROUP = Phrase("在哪个群发待办？", "In which group?")
ASK_TITLE = Phrase(
    "要大家做什么？（最多 120 字，发「取消」结束）", "What is to be done? (120 characters; “cancel” ends)"
)
ASK_DEADLINE = Phrase(
    "什么时候截止？例如：明天20:00、12-31 18:00、3天", "When does it end? For example: 12-31 18:00, tomorrow 20:00, 3d"
)
CANCELLED = Phrase("好的，没有发待办。", "All right, no to-do was made.")
NO_GROUPS = Phrase(
    "你还没有登记商户福利群。把我加进群，再在群里发 /register。",
    "You have no registered group yet. Add me to a group and send /register there.",
)
UNKNOWN_NAME = Phrase(
    "认不出 {names}：请回复他的消息发 /todo，或从成员列表里@他。",
    "I do not know {names}: reply to a message of theirs with /todo, or pick them from the list of members.",
)
NO_TODOS = Phrase("你的群里还没有待办。发 /todo 开一个。", "Your groups have no to-dos yet. Send /todo to make one.")
ENDED_NOW = Phrase("待办「{title}」已结束，{done} 人已完成。", "The to-do “{title}” is over: {done} people did it.")

_CODES = {
    TickCode.DONE: DONE,
    TickCode.TWICE: TWICE,
    TickCode.NOT_FOR_YOU: NOT_FOR_YOU,
    TickCode.ENDED: ENDED,
    TickCode.NO_TODO: NO_TODO,
}
_STATES = {
    TodoState.RUNNING: Phrase("进行中", "running"),
    TodoState.ENDING: Phrase("即将结束", "about to end"),
    TodoState.ENDED: Phrase("已结束", "over"),
}
_FAULTS = {
    TodoFault.NO_TITLE: Phrase("请写要做什么。", "Please say what is to be done."),
    TodoFault.LONG_TITLE: Phrase("内容最多 120 字。", "It takes 120 characters at most."),
    TodoFault.BAD_DEADLINE: Phrase(
        "没看懂截止时间。请写如：明天20:00、12-31 18:00、3天。",
        "I could not read the deadline. Write 12-31 18:00, tomorrow 20:00 or 3d.",
    ),
    TodoFault.PAST_DEADLINE: Phrase("截止时间已经过去了。", "That deadline is in the past."),
}


def tick(outcome: TickOutcome, language: Language) -> str:
    """The answer to one tap; fits the 200 characters of a callback answer."""
    return _CODES[outcome.code].say(language, done=outcome.done)


def fault(found: TodoFault, language: Language) -> str:
    """What is wrong with a plan."""
    return _FAULTS[found].say(language)


def refusal(reason: TodoRefusal, language: Language) -> str:
    """Why a to-do was not opened or not ended."""
    match reason:
        case TodoRefusal.NO_GROUP:
            words = Phrase("本群还没有登记，请先发 /register。", "This group is not registered yet: send /register.")
        case TodoRefusal.NOT_YOUR_GROUP:
            words = Phrase("这个群由另一位理财经理管理。", "Another wealth manager looks after this group.")
        case TodoRefusal.NO_TODO:
            words = NO_TODO
        case TodoRefusal.NOT_YOURS:
            words = Phrase("只有发待办的经理可以结束它。", "Only the manager who made the to-do can end it.")
        case TodoRefusal.ENDED_ALREADY:
            words = Phrase("这个待办已经结束了。", "This to-do is over already.")
        case _:
            assert_never(reason)
    return words.say(language)


@dataclass(frozen=True)
class TodoWords:
    """The sentences that to-dos put into the ledger (`campaigns.todos.service.TodoWording`)."""

    zone: ZoneInfo
    language: Language = Language.ZH

    def card(self, todo: Todo, state: TodoState) -> Message:
        """The group's card: a count, nobody's name."""
        whom = Phrase("指定成员 {n} 位", "{n} named members") if todo.named else Phrase("全体成员", "everybody")
        text = Phrase(
            "【群待办】{title} · {state}\n{whom} · 截止 {when}\n{done} 人已完成",
            "[To-do] {title} · {state}\n{whom} · ends {when}\n{done} people have done it",
        ).say(
            self.language,
            title=todo.title,
            state=_STATES[state].say(self.language),
            whom=whom.say(self.language, n=len(todo.named)),
            when=when(todo.deadline, self.zone, self.language),
            done=todo.done,
        )
        return Message(text, () if state is TodoState.ENDED else self._button(todo))

    def reminder(self, todo: Todo, now: datetime) -> Message:
        """What the group reads once before the end."""
        text = Phrase(
            "⏰ 待办「{title}」还有 {left} 结束，{done} 人已完成。还没做的朋友请抓紧，做完点「我已完成」。",
            "⏰ The to-do “{title}” ends in {left}; {done} people have done it. Tap below once you have.",
        )
        left = lasting((todo.deadline - now).total_seconds(), self.language)
        return Message(text.say(self.language, title=todo.title, left=left, done=todo.done), self._button(todo))

    def ended(self, todo: Todo) -> Message:
        """What the manager hears when it is over."""
        text = Phrase(
            "待办「{title}」已结束，{done} 人已完成。发 /todos 看谁还没完成。",
            "The to-do “{title}” is over: {done} people did it. Send /todos to see who did not.",
        )
        return Message(text.say(self.language, title=todo.title, done=todo.done))

    def _button(self, todo: Todo) -> tuple[tuple[Button, ...], ...]:
        return ((Button(DONE_LABEL.say(self.language), f"todo:{todo.id}"),),)


def overview(found: Missing, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """One to-do as its manager sees it in private, with the full names of those who are missing."""
    todo = found.todo
    state = _STATES[state_of(todo, now)].say(language)
    counted = Phrase("{done} 人已完成，未完成 {missing} 人", "{done} done, {missing} missing")
    head = f"「{todo.title}」· {state} · {when(todo.deadline, zone, language)}"
    lines = [head, counted.say(language, done=todo.done, missing=len(found.names))]
    if found.names:
        shown = Phrase("、", ", ").say(language).join(found.names[:SHOWN_NAMES])
        lines.append(Phrase("未完成：", "Missing: ").say(language) + shown)
    return "\n".join(lines)
