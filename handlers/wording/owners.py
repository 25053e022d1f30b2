"""What people read when customers go from one manager to another."""

from dataclasses import dataclass

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.owners.service import HandOver
from handlers.wording.phrase import Phrase

CHOOSE = Phrase("客户、跟进和承诺一起交给谁？", "To whom do customers, follow-ups and promises go?")
NO_COLLEAGUES = Phrase("还没有别的理财经理。", "There is no other wealth manager yet.")
PREVIEW = Phrase(
    "交给 {name}：{what}。{told} 位客户会收到一次通知。确认交接？",
    "To {name}: {what}. Customers who are told once: {told}. Hand over?",
)
CONFIRM = Phrase("确认交接", "Hand over")
DONE = Phrase("已交接给 {name}：{what}。", "Handed over to {name}: {what}.")
NO_MANAGER = Phrase("只能交给在职的理财经理。", "Only a wealth manager can take them.")
INTRODUCED = Phrase(
    "您好，今后由理财经理{name}为您服务，之前答应您的事会继续办好。",
    "Hello, {name} is your wealth manager from now on. What was promised to you will be kept.",
)
STOOD_IN = Phrase(
    "您好，您的理财经理近日不在，由{name}代为跟进您的事项。",
    "Hello, your wealth manager is away; {name} takes care of your matters meanwhile.",
)
RECEIVED = Phrase("📥 {by} 交给您：{what}。", "📥 {by} handed over to you: {what}.")
PARTS = {
    "customers": Phrase("{count} 位客户", "customers {count}"),
    "followups": Phrase("{count} 项跟进（含承诺）", "follow-ups with promises {count}"),
    "groups": Phrase("{count} 个群", "groups {count}"),
    "applications": Phrase("{count} 个办卡申请", "applications {count}"),
    "visits": Phrase("{count} 次上门", "booked visits {count}"),
    "questions": Phrase("{count} 个提问", "questions {count}"),
}
ALWAYS = ("customers", "followups")
OPEN_LIST = Phrase("看我的跟进", "My follow-ups")


@dataclass(frozen=True)
class OwnerWords:
    """The sentences that a change of manager puts into the ledger (`campaigns.owners.service.OwnerWording`)."""

    def introduced(self, successor: str, language: Language) -> Message:
        """What a customer reads once, whose manager changed for good."""
        return Message(INTRODUCED.say(language, name=successor))

    def stood_in(self, stand_in: str, language: Language) -> Message:
        """What a customer reads once, whose manager is away while something is open."""
        return Message(STOOD_IN.say(language, name=stand_in))

    def received(self, found: HandOver, by: str, language: Language) -> Message:
        """What the successor reads."""
        text = RECEIVED.say(language, by=by, what=parts(found, language))
        return Message(text, ((Button(OPEN_LIST.say(language), "followups"),),))


def preview(found: HandOver, name: str, language: Language) -> str:
    """What would go to a successor."""
    return PREVIEW.say(language, name=name, told=found.told, what=parts(found, language))


def done(found: HandOver, name: str, language: Language) -> str:
    """What went."""
    return DONE.say(language, name=name, what=parts(found, language))


def parts(found: HandOver, language: Language) -> str:
    """What goes along, without what there is none of."""
    counted = found._asdict()
    said = [
        words.say(language, count=counted[part]) for part, words in PARTS.items() if counted[part] or part in ALWAYS
    ]
    return ("、" if language is Language.ZH else ", ").join(said)
