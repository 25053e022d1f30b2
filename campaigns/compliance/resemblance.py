"""A second reader of a text, who learnt from texts that were judged: how much it resembles what may not leave.

Rows of the word list find what somebody thought of. This reader knows only how often short strings of characters
stand in forbidden and in lawful texts (logistic regression, Cox 1958), and so finds unheard-of ways to say the same.
What it objects to names no word, so it points to a whole sentence and asks for a person; a mild finding in a text that
resembles only lawful ones becomes a warning. `scripts/learn_resemblance.py` teaches it anew; docs/gate.md says how
good it is.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from campaigns.compliance.readings import Reading
from campaigns.compliance.verdicts import Hit, Outcome, Pair

FILE = Path(__file__).with_name("resemblance.tsv")
LONGEST = 3  # Characters of a string.
FEWEST, MOST = 12, 400  # Chinese characters of a text that it may judge; it learnt from no others.
FORBIDDEN, DOUBTED, LAWFUL = 0.8, 0.2, 0.05  # Chances.
MILD = frozenset({"endorsement", "forced_consent", "prize_terms", "risk_notice", "running_down", "unproven"})
RULE = "resemblance"
NAME = Pair("与不能发出的文字相近", "resembles what may not be sent")
BASIS = Pair(
    "以往按广告法、银保监办发〔2018〕48号文等判定的文字", "texts judged by the Advertising Law, Notice 48 and others"
)
ADVICE = Pair(
    "没有哪一个词违规，但整句的意思像是不能说的：请改写得更平实，或请合规人员判断",
    "No single word is forbidden, but the sentence reads like one that is: say it more plainly, or ask compliance",
)
_CHINESE = re.compile("[一-鿿]")
_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;\n]?")


@dataclass(frozen=True)
class Reader:
    """What was learnt: the weight of each string, and where the scale begins."""

    weights: Mapping[str, float]
    bias: float

    def chance(self, text: str) -> float:
        """How likely a text in its plain form is one that may not leave, 0 to 1."""
        known = [self.weights[each] for each in strings(text) if each in self.weights]
        return 1 / (1 + math.exp(-self.bias - sum(known) / math.sqrt(max(1, len(known)))))


def strings(text: str) -> set[str]:
    """All strings of up to three characters in a text, whose white space is of one kind."""
    text = " ".join(text.split())
    return {text[at : at + length] for length in range(1, LONGEST + 1) for at in range(len(text) - length + 1)}


@cache
def reader() -> Reader:
    """The reader that is shipped."""
    rows = (line.rpartition("\t") for line in FILE.read_text("utf-8").splitlines())
    weights = {string: float(weight) for string, _, weight in rows}
    return Reader(weights, weights.pop(""))


def weighed(text: str, reading: Reading, hits: Sequence[Hit], judge: Reader) -> tuple[Hit, ...]:
    """The findings of the word list beside what the reader says of the whole; in the order of the text."""
    if not FEWEST <= len(_CHINESE.findall(reading.text)) <= MOST:
        return tuple(hits)
    chance = judge.chance(reading.text)
    blocking = [hit for hit in hits if hit.verdict is Outcome.BLOCK]
    if not blocking and chance > FORBIDDEN:
        start, end = max(_sentences(reading), key=lambda each: judge.chance(reading.text[slice(*each)]))
        first, last = reading.place(start, end)
        found = Hit(RULE, Outcome.BLOCK, text[first:last], first, last, NAME, BASIS, ADVICE)
        return tuple(sorted([*hits, found], key=lambda hit: (hit.start, hit.end)))
    if chance < LAWFUL and all(hit.rule in MILD and _is_doubted(reading, hit, judge) for hit in blocking):
        return tuple(replace(hit, verdict=Outcome.WARN) if hit in blocking else hit for hit in hits)
    return tuple(hits)


def _is_doubted(reading: Reading, hit: Hit, judge: Reader) -> bool:
    """Whether the sentence itself reads lawfully: no violation is hidden among lawful words."""
    around = [each for each in _sentences(reading) if _touches(reading, each, hit)]
    return all(judge.chance(reading.text[slice(*each)]) < DOUBTED for each in around)


def _touches(reading: Reading, sentence: tuple[int, int], hit: Hit) -> bool:
    first, last = reading.place(*sentence)
    return first < hit.end and hit.start < last


def _sentences(reading: Reading) -> list[tuple[int, int]]:
    return [found.span() for found in _SENTENCE.finditer(reading.text)] or [(0, len(reading.text))]
