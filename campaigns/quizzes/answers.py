"""Answers in one form: width, case, spaces, punctuation and traditional characters make no difference."""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

_SCORE = re.compile(r"(\d{1,2})\s*(?:[:\-比])\s*(\d{1,2})")


def normal(text: str) -> str:
    """Words as they are compared: NFKC, lower case, simplified characters, letters and digits only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(c for c in folded if unicodedata.category(c)[0] in "LN")
    return str(_simplified().convert(bare))


def score(text: str) -> str | None:
    """A score as 2-1, from 2:1, 2：1, 2比1 or 2-1; None when it is none."""
    found = _SCORE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{int(found[1])}-{int(found[2])}" if found else None


@cache
def _simplified() -> OpenCC:
    """The table from traditional to simplified characters, loaded when it is first asked."""
    return OpenCC("t2s")
