"""Checks of whole columns at once: text in, integer fen, counts, days and codes out, and a mask of what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.phones import normalise_phone
from segmentation.intake.profiles import Column

# At most 13 digits before the point: 10^15 fen are more than any bank holds and still fit in 64 bits.
YUAN = r"^[0-9]{1,13}(\.[0-9]{1,2}0*)?$"
FEN = r"^[0-9]{1,15}(\.0+)?$"
COUNT = r"^[0-9]{1,9}(\.0+)?$"
NUMBER = r"^[^\s\pC]{1,64}$"
BIRTH_NUMBER = r"^[0-9]{6}$"
PROBLEMS = {
    "yuan": "is no amount in yuan with at most two decimals",
    "fen": "is no whole amount in fen",
    "count": "is no whole number",
    "moment": "is no date and time of the form {form}",
    "date": "is no date of the form {form}",
    "ambiguous": "can be two days by the forms {form}",
    "late": "lies after the as-of date {as_of}",
    "code": "is no code of the profile's list",
    "birth_number": "is no birth number (YYMMDD, the month plus 50 for women)",
    "birth_number_sex": "is no birth number (YYMMDD, the month plus 50 for women)",
    "text": "is no text of 1 to 100 characters",
    "name": "is no name of 1 to 100 characters",
    "phone": "is no phone number in E.164 or a Chinese mobile number",
    "number": "is no customer number of 1 to 64 characters without spaces",
    "empty": "is empty",
}


@dataclass(frozen=True)
class Checked:
    """One column after its check: typed values (null where bad), by reason the mask of bad rows, and what was seen."""

    values: pa.Array
    bad: dict[str, pa.Array]
    notes: tuple[str, ...] = ()


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
    return Checked(checked.values, keep, checked.notes)


def _money(text: pa.Array, column: Column, as_of: date) -> Checked:
    form, factor = (YUAN, 100) if column.type == "yuan" else (FEN, 1)
    minus = pc.starts_with(text, "-") if column.may_be_negative else None
    digits = text if minus is None else pc.replace_substring_regex(text, "^-", "", max_replacements=1)
    good = pc.match_substring_regex(digits, form)
    exact = pc.if_else(good, digits, "0").cast(pa.decimal128(30, 12))
    fen = pc.multiply(exact, pa.scalar(factor, pa.decimal128(3, 0))).cast(pa.int64())
    if minus is not None:
        fen = pc.if_else(minus, pc.negate(fen), fen)
    return _judged(text, fen, good, column.type)


def _count(text: pa.Array, column: Column, as_of: date) -> Checked:
    good = pc.match_substring_regex(text, COUNT)
    whole = pc.replace_substring_regex(pc.if_else(good, text, "0"), r"\.0+$", "")
    return _judged(text, whole.cast(pa.int32()), good, column.type)


def _moment(text: pa.Array, column: Column, as_of: date) -> Checked:
    """Read with each form that the profile names; a value that two forms read differently is nobody's guess."""
    read = [_read_form(text, form) for form in column.forms]
    moment = pc.coalesce(*read)
    good = pc.is_valid(moment)
    clash = _any([pc.fill_null(pc.not_equal(moment, other), False) for other in read[1:]], len(text))
    end = pa.scalar(datetime.combine(as_of + timedelta(days=1), datetime.min.time()), pa.timestamp("s"))
    late = pc.and_(good, pc.fill_null(pc.greater_equal(moment, end), False))
    values = moment if column.type == "moment" else moment.cast(pa.date32())
    judged = _judged(text, values, good, column.type)
    used = [(form, len(text) - one.null_count) for form, one in zip(column.forms, read, strict=True)]
    several = ", ".join(f"{count:,} as {form}" for form, count in used if count)
    notes = (f"writes {column.name} in several forms: {several}",) if sum(count > 0 for _, count in used) > 1 else ()
    return Checked(judged.values, {**judged.bad, "ambiguous": clash, "late": late}, notes)


def _read_form(text: pa.Array, form: str) -> pa.Array:
    moment = pc.strptime(text, format=form, unit="s", error_is_null=True)
    # Parsing alone takes 31 February for 3 March, so the moment must read the same when written again.
    same = pc.fill_null(pc.equal(pc.strftime(moment, format=form), text), False)
    return pc.if_else(same, moment, pa.scalar(None, moment.type))


def _code(text: pa.Array, column: Column, as_of: date) -> Checked:
    keys, ours = pa.array(list(column.codes), pa.string()), pa.array(list(column.codes.values()), pa.string())
    at = pc.index_in(text, value_set=keys)
    judged = _judged(text, pc.take(ours, at), pc.is_valid(at), column.type)
    return Checked(judged.values, {**judged.bad, "empty": pc.and_not(judged.bad["empty"], pc.is_valid(at))})


def _birth_number(text: pa.Array, column: Column, as_of: date) -> Checked:
    """YYMMDD of the twentieth century."""
    month, woman = _birth_month(text)
    plain = pc.if_else(woman, pc.subtract(month, 50), month)
    padded = pc.utf8_lpad(plain.cast(pa.string()), 2, "0")
    day = pc.binary_join_element_wise(
        "19", pc.utf8_slice_codeunits(text, 0, 2), padded, pc.utf8_slice_codeunits(text, 4, 6), ""
    )
    born = _read_form(day, "%Y%m%d")
    return _judged(text, born.cast(pa.date32()), pc.is_valid(born), column.type)


def _birth_number_sex(text: pa.Array, column: Column, as_of: date) -> Checked:
    good = pc.match_substring_regex(text, BIRTH_NUMBER)
    return _judged(text, pc.if_else(_birth_month(text)[1], "f", "m"), good, column.type)


def _birth_month(text: pa.Array) -> tuple[pa.Array, pa.Array]:
    digits = pc.if_else(pc.match_substring_regex(text, BIRTH_NUMBER), text, "000000")
    month = pc.utf8_slice_codeunits(digits, 2, 4).cast(pa.int32())
    return month, pc.greater(month, 50)


def _number(text: pa.Array, column: Column, as_of: date) -> Checked:
    return check_number(text)


def _words(text: pa.Array, column: Column, as_of: date) -> Checked:
    trimmed = pc.utf8_trim_whitespace(text)
    return _judged(text, trimmed, pc.match_substring_regex(trimmed, r"^[^\pC]{1,100}$"), column.type)


def _phone(text: pa.Array, column: Column, as_of: date) -> Checked:
    numbers = pa.array([normalise_phone(raw) for raw in text.to_pylist()], pa.string())
    return _judged(text, numbers, pc.is_valid(numbers), column.type)


def _judged(text: pa.Array, values: pa.Array, good: pa.Array, reason: str) -> Checked:
    empty = pc.equal(text, "")
    bad = pc.invert(pc.or_(good, empty))
    return Checked(pc.if_else(good, values, pa.scalar(None, values.type)), {"empty": empty, reason: bad})


def _any(masks: list[pa.Array], rows: int) -> pa.Array:
    return reduce(pc.or_, masks) if masks else pa.repeat(pa.scalar(False), rows)


CHECKS: dict[str, Callable[[pa.Array, Column, date], Checked]] = {
    "yuan": _money,
    "fen": _money,
    "count": _count,
    "moment": _moment,
    "date": _moment,
    "code": _code,
    "birth_number": _birth_number,
    "birth_number_sex": _birth_number_sex,
    "number": _number,
    "text": _words,
    "name": _words,
    "phone": _phone,
}
