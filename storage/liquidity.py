"""For how many days customers' money can be bound, in SQL: what they told, and what the newest run derived.

The same answer as `segmentation.liquidity.need_of` gives of one customer's tags, for as many as a statement asks about.
"""

from collections.abc import Mapping

from segmentation.liquidity import DERIVED, TOLD

# What was told becomes shorter day by day; of several words the shortest counts.
TOLD_DAYS = """SELECT customer_id, min(need.days) AS as_told,
        min(greatest(need.days - (CAST({now} AS date) - CAST(set_at AS date)), 0)) AS days
    FROM customer_tags JOIN {needs} USING (code)
    WHERE set_at <= {now} AND coalesce(ended_at, 'infinity') > {now} AND expires_at > {now} {these} GROUP BY 1"""
DERIVED_DAYS = """SELECT customer_id, (SELECT min(days) FROM {needs} WHERE tags ? code) AS days
    FROM customer_actions WHERE run_id = (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1)
    {these}"""


def told_days(now: str, these: str = "") -> str:
    """A statement of customer_id, `as_told` and the `days` from `now` (a parameter) on; `these` narrows it down."""
    return TOLD_DAYS.format(now=now, these=these, needs=_needs(TOLD))


def derived_days(these: str = "") -> str:
    """A statement of customer_id and `days`, NULL where the run derived nothing."""
    return DERIVED_DAYS.format(these=these, needs=_needs(DERIVED))


def _needs(codes: Mapping[str, int]) -> str:
    rows = ", ".join(f"('{code}', {days})" for code, days in codes.items())
    return f"(VALUES {rows}) AS need (code, days)"
