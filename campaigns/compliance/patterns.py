"""The rows of parts in which the lexicon writes what it looks for, as regular expressions.

A row is read by `Grammar.row`; a `Pattern` also knows which words must be there at all, so that one pass over a text
tells which few patterns are worth a look.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

QUOTES = "[ \"'“‘「『《【(]?"
OPEN_GAP = "[^。!?;\n\x02]"
# What is denied on the way is not said; 不低于 and its kin deny nothing.
CHINESE_GAP = "(?:[^。!?;\n\x02不没未勿]|不(?=低于|少于|止|仅|但|只|限|管|论|错|愁|凡|断|停|菲))"
ENGLISH_GAP = "(?:[^a-z0-9.!?;\n\x02]+[a-z0-9'$¥%][a-z0-9'$¥%,.-]*)"
ENGLISH_JOIN = "[^a-z0-9.!?;\n\x02]{1,2}"
_DIGITS = "零一二三四五六七八九十百千两"
CLASSES = {
    "percent": rf"(?:\d+(?:\.\d+)? ?(?:%|percent|per cent)|百分之[{_DIGITS}点\d]+|(?:\d+(?:\.\d+)?|[{_DIGITS}]+)个点)",
    "money": rf"(?:(?:[¥$]|rmb ?|cny ?)\d[\d,.]*(?:万|亿|k|m)?"
    rf"|(?:\d[\d,.]*|[{_DIGITS}半几]+)[万亿千百]*(?:多|余|来|几)?(?:元|块|万|亿|千| ?yuan| ?rmb| ?dollars))",
    "number": rf"(?:\d[\d,.]*[万亿千百]*|[{_DIGITS}几]+[万亿]?|one|two|three|four|five|six|seven|eight|nine|ten)",
    "quantity": rf"(?:\d[\d,.]* ?(?:万|亿|千|百|million|thousand|k|m)[+多余]?"
    rf"|\d{{1,3}}(?:,\d{{3}})+\+?|\d{{3,}}[+多余]?"
    rf"|[{_DIGITS}数上]+[百千万亿]+[多余]?|millions|thousands|hundreds)",
    "item": rf"(?:[{_DIGITS}半几\d]{{1,4}}"
    r"(?:公斤|[只头条箱斤盆床台把瓶袋桶盒壶张份套口部辆捆篮筐双件枚克包]))",
}
_MARK = re.compile(r"\\.|\[[^\]]+\](?:\{\d+,\d+\})?|\{[^}]+\}|<[^>]+>|~~?\d+|[()|?!]| +|[^\\\[{<~()|?! ]+|.")


class PatternError(ValueError):
    """A row that cannot be read; the message says why in one sentence."""


@dataclass(frozen=True)
class Pattern:
    """A row as an expression and, for each part that must be there, the words of which one must stand in the text."""

    source: str
    needs: tuple[frozenset[str], ...] = ()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression, compiled when a text first has its words."""
        return re.compile(self.source)

    @property
    def rarest(self) -> frozenset[str]:
        """The words of the part that fewest words can fill; empty where nothing must be there."""
        return min(self.needs, key=len, default=frozenset())

    def possible(self, present: frozenset[str]) -> bool:
        """Whether the words that a text has allow a match at all."""
        return all(not need.isdisjoint(present) for need in self.needs)


@dataclass
class Part:
    """One part of a row while it is read: its expression, the words that it needs, and how it joins its neighbours."""

    regex: str
    needs: list[frozenset[str]] = field(default_factory=list)
    is_gap: bool = False
    is_open: bool = False
    is_optional: bool = False
    is_ahead: bool = False


def is_english(text: str) -> bool:
    """Whether nothing in a text is Chinese."""
    return not any("一" <= c <= "鿿" or "㐀" <= c <= "䶿" for c in text)


def word_regex(word: str) -> str:
    """The expression of one word; a star at the end of an English word stands for its endings."""
    if not is_english(word):
        return re.escape(word)
    bare = word.rstrip("*")
    before = "(?<![a-z0-9])" if bare[:1].isalnum() else ""
    after = "" if not bare[-1:].isalnum() else "[a-z]*(?![a-z0-9])" if word.endswith("*") else "(?![a-z0-9])"
    return before + re.escape(bare).replace(r"\ ", ENGLISH_JOIN) + after


