"""Reading the plan of a draw: a YAML or JSON text, or lines that a manager typed; pure, with the time given."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from campaigns.chains.reading import normal, read_deadline
from campaigns.draws.model import DrawFault, DrawKind, DrawPlan, Prize, Terms
from campaigns.draws.rules import MILLION, DrawError

LONGEST_FILE = 20_000
PARTS_PER_CENT = MILLION // 100
KEYS = {"kind", "title", "prizes", "opens", "closes", "terms"}
TERMS = {"conditions", "organiser", "complaints"}
PRIZE = {"name", "points", "odds", "stock"}
_REAL = re.compile(
    r"(?P<name>\S.*?)\s+(?P<points>\d{1,7})\s+(?P<odds>\d{1,3}(?:\.\d+)?)\s*%\s+(?P<stock>\d{1,7})\s*[个份]?"
)
_LAST = re.compile(r"(?P<name>\S.*?)(?:\s+(?P<odds>\d{1,3}(?:\.\d+)?)\s*%)?")


def read_plan(text: str, now: datetime, zone: ZoneInfo) -> DrawPlan:
    """Read a whole plan; without `opens` it opens now, and moments without a zone are meant in `zone`.

    Raises:
        DrawError: says which field cannot be read; one that is not known is refused too, since nobody would read it.
    """
    try:
        told = yaml.safe_load(text) if len(text) <= LONGEST_FILE else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable("the file") from error
    return plan_of_fields(_mapping(told, KEYS, "the file"), now, zone)


def plan_of_fields(told: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> DrawPlan:
    """A plan out of the fields of a file, or of a conversation.

    Raises:
        DrawError: says which field cannot be read.
    """
    if told.get("kind") not in set(DrawKind):
        raise _unreadable("kind")
    terms = _mapping(told.get("terms"), TERMS, "terms")
    title = _both(told.get("title"), "title")
    return DrawPlan(
        DrawKind(told["kind"]),
        *title,
        _prizes(told.get("prizes")),
        Terms(*(text for name in ("conditions", "organiser", "complaints") for text in _both(terms.get(name), name))),
        _moment(told["opens"], "opens", now, zone) if told.get("opens") else now,
        _moment(told.get("closes"), "closes", now, zone),
    )


def read_prizes(text: str) -> list[dict[str, Any]]:
    """Prizes as typed, one a line: "name points odds% stock", the last "name" with the odds that remain.

    Raises:
        DrawError: says which line cannot be read.
    """
    lines = [normal(line) for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise DrawError(DrawFault.FEW_PRIZES)
    prizes: list[dict[str, Any]] = []
    for at, line in enumerate(lines, start=1):
        found = (_REAL if at < len(lines) else _LAST).fullmatch(line)
        if found is None:
            raise _unreadable(line)
        prizes.append({name: value for name, value in found.groupdict().items() if value is not None})
    remaining = MILLION - sum(_odds(prize["odds"], "odds") for prize in prizes[:-1])
    prizes[-1].setdefault("odds", str(Decimal(remaining) / PARTS_PER_CENT))
    return prizes


def _prizes(told: Any) -> tuple[Prize, ...]:
    if not isinstance(told, Sequence) or isinstance(told, str):
        raise _unreadable("prizes")
    return tuple(_prize(each, f"prizes[{at}]") for at, each in enumerate(told, start=1))


def _prize(told: Any, place: str) -> Prize:
    fields = _mapping(told, PRIZE, place)
    points, stock = (_whole(fields.get(name), f"{place}.{name}") for name in ("points", "stock"))
    return Prize(*_both(fields.get("name"), f"{place}.name"), points or 0, _odds(fields.get("odds"), place), stock)


def _odds(told: Any, place: str) -> int:
    """Per cent, with or without its sign, as whole parts per million."""
    try:
        parts = Decimal(str(told).strip().removesuffix("%").strip()) * PARTS_PER_CENT
        whole = int(parts)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise _unreadable(f"{place}: odds") from error
    if whole != parts or not 0 <= whole <= MILLION:
        raise _unreadable(f"{place}: odds")
    return whole


def _whole(told: Any, place: str) -> int | None:
    if told is None:
        return None
    if isinstance(told, bool) or not re.fullmatch(r"\d{1,9}", str(told)):
        raise _unreadable(place)
    return int(told)


def _both(told: Any, place: str) -> tuple[str, str]:
    """Words in both languages: {zh, en}, "中文 | English", or one text that serves for both."""
    if isinstance(told, Mapping) and set(told) == {"zh", "en"}:
        return str(told["zh"]).strip(), str(told["en"]).strip()
    if not isinstance(told, str | int) or isinstance(told, bool):
        raise _unreadable(place)
    zh, _, en = str(told).partition("|")
    return zh.strip(), en.strip() or zh.strip()


def _moment(told: Any, place: str, now: datetime, zone: ZoneInfo) -> datetime:
    """An ISO moment, or what a manager says: 明天20:00, 12-31 18:00, 3天."""
    try:
        read = datetime.fromisoformat(str(told))
    except ValueError:
        found = read_deadline(str(told), now, zone)
        if found is None:
            raise _unreadable(place) from None
        return found
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _mapping(told: Any, keys: set[str], place: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise _unreadable(place)
    if unknown := [str(key) for key in told if key not in keys]:
        raise _unreadable(f"{place}: {unknown[0]}")
    return told


def _unreadable(place: str) -> DrawError:
    return DrawError(DrawFault.UNREADABLE, place[:80])
