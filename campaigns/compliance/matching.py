"""The lexicon's cases, looked for in a text: one pass tells which words are there, and only what can match is tried."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice
from operator import itemgetter

import ahocorasick

from campaigns.compliance.lexicon import DENIED_INSIDE, Case, Lexicon, Rule, read_lexicon
from campaigns.compliance.meaning import Meaning, Span
from campaigns.compliance.patterns import Pattern
from campaigns.compliance.readings import (
    Reading,
    closed,
    letters_only,
    unclosed,
    with_pictures,
    without_chains,
    without_fillers,
    without_signs,
)
from campaigns.compliance.sounds import Sounds
from campaigns.compliance.verdicts import Context, Outcome, Venue

MASK = "\x02"
ALWAYS = "\x00"  # Stands for the words of patterns that need none.
_MOST = 40  # Findings of one pattern that are told: who reads them has seen enough.
_GRAVE = ("guarantee", "absolute", "inducing")
_UNEXCUSED = frozenset({"running_down"})  # Who warns of others runs them down.
_SAID_BY_OTHERS = frozenset({"endorsement", "running_down"})  # A quotation is how they are said.
_UNWARNED = frozenset({"personal_data"})  # Who warns and asks for numbers still asks for them.
_WISHED = frozenset({"absolute", "inducing", "returns", "unproven"})  # 祝各位生意翻番 promises nobody anything.


@dataclass(frozen=True)
class Found:
    """One finding in the original text."""

    rule: Rule
    verdict: Outcome
    start: int
    end: int


@dataclass(frozen=True)
class Looked:
    """A text that was looked at: its plain form, the lexicon's words in it, and what is known beside it."""

    reading: Reading
    present: frozenset[str]
    context: Context
    chained: Reading | None = None

    @property
    def text(self) -> str:
        """The plain form."""
        return self.reading.text


