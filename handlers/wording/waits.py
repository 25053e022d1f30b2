"""What people read about waiting numbers."""

from campaigns.deliveries.model import Message
from campaigns.members.model import Language
from campaigns.rallies.model import Booth
from campaigns.waits.model import Queue, WaitCode, Waited
from handlers.wording.phrase import Phrase
from handlers.wording.stamp_cards import name_of

NEARLY = Phrase(
    "🔔 快到您了：「{booth}」{number} 号，前面还有 {ahead} 人，请到摊位旁等候。",
    "🔔 Nearly your turn: number {number} at “{booth}”, {ahead} before you. Please come to the booth.",
)
YOUR_TURN = Phrase(
    "🔔 轮到您了：「{booth}」{number} 号，请在 3 分钟内到摊位。",
    "🔔 It is your turn: number {number} at “{booth}”. Please come within 3 minutes.",
)
OUTCOMES = {
    WaitCode.TAKEN: Phrase(
        "已取号：{number} 号。快到时会私聊提醒您。", "Your number is {number}. You are told in time."
    ),
    WaitCode.ALREADY: Phrase("您已有这个摊位的 {number} 号。", "You have number {number} of this booth already."),
    WaitCode.STAMPED: Phrase("这个摊位的印章您已经有了。", "You have this booth's stamp already."),
    WaitCode.CLOSED: Phrase("这个摊位现在不开放。", "This booth is not open now."),
    WaitCode.PAUSED: Phrase("这个摊位暂停中，请先去别的摊位。", "This booth is paused: try another one first."),
    WaitCode.LEFT: Phrase("号已退回。", "Your number is given back."),
    WaitCode.NONE: Phrase("您现在没有排队号。", "You have no number now."),
}
TAKEN_FIRST = Phrase(
    "已取号：{number} 号。前面没有人，现在就可以去。", "Your number is {number}. Nobody is before you: go there now."
)
NO_QUEUE = Phrase("不用排队", "no queue")
ABOUT = Phrase("约 {minutes} 分钟", "about {minutes} min")
OWN_TURN = Phrase("{number} 号，轮到您了", "number {number}: your turn")
OWN_WAIT = Phrase(
    "{number} 号，前面 {ahead} 人，约 {minutes} 分钟", "number {number}, {ahead} before you, about {minutes} min"
)


def outcome(waited: Waited, language: Language) -> str:
    """What came of asking for a number."""
    if waited.code is WaitCode.TAKEN and not waited.ahead:
        return TAKEN_FIRST.say(language, number=waited.number.number if waited.number else "")
    return OUTCOMES[waited.code].say(language, number=waited.number.number if waited.number else "")


def queue_words(queue: Queue, language: Language) -> str:
    """How long a booth's queue takes: 约 12 分钟."""
    return ABOUT.say(language, minutes=queue.minutes) if queue.minutes else NO_QUEUE.say(language)


def own_words(waited: Waited, language: Language) -> str:
    """The own number with what is before it."""
    assert waited.number is not None
    if not waited.ahead:
        return OWN_TURN.say(language, number=waited.number.number)
    return OWN_WAIT.say(language, number=waited.number.number, ahead=waited.ahead, minutes=waited.minutes)


class WaitWords:
    """Messages to somebody whose turn is near."""

    def nearly(self, booth: Booth, number: int, ahead: int, language: Language) -> Message:
        """It is nearly their turn, or it is."""
        phrase = NEARLY if ahead else YOUR_TURN
        return Message(phrase.say(language, booth=name_of(booth, language), number=number, ahead=ahead))
