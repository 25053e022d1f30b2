"""Reading what staff wrote about a customer: whom they mean and which class they ask about; pure."""

import re
import unicodedata
from dataclasses import dataclass

from campaigns.customers.model import Letter

_BEFORE, _AFTER = r"(?:(?P<before>[^\s?!,\u3002]+?)\s*)?", r"(?:\s*(?P<after>[^\s?!,\u3002]+))?"
_LETTER = r"(?P<letter>[a-d])"
_WHY = (
    rf"{_BEFORE}(?:为什么|為什麼|为何|為何|为啥|為啥)\s*[他她]?[是在]?\s*{_LETTER}(?:\s*[类類])?(?:客户|客戶)?{_AFTER}",
    rf"{_BEFORE}(?:为什么|為什麼|为何|為何|为啥|為啥)\s*[他她]?[是在]\s*(?:这|這)一?[类類]{_AFTER}",
    rf"why\s+(?:is\s+(?P<before>\S+)\s+)?(?:in\s+)?(?:class\s+)?{_LETTER}(?:\s+(?P<after>\S+))?",
)
_CUSTOMER = r"(?:客户|客戶|customer)(?:\s*[:#]\s*|\s+|(?=[0-9]))(?P<who>[^\s?!,\u3002]+)"


@dataclass(frozen=True)
class WhyQuestion:
    """A question why a customer is in a class; None where the words leave it open."""

    letter: Letter | None
    who: str | None


def read_why(text: str) -> WhyQuestion | None:
    """Read 为什么是B类 12345, 為什麼是Ｂ類, why B 12345; None when the words ask something else."""
    words = plain(text)
    for pattern in _WHY:
        if found := re.fullmatch(pattern, words, re.IGNORECASE):
            said = found.groupdict()
            letter = said.get("letter")
            return WhyQuestion(Letter(letter.upper()) if letter else None, said["after"] or said["before"])
    return None


def read_customer(text: str) -> str | None:
    """Read 客户 12345, 客戶：12345, customer 12345; None when the words say something else."""
    found = re.fullmatch(_CUSTOMER, plain(text), re.IGNORECASE)
    return found["who"] if found else None


def plain(text: str) -> str:
    """Compatibility forms folded (Ｂ → B, ？ → ?), white space single, closing punctuation dropped."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).rstrip("?!。.~, ")
