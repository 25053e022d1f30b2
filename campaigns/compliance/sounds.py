"""Words as they sound: a term in pinyin or in other characters of the same sound (宝本宝息, bao ben bao xi)."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("sounds.txt")
_JOIN = "[ ']?"
_LEAST = 3  # Two syllables have too many innocent neighbours: 红包本月 sounds like 保本.


class Sounds:
    """Finds terms by their sound; the terms themselves are the business of the rules that look for them."""

    def __init__(self, terms: tuple[str, ...], spelled: tuple[str, ...] = ()) -> None:
        self._terms = frozenset(terms)
        heard = [term for term in terms if len(term) >= _LEAST]
        self._regexes = [re.compile(_regex(term)) for term in heard]
        self._regexes += [re.compile(_mixed(term)) for term in (*terms, *spelled) if term not in heard]

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a term sounds without being written; two syllables count only with pinyin among them."""
        for regex in self._regexes:
            for found in regex.finditer(text):
                if found[0] not in self._terms:
                    yield found.span()


def syllables_of(character: str) -> tuple[str, ...]:
    """The syllables that a character is read as, without tones; none for what is not in the table."""
    return tuple(syllable for syllable, characters in _table().items() if character in characters)


def _regex(term: str) -> str:
    """Every way to spell or to write what sounds like a term."""
    parts = [f"(?:{spelled}|[{characters}])" for spelled, characters in map(_heard, term)]
    return f"(?<![a-z]){_JOIN.join(parts)}(?![a-z])"


def _mixed(term: str) -> str:
    """A term in its own characters with at least one of them in pinyin."""
    parts = [f"(?:{_heard(character)[0]}|{re.escape(character)})" for character in term]
    return f"(?<![a-z])(?!{re.escape(term)}){_JOIN.join(parts)}(?![a-z])"


def _heard(character: str) -> tuple[str, str]:
    """How a character is spelled, and every character of the same sound."""
    if character.isascii():
        return re.escape(character), re.escape(character)
    syllables = syllables_of(character)
    characters = "".join(sorted({c for syllable in syllables for c in _table()[syllable]} | {character}))
    return "(?:" + "|".join(syllables or (re.escape(character),)) + ")", characters


@cache
def _table() -> dict[str, str]:
    lines = _FILE.read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)
