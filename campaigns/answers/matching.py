"""Which question a sentence asks, by rules alone: folded characters, the field's words, what is left over.

The measure is Dice's coefficient over weighted units (L. R. Dice, Ecology 26, 1945). Precision comes first: a topic
or a why, when, how much or not that only one side has ends the comparison, and every word that nobody knows counts
against it.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

from campaigns.answers.lexicon import LEXICON, Part
from campaigns.quizzes.answers import normal

Label = TypeVar("Label", bound=Hashable)
THRESHOLD = 0.82
NEARNESS = 0.1
LONGEST_QUESTION = 80
MOST_NEAR = 3
LEFT_OVER = 3.0
WORDS, LONGEST_WORD, MOST_WORDS = LEXICON.words, LEXICON.longest, LEXICON.most_words
_PIECES = re.compile(r"[a-z0-9][a-z0-9'-]*|[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Units:
    """What a sentence consists of: each unit with its weight, and the parts that must agree."""

    weights: Mapping[str, float]
    topics: frozenset[str]
    sharp: frozenset[str]
    actions: frozenset[str]


def units_of(text: str) -> Units:
    """A sentence in units; one that says nothing has none."""
    weights: dict[str, float] = {}
    parts: dict[Part, set[str]] = {part: set() for part in Part}
    for unit, part in _units(text):
        weights[unit] = LEFT_OVER if part is None else part.value
        if part is not None:
            parts[part].add(unit)
    return Units(weights, frozenset(parts[Part.TOPIC]), frozenset(parts[Part.SHARP]), frozenset(parts[Part.ACTION]))


def pieces_of(text: str) -> list[str]:
    """The English words and Chinese stretches of a text, folded; whatever else it holds is left out."""
    found: list[str] = _PIECES.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
    return found


def likeness(one: Units, other: Units) -> float:
    """How alike two sentences are, from 0 to 1."""
    if one.topics != other.topics or one.sharp != other.sharp:
        return 0.0
    if one.actions and other.actions and not one.actions & other.actions:
        return 0.0
    return _shared(one, other)


def _shared(one: Units, other: Units) -> float:
    """The same measure without what must agree."""
    both = sum(weight for unit, weight in one.weights.items() if unit in other.weights)
    whole = sum(one.weights.values()) + sum(other.weights.values())
    return 2 * both / whole if whole else 0.0


class Matcher(Generic[Label]):
    """Finds which labels a sentence may mean; each label has sentences of its own."""

    def __init__(self, sentences: Iterable[tuple[Label, Iterable[str]]]) -> None:
        self._known = [(label, [units_of(text) for text in texts]) for label, texts in sentences]

    def nearest(self, text: str) -> tuple[Label, ...]:
        """The labels that share anything with a text, the likeliest first: for a person to choose from."""
        asked = units_of(text)
        scores = {label: max((_shared(asked, each) for each in units), default=0.0) for label, units in self._known}
        return tuple(sorted((label for label in scores if scores[label]), key=lambda label: -scores[label]))

    def match(self, text: str, threshold: float = THRESHOLD) -> tuple[Label, ...]:
        """The label that is meant, several that are near each other, or none; the likeliest first."""
        if len(text) > LONGEST_QUESTION:
            return ()
        asked = units_of(text)
        scores = {label: max((likeness(asked, each) for each in units), default=0.0) for label, units in self._known}
        best = max(scores.values(), default=0.0)
        if best < threshold:
            return ()
        nearness = 0.0 if best >= 1.0 else NEARNESS
        near = [label for label, score in scores.items() if score >= max(threshold, best - nearness)]
        return tuple(sorted(near, key=lambda label: -scores[label])[:MOST_NEAR])


def _units(text: str) -> Iterator[tuple[str, Part | None]]:
    """Units in order, each with what it does; what no list has comes without."""
    pieces = pieces_of(text)
    english = [piece for piece in pieces if piece.isascii()]
    chinese = normal("".join(piece for piece in pieces if not piece.isascii()))
    yield from _chinese(chinese)
    yield from _english(english)


def _chinese(text: str) -> Iterator[tuple[str, Part | None]]:
    """The longest known word first; what lies between known words in pairs of characters."""
    at, rest = 0, ""
    while at < len(text):
        word = next((text[at:end] for end in _ends(at, len(text)) if text[at:end] in WORDS), None)
        if word is None:
            rest, at = rest + text[at], at + 1
            continue
        yield from _pairs(rest)
        rest, at = "", at + len(word)
        if (found := WORDS[word]) is not None:
            yield found.meaning, found.part
    yield from _pairs(rest)


def _ends(at: int, length: int) -> range:
    return range(min(at + LONGEST_WORD, length), at, -1)


def _pairs(rest: str) -> Iterator[tuple[str, None]]:
    if len(rest) == 1:
        yield f"'{rest}", None
    for first, second in pairwise(rest):
        yield f"'{first}{second}", None


def _english(words: list[str]) -> Iterator[tuple[str, Part | None]]:
    """The most words that are known together first; a plural is its singular."""
    at = 0
    while at < len(words):
        for count in range(min(MOST_WORDS, len(words) - at), 0, -1):
            known = _singular(" ".join(words[at : at + count]))
            if known in WORDS:
                at += count
                if (found := WORDS[known]) is not None:
                    yield found.meaning, found.part
                break
        else:
            yield f"'{_singular(words[at])}", None
            at += 1


@lru_cache(maxsize=1024)
def _singular(words: str) -> str:
    return words if words in WORDS or not words.endswith("s") or len(words) < len("ads") else words[:-1]
