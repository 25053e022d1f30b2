"""Checks of whole columns at once: text in, integer fen, counts and moments out, and a mask of what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.phones import normalise_phone
from segmentation.intake.profiles import Column

# At most 13 digits before the point: 10^15 fen are more than any bank holds and still fit in 64 bits.
YUAN = r"^[0-9]{1,13}(\.[0-9]{1,2}0*)?$"
COUNT = r"^[0-9]{1,9}(\.0+)?$"
NUMBER = r"^[^\s\pC]{1,64}$"
PROBLEMS = {
    "yuan": "is no amount in yuan with at most two decimals",
    "count": "is no whole number",
    "moment": "is no date and time of the form {form}",
    "late": "lies after the as-of date {as_of}",
    "name": "is no name of 1 to 100 characters",
    "phone": "is no phone number in E.164 or a Chinese mobile number",
    "number": "is no customer number of 1 to 64 characters without spaces",
    "empty": "is empty",
}


@dataclass(frozen=True)
class Checked:
    """One column after its check: typed values (null where bad) and, by reason, the mask of bad rows."""

    values: pa.Array
    bad: dict[str, pa.Array]


def check_number(text: pa.Array) -> Checked:
    """Customer numbers stay text, whatever they look like."""
    return _judged(text, text, pc.match_substring_regex(text, NUMBER), "number")


def check_column(text: pa.Array, column: Column, as_of: date) -> Checked:
    """Check one column by its type; empty values are null where the profile allows them."""
    checked = CHECKS[column.type](text, column, as_of)
    if not column.may_be_empty:
        return checked
    empty = pc.equal(text, "")
    keep = {reason: pc.and_not(mask, empty) for reason, mask in checked.bad.items() if reason != "empty"}
    return Checked(checked.values, keep)


def _yuan(text: pa.Array, column: Column, as_of: date) -> Checked:
    good = pc.match_substring_regex(text, YUAN)
    exact = pc.if_else(good, text, "0").cast(pa.decimal128(30, 12))
    fen = pc.multiply(exact, pa.scalar(100, pa.decimal128(3, 0))).cast(pa.int64())
    return _judged(text, fen, good, column.type)


def _count(text: pa.Array, column: Column, as_of: date) -> Checked:
    good = pc.match_substring_regex(text, COUNT)
    whole = pc.replace_substring_regex(pc.if_else(good, text, "0"), r"\.0+$", "")
    return _judged(text, whole.cast(pa.int32()), good, column.type)


def _moment(text: pa.Array, column: Column, as_of: date) -> Checked:
    moment = pc.strptime(text, format=column.form, unit="s", error_is_null=True)
    # Parsing alone takes 31 February for 3 March, so the moment must read the same when written again.
    good = pc.fill_null(pc.equal(pc.strftime(moment, format=column.form), text), False)
    end = pa.scalar(datetime.combine(as_of + timedelta(days=1), datetime.min.time()), pa.timestamp("s"))
    late = pc.and_(good, pc.fill_null(pc.greater_equal(moment, end), False))
    judged = _judged(text, moment, good, column.type)
    return Checked(judged.values, {**judged.bad, "late": late})


def _name(text: pa.Array, column: Column, as_of: date) -> Checked:
    trimmed = pc.utf8_trim_whitespace(text)
    return _judged(text, trimmed, pc.match_substring_regex(trimmed, r"^[^\pC]{1,100}$"), column.type)


def _phone(text: pa.Array, column: Column, as_of: date) -> Checked:
    numbers = pa.array([normalise_phone(raw) for raw in text.to_pylist()], pa.string())
    return _judged(text, numbers, pc.is_valid(numbers), column.type)


def _judged(text: pa.Array, values: pa.Array, good: pa.Array, reason: str) -> Checked:
    empty = pc.equal(text, "")
    bad = pc.invert(pc.or_(good, empty))
    return Checked(pc.if_else(good, values, pa.scalar(None, values.type)), {"empty": empty, reason: bad})


CHECKS: dict[str, Callable[[pa.Array, Column, date], Checked]] = {
    "yuan": _yuan,
    "count": _count,
    "moment": _moment,
    "name": _name,
    "phone": _phone,
}
