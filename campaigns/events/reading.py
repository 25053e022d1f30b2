"""Reading a bank's file of events, CSV or JSONL, by a profile: every line an event or what is wrong with it."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal, InvalidOperation, Overflow
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from campaigns.events.model import KEPT, OF_A_FILE, BadLine, EventKind, EventLine, LineFault
from campaigns.forms.reading import decoded

SHIPPED = Path(__file__).parent / "profile.yaml"
LONGEST_WORD, MOST_LINES, LARGEST_FILE = 200, 1_000_000, 100_000_000
LARGEST_AMOUNT = 10**13  # fen
UNKEEPABLE = re.compile("[\0\ud800-\udfff]")  # What no database keeps in a text.
COLUMNS = ("customer", "kind", "at", "amount", "key")
NEEDED = ("customer", "kind", "at")


class EventFileError(ValueError):
    """A file or a profile that cannot be taken at all; the message says what, where and what to do."""


@dataclass(frozen=True)
class EventProfile:
    """The words of a bank's files: column names, payload columns, names of events, forms of moments."""

    columns: Mapping[str, tuple[str, ...]]
    payload: Mapping[str, tuple[str, ...]]
    events: Mapping[str, EventKind]
    moments: tuple[str, ...]


class _BadError(Exception):
    def __init__(self, fault: LineFault, found: str = "") -> None:
        super().__init__(fault)
        self.fault, self.found = fault, found[:LONGEST_WORD]


def read_profile(text: str) -> EventProfile:
    """A profile out of its YAML.

    Raises:
        EventFileError: it is no YAML, or lacks a column, an event or a form of moments.
    """
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise EventFileError(f"The profile is no YAML: {error}") from error
    parts = found if isinstance(found, Mapping) else {}
    columns = {name: _words(parts, "columns", name) for name in COLUMNS}
    payload = {str(name): _words(parts, "payload", str(name)) for name in parts.get("payload") or {}}
    events: dict[str, EventKind] = {str(kind): kind for kind in OF_A_FILE}
    for name in parts.get("events") or {}:
        if name not in set(OF_A_FILE):
            raise EventFileError(f"The profile's event {name} is none of: {', '.join(OF_A_FILE)}.")
        events |= dict.fromkeys(_words(parts, "events", name), EventKind(name))
    moments = parts.get("moments")
    if not isinstance(moments, list) or not all(isinstance(each, str) for each in moments):
        raise EventFileError('The profile needs `moments`, a list of forms such as "%Y-%m-%d %H:%M:%S".')
    return EventProfile(columns, payload, events, tuple(moments))


def read_events(
    data: bytes, name: str, profile: EventProfile, now: datetime, zone: ZoneInfo
) -> Iterator[EventLine | BadLine]:
    """Every line of a file that is not empty, in its order.

    Raises:
        EventFileError: neither CSV nor JSONL by its name, no header, a missing column, too many lines.
    """
    rows: Iterator[tuple[int, dict[str, str] | None]]
    if name.endswith(".csv"):
        rows = _csv_rows(decoded(data), name, profile)
    elif name.endswith((".jsonl", ".ndjson")):
        rows = _json_rows(decoded(data))
    else:
        raise EventFileError(f"{name} is neither .csv nor .jsonl: export it as one of them.")
    for line, row in rows:
        if line > MOST_LINES:
            raise EventFileError(f"{name} has more than {MOST_LINES:,} lines: hand it in by parts.")
        try:
            yield _line(line, row, profile, now, zone)
        except _BadError as error:
            yield BadLine(line, error.fault, error.found)


def _csv_rows(text: str, name: str, profile: EventProfile) -> Iterator[tuple[int, dict[str, str] | None]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = [each.strip() for each in reader.fieldnames or ()]
    for needed in NEEDED:
        if not set(profile.columns[needed]) & set(header):
            raise EventFileError(
                f"{name}, line 1: no column for {needed}: one of {', '.join(profile.columns[needed])}."
            )
    reader.fieldnames = header
    for row in _rows_of(reader, name):
        found = {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)}
        if any(value.strip() for value in found.values()):
            yield reader.line_num, found


def _rows_of(reader: "csv.DictReader[str]", name: str) -> Iterator[dict[str | Any, str | Any]]:
    """The rows; a quote that is never closed swallows the lines after it until no field can be so long."""
    try:
        yield from reader
    except csv.Error as error:
        raise EventFileError(f"{name}, line {reader.line_num}: {error}: look for a quote without its end.") from None


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, str] | None]]:
    """One object a line, its values as words; None for a line that is none."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):  # No JSON, a number of thousands of digits, or nested without end.
            found = None
        told = found.items() if isinstance(found, dict) else None
        yield number, None if told is None else {str(key): str(value) for key, value in told if value is not None}


def _line(line: int, row: Mapping[str, str] | None, profile: EventProfile, now: datetime, zone: ZoneInfo) -> EventLine:
    if row is None:
        raise _BadError(LineFault.BAD_JSON)
    told = {name: _value(row, words) for name, words in profile.columns.items()}
    payload = {name: value for name, words in profile.payload.items() if (value := _value(row, words))}
    said = (*told.values(), *payload.values())
    if any(len(value) > LONGEST_WORD for value in said):
        raise _BadError(LineFault.TOO_LONG)
    if any(UNKEEPABLE.search(value) for value in said):
        raise _BadError(LineFault.BAD_CHARACTER)
    if not told["customer"]:
        raise _BadError(LineFault.NO_NUMBER)
    kind = profile.events.get(told["kind"])
    if kind is None:
        raise _BadError(LineFault.UNKNOWN_EVENT, told["kind"])
    at, amount = _moment(told["at"], profile, now, zone), _amount(told["amount"])
    key = told["key"] or sha256(json.dumps([told, payload], sort_keys=True).encode()).hexdigest()
    return EventLine(line, told["customer"], kind, at, amount, payload, key)


def _value(row: Mapping[str, str], words: Sequence[str]) -> str:
    return next((row[word].strip() for word in words if word in row), "")


def _moment(text: str, profile: EventProfile, now: datetime, zone: ZoneInfo) -> datetime:
    for form in profile.moments:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the bank's zone is put in below.
        except ValueError:
            continue
        if "%H" not in form:
            found = datetime.combine(found, time(12))
        at = found if found.tzinfo else found.replace(tzinfo=zone)
        if at.astimezone(zone).date() > now.astimezone(zone).date():
            raise _BadError(LineFault.FUTURE, text)
        if at < now - KEPT:
            raise _BadError(LineFault.TOO_OLD, text)
        return min(at, now)  # Today's noon may be still to come.
    raise _BadError(LineFault.BAD_MOMENT, text)


def _amount(text: str) -> int | None:
    if not text:
        return None
    try:
        fen = Decimal(text.replace(",", "")) * 100
    except (InvalidOperation, Overflow):
        raise _BadError(LineFault.BAD_AMOUNT, text) from None
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 <= fen < LARGEST_AMOUNT:
        raise _BadError(LineFault.BAD_AMOUNT, text)
    return int(fen)


def _words(parts: Mapping[str, Any], part: str, name: str) -> tuple[str, ...]:
    within = parts.get(part)
    found = within.get(name) if isinstance(within, Mapping) else None
    if not isinstance(found, list) or not found or not all(isinstance(each, str) and each.strip() for each in found):
        raise EventFileError(f"The profile needs {part}.{name}: a list of words, any of which will do.")
    return tuple(each.strip() for each in found)
