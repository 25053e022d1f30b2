"""The words of our field, out of `lexicon.yaml`: what means the same, what is asked, and what says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import yaml

FILE = Path(__file__).with_name("lexicon.yaml")


class Part(Enum):
    """What a word does in a question, and how much it weighs."""

    TOPIC = 3.0  # What is spoken of: two questions with different topics never mean the same.
    ACTION = 2.5  # What is done with it.
    SHARP = 2.0  # Why, when, how much, not: a question that asks this is another question.
    SOFT = 0.5  # How, where, may I, mine: people mix them up.


class Word(NamedTuple):
    """What a word does and what it means."""

    part: Part
    meaning: str


@dataclass(frozen=True)
class Lexicon:
    """Every word; None for words that say nothing. Greetings and thanks are whole sentences."""

    words: Mapping[str, Word | None]
    greetings: frozenset[str]
    thanks: frozenset[str]

    @property
    def longest(self) -> int:
        """The characters of the longest Chinese word."""
        return max(len(word) for word in self.words if not word.isascii())

    @property
    def most_words(self) -> int:
        """The words of the longest English expression."""
        return max(word.count(" ") + 1 for word in self.words)


def _read() -> Lexicon:
    found = yaml.safe_load(FILE.read_text("utf-8"))
    words: dict[str, Word | None] = dict.fromkeys(found["fillers"].split())
    for part in Part:
        for meaning, names in found[part.name.lower()].items():
            words |= {name.replace("_", " "): Word(part, meaning) for name in names.split()}
    return Lexicon(words, frozenset(found["greetings"].split()), frozenset(found["thanks"].split()))


LEXICON = _read()
