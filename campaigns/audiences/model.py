"""Values: an audience's condition as a tree, what is wrong with a line, counts, samples and saved audiences."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

LONGEST = 1_000  # characters
DEEPEST = 20  # brackets and negations within each other
MOST_TERMS = 60
MOST_VALUES = 200  # in one list

Value = int | Decimal | str | date


class Comparison(StrEnum):
    """How a figure, a day or a value is compared."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True)
class Everybody:
    """All customers."""


@dataclass(frozen=True)
class Compared:
    """A field against one value; money in fen. Of a field with several values, `=` says that this is one of them."""

    field: str
    by: Comparison
    value: Value


@dataclass(frozen=True)
class OneOf:
    """The field has one of these values."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Between:
    """The field lies between two values, both included."""

    field: str
    low: Value
    high: Value


@dataclass(frozen=True)
class Within:
    """The day of the field, or one of the event, lies in the last `days` days."""

    field: str
    days: int


@dataclass(frozen=True)
class Happened:
    """The event happened at some time."""

    field: str


@dataclass(frozen=True)
class Holds:
    """A field that is yes or no is yes."""

    field: str


@dataclass(frozen=True)
class Known:
    """Whether anything is known of the field; itself always true or false."""

    field: str
    is_known: bool


@dataclass(frozen=True)
class Not:
    """The contrary; of what is unknown it is unknown too."""

    part: "Expression"


@dataclass(frozen=True)
class Both:
    """All parts."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Either:
    """At least one part."""

    parts: tuple["Expression", ...]


Term = Everybody | Compared | OneOf | Between | Within | Happened | Holds | Known
Expression = Term | Not | Both | Either


def terms(expression: Expression) -> Iterator[Term]:
    """Every condition of the tree, from left to right."""
    match expression:
        case Both(parts) | Either(parts):
            for part in parts:
                yield from terms(part)
        case Not(part):
            yield from terms(part)
        case _:
            yield expression


class FaultCode(StrEnum):
    """What is wrong with a line."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    TOO_MANY_TERMS = "too_many_terms"
    TOO_MANY_VALUES = "too_many_values"
    STRAY_CHARACTER = "stray_character"
    OPEN_QUOTE = "open_quote"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_VALUE = "unknown_value"
    AMBIGUOUS = "ambiguous"
    EXPECTED = "expected"
    WRONG_TEST = "wrong_test"
    BACKWARDS = "backwards"
    NOBODY_ASKS = "nobody_asks"


class Expected(StrEnum):
    """What should have stood there."""

    CONDITION = "condition"
    TEST = "test"
    VALUE = "value"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    DAYS = "days"
    RANGE_END = "range_end"
    LIST = "list"
    CLOSING = "closing"
    CONNECTIVE = "connective"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line, and where: characters `start` to `end` of it, from 0.

    `nearest` are names or values that may have been meant; `field` is whose value or test is wrong.
    """

    text: str
    code: FaultCode
    start: int
    end: int
    expected: Expected | None = None
    nearest: tuple[str, ...] = ()
    field: str | None = None

    @property
    def found(self) -> str:
        """What stands there; empty at the end of the line."""
        return self.text[self.start : self.end]

    def as_json(self) -> dict[str, Any]:
        """In JSON's types; the position counts characters from 1."""
        return {
            "error": self.code,
            "position": self.start + 1,
            "found": self.found,
            "expected": self.expected,
            "nearest": list(self.nearest),
            "field": self.field,
        }


class Unreachable(StrEnum):
    """Why a customer of the audience gets no message: the first that holds."""

    UNBOUND = "unbound"
    ERASED = "erased"
    SUSPENDED = "suspended"
    NON_PERSONAL = "non_personal"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    NO_PRIVATE_CHAT = "no_private_chat"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Headcount:
    """How many customers belong, how many of them a message may reach, and why not the others.

    `undecided` are customers of whom the condition cannot tell, since something is unknown; they do not belong.
    """

    heads: int
    reachable: int
    undecided: int
    unreachable: Mapping[Unreachable, int] = field(default_factory=dict)
    as_of: date | None = None

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {**asdict(self), "unreachable": dict(self.unreachable), "as_of": _day(self.as_of)}


@dataclass(frozen=True)
class Sampled:
    """One customer of the audience: the number masked, class, band and stage, and why out of reach."""

    number: str
    letter: str | None
    band: str | None
    lifecycle: str | None
    unreachable: Unreachable | None

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return asdict(self)


@dataclass(frozen=True)
class Change:
    """What a run made of an audience."""

    as_of: date
    members: int
    joined: int
    left: int

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


@dataclass(frozen=True)
class Audience:
    """A saved line with its members' count after the latest run, and who joined and left in it."""

    name: str
    expression: str
    made_by: str
    members: int = 0
    joined: int = 0
    left: int = 0
    as_of: date | None = None

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {**asdict(self), "as_of": _day(self.as_of)}


class SaveRefusal(StrEnum):
    """Why an audience is not kept."""

    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    TAKEN = "taken"


@dataclass(frozen=True)
class Frame:
    """What an audience is looked at by: the latest run, its day, and the tags it had no figures for."""

    run: UUID | None
    day: date | None
    unknown_tags: frozenset[str] = frozenset()


def masked_number(number: str) -> str:
    """A customer's number of which the last four characters are left; a short one of which none are."""
    return f"…{number[-4:]}" if len(number) > 7 else "…"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