class Matcher:
    """A lexicon made ready for texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.meaning = Meaning(lexicon)
        self._automaton = ahocorasick.Automaton()
        for word in lexicon.words:
            self._automaton.add_word(word, word)
        self._automaton.make_automaton()
        self._tried = [(rule, case) for rule in lexicon.rules.values() for case in rule.cases]
        self._of_word: dict[str, list[tuple[int, int]]] = {}
        for at, (_, case) in enumerate(self._tried):
            for which, pattern in enumerate(case.patterns):
                for word in pattern.rarest or {ALWAYS}:
                    self._of_word.setdefault(word, []).append((at, which))
        self._sounds = {
            rule.id: Sounds(rule.sounds, rule.spelled) for rule in lexicon.rules.values() if rule.sounds or rule.spelled
        }

    def look(self, text: str, context: Context) -> Looked:
        """Read a text once for all rules."""
        reading = unclosed(text)
        return self._looked(closed(reading), context, without_chains(reading))

    def find(self, looked: Looked) -> Iterator[Found]:
        """What the cases of all rules find, wherever a text was tampered with too."""
        yield from self._cases(looked, looked.reading)
        yield from self._heard(looked.reading)
        for other in (without_fillers(looked.reading), letters_only(looked.reading)):
            if other is not None:
                yield from self._tampered(looked, other, _GRAVE)
        if looked.chained is not None:
            yield from self._tampered(looked, looked.chained, tuple(self.lexicon.rules))

    def pictured(self, text: str, context: Context) -> Iterator[Found]:
        """What the cases find where pictures stand for words, or signs between their characters."""
        for reading in (with_pictures(text), without_signs(text)):
            if reading is not None:
                yield from self._cases(self._looked(reading, context), reading)

    def has(self, looked: Looked, name: str) -> bool:
        """Whether a text says a word of this set."""
        return self.first(looked, name) is not None

    def first(self, looked: Looked, name: str) -> Span | None:
        """Where a text first says a word of this set."""
        pattern = self.lexicon.sets[name]
        found = pattern.regex.search(looked.text) if pattern.possible(looked.present) else None
        return found.span() if found else None

    def plain(self, looked: Looked, rule: Rule) -> str:
        """The text with a rule's own exceptions covered, at the same places."""
        return _masked(looked, rule.exceptions)

    def investment(self, looked: Looked) -> Span | None:
        """Where a text speaks of an investment; jobs, lessons and housing funds are none."""
        rule = self.lexicon.rules["risk_notice"]
        names = ("投资品", "投资品en")
        if not any(self.lexicon.sets[name].possible(looked.present) for name in names):
            return None
        plain = self.plain(looked, rule)
        spans = sorted(found.span() for name in names for found in self.lexicon.sets[name].regex.finditer(plain))
        return next((span for span in spans if not self.meaning.is_negated(looked.text, span)), None)

    def is_kind(self, context: Context, *kinds: str) -> bool:
        """Whether the product's kind is one of these; a structured deposit is an investment."""
        if not context.kind:
            return False
        named = next((name for name, words in self.lexicon.kinds.items() if _any_in(words, context.kind)), None)
        return named in kinds

    def _looked(self, reading: Reading, context: Context, chained: Reading | None = None) -> Looked:
        present = frozenset(word for _, word in self._automaton.iter(reading.text))
        return Looked(reading, present, context, chained)

    def _cases(self, looked: Looked, reading: Reading) -> Iterator[Found]:
        for at, patterns in groupby(self._possible(looked.present), key=itemgetter(0)):
            rule, case = self._tried[at]
            if self._applies(case, looked):
                yield from self._case(rule, case, [case.patterns[which] for _, which in patterns], looked, reading)

    def _possible(self, present: frozenset[str]) -> list[tuple[int, int]]:
        """The cases and their patterns that the words of a text allow, in the lexicon's order."""
        named = {place for word in (*present, ALWAYS) for place in self._of_word.get(word, ())}
        return sorted(place for place in named if self._tried[place[0]][1].patterns[place[1]].possible(present))

    def _applies(self, case: Case, looked: Looked) -> bool:
        context = looked.context
        if case.when_kind and not self.is_kind(context, case.when_kind):
            return False
        if context.venue is not None and context.venue.value not in case.venues:
            return False
        if case.about == "investment" and not (self.is_kind(context, case.about) or self.investment(looked)):
            return False
        return not any(each.possible(looked.present) and each.regex.search(looked.text) for each in case.unless)

    def _of_bank(self, looked: Looked) -> bool:
        """Whether a text speaks of what a bank has to offer; a child's drawing may be the best in the world."""
        return bool(looked.context.kind) or self.has(looked, "行事")

    def _case(
        self, rule: Rule, case: Case, patterns: list[Pattern], looked: Looked, reading: Reading
    ) -> Iterator[Found]:
        plain = _masked(looked, case.exceptions)
        unclear = context_is_missing(case, looked.context) or (case.about == "bank" and not self._of_bank(looked))
        verdict = Outcome.WARN if unclear else Outcome(case.verdict)
        for pattern in patterns:
            meant = (f for f in pattern.regex.finditer(plain) if f[0] and self._is_meant(rule, looked.text, f))
            for found in islice(meant, _MOST):
                yield Found(rule, verdict, *reading.place(*found.span()))

    def _is_meant(self, rule: Rule, text: str, found: re.Match[str]) -> bool:
        if rule.id in _UNWARNED:
            return not self.meaning.is_asked(text, found.span())
        if rule.id in DENIED_INSIDE and self.meaning.denies_inside(found[0]):
            return False
        if rule.id in _WISHED and self.meaning.is_wished(text, found.span()):
            return False
        if rule.id not in _SAID_BY_OTHERS and self.meaning.is_mentioned(text, found.span()):
            return False
        if rule.id in _UNEXCUSED:
            return not (self.meaning.is_negated(text, found.span()) or self.meaning.is_rejected(text, found.span()))
        return self.meaning.is_meant(text, found.span())

    def _heard(self, reading: Reading) -> Iterator[Found]:
        for name, sounds in self._sounds.items():
            for start, end in sounds.find(reading.text):
                if self.meaning.is_meant(reading.text, (start, end)):
                    yield Found(self.lexicon.rules[name], Outcome.BLOCK, *reading.place(start, end))

    def _tampered(self, looked: Looked, reading: Reading, rules: tuple[str, ...]) -> Iterator[Found]:
        """What shows only without what was put between its characters."""
        other = self._looked(reading, looked.context)
        for found in (*self._cases(other, reading), *self._heard(reading)):
            if found.rule.id in rules and _was_tampered(looked.reading, reading, found):
                yield found
        for rule in self.lexicon.rules.values():
            for word in rule.apart:
                if (at := reading.text.find(word)) >= 0:
                    yield Found(rule, Outcome.BLOCK, *reading.place(at, at + len(word)))


def context_is_missing(case: Case, context: Context) -> bool:
    """Whether a case holds for some places only and nobody said where the text will be read."""
    return context.venue is None and len(case.venues) < len(Venue)


@cache
def matcher() -> Matcher:
    """The gate's own lexicon, read when the first text comes.

    Raises:
        LexiconError: it cannot be used.
    """
    return Matcher(read_lexicon())


def _any_in(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


def _masked(looked: Looked, exceptions: tuple[Pattern, ...]) -> str:
    """The text with the lawful uses of its words covered, at the same places."""
    covered = [
        found.span()
        for pattern in exceptions
        if pattern.possible(looked.present)
        for found in pattern.regex.finditer(looked.text)
    ]
    if not covered:
        return looked.text
    plain = list(looked.text)
    for start, end in covered:
        plain[start:end] = MASK * (end - start)
    return "".join(plain)


def _was_tampered(whole: Reading, without: Reading, found: Found) -> bool:
    """Whether something stood between the characters of a finding that the plain reading still shows."""
    inside = sum(found.start <= place < found.end for place in whole.places)
    return found.end - found.start > 1 and inside > sum(found.start <= place < found.end for place in without.places)
