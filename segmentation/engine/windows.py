"""Windowed features of transactions as one SQL statement: a row per transaction in, a row per customer out.

The statement keeps to what engines have in common (CASE, SUM, GROUP BY, ROW_NUMBER, DATEDIFF), so that it can be
translated. Transactions are first summed into spans between the windows' edges and the spans then into windows: one
pass over the rows, whatever the number of windows. Money is summed in doubles, which engines carry in half the room of
wider integers and which hold every fen below 2^53 fen, 90 trillion yuan.
"""

from datetime import date

from segmentation.intake.subjects import CHANNELS

WINDOWS = (7, 30, 90, 365)
SUMS = ("count_in", "count_out", "amount_in", "amount_out", *CHANNELS)
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
    edges = sorted({*WINDOWS, TREND_DAYS, 2 * TREND_DAYS})
    spans = " ".join(f"WHEN age < {edge} THEN {edge}" for edge in edges)
    day = f"DATE '{as_of:%Y-%m-%d}'"
    # The salaries are read apart: a relation that is used twice would be kept whole in memory.
    return f"""
WITH seen AS (
    SELECT customer, CAST(DATEDIFF('day', day, {day}) AS INTEGER) AS age, direction, amount, channel
    FROM {source} WHERE day <= {day}
), spans AS (
    SELECT customer, CASE {spans} ELSE {edges[-1] + 1} END AS span, MIN(age) AS youngest, MAX(age) AS oldest,
        {_span_sums()}
    FROM seen GROUP BY 1, 2
), salaries AS (
    SELECT customer, EXTRACT(DAY FROM day) AS month_day, COUNT(*) AS times FROM {source}
    WHERE kind = 'salary' AND direction = 'in' AND day <= {day} AND DATEDIFF('day', day, {day}) < {WINDOWS[-1]}
    GROUP BY 1, 2
), salary_days AS (
    SELECT customer, month_day, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY times DESC, month_day) AS place
    FROM salaries
), totals AS (
    SELECT customer, CAST(MIN(youngest) AS BIGINT) AS recency_days, CAST(MAX(oldest) AS BIGINT) AS known_days,
        {_window_sums()},
        {_trend_sums()}
    FROM spans GROUP BY 1
)
SELECT totals.customer, recency_days, known_days, {", ".join(name for name, _, _ in _windows())},
    {_trend("in")}, {_trend("out")}, CAST(salary_days.month_day AS INTEGER) AS salary_day
FROM totals LEFT JOIN salary_days ON salary_days.customer = totals.customer AND salary_days.place = 1
"""  # noqa: S608 - the relation is named by this program, the day is a date.


def _span_sums() -> str:
    parts = []
    for way in ("in", "out"):
        parts.append(f"COUNT(CASE WHEN direction = '{way}' THEN 1 END) AS count_{way}")
        parts.append(f"SUM(CASE WHEN direction = '{way}' THEN CAST(amount AS DOUBLE) ELSE 0 END) AS amount_{way}")
    parts += [f"COUNT(CASE WHEN channel = '{channel}' THEN 1 END) AS {channel}" for channel in CHANNELS]
    return ",\n        ".join(parts)


def _windows() -> list[tuple[str, str, int]]:
    """Every windowed feature: its name, the span's column and the window in days."""
    movements = [(f"{name}_{days}", name, days) for days in WINDOWS for name in SUMS[:4]]
    return movements + [(f"{name}_{days}", name, days) for days in CHANNEL_WINDOWS for name in CHANNELS]


def _window_sums() -> str:
    return ",\n        ".join(
        f"CAST(SUM(CASE WHEN span <= {days} THEN {column} ELSE 0 END) AS BIGINT) AS {name}"
        for name, column, days in _windows()
    )


def _trend_sums() -> str:
    before = f"span > {TREND_DAYS} AND span <= {2 * TREND_DAYS}"
    return ",\n        ".join(
        f"CAST(SUM(CASE WHEN {before} THEN amount_{way} ELSE 0 END) AS BIGINT) AS before_{way}" for way in ("in", "out")
    )


def _trend(way: str) -> str:
    now, before = f"amount_{way}_{TREND_DAYS}", f"before_{way}"
    return f"CAST({now} - {before} AS DOUBLE) / NULLIF({now} + {before}, 0) AS trend_{way}"
