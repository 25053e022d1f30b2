"""What staff read while they write to a customer, and what frames the words that the customer reads."""

from campaigns.answers.model import Variable
from campaigns.deliveries.model import Button, Message
from campaigns.letters.model import Hindrance, LetterRefusal, Objection, ObjectionCode
from campaigns.letters.rules import LONGEST, NOTICE
from campaigns.letters.service import Preview
from campaigns.members.model import Language
from campaigns.questions.model import Question
from handlers.wording.compliance import reason_words
from handlers.wording.gate import told
from handlers.wording.phrase import Phrase

WRITE_WORDS = ("给客户发消息", "写信", "发消息")
USAGE = Phrase(
    "请写上客户的名字，例如：/write 王芳。只能写给自己群里或自己名下的客户。",
    "Add the customer's name, such as /write Wang. You reach members of your own groups and own customers.",
)
NOBODY = Phrase("您的群里和名下没有叫「{name}」的客户。", "Nobody called “{name}” is in your groups or your customers.")
WHICH = Phrase("是哪一位？", "Which one?")
CHOOSE = Phrase(
    "发给 {name}：请选一段审核过的文字，或自己写。", "To {name}: choose a reviewed text, or write your own."
)
FREE_BUTTON = Phrase("自己写", "Write my own")
NEXT_BUTTON = Phrase("更多", "More")
WRITE_NOW = Phrase(
    "请写给 {name} 的话，发出前会先过合规检查并给您预览。发「取消」返回。",
    "Write to {name}. Your words pass the compliance gate and you see them before they leave. “cancel” ends.",
)
FILL = Phrase("请填「{variable}」（发「取消」返回）：", "Please fill in “{variable}” (“cancel” ends):")
CANCELLED = Phrase("好的，没有发出任何内容。", "All right, nothing was sent.")
PREVIEW = Phrase("预览 · 发给 {name}：\n\n{text}", "Preview · to {name}:\n\n{text}")
SEND_BUTTON = Phrase("发送", "Send")
GIVE_UP_BUTTON = Phrase("放弃", "Do not send")
SENT = Phrase("已发送。", "Sent.")
GIVEN_UP = Phrase("已放弃，没有发出。", "Given up; nothing was sent.")
OBJECTIONS = Phrase("合规检查未通过，没有发出：", "The compliance gate does not let this pass; nothing was sent:")
TRY_AGAIN = Phrase("请改好再发一次，或发「取消」。", "Please change it and send it again, or “cancel”.")
NOT_NOW = Phrase("\n\n⏸ {reason}，会顺延到允许的时间。", "\n\n⏸ {reason}: it leaves when it may.")
NEVER = Phrase("\n\n⛔ {reason}：发送后不会送达。", "\n\n⛔ {reason}: it would not arrive.")
PRIVATE_ONLY = Phrase("写给客户的内容只在私聊里处理。", "Letters to customers are written in private only.")
HELPED_BUTTON = Phrase("解决了", "That helped")
UNSOLVED_BUTTON = Phrase("没解决", "It did not")
ANSWER_HEAD = Phrase("关于您的提问：", "About your question:")

VARIABLES = {
    Variable.BANK: Phrase("银行", "bank"),
    Variable.MANAGER: Phrase("理财经理", "manager"),
    Variable.DATE: Phrase("日期", "date"),
    Variable.TIME: Phrase("时间", "time"),
    Variable.PLACE: Phrase("地点", "place"),
    Variable.PRODUCT: Phrase("活动或产品", "activity or product"),
}
_REFUSALS = {
    LetterRefusal.NOBODY: Phrase(
        "这位客户不在您的群里，也不在您名下。", "This customer is neither in your groups nor your own."
    ),
    LetterRefusal.NO_TEXT: Phrase("这段文字已不再使用，请重新选。", "This text is no longer in use: choose again."),
    LetterRefusal.NOT_YOURS: Phrase("这不归您处理。", "This is not yours."),
    LetterRefusal.QUESTION_OVER: Phrase(
        "这个提问已经答复或撤回了。", "This question is answered or taken back already."
    ),
    LetterRefusal.STALE: Phrase("这份草稿已经发出或放弃了。", "This draft was sent or given up already."),
}
_OBJECTIONS = {
    ObjectionCode.EMPTY: Phrase("没有文字。", "There are no words."),
    ObjectionCode.TOO_LONG: Phrase(f"太长了，最多 {LONGEST} 字。", f"It is longer than {LONGEST} characters."),
    ObjectionCode.ASKS_SECRET: Phrase(
        "不能向客户要「{words}」（{law}）。", "Customers are never asked for “{words}” ({law})."
    ),
    ObjectionCode.LONG_NUMBER: Phrase(
        "「{words}」像卡号、证件号或账号，请删去。", "“{words}” looks like a card or account number: leave it out."
    ),
    ObjectionCode.ADDRESS: Phrase(
        "「{words}」：不能发外部链接或私人联系方式。", "“{words}”: no links and no private contacts."
    ),
}
_LAWS = {NOTICE: "银发〔2019〕316号"}


def objections(found: tuple[Objection, ...], language: Language) -> str:
    """Every reason why words may not leave, and what to do."""
    lines = told((each.hit for each in found if each.hit), language)
    lines += [f"· {_objection(each, language)}" for each in found if not each.hit]
    return "\n".join([OBJECTIONS.say(language), *lines, TRY_AGAIN.say(language)])


def preview(found: Preview, language: Language) -> str:
    """A draft as its author sees it, with what the gate says of it today."""
    text = PREVIEW.say(language, name=found.to.name, text=found.letter.text)
    return text + (hindrance(found.hindrance, language) if found.hindrance else "")


def hindrance(found: Hindrance, language: Language) -> str:
    """Why a letter arrives later or never."""
    words = NEVER if found.never else NOT_NOW
    return words.say(language, reason=reason_words(found.reason, language))


def refusal(code: LetterRefusal, language: Language) -> str:
    """Why a letter is not written or not sent."""
    return _REFUSALS[code].say(language)


def _objection(found: Objection, language: Language) -> str:
    law = _LAWS.get(found.law, found.law) if language is Language.ZH else found.law
    return _OBJECTIONS[found.code].say(language, words=found.words, law=law)


class LetterWords:
    """The sentences that letters put into the ledger (`campaigns.letters.service.LetterWording`)."""

    def answer(self, text: str, question: Question, language: Language) -> Message:
        """The answer to a question, with the buttons that say whether it helped."""
        row = tuple(
            Button(words.say(language), f"helped:{question.id}:{question.round}:{helped}")
            for words, helped in ((HELPED_BUTTON, 1), (UNSOLVED_BUTTON, 0))
        )
        return Message(f"{ANSWER_HEAD.say(language)}\n{text}", (row,))

    def letter(self, text: str, language: Language) -> Message:
        """What a manager writes unasked."""
        return Message(text)
