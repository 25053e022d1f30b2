"""What a customer reads who asks why a promotion came: conditions and class in gentle words, and the way out."""

from collections.abc import Iterable

from campaigns.audiences.fields import FIELDS
from campaigns.customers.model import Letter
from campaigns.members.model import Language
from campaigns.promotions.reasons import PromotionWhy
from handlers.wording.offers import KINDS, WHY_REASONS, indicator_names
from handlers.wording.phrase import Phrase

WHY = Phrase("您收到「{title}」，因为您符合活动的条件。", "You got “{title}” because you meet its conditions.")
KIND = Phrase("您是{kind}。", "You are {kind}.")
FACTS = Phrase("条件看的是：{facts}。", "The conditions ask about {facts}.")
NEED_TOLD = Phrase(
    "这款产品 {days} 天内取不出：您告诉过我们，这段时间用不到这笔钱。",
    "It binds money for {days} days: you told us that you do not need it before.",
)
NEED_BY_FLOWS = Phrase(
    "这款产品 {days} 天内取不出：按近期的收支，您这段时间用不到这笔钱；不对的话，请发「我的资料」改「用钱时间」。",
    "It binds money for {days} days: by your recent flows you do not need it before; if that is wrong, say so under "
    "/my_data.",
)
RIGHTS = Phrase(
    "由系统按我行的业务数据自动挑选，并经另一位员工审核。不想再收到，请发「退订」，还没发出的也不再发。",
    "Our program chose from our own business data and a second person of the bank reviewed it. "
    "Send /stop to end this, for what is queued too.",
)
# Customers never read their letter or a score: what these are made of is said in their place.
GENTLE = {
    **dict.fromkeys(("class", "quadrant", "lifecycle", "tag"), Phrase("与我行的往来情况", "how you bank with us")),
    **dict.fromkeys(
        ("current", "potential", "development", "opportunity", "confidence", "yearly_value", "provisional", "churn"),
        Phrase("与我行的往来情况", "how you bank with us"),
    ),
    **dict.fromkeys(("assets", "band"), Phrase("在我行的资产情况", "your assets with us")),
    **dict.fromkeys(("consent", "chat", "reachable", "bound"), Phrase("同意接收的情况", "your consent")),
}


def why(found: PromotionWhy, language: Language) -> str:
    """The true reason, without figures: a phone may be read over a shoulder."""
    received = found.received
    lines = [WHY.say(language, title=received.version.plan.title.read_in(language))]
    if received.standing in set(Letter):
        lines.append(KIND.say(language, kind=KINDS[Letter(received.standing)].say(language)))
    if facts := _joined((_fact(name, language) for name in found.fields), language):
        lines.append(FACTS.say(language, facts=facts))
    if received.reasons:
        lines.append(WHY_REASONS.say(language, reasons=indicator_names(received.reasons, language)))
    if received.locked_days:
        basis = NEED_TOLD if received.is_need_told else NEED_BY_FLOWS
        lines.append(basis.say(language, days=received.locked_days))
    return "\n".join([*lines, RIGHTS.say(language)])


def _fact(name: str, language: Language) -> str:
    if name in GENTLE:
        return GENTLE[name].say(language)
    field = FIELDS.get(name)
    return field.zh if field and language is Language.ZH else name.replace("_", " ")


def _joined(words: Iterable[str], language: Language) -> str:
    return ("、" if language is Language.ZH else ", ").join(dict.fromkeys(words))
