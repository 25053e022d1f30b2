"""Why a product of a bundle is not shown to a customer or a group, in a few words."""

from campaigns.catalogue.model import LeftOut, Line
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

REASONS = {
    LeftOut.NEVER: Phrase("矩阵：不推荐", "the matrix says never"),
    LeftOut.UNSUITABLE: Phrase("{risk} 高于 C{appetite}", "{risk} is above C{appetite}"),
    LeftOut.NOT_ASSESSED: Phrase("{risk}，要先做风险测评，私下谈", "{risk}: after a risk assessment, in private"),
    LeftOut.NEED_UNKNOWN: Phrase(
        "锁定 {locked} 天，先问何时用钱", "binds money for {locked} days: ask when it is needed"
    ),
    LeftOut.NEEDED_EARLIER: Phrase("锁定 {locked} 天，客户更早要用钱", "binds money for {locked} days, needed earlier"),
    LeftOut.NOT_YET: Phrase("{first} 起才有", "not before {first}"),
    LeftOut.OVER: Phrase("{last} 已停售", "ended on {last}"),
    LeftOut.NOT_ASKED: Phrase("矩阵：问起再介绍", "the matrix says only if asked"),
    LeftOut.BELOW_ENTRANCE: Phrase("准入资产 {entrance} 元，未达到或未知", "asks for {entrance} yuan with the bank"),
    LeftOut.NOT_INVITED: Phrase("要先邀请", "by invitation"),
    LeftOut.PRIVATE: Phrase("只单独介绍，不发群", "for single customers, never for a group"),
}


def left_out_words(found: Line, appetite: int | None, language: Language) -> str:
    """Why a product is not shown; empty for one that is."""
    if found.left_out is None:
        return ""
    product = found.product
    facts = {
        "risk": product.risk or "",
        "appetite": appetite,
        "locked": product.locked_days,
        "first": product.first,
        "last": product.last,
        "entrance": f"{product.entrance or 0:,}",
    }
    return REASONS[found.left_out].say(language, **facts)
