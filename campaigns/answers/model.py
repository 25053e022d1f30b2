"""A reviewed entry, and what came of looking for one."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

VARIABLE = re.compile(r"\{([a-z]+)\}")


class EntryKind(StrEnum):
    """What an entry is when a manager sends it unasked: a service message, or advertising."""

    SERVICE = "service"
    MARKETING = "marketing"


class Variable(StrEnum):
    """What a text may leave open; the bank and the manager are filled in by themselves."""

    BANK = "bank"
    MANAGER = "manager"
    DATE = "date"
    TIME = "time"
    PLACE = "place"
    PRODUCT = "product"


BY_ITSELF = frozenset({Variable.BANK, Variable.MANAGER})


class Intent(StrEnum):
    """What people ask for by name, beside the entries: their own live data, and the bot's own doors."""

    POINTS = "points"
    CHAINS = "chains"
    COUPONS = "coupons"
    STAMPS = "stamps"
    PROGRESS = "progress"
    HELP = "help"
    LANGUAGE = "language"
    PERSON = "person"
    GREETING = "greeting"
    THANKS = "thanks"


@dataclass(frozen=True)
class AnswerEntry:
    """One version of one answer in both languages; `asked` are the questions that it answers, in plain words.

    An entry nobody asks for is a text that managers send. A version never changes once it is imported.
    """

    key: str
    version: int
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    author: str
    reviewer: str | None = None
    reviewed_on: date | None = None
    asked_zh: tuple[str, ...] = ()
    asked_en: tuple[str, ...] = ()
    kind: EntryKind = EntryKind.SERVICE
    retired: bool = False

    @property
    def is_reviewed(self) -> bool:
        """Whether a second person has read it; nothing else is ever said."""
        return self.reviewer is not None

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions of both languages."""
        return (*self.asked_zh, *self.asked_en)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What the text leaves open, in the order of its first mention."""
        return tuple(dict.fromkeys(Variable(name) for name in VARIABLE.findall(self.text_zh)))

    @property
    def to_fill(self) -> tuple[Variable, ...]:
        """What a person has to fill in."""
        return tuple(name for name in self.variables if name not in BY_ITSELF)


@dataclass(frozen=True)
class Wanted:
    """What a sentence asks for: one thing of the bot's own."""

    intent: Intent


@dataclass(frozen=True)
class Known:
    """The one entry that answers."""

    entry: AnswerEntry


@dataclass(frozen=True)
class Near:
    """Several entries that may be meant: the person chooses."""

    entries: tuple[AnswerEntry, ...]


Understood = Wanted | Known | Near


class ImportCode(StrEnum):
    """What an entry of a file did."""

    ADDED = "added"
    SAME = "same"


@dataclass(frozen=True)
class Imported:
    """One entry of a file, and what it did."""

    entry: AnswerEntry
    code: ImportCode


class EntryError(ValueError):
    """An entry that cannot be taken in; the message says which, why and what to do."""
