"""The windows of single transactions that are kept per customer and day: which, and how they are computed again."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from segmentation.engine.windows import WINDOWS as DAYS
from segmentation.engine.windows import window_statement
from segmentation.seasons import SEASONAL, season_statement

if TYPE_CHECKING:
    import duckdb

# Windows of 90 days of money and channels stand in the snapshot already, as the activity of the quarter.
QUARTER = 90
WINDOWS = "windows"  # What the table is staged under, beside the subjects of departments.
WINDOWED = (
    "known_days",
    *(f"count_{way}_{days}" for way in ("in", "out") for days in DAYS),
    *(f"amount_{way}_{days}" for way in ("in", "out") for days in DAYS if days != QUARTER),
    *(f"{channel}_365" for channel in ("counter", "atm", "transfer", "online")),
    "trend_in",
    "trend_out",
    "salary_day",
)


def windowed_table(
    engine: "duckdb.DuckDBPyConnection", source: str, as_of: date, festivals: Sequence[date]
) -> pa.Table:
    """`number` and every windowed and seasonal indicator of each customer with a transaction up to that day.

    `source` is a relation as `window_statement` wants it. Money in fen; the same rows give the same figures, bit for
    bit, since sums are of whole numbers and every share is one division.
    """
    names = ", ".join(f"w.{name}" for name in WINDOWED) + ", " + ", ".join(f"s.{name}" for name in SEASONAL)
    windows, seasons = window_statement(source, as_of), season_statement(source, as_of, festivals)
    return engine.sql(
        f"""SELECT w.customer AS number, {names} FROM ({windows}) w
            JOIN ({seasons}) s ON s.customer = w.customer ORDER BY 1"""  # noqa: S608 - all names are this program's.
    ).to_arrow_table()