def any_of(words: Sequence[str]) -> str:
    """The expression of one word out of many, the longest first."""
    return "(?:" + "|".join(word_regex(word) for word in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


def literal(word: str) -> str:
    """What of a word must stand in a text letter by letter."""
    return word.rstrip("*").split(" ")[0] if is_english(word) else word


def words_pattern(words: Sequence[str]) -> Pattern:
    """A pattern for any of these words."""
    return Pattern(any_of(words), (frozenset(map(literal, words)),))


def _usable(mark: str) -> str:
    """A part that stands in the expression as it is written."""
    try:
        re.compile(mark)
    except re.error as error:
        raise PatternError(f"“{mark}” cannot be used ({error})") from error
    return mark


class Grammar:
    """Reads rows; `sets` are the named lists of words that a row may mention.

    The gaps of rows that claim something hold no negation; those of exceptions may.
    """

    def __init__(self, sets: Mapping[str, Sequence[str]], *, claims: bool = True) -> None:
        self._sets, self._claims = sets, claims
        self._regexes = {name: any_of(words) for name, words in sets.items()}

    def row(self, text: str) -> Pattern:
        """The pattern of a row.

        Raises:
            PatternError: says what cannot be read.
        """
        marks = list(map(str, _MARK.findall(text)))
        english = self._is_english(marks)
        reader = _Reader(marks, self._sets, self._regexes, english, self._claims)
        part = reader.alternatives()
        if reader.rest():
            raise PatternError(f"“{reader.rest()}” closes what nothing opened")
        return Pattern(part.regex, tuple(part.needs))

    def _is_english(self, marks: Sequence[str]) -> bool:
        named = [self._sets.get(mark[1:-1], ()) for mark in marks if mark.startswith("{")]
        plain = [mark for mark in marks if not mark.startswith(("{", "<"))]
        return is_english("".join(plain)) and all(is_english("".join(words)) for words in named)


class _Reader:
    """One row, from left to right."""

    def __init__(
        self,
        marks: list[str],
        sets: Mapping[str, Sequence[str]],
        regexes: Mapping[str, str],
        english: bool,
        claims: bool,
    ) -> None:
        self._marks, self._at = marks, 0
        self._sets, self._regexes, self._english, self._claims = sets, regexes, english, claims

    def rest(self) -> str:
        return "".join(self._marks[self._at :])

    def alternatives(self) -> Part:
        """One or more sequences with bars between."""
        parts = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            parts.append(self._sequence())
        if len(parts) == 1:
            return parts[0]
        needs = [part.needs for part in parts]
        shared = [frozenset().union(*(need[0] for need in needs))] if all(needs) else []
        return Part("(?:" + "|".join(part.regex for part in parts) + ")", shared)

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while (mark := self._peek()) not in {"", ")", "|"}:
            if mark.strip():
                parts.append(self._part())
            else:
                self._at += 1
        while parts and parts[-1].is_gap:
            parts.pop()
        if not parts:
            raise PatternError("a part is empty")
        return Part(self._join(parts), [need for part in parts if not part.is_optional for need in part.needs])

    def _part(self) -> Part:
        part = self._atom()
        if self._peek() == "?":
            self._at += 1
            part.is_optional = True
        return part

    def _atom(self) -> Part:
        mark = self._peek()
        self._at += 1
        if mark == "(":
            part = self.alternatives()
            if self._peek() != ")":
                raise PatternError("a bracket is not closed")
            self._at += 1
            return Part(f"(?:{part.regex})", part.needs)
        if mark == "!":
            return Part(f"(?!{QUOTES if not self._english else ' ?'}{self._atom().regex})", is_ahead=True)
        if mark[0] == "~" and len(mark) > 1:
            return Part(mark.lstrip("~"), is_gap=True, is_open=mark.startswith("~~") or not self._claims)
        if mark[0] in "{<" and len(mark) > 1:
            return self._named(mark)
        if mark[0] == "[" or mark[0] == "\\" or mark == "$":
            return Part(_usable(mark))
        if mark in {"?", "~"} or mark[0] in "{}<>":
            raise PatternError(f"“{mark}” stands for itself nowhere")
        return Part(word_regex(mark), [frozenset({literal(mark)})])

    def _named(self, mark: str) -> Part:
        name = mark[1:-1]
        if mark[0] == "<":
            if name not in CLASSES:
                raise PatternError(f"<{name}> is none of {', '.join(f'<{each}>' for each in CLASSES)}")
            return Part(CLASSES[name])
        if name not in self._sets:
            raise PatternError(f"there is no set called {name}")
        return Part(self._regexes[name], [frozenset(map(literal, self._sets[name]))])

    def _peek(self) -> str:
        return self._marks[self._at] if self._at < len(self._marks) else ""

    def _join(self, parts: Sequence[Part]) -> str:
        return "".join(self._english_joined(parts) if self._english else self._chinese_joined(parts))

    def _chinese_joined(self, parts: Sequence[Part]) -> Iterator[str]:
        for at, part in enumerate(parts):
            if part.is_gap:
                yield f"{OPEN_GAP if part.is_open else CHINESE_GAP}{{0,{part.regex}}}?"
                continue
            if at and not parts[at - 1].is_gap and not part.is_ahead and not part.is_optional:
                yield QUOTES
            yield f"(?:{part.regex})?" if part.is_optional else part.regex

    def _english_joined(self, parts: Sequence[Part]) -> Iterator[str]:
        joined = True  # Nothing has to stand before the next part any more.
        for part in parts:
            if part.is_gap:
                yield f"{ENGLISH_GAP}{{0,{part.regex}}}?[^a-z0-9.!?;\n\x02]*"
                joined = True
            elif part.is_ahead:
                yield part.regex
            elif part.is_optional:
                yield f"(?:{part.regex}{ENGLISH_JOIN})?" if joined else f"(?:{ENGLISH_JOIN}{part.regex})?"
            else:
                yield part.regex if joined else ENGLISH_JOIN + part.regex
                joined = False
