"""When a customer needs the money, as staff read it: for how long it can be bound, who says so, and what if nobody."""

from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.tags import MEANINGS, tag_name
from segmentation.liquidity import Need

TOLD = Phrase("流动性：资金最多可锁定 {days} 天（客户告知：{name}）", "Liquidity: {days} days at most (told: {name})")
DERIVED = Phrase(
    "流动性：资金最多可锁定 {days} 天（按流水：{name}，{meaning}）",
    "Liquidity: {days} days at most (by flows: {name}, {meaning})",
)
NOW = Phrase(
    "流动性：资金随时要用，不推荐取不出的产品（{name}）", "Liquidity: the money is needed at any time ({name})"
)
UNKNOWN = Phrase(
    "流动性：不知何时用钱，按随时要用处理，请问客户",
    "Liquidity: nobody knows when the money is needed, so nothing may bind it: please ask",
)


def need_words(need: Need | None, language: Language) -> str:
    """One line for a card or a report."""
    if need is None:
        return UNKNOWN.say(language)
    name = tag_name(need.code, language)
    if need.days == 0:
        return NOW.say(language, name=name)
    if need.is_told:
        return TOLD.say(language, days=need.days, name=name)
    return DERIVED.say(language, days=need.days, name=name, meaning=MEANINGS[need.code].say(language))
