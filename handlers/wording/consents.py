"""What people read when asked for consent to marketing, when they give it and when they take it back."""

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

MARKETING_VERSION = "marketing-1"  # Changes with the words of ASK_MARKETING; a consent keeps the version that was read.
AGREE_DATA, DISAGREE_DATA, STOP_DATA = "consent:marketing:1", "consent:marketing:0", "consent:marketing:0"

ASK_MARKETING = Phrase(
    "要不要接收{bank}的福利和活动信息？\n"
    "· 发什么：按您的客户类型挑选的优惠，条数有上限，夜间不打扰\n"
    "· 用什么：您在本行的业务数据，由系统自动挑选；发「为什么给我」可看缘由\n"
    "· 不同意也不影响其他服务，随时可发「退订」",
    "Would you like to receive offers from {bank}?\n"
    "· What: offers chosen for your kind of customer, few of them and none at night\n"
    "· From what: your business data with us, chosen by a program; /why_me tells why\n"
    "· Saying no changes nothing else, and /stop ends it at any time",
)
AGREE_BUTTON = Phrase("同意接收", "Yes, please")
DISAGREE_BUTTON = Phrase("暂不接收", "No, thanks")
STOP_BUTTON = Phrase("退订", "Stop offers")

AGREED = Phrase(
    "好的，有适合您的福利会发到这里。随时可发「退订」。",
    "All right, offers for you will arrive here. /stop ends it at any time.",
)
DISAGREED = Phrase(
    "好的，不会给您发福利信息。想要时发「订阅」。", "All right, no offers. Send /subscribe whenever you like."
)
STOPPED = Phrase(
    "已退订，还没发出的福利也不会再发。想恢复请发「订阅」。",
    "Done: no more offers, not even those already on their way. /subscribe brings them back.",
)
ANOTHER_WAY = Phrase("请发 /bind 办理。", "Please send /bind for this.")
NOT_SUBSCRIBED = Phrase(
    "您没有订阅，不会收到福利信息。想要时发「订阅」。",
    "You are not subscribed and get no offers. /subscribe starts them.",
)
SUBSCRIBED_ALREADY = Phrase(
    "您已经订阅了，发「退订」可随时取消。", "You are subscribed already; /stop ends it at any time."
)


def ask_marketing(bank: str, language: Language) -> Message:
    """The question, with one button for each answer and none chosen beforehand."""
    agree = Button(AGREE_BUTTON.say(language), AGREE_DATA)
    disagree = Button(DISAGREE_BUTTON.say(language), DISAGREE_DATA)
    return Message(ASK_MARKETING.say(language, bank=bank), ((agree, disagree),))
