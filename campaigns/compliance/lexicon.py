"""The lexicon of the gate: `lexicon.yaml` read, checked with the line of every mistake, and compiled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import yaml
from yaml import Node

from campaigns.compliance.patterns import Grammar, Pattern, PatternError, words_pattern
from campaigns.compliance.verdicts import Pair

FILE = Path(__file__).with_name("lexicon.yaml")
RULES = (
    "absolute", "guarantee", "returns", "endorsement", "inducing", "running_down", "unproven", "deposit_gift",
    "prize_value", "prize_terms", "last_word", "personal_data", "forced_consent", "suitability", "risk_notice",
)  # fmt: skip
_NEEDED_SETS = ("投资品", "投资品en", "风险提示", "行事", "抽奖", "period", "人数", "兑奖", "规则页")
_NEGATION = (
    "before", "between", "again", "forbids", "after", "mention", "rejects", "wishes", "inside",
    "english_before", "english_between", "english_after",
)  # fmt: skip
_WARNING = (
    "markers", "denied", "contrast", "own", "speaks", "reports", "tellers", "met", "telling", "reactions", "offers",
    "promotion",
)  # fmt: skip
# Rules whose findings are asked whether their own words deny them (存款不送礼品); their gaps may hold a negation.
DENIED_INSIDE = frozenset({"deposit_gift", "endorsement", "running_down"})
_VERDICTS = ("block", "warn")
_VENUES = frozenset({"group", "private", "page"})


class LexiconError(ValueError):
    """A lexicon that cannot be used; the message names the file, the line and what is wrong."""


@dataclass(frozen=True)
class Case:
    """One way to break a rule: what is looked for, what is read over, and where the case applies."""

    verdict: str
    patterns: tuple[Pattern, ...]
    exceptions: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    about: str | None
    when_kind: str | None
    venues: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """A rule with its legal basis, its lawful rewording and its cases."""

    id: str
    name: Pair
    basis: Pair
    advice: Pair
    cases: tuple[Case, ...]
    sounds: tuple[str, ...]
    spelled: tuple[str, ...]
    apart: tuple[str, ...]
    exceptions: tuple[Pattern, ...]
    service: tuple[Pattern, ...]
    promotion: Pattern | None
    offers: Pattern | None


@dataclass(frozen=True)
class Lexicon:
    """All that the gate of words knows; `words` are all literal words of all patterns."""

    version: int
    kinds: dict[str, tuple[str, ...]]
    sets: dict[str, Pattern]
    negation: dict[str, tuple[str, ...]]
    warning: dict[str, Pattern]
    rules: dict[str, Rule]
    words: frozenset[str] = field(repr=False)


def read_lexicon(file: Path = FILE) -> Lexicon:
    """Read and compile a lexicon.

    Raises:
        LexiconError: names the line of the first mistake.
    """
    return _Loader(file).lexicon()


class _Loader:
    """Reads one file; every value knows its line."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._all: list[Pattern] = []

    def lexicon(self) -> Lexicon:
        top = self._fields(self._root(), ("version", "kinds", "sets", "negation", "warning", "rules"))
        sets: dict[str, tuple[str, ...]] = {}
        for name, node in self._items(top["sets"]):
            sets[name] = self._set(node, sets)
        for name in _NEEDED_SETS:
            if name not in sets:
                self._fail(top["sets"], f"the set {name} is missing, which the gate needs")
        self._strict, self._loose = Grammar(sets), Grammar(sets, claims=False)
        rules = {rule.id: rule for rule in self._rules(top["rules"])}
        if missing := [name for name in RULES if name not in rules]:
            self._fail(top["rules"], f"the rule {missing[0]} is missing")
        warning = {
            name: self._keep(words_pattern(self._words(node)))
            for name, node in self._fields(top["warning"], _WARNING).items()
        }
        compiled = {name: self._keep(words_pattern(words)) for name, words in sets.items()}
        return Lexicon(
            version=self._number(top["version"]),
            kinds={name: self._words(node) for name, node in self._items(top["kinds"])},
            sets=compiled,
            negation={name: self._words(node) for name, node in self._fields(top["negation"], _NEGATION).items()},
            warning=warning,
            rules=rules,
            words=frozenset(word for pattern in self._all for need in pattern.needs for word in need),
        )

    def _rules(self, node: Node) -> Iterator[Rule]:
        seen: set[str] = set()
        for each in self._entries(node):
            fields = self._fields(
                each,
                ("id", "name", "basis", "advice"),
                ("cases", "sounds", "spelled", "apart", "except", "service", "promotion", "offers"),
            )
            name = self._text(fields["id"])
            if name not in RULES:
                self._fail(fields["id"], f"{name} is no rule of the gate; there are {', '.join(RULES)}")
            if name in seen:
                self._fail(fields["id"], f"the rule {name} stands twice")
            seen.add(name)
            yield Rule(
                id=name,
                name=self._pair(fields["name"]),
                basis=self._pair(fields["basis"]),
                advice=self._pair(fields["advice"]),
                cases=tuple(self._case(case, name) for case in self._optional(fields, "cases")),
                sounds=self._words(fields["sounds"]) if "sounds" in fields else (),
                spelled=self._words(fields["spelled"]) if "spelled" in fields else (),
                apart=self._words(fields["apart"]) if "apart" in fields else (),
                exceptions=self._patterns(fields, "except", self._loose),
                service=self._patterns(fields, "service", self._loose),
                promotion=self._listed(fields, "promotion"),
                offers=self._listed(fields, "offers"),
            )

    def _case(self, node: Node, rule: str) -> Case:
        fields = self._fields(
            node, (), ("verdict", "words", "patterns", "except", "unless", "about", "when_kind", "venues")
        )
        if "words" not in fields and "patterns" not in fields:
            self._fail(node, "a case needs words or patterns")
        words = [self._keep(words_pattern(self._words(fields["words"])))] if "words" in fields else []
        grammar = self._loose if rule in DENIED_INSIDE else self._strict
        return Case(
            verdict=self._one_of(fields, "verdict", _VERDICTS) or "block",
            patterns=(*words, *self._patterns(fields, "patterns", grammar)),
            exceptions=self._patterns(fields, "except", self._loose),
            unless=self._patterns(fields, "unless", self._loose),
            about=self._one_of(fields, "about", ("investment", "bank")),
            when_kind=self._one_of(fields, "when_kind", ("investment", "deposit", "loan", "card", "insurance", "draw")),
            venues=frozenset(self._venues(fields)),
        )

    def _venues(self, fields: dict[str, Node]) -> Sequence[str]:
        if "venues" not in fields:
            return sorted(_VENUES)
        found = self._words(fields["venues"])
        for name in found:
            if name not in _VENUES:
                self._fail(fields["venues"], f"{name} is no venue; there are {', '.join(sorted(_VENUES))}")
        return found

    def _patterns(self, fields: dict[str, Node], name: str, grammar: Grammar) -> tuple[Pattern, ...]:
        made = []
        for node in self._optional(fields, name):
            row = self._text(node)
            try:
                made.append(self._keep(grammar.row(row)))
            except PatternError as error:
                self._fail(node, f"“{row}”: {error}")
        return tuple(made)

    def _listed(self, fields: dict[str, Node], name: str) -> Pattern | None:
        return self._keep(words_pattern(self._words(fields[name]))) if name in fields else None

    def _keep(self, pattern: Pattern) -> Pattern:
        self._all.append(pattern)
        return pattern

    def _one_of(self, fields: dict[str, Node], name: str, known: Sequence[str]) -> str | None:
        if name not in fields:
            return None
        value = self._text(fields[name])
        if value not in known:
            self._fail(fields[name], f"{name} is {value}; it may be {', '.join(known)}")
        return value

    def _pair(self, node: Node) -> Pair:
        both = self._fields(node, ("zh", "en"))
        return Pair(self._text(both["zh"]), self._text(both["en"]))

    def _words(self, node: Node) -> tuple[str, ...]:
        words = tuple(self._text(each) for each in self._entries(node))
        if not words:
            self._fail(node, "the list is empty")
        return words

    def _set(self, node: Node, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        """The words of a set; “{name}” stands for all words of a set above."""
        words: list[str] = []
        for each in self._entries(node):
            word = self._text(each)
            if word.startswith("{") and word[1:-1] not in known:
                self._fail(each, f"there is no set called {word[1:-1]} above")
            words += known[word[1:-1]] if word.startswith("{") else [word]
        return tuple(words) or self._words(node)

    def _optional(self, fields: dict[str, Node], name: str) -> list[Node]:
        return self._entries(fields[name]) if name in fields else []

    def _text(self, node: Node) -> str:
        value = node.value if isinstance(node, yaml.ScalarNode) else None
        if not isinstance(value, str) or not value.strip():
            self._fail(node, "a word is missing here")
        return str(value)

    def _number(self, node: Node) -> int:
        text = self._text(node)
        if not text.isdecimal():
            self._fail(node, f"{text} is no whole number")
        return int(text)

    def _entries(self, node: Node) -> list[Node]:
        if not isinstance(node, yaml.SequenceNode):
            self._fail(node, "a list is expected here")
        return list(node.value)

    def _items(self, node: Node) -> Iterator[tuple[str, Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._fail(node, "names with values are expected here")
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                self._fail(key, f"{key.value} stands twice")
            seen.add(key.value)
            yield str(key.value), value

    def _fields(self, node: Node, needed: Sequence[str], allowed: Sequence[str] = ()) -> dict[str, Node]:
        fields = dict(self._items(node))
        for name in needed:
            if name not in fields:
                self._fail(node, f"{name} is missing")
        for name, value in fields.items():
            if name not in (*needed, *allowed):
                self._fail(value, f"{name} is not known here; there are {', '.join((*needed, *allowed))}")
        return fields

    def _root(self) -> Node:
        try:
            node = yaml.compose(self._file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        except OSError as error:
            raise LexiconError(f"The lexicon {self._file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise LexiconError(f"The lexicon {self._file} is not UTF-8: save it as UTF-8.") from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise LexiconError(f"{self._file.name} line {line}: it is no YAML ({error.problem}).") from error
        if node is None:
            raise LexiconError(f"The lexicon {self._file} is empty.")
        return node

    def _fail(self, node: Node, sentence: str) -> NoReturn:
        raise LexiconError(f"{self._file.name} line {node.start_mark.line + 1}: {sentence}.")
