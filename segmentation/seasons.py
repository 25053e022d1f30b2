"""Seasons and flows of a year of transactions as one SQL statement: salaries, steady income, Spring Festival.

It keeps to what engines have in common, as `segmentation.engine.windows` does, and counts in whole numbers, so that
the same rows give the same figures, bit for bit.
"""

from collections.abc import Sequence
from datetime import date

YEAR, STEADY_DAYS, SPAN = 365, 360, 30
NEAR_DAYS = 2  # A salary that falls on a weekend comes up to two days earlier or later.
STAY_DAYS = 30
FESTIVAL_DAYS = 7  # Before and after the lunar new year; 15 days with the day itself.
SEASONAL = (
    "salary_months",
    "salary_share",
    "salary_concentration",
    "salary_stay_days",
    "income_months",
    "transfer_out_share",
    "festival_out_share",
)


def season_statement(source: str, as_of: date, festivals: Sequence[date]) -> str:
    """The statement over `source`, a relation with customer, day, direction, amount (fen), channel and kind.

    Per customer, of the 365 days up to `as_of` (`salary_…` null where no salary came):
    `salary_months`, in how many months of the calendar a salary came; `salary_share` of the money that came in;
    `salary_concentration`, the share of salaries within two days of the most frequent day of the month;
    `salary_stay_days`, the mean number of days, 30 at most, until half of a salary has gone out again, over salaries
    that are at least 30 days old; `income_months`, in how many of the last twelve spans of 30 days money came in;
    `transfer_out_share`, how much of what went out went by transfer to other accounts; `festival_out_share`, how much
    of it went out in the 15 days around a lunar new year, null unless those days lie within the year and within what is
    known of the customer.
    """
    day = f"DATE '{as_of:%Y-%m-%d}'"
    return f"""
WITH seen AS (
    SELECT customer, day, DATEDIFF('day', day, {day}) AS age, direction, amount, channel, kind
    FROM {source} WHERE day <= {day}
), flows AS (
    SELECT customer, MAX(age) AS known,
        CAST(SUM(CASE WHEN direction = 'in' AND age < {YEAR} THEN amount ELSE 0 END) AS BIGINT) AS came,
        CAST(SUM(CASE WHEN direction = 'out' AND age < {YEAR} THEN amount ELSE 0 END) AS BIGINT) AS went,
        CAST(SUM(CASE WHEN direction = 'out' AND age < {YEAR} AND channel = 'transfer' THEN amount ELSE 0 END)
            AS BIGINT) AS transferred,
        {_festive(as_of, festivals)},
        CAST(COUNT(DISTINCT CASE WHEN direction = 'in' AND age < {STEADY_DAYS}
            THEN CAST(FLOOR(age / {SPAN}) AS INTEGER) END) AS INTEGER) AS income_months
    FROM seen GROUP BY customer
), salaries AS (
    SELECT customer, day, age, EXTRACT(DAY FROM day) AS month_day, SUM(amount) AS amount, COUNT(*) AS times
    FROM seen WHERE kind = 'salary' AND direction = 'in' AND age < {YEAR} GROUP BY customer, day, age
), month_days AS (
    SELECT customer, month_day, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY SUM(times) DESC, month_day) AS place
    FROM salaries GROUP BY customer, month_day
), paid AS (
    SELECT s.customer, CAST(SUM(s.amount) AS BIGINT) AS earned, CAST(SUM(s.times) AS INTEGER) AS times,
        CAST(COUNT(DISTINCT EXTRACT(YEAR FROM s.day) * 12 + EXTRACT(MONTH FROM s.day)) AS INTEGER) AS salary_months,
        CAST(SUM(CASE WHEN ABS(s.month_day - m.month_day) <= {NEAR_DAYS}
            OR ABS(s.month_day - m.month_day) >= 31 - {NEAR_DAYS} THEN s.times ELSE 0 END) AS INTEGER) AS near
    FROM salaries s JOIN month_days m ON m.customer = s.customer AND m.place = 1 GROUP BY s.customer
), spent AS (
    SELECT s.customer, s.day, s.amount AS salary, s.age - t.age AS after, SUM(t.amount) AS amount
    FROM salaries s JOIN seen t ON t.customer = s.customer AND t.direction = 'out'
        AND t.age <= s.age AND t.age > s.age - {STAY_DAYS}
    WHERE s.age >= {STAY_DAYS} GROUP BY s.customer, s.day, s.amount, s.age - t.age
), running AS (
    SELECT customer, day, salary, after, SUM(amount) OVER (PARTITION BY customer, day ORDER BY after) AS gone FROM spent
), halved AS (
    SELECT customer, day, MIN(after) AS days FROM running WHERE gone * 2 >= salary GROUP BY customer, day
), stays AS (
    SELECT s.customer, CAST(SUM(COALESCE(h.days, {STAY_DAYS})) AS BIGINT) AS days, COUNT(*) AS salaries
    FROM salaries s LEFT JOIN halved h ON h.customer = s.customer AND h.day = s.day
    WHERE s.age >= {STAY_DAYS} GROUP BY s.customer
)
SELECT f.customer, p.salary_months, {_share("p.earned", "f.came")} AS salary_share,
    {_share("p.near", "p.times")} AS salary_concentration, {_share("y.days", "y.salaries")} AS salary_stay_days,
    f.income_months, {_share("f.transferred", "f.went")} AS transfer_out_share,
    CASE WHEN f.known >= f.festive_from THEN {_share("f.festive", "f.went")} END AS festival_out_share
FROM flows f LEFT JOIN paid p ON p.customer = f.customer LEFT JOIN stays y ON y.customer = f.customer
"""  # noqa: S608 - the relation is named by this program, the day is a date.


def _share(part: str, whole: str) -> str:
    return f"CAST({part} AS DOUBLE) / NULLIF({whole}, 0)"


def _festive(as_of: date, festivals: Sequence[date]) -> str:
    """What went out around the festival of the year, and the age of its first day; null without one."""
    for festival in festivals:
        last, first = ((as_of - festival).days - FESTIVAL_DAYS, (as_of - festival).days + FESTIVAL_DAYS)
        if last >= 0 and first < YEAR:
            return (
                f"CAST(SUM(CASE WHEN direction = 'out' AND age BETWEEN {last} AND {first} THEN amount ELSE 0 END)"
                f" AS BIGINT) AS festive, {first} AS festive_from"
            )
    return "CAST(NULL AS BIGINT) AS festive, CAST(NULL AS INTEGER) AS festive_from"
