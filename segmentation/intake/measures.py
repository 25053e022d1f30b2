"""Measures of a cleaned file: what each column amounts to, values far out, sudden jumps."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.faults import Fault, refuse
from segmentation.intake.profiles import Department
from segmentation.intake.subjects import MONEY

FAR_OUT = 100  # Times the 99th percentile: on real balances a handful of customers, in a wrong unit all of them.
ENOUGH = 30
LISTED = 5
HUNDREDFOLD = (50, 200)
ROWS_BAND, MEDIAN_BAND, EMPTY_STEP = 1.5, 3.0, 0.2


@dataclass(frozen=True)
class Measure:
    """One column: how many values are there, how many of them above zero, their sum and median; shares 0–1.

    Money in fen. The median is of the values above zero, since most products are held by few.
    """

    given: int
    positive: int
    total: int
    median: float
    empty_share: float


@dataclass(frozen=True)
class Jump:
    """A figure that moved more than a quarter explains; `column` is empty where the file as a whole is meant."""

    column: str
    what: str
    before: float
    now: float

    def __str__(self) -> str:
        """In words for the report."""
        place = f"column {self.column}: " if self.column else ""
        return f"{place}{self.what} went from {self.before:,.10g} to {self.now:,.10g}"


def measure(table: pa.Table, department: Department) -> dict[str, Measure]:
    """Measures of every money and count column by the column's name."""
    kinds = {*MONEY, "count"}
    return {c.name: _measure(table[c.field]) for c in department.columns if c.type in kinds}


def _measure(values: pa.ChunkedArray) -> Measure:
    positive = values.filter(pc.fill_null(pc.greater(values, 0), False))
    median = pc.quantile(positive, 0.5)[0].as_py() if len(positive) else 0.0
    empty = values.null_count / len(values) if len(values) else 0.0
    total = pc.sum(values).as_py() or 0
    return Measure(len(values) - values.null_count, len(positive), total, float(median), round(empty, 4))


def far_out(table: pa.Table, lines: str, department: Department, file: str) -> tuple[int, tuple[Fault, ...]]:
    """How many amounts lie beyond a hundred times the 99th percentile, and the first of them; they are kept."""
    count, listed = 0, []
    for column in department.columns:
        if column.type not in MONEY:
            continue
        values = table[column.field]
        positive = values.filter(pc.fill_null(pc.greater(values, 0), False))
        if len(positive) < ENOUGH:
            continue
        limit = FAR_OUT * pc.quantile(positive, 0.99)[0].as_py()
        if pc.max(positive).as_py() <= limit:
            continue
        at = pc.indices_nonzero(pc.fill_null(pc.greater(values, limit), False)).to_pylist()
        count += len(at)
        for row in at[:LISTED]:
            problem = f"{values[row].as_py() / 100:,.2f} is more than {FAR_OUT} times what 99 % have; it is kept."
            listed.append(Fault("outlier", problem, file, table[lines][row].as_py(), column.name))
    return count, tuple(listed[:LISTED])


def find_jumps(before: Mapping[str, Measure], now: Mapping[str, Measure], rows: tuple[int, int]) -> tuple[Jump, ...]:
    """What moved too far between two deliveries of one department; `rows` are the rows before and now."""
    found = [Jump("", "the number of rows", *rows)] if _apart(*rows, ROWS_BAND) else []
    for column in before.keys() & now.keys():
        old, new = before[column], now[column]
        if min(old.positive, new.positive) >= ENOUGH and _apart(old.median, new.median, MEDIAN_BAND):
            found.append(Jump(column, "the median", old.median, new.median))
        elif _apart(old.total, new.total, MEDIAN_BAND) and max(old.positive, new.positive) >= ENOUGH:
            found.append(Jump(column, "the sum", old.total, new.total))
        if abs(old.empty_share - new.empty_share) > EMPTY_STEP:
            found.append(Jump(column, "the share of empty values", old.empty_share, new.empty_share))
    return tuple(sorted(found, key=lambda jump: (jump.column, jump.what)))


def refuse_another_unit(
    before: Mapping[str, Measure], now: Mapping[str, Measure], department: Department, file: str
) -> None:
    """Amounts that are all a hundred times larger or smaller than last time are another unit, not another quarter.

    Raises:
        DeliveryRefusedError: such a column, unless the profile says that it may jump.
    """
    for column in department.columns:
        old, new = before.get(column.name), now.get(column.name)
        if column.type not in MONEY or column.may_jump or old is None or new is None:
            continue
        if min(old.positive, new.positive) < ENOUGH or not old.median or not new.median:
            continue
        low, high = HUNDREDFOLD
        if low <= max(old.median / new.median, new.median / old.median) <= high:
            unit = "fen instead of yuan" if new.median > old.median else "yuan instead of fen"
            problem = (
                f"the median amount went from {old.median / 100:,.2f} to {new.median / 100:,.2f} yuan, "
                f"a hundredfold: it looks like {unit}. Correct the type in the profile, or write may_jump: true there."
            )
            raise refuse("unit_jump", problem, file=file, column=column.name)


def _apart(old: float, new: float, band: float) -> bool:
    if not old and not new:
        return False
    return not old or not new or max(old / new, new / old) > band
