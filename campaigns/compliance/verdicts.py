"""What the gate of words is told about a text, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Pair:
    """A sentence in both languages."""

    zh: str
    en: str


class Outcome(StrEnum):
    """Whether a text may leave: not at all, only after a second look, or as it is."""

    BLOCK = "block"
    WARN = "warn"
    PASS = "pass"  # noqa: S105 - a verdict, no secret.


class Venue(StrEnum):
    """Where a text will be read."""

    GROUP = "group"
    PRIVATE = "private"
    PAGE = "page"


class ContextError(ValueError):
    """A context that cannot be; the message says what is wrong in one sentence."""


@dataclass(frozen=True)
class Context:
    """What is known beside the text: product kind, risk levels 1 to 5, place, and a prize's worth in yuan."""

    kind: str | None = None
    risk_level: int | None = None
    venue: Venue | None = None
    prize_value_yuan: float | None = None
    customer_risk: int | None = None


@dataclass(frozen=True)
class Hit:
    """One thing that a rule objects to: its words as they were written and their place in the text."""

    rule: str
    verdict: Outcome
    span: str
    start: int
    end: int
    name: Pair
    basis: Pair
    advice: Pair


@dataclass(frozen=True)
class Verdict:
    """The gate's answer, with everything that it found in the order of the text."""

    outcome: Outcome
    hits: tuple[Hit, ...] = ()


NOTHING = Context()


def context_of(fields: Mapping[str, Any]) -> Context:
    """The context among the fields of a line; other fields are left alone.

    Raises:
        ContextError: says which field cannot be understood.
    """
    return Context(
        kind=_kind(fields.get("kind")),
        risk_level=_level(fields.get("risk_level"), "risk_level", "R"),
        venue=_venue(fields.get("venue")),
        prize_value_yuan=_yuan(fields.get("prize_value_yuan")),
        customer_risk=_level(fields.get("customer_risk"), "customer_risk", "C"),
    )


def _kind(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value.strip().casefold() or None if value else None
    raise ContextError("kind must be a text")


def _level(value: object, name: str, letter: str) -> int | None:
    if value is None or value == "":
        return None
    plain = str(value).strip().upper().removeprefix("P").removeprefix(letter)
    if isinstance(value, bool) or plain not in {"1", "2", "3", "4", "5"}:
        raise ContextError(f"{name} is {value!r}; it must be {letter}1 to {letter}5")
    return int(plain)


def _venue(value: object) -> Venue | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.strip().casefold() in set(Venue):
        return Venue(value.strip().casefold())
    raise ContextError(f"venue is {value!r}; it must be group, private or page")


def _yuan(value: object) -> float | None:
    if value is None or value == "":
        return None
    try:
        yuan = float(str(value).replace(",", "")) if not isinstance(value, bool) else -1.0
    except ValueError:
        yuan = -1.0
    if not 0 <= yuan < float("inf"):
        raise ContextError(f"prize_value_yuan is {value!r}; it must be a number of yuan from 0")
    return yuan
