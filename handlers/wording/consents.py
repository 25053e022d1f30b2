"""What people read when asked for consent to marketing or to being contacted, and what came of their answer."""

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
CONTACT_VERSION = "contact-1"  # Changes with the words of ASK_CONTACT.
AGREE_CONTACT, DISAGREE_CONTACT = "consent:contact:1", "consent:contact:0"
ASK_CONTACT = Phrase(
    "活动结束后，{bank}的客户经理可以联系您吗？\n"
    "· 做什么：回答您在活动上问的事，不推销您不要的产品\n"
    "· 用什么：这里的聊天；您绑定了手机号的，也可能打一次电话\n"
    "· 不同意也不影响领礼品，随时可改主意",
    "May a manager of {bank} be in touch with you after the event?\n"
    "· What for: to answer what you asked at the event\n"
    "· How: in this chat, and by a call where you linked your number\n"
    "· Saying no changes nothing about your gift, and you may change your mind at any time",
)
CONTACT_AGREED = Phrase("好的，客户经理会在工作时间联系您。", "All right, a manager will be in touch in working hours.")
CONTACT_WITHOUT_NUMBER = Phrase(
    "好的。请发 /bind 绑定手机号，客户经理才知道您是哪位客户。",
    "All right. Please send /bind and link your number, so that a manager knows who you are.",
)
CONTACT_REFUSED = Phrase("好的，我们不会主动联系您。", "All right, nobody will be in touch.")
AGREE_CONTACT_BUTTON = Phrase("可以联系", "Yes, please")
DISAGREE_CONTACT_BUTTON = Phrase("不用联系", "No, thanks")
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


def ask_contact(bank: str, language: Language) -> Message:
    """The question whether somebody may be in touch, with one button for each answer and none chosen beforehand."""
    agree = Button(AGREE_CONTACT_BUTTON.say(language), AGREE_CONTACT)
    disagree = Button(DISAGREE_CONTACT_BUTTON.say(language), DISAGREE_CONTACT)
    return Message(ASK_CONTACT.say(language, bank=bank), ((agree, disagree),))
