"""Windowed features of transactions as one SQL statement: a row per transaction in, a row per customer out.

The statement keeps to what engines have in common (CASE, SUM, GROUP BY, ROW_NUMBER, DATEDIFF), so that it can be
translated. All windows are summed in one pass, a row of sums per customer: sums per span between the windows' edges,
summed again, take a tenth less time and twice the memory. Money is summed in doubles, which engines carry in half the
room of wider integers and which hold every fen below 2^53 fen, 90 trillion yuan.
"""

from datetime import date

from segmentation.intake.subjects import CHANNELS

WINDOWS = (7, 30, 90, 365)
WAYS = ("in", "out")
CHANNEL_WINDOWS = (90, 365)
TREND_DAYS = 90


def window_statement(source: str, as_of: date) -> str:
    """The statement over `source`, a relation with customer (text), day, direction, amount (fen), channel and kind.

    Rows of after `as_of` are never looked at; a window of 7 days is the as-of day and the six before. Per customer:
    `recency_days`, `known_days` (since the first transaction), and for every window `count_in_7`, `count_out_7`,
    `amount_in_7`, `amount_out_7` (fen). `channel_90`, `channel_365`: how often each channel was used. `trend_in` and
    `trend_out` (−1 to 1): the mean day of the last 90 days against that of the 90 before, null where both are nothing.
    `salary_day`: the day of the month on which a salary came most often within a year, null without one.
    """
    day = f"DATE '{as_of:%Y-%m-%d}'"
    windows = _windows()
    sums = ",\n        ".join(f"{term} AS {name}" for name, term in (windows | _before()).items())
    # The salaries are read apart: a relation that is used twice would be kept whole in memory.
    return f"""
WITH seen AS (
    SELECT customer, CAST(DATEDIFF('day', day, {day}) AS INTEGER) AS age, direction, CAST(amount AS DOUBLE) AS amount,
        channel
    FROM {source} WHERE day <= {day}
), totals AS (
    SELECT customer, CAST(MIN(age) AS BIGINT) AS recency_days, CAST(MAX(age) AS BIGINT) AS known_days,
        {sums}
    FROM seen GROUP BY 1
), salaries AS (
    SELECT customer, EXTRACT(DAY FROM day) AS month_day, COUNT(*) AS times FROM {source}
    WHERE kind = 'salary' AND direction = 'in' AND day <= {day} AND DATEDIFF('day', day, {day}) < {WINDOWS[-1]}
    GROUP BY 1, 2
), salary_days AS (
    SELECT customer, month_day, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY times DESC, month_day) AS place
    FROM salaries
)
SELECT totals.customer, recency_days, known_days, {", ".join(windows)},
    {_trend("in")}, {_trend("out")}, CAST(salary_days.month_day AS INTEGER) AS salary_day
FROM totals LEFT JOIN salary_days ON salary_days.customer = totals.customer AND salary_days.place = 1
"""  # noqa: S608 - the relation is named by this program, the day is a date.


def _windows() -> dict[str, str]:
    """Every windowed feature by its name: what sums it over a customer's rows."""
    found: dict[str, str] = {}
    for days in WINDOWS:
        found |= {f"count_{way}_{days}": _count(f"direction = '{way}' AND age < {days}") for way in WAYS}
        found |= {f"amount_{way}_{days}": _amount(f"direction = '{way}' AND age < {days}") for way in WAYS}
    for days in CHANNEL_WINDOWS:
        found |= {f"{name}_{days}": _count(f"channel = '{name}' AND age < {days}") for name in CHANNELS}
    return found


def _before() -> dict[str, str]:
    """The money of the days that a trend looks back at."""
    days = f"age >= {TREND_DAYS} AND age < {2 * TREND_DAYS}"
    return {f"before_{way}": _amount(f"direction = '{way}' AND {days}") for way in WAYS}


def _count(condition: str) -> str:
    return f"COUNT(CASE WHEN {condition} THEN 1 END)"


def _amount(condition: str) -> str:
    return f"CAST(SUM(CASE WHEN {condition} THEN amount ELSE 0 END) AS BIGINT)"


def _trend(way: str) -> str:
    now, before = f"amount_{way}_{TREND_DAYS}", f"before_{way}"
    return f"CAST({now} - {before} AS DOUBLE) / NULLIF({now} + {before}, 0) AS trend_{way}"
