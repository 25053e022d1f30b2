"""A department's file of events, line by line: customer number, event, date."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from campaigns.earnings.model import EventLine, LineCode, LineOutcome

DELIMITERS = ",;\t|"
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
COLUMNS = 3
LONGEST = 100


def read_events(text: str, today: date) -> Iterator[EventLine | LineOutcome]:
    """Every line as an event, or as the outcome that says what is wrong with it; a header and empty lines are skipped.

    Lines count from 1, as an editor shows them.
    """
    lines = text.splitlines()
    delimiter = max(DELIMITERS, key=lines[0].count) if lines else ","
    for at, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=False), start=1):
        row = [cell.strip() for cell in cells]
        if any(row) and not (at == 1 and _is_header(row)):
            yield _line(at, row, today)


def day_of(text: str) -> date | None:
    """A date in one of the forms that departments write, or None."""
    for form in FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day without an hour has no zone.
        except ValueError:
            continue
    return None


def _is_header(row: Sequence[str]) -> bool:
    return len(row) >= COLUMNS and not any(character.isdigit() for character in row[2])


def _line(at: int, row: Sequence[str], today: date) -> EventLine | LineOutcome:
    if len(row) != COLUMNS:
        return _unreadable(at, f"{len(row)} columns instead of customer number, event and date")
    number, event, day = row
    if not number or not event or max(len(number), len(event)) > LONGEST:
        return _unreadable(at, f"customer number and event need 1 to {LONGEST} characters")
    on = day_of(day)
    if on is None:
        return _unreadable(at, "the date is none, e.g. 2026-11-30")
    return LineOutcome(at, LineCode.FUTURE) if on > today else EventLine(at, number, event, on)


def _unreadable(at: int, note: str) -> LineOutcome:
    return LineOutcome(at, LineCode.UNREADABLE, note=note)
