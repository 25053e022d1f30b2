"""Windowed features of transactions as one SQL statement: a row per transaction in, a row per customer out.

The statement keeps to what engines have in common (CASE, SUM, GROUP BY, DATEDIFF), so that it can be translated. Two
ways lead to the same figures. In one pass a row is added to every window it lies in. By spans it is added once, to its
direction and the span between two edges of windows, and the few spans are summed into windows afterwards: at hundreds
of rows a customer two thirds of the time, whatever the rows twice the memory. Money is summed in doubles, which engines
carry in half the room of wider integers and which hold every fen below 2^53 fen, 90 trillion yuan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from segmentation.intake.subjects import CHANNELS

WINDOWS = (7, 30, 90, 365)
WAYS = ("in", "out")
CHANNEL_WINDOWS = (90, 365)
TREND_DAYS = 90
EDGES = tuple(sorted({*WINDOWS, TREND_DAYS, 2 * TREND_DAYS}))
TIMES, AMOUNT = "times", "amount"


@dataclass(frozen=True)
class _Sum:
    """What is added up, a channel's uses, TIMES or AMOUNT, over the rows of one direction and of an age in days."""

    name: str
    what: str
    way: str | None
    under: int
    since: int = 0


SUMS = (
    *(_Sum(f"count_{way}_{days}", TIMES, way, days) for days in WINDOWS for way in WAYS),
    *(_Sum(f"amount_{way}_{days}", AMOUNT, way, days) for days in WINDOWS for way in WAYS),
    *(_Sum(f"{channel}_{days}", channel, None, days) for days in CHANNEL_WINDOWS for channel in CHANNELS),
)
BEFORE = tuple(_Sum(f"before_{way}", AMOUNT, way, 2 * TREND_DAYS, TREND_DAYS) for way in WAYS)


def window_statement(source: str, as_of: date, *, by_spans: bool = False) -> str:
    """The statement over `source`, a relation with customer (text), day, direction, amount (fen), channel and kind.

    Rows of after `as_of` are never looked at; a window of 7 days is the as-of day and the six before. Per customer:
    `recency_days`, `known_days` (since the first transaction), and for every window `count_in_7`, `count_out_7`,
    `amount_in_7`, `amount_out_7` (fen). `channel_90`, `channel_365`: how often each channel was used. `trend_in` and
    `trend_out` (−1 to 1): the mean day of the last 90 days against that of the 90 before, null where both are nothing.
    `salary_day`: the day of the month on which a salary came most often within a year, null without one.
    """
    # The salaries are read apart: a relation that is used twice would be kept whole in memory. Of two days with as many
    # salaries the earlier leaves the greater number.
    return f"""
WITH {_by_spans(source, as_of) if by_spans else _in_one_pass(source, as_of)}, salaries AS (
    SELECT customer, EXTRACT(DAY FROM day) AS month_day, COUNT(*) AS times FROM {source}
    WHERE kind = 'salary' AND direction = 'in' AND day <= {_day(as_of)} AND day > {_day(as_of, WINDOWS[-1])}
    GROUP BY 1, 2
), salary_days AS (
    SELECT customer, 32 - MAX(times * 32 - month_day) % 32 AS month_day FROM salaries GROUP BY 1
)
SELECT totals.customer, recency_days, known_days, {", ".join(each.name for each in SUMS)},
    {", ".join(map(_trend, WAYS))}, CAST(salary_days.month_day AS INTEGER) AS salary_day
FROM totals LEFT JOIN salary_days ON salary_days.customer = totals.customer
"""  # noqa: S608 - the relation is named by this program, the day is a date.


def _in_one_pass(source: str, as_of: date) -> str:
    """The relation `totals`, every sum over a customer's rows."""
    return f"""seen AS (
    SELECT customer, CAST(DATEDIFF('day', day, {_day(as_of)}) AS INTEGER) AS age, direction,
        CAST(amount AS DOUBLE) AS amount, channel
    FROM {source} WHERE day <= {_day(as_of)}
), totals AS (
    SELECT customer, CAST(MIN(age) AS BIGINT) AS recency_days, CAST(MAX(age) AS BIGINT) AS known_days,
        {_terms(_of_rows)}
    FROM seen GROUP BY 1
)"""  # noqa: S608 - as above.


def _of_rows(one: _Sum) -> str:
    terms = [f"age < {one.under}", *([f"age >= {one.since}"] if one.since else [])]
    terms += [f"direction = '{one.way}'"] if one.way else [f"channel = '{one.what}'"]
    condition = " AND ".join(terms)
    if one.what == AMOUNT:
        return f"CAST(SUM(CASE WHEN {condition} THEN amount ELSE 0 END) AS BIGINT)"
    return f"COUNT(CASE WHEN {condition} THEN 1 END)"


def _by_spans(source: str, as_of: date) -> str:
    """The same relation over a customer's spans; `cell` is ten times the direction's place, and the span's."""
    reached = (f"WHEN day > {_day(as_of, edge)} THEN {place}" for place, edge in enumerate(EDGES))
    ways = (f"WHEN '{way}' THEN {10 * place}" for place, way in enumerate(WAYS, 1))
    uses = (f"CAST(COUNT(CASE WHEN channel = '{name}' THEN 1 END) AS DOUBLE) AS {name}" for name in CHANNELS)
    return f"""spans AS (
    SELECT customer, CAST(CASE {" ".join(reached)} ELSE {len(EDGES)} END
            + CASE direction {" ".join(ways)} ELSE 0 END AS TINYINT) AS cell,
        MIN(day) AS first_day, MAX(day) AS last_day, CAST(COUNT(*) AS DOUBLE) AS times,
        SUM(CAST(amount AS DOUBLE)) AS amount, {", ".join(uses)}
    FROM {source} WHERE day <= {_day(as_of)} GROUP BY 1, 2
), totals AS (
    SELECT customer, CAST(DATEDIFF('day', MAX(last_day), {_day(as_of)}) AS BIGINT) AS recency_days,
        CAST(DATEDIFF('day', MIN(first_day), {_day(as_of)}) AS BIGINT) AS known_days,
        {_terms(_of_spans)}
    FROM spans GROUP BY 1
)"""  # noqa: S608 - as above.


def _of_spans(one: _Sum) -> str:
    terms = [f"cell % 10 <= {EDGES.index(one.under)}"]
    terms += [f"cell % 10 > {EDGES.index(one.since)}"] if one.since else []
    terms += [f"cell >= {10 * WAYS.index(one.way) + 10} AND cell < {10 * WAYS.index(one.way) + 20}"] if one.way else []
    return f"CAST(SUM(CASE WHEN {' AND '.join(terms)} THEN {one.what} ELSE 0 END) AS BIGINT)"


def _terms(term: Callable[[_Sum], str]) -> str:
    return ",\n        ".join(f"{term(one)} AS {one.name}" for one in (*SUMS, *BEFORE))


def _day(as_of: date, back: int = 0) -> str:
    return f"DATE '{as_of - timedelta(days=back):%Y-%m-%d}'"


def _trend(way: str) -> str:
    now, before = f"amount_{way}_{TREND_DAYS}", f"before_{way}"
    return f"CAST({now} - {before} AS DOUBLE) / NULLIF({now} + {before}, 0) AS trend_{way}"
