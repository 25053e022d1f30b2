"""What people read about questions that a person answers: the asker, the owner, the team leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.questions.model import AskCode, Asked, FeedbackCode, PassRefusal, Question, QuestionRefusal
from campaigns.questions.service import QuestionView
from handlers.wording.phrase import Phrase
from handlers.wording.times import lasting, when

QUESTIONS_WORDS = ("待答复", "客户提问", "提问列表")
HEADER = Phrase("【提问 {id}】", "Question {id}: ")
ASK_NOW = Phrase(
    "请把问题写给我，我转给您的理财经理。不要发密码、验证码、卡号。发「取消」返回。",
    "Write your question and I pass it to your wealth manager. No passwords, codes or card numbers. “cancel” ends.",
)
CANCELLED = Phrase("好的。", "All right.")
WITHDRAW_BUTTON = Phrase("撤回问题", "Take it back")
WITHDRAWN = Phrase("问题已撤回。", "Your question is taken back.")
NOT_WITHDRAWN = Phrase("这个问题已经答复或撤回了。", "This question is answered or taken back already.")
OPEN_PRIVATE = Phrase("开启私聊收答复", "Open the chat for the answer")
NO_QUESTIONS = Phrase("没有待答复的提问。", "No question waits for an answer.")
WAITING = Phrase("待答复 {count} 个：", "Questions that wait: {count}")
LOOK_BUTTON = Phrase("看问题 {id}", "Look at {id}")
CHOOSE_BUTTON = Phrase("选审核过的答复", "Use a reviewed text")
WRITE_BUTTON = Phrase("自己写", "Write it myself")
PASS_BUTTON = Phrase("转团队长", "Pass to the team lead")
PASSED = Phrase("已转给团队长。", "Passed to the team leads.")
NO_LEAD = Phrase("没有别的团队长可以接手。", "There is no other team lead to take it.")
PRIVATE_ONLY = Phrase("客户的提问只在私聊里处理。", "Customers' questions are handled in private only.")

_ASKED = {
    AskCode.NEW: Phrase(
        "这个问题我不能自己回答，已转给您的理财经理，最晚 {until} 答复您。要补充请直接接着写。",
        "I cannot answer this myself. Your wealth manager has it and answers by {until}. Just write on to add to it.",
    ),
    AskCode.ADDED: Phrase(
        "已补充到您的问题里，最晚 {until} 答复您。", "Added to your question; you have the answer by {until}."
    ),
    AskCode.FULL: Phrase(
        "这个问题已经记满了，理财经理正在处理，最晚 {until} 答复您。",
        "This question holds no more lines. Your wealth manager is on it and answers by {until}.",
    ),
}
_COMPLAINED = Phrase(
    "很抱歉让您不满意。您的投诉已转给理财经理专人跟进，最晚 {until} 答复您。要补充请直接接着写；"
    "也可以拨打银行卡背面的官方客服电话，或到任一网点反映。",
    "We are sorry. Your complaint is with your wealth manager, who answers by {until}. Just write on to add to it; "
    "you may also call the hotline on the back of your card, or visit any branch.",
)
_IN_GROUP = Phrase(
    "这个问题已转给理财经理，最晚 {until} 私聊答复您。",
    "A wealth manager has your question and answers in private by {until}.",
)
_REFUSALS = {
    QuestionRefusal.UNKNOWN: Phrase("没有这个提问。", "There is no such question."),
    QuestionRefusal.NOT_YOURS: Phrase("这个提问不归您处理。", "This question is not yours to answer."),
    QuestionRefusal.OVER: Phrase("这个提问已经答复或撤回了。", "This question is answered or taken back already."),
}
_FEEDBACK = {
    FeedbackCode.SOLVED: Phrase("太好了，谢谢您的反馈。", "Good to hear, thank you."),
    FeedbackCode.REOPENED: Phrase(
        "抱歉，已再次转给理财经理。请接着写还缺什么。",
        "Sorry. Your wealth manager has it again: write on what is missing.",
    ),
    FeedbackCode.STALE: Phrase("这个问题已经处理过了。", "This question was settled already."),
}
_TOLD = Phrase(
    "{header}{who} 问了您一个问题（{lines} 条），请在 {until} 前答复。",
    "{header}{who} asks you something (lines: {lines}). Please answer by {until}.",
)
_MORE = Phrase(
    "{header}{who} 补充了问题，请在 {until} 前答复。", "{header}{who} added to it. Please answer by {until}."
)
_REMINDER = Phrase(
    "{header}时间过半：{who} 还在等答复，截止 {until}。", "{header}half of the time is over: {who} waits until {until}."
)
_LATE = Phrase(
    "{header}已超过答复时限（{until}）：{who} 还没有得到答复，负责人 {owner}。请马上处理。",
    "{header}the answer is late (due {until}): {who} still waits, the owner is {owner}. Please see to it now.",
)
_UNSOLVED = Phrase(
    "{header}{who} 说上次的答复没有解决问题，请在 {until} 前再答复。",
    "{header}{who} says that your answer did not help. Please answer again by {until}.",
)
_TAKEN_BACK = Phrase("{header}{who} 撤回了问题，不用答复了。", "{header}{who} took the question back.")
_SORRY = Phrase(
    "抱歉让您久等了，您的问题已交给团队长跟进，会尽快答复。",
    "Sorry for the wait. Your question is with the team lead now and will be answered soon.",
)
_COMPLAINS = Phrase(
    "客户投诉，原话见提问 {id}（发「待答复」）", "a complaint: its words are in question {id} (/questions)"
)
_WAITS = Phrase("提问 {id} 超过答复时限，请答复客户", "question {id} is past its time: please answer the customer")
_NO_OWNER = Phrase("暂无", "nobody yet")


def asked(
    found: Asked, zone: ZoneInfo, language: Language, *, in_group: bool = False, complains: bool = False
) -> str | None:
    """What somebody hears who asked; nothing for more lines in the same breath, or when nobody can answer."""
    if found.question is None or found.code is AskCode.QUIET:
        return None
    words = _IN_GROUP if in_group else _ASKED[found.code]
    if complains and found.code is AskCode.NEW and not in_group:
        words = _COMPLAINED
    return words.say(language, until=when(found.question.due_at, zone, language))


def view(found: QuestionView, zone: ZoneInfo, now: datetime, language: Language) -> str:
    """A question as its owner reads it, with the full name."""
    head = HEADER.say(language, id=found.question.id)
    lines = [f"{each.at.astimezone(zone):%H:%M} {each.text}" for each in found.lines]
    return "\n".join([f"{head}{found.who.name} · {_left(found.question, zone, now, language)}", *lines])


def waiting(found: Sequence[tuple[Question, Member]], zone: ZoneInfo, now: datetime, language: Language) -> str:
    """What waits, the most urgent first."""
    if not found:
        return NO_QUESTIONS.say(language)
    lines = [
        f"{HEADER.say(language, id=each.id)}{masked(who.name)} · {_left(each, zone, now, language)}"
        for each, who in found
    ]
    return "\n".join([WAITING.say(language, count=len(found)), *lines])


def refusal(code: QuestionRefusal, language: Language) -> str:
    """Why somebody may not do something with a question."""
    return _REFUSALS[code].say(language)


def passing(code: PassRefusal | QuestionRefusal | None, language: Language) -> str:
    """What came of passing a question on."""
    if code is None:
        return PASSED.say(language)
    return NO_LEAD.say(language) if isinstance(code, PassRefusal) else refusal(code, language)


def feedback(code: FeedbackCode, language: Language) -> str:
    """What a word on an answer did."""
    return _FEEDBACK[code].say(language)


def _left(question: Question, zone: ZoneInfo, now: datetime, language: Language) -> str:
    """The due time, and by how much it is over."""
    due = when(question.due_at, zone, language)
    if now <= question.due_at:
        return f"{due} 前" if language is Language.ZH else f"by {due}"
    over = lasting((now - question.due_at).total_seconds(), language)
    return f"已超时 {over}" if language is Language.ZH else f"{over} late"


@dataclass(frozen=True)
class QuestionWords:
    """The sentences that questions put into the ledger; a customer's words and full name stay out of it."""

    zone: ZoneInfo

    def told(self, question: Question, who: Member, reader: Member) -> Message:
        """A new question, or new lines of one."""
        return self._to_staff(_MORE if question.told else _TOLD, question, who, reader)

    def reminder(self, question: Question, who: Member, reader: Member) -> Message:
        """Half of the time is over."""
        return self._to_staff(_REMINDER, question, who, reader)

    def late(self, question: Question, who: Member, owner: Member | None, reader: Member) -> Message:
        """The time is over: to the owner and the leads."""
        name = owner.name if owner else _NO_OWNER.say(reader.language)
        return self._to_staff(_LATE, question, who, reader, owner=name)

    def sorry(self, asker: Member) -> Message:
        """The time is over: to the customer."""
        return Message(_SORRY.say(asker.language))

    def unsolved(self, question: Question, who: Member, reader: Member) -> Message:
        """The answer did not help."""
        return self._to_staff(_UNSOLVED, question, who, reader)

    def taken_back(self, question: Question, who: Member, reader: Member) -> Message:
        """The customer took the question back."""
        return Message(self._say(_TAKEN_BACK, question, who, reader))

    def complains(self, question: Question) -> str:
        """Why a complaint is followed up (`campaigns.questions.concerns.ConcernWording`)."""
        return _COMPLAINS.both(id=question.id)

    def waits(self, question: Question) -> str:
        """Why an answer that nobody gave in time is followed up."""
        return _WAITS.both(id=question.id)

    def _to_staff(self, words: Phrase, question: Question, who: Member, reader: Member, owner: str = "") -> Message:
        button = Button(LOOK_BUTTON.say(reader.language, id=question.id), f"question:look:{question.id}")
        return Message(self._say(words, question, who, reader, owner), ((button,),))

    def _say(self, words: Phrase, question: Question, who: Member, reader: Member, owner: str = "") -> str:
        return words.say(
            reader.language,
            header=HEADER.say(reader.language, id=question.id),
            who=masked(who.name),
            lines=question.lines,
            until=when(question.due_at, self.zone, reader.language),
            owner=owner,
        )
