"""What customers and managers read when somebody lets the manager call or add them."""

from campaigns.applications.contacts import ContactCard, ContactRefusal
from campaigns.applications.model import Application
from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language, Member
from handlers.wording.phrase import Phrase

CARD_CONTACT_VERSION = "card-contact-1"  # Changes with the words of ASK.
NUMBER_DATA = "app_number"

LET_LABEL = Phrase("📞 让经理联系我：{product}", "📞 Let the manager call me: {product}")
ASK = Phrase(
    "让理财经理联系您？\n"
    "· 做什么：只为办理「{product}」\n"
    "· 用什么：负责这笔申请的经理能看到您绑定的手机号和姓名，用来打电话或加好友\n"
    "· 可以不同意，照样可以办理；同意了也可以随时发「不要联系」收回",
    "Let your wealth manager be in touch?\n"
    "· What for: “{product}” alone\n"
    "· How: who looks after this application sees your name and linked number, to call or to add you\n"
    "· Saying no changes nothing, and “no contact” takes a yes back at any time",
)
YES, NO = Phrase("同意", "Yes"), Phrase("不用", "No")
AGREED = Phrase("好的，已告诉理财经理。", "All right, your wealth manager is told.")
KEPT = Phrase("好的，不会给出您的号码。", "All right, your number stays with us.")
TAKEN_BACK = Phrase("已收回，理财经理看不到您的号码了。", "Taken back: nobody sees your number any more.")
NOT_GIVEN = Phrase("您没有同意过，没有人能看到您的号码。", "You had not agreed: nobody sees your number.")
TAKE_BACK_WORDS = ("不要联系", "不要聯繫", "no contact")
REFUSALS = {
    ContactRefusal.NO_APPLICATION: Phrase("没有找到这个申请，或者已经结束。", "No such application, or it is over."),
    ContactRefusal.NOT_YOURS: Phrase("这个申请由另一位经理负责。", "Another manager looks after this application."),
    ContactRefusal.NO_NUMBER: Phrase("还没有绑定手机号，请先发 /bind。", "No number is linked yet: /bind first."),
    ContactRefusal.NO_CONSENT: Phrase(
        "客户没有同意给出号码，或者已经收回。可以发「写消息」联系。",
        "The customer has not agreed, or took it back. Write by /write instead.",
    ),
}
TOLD = Phrase(
    "📞 {name}（「{product}」）同意您打电话或加好友，只为办理这笔申请。",
    "📞 {name} (“{product}”) lets you call or add them, for this application alone.",
)
SEE_NUMBER = Phrase("看号码", "See the number")
NUMBER = Phrase(
    "{name}\n{phone}\n只为办理「{product}」使用；联系后请在 /applications 里点「已联系」。",
    "{name}\n{phone}\nFor “{product}” alone; tap “contacted” in /applications afterwards.",
)


class ContactWords:
    """The sentence that a contact puts into the ledger (`campaigns.applications.contacts.ContactWording`)."""

    def agreed(self, reader: Member, application: Application, name: str) -> Message:
        """What the owner reads; the name is masked and no number is said."""
        text = TOLD.say(reader.language, name=name, product=application.product)
        return Message(text, ((Button(SEE_NUMBER.say(reader.language), f"{NUMBER_DATA}:{application.id}"),),))


def number(found: ContactCard, language: Language) -> str:
    """Name and number as a reply, which stands in no ledger."""
    return NUMBER.say(language, name=found.name, phone=found.phone, product=found.application.product)
