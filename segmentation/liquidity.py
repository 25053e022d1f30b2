"""For how long customers can do without their money: as they told, else by their flows, else not at all.

A need is a number of days, as a product's term is: money that may be needed earlier is not bound (S-58).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

UNTOLD_MOST_DAYS = 0  # Of whom nothing is known, the money may be needed at any time.
# What customers tell, as tags: days from the day on which it was told.
TOLD: Mapping[str, int] = {"money_now": 0, "money_3_months": 90, "money_1_year": 365, "money_3_years": 1_095}
# What flows say, as tags that a run gives: nobody's flows promise more than a year.
DERIVED: Mapping[str, int] = {
    "salary_goes": 0,
    "money_turns_over": 0,
    "money_drains": 30,
    "money_flows": 90,
    "festival_outflow": 180,
    "money_stays": 365,
}


@dataclass(frozen=True)
class Need:
    """The money can be bound for `days` at most, because of the tag `code`; `figure` is what a run measured for it."""

    days: int
    code: str
    figure: str = ""

    @property
    def is_told(self) -> bool:
        """Whether the customer said so."""
        return self.code in TOLD


def can_wait(locked_days: int, horizon: int | None) -> bool:
    """Whether money that may be needed after `horizon` days (None: nobody knows) can be bound for `locked_days`."""
    return locked_days <= (UNTOLD_MOST_DAYS if horizon is None else horizon)


def need_of(held: Iterable[tuple[str, date, str]], today: date) -> Need | None:
    """What a customer's tags (code, since when, figure) say of the need: what was told first, else by flows.

    Of several the shortest counts; what was told becomes shorter day by day. None where nothing is known.
    """
    tags = list(held)
    told = [Need(max(TOLD[code] - (today - since).days, 0), code) for code, since, _ in tags if code in TOLD]
    derived = [Need(DERIVED[code], code, figure) for code, _, figure in tags if code in DERIVED]
    return min(told or derived, key=lambda each: each.days, default=None)
