"""When an application's next move is due, when its owner, the leads and the customer hear of it; in the bank's days."""

from dataclasses import dataclass
from datetime import date

from campaigns.applications.model import Stage, Terms
from campaigns.applications.rules import CUSTOMERS_TURN, OPEN
from campaigns.bankdays.rules import working_day_after, working_days_between


@dataclass(frozen=True)
class Dates:
    """The days that a stage sets; None where nothing is awaited."""

    due_on: date | None = None
    escalate_on: date | None = None
    nudge_on: date | None = None


def dates(stage: Stage, since: date, terms: Terms, visit_on: date | None = None) -> Dates:
    """The days that follow from entering a stage; a booked visit is due on its own day."""
    if stage not in OPEN:
        return Dates()
    due_on = working_day_after(since, terms.days[stage])
    if stage is Stage.VISIT_BOOKED and visit_on is not None:
        due_on = visit_on
    nudge_on = working_day_after(since, terms.nudge_after) if stage in CUSTOMERS_TURN else None
    return Dates(due_on, escalate_on(due_on, 0, terms), nudge_on)


def escalate_on(due_on: date, told: int, terms: Terms) -> date | None:
    """The day on which the leads hear of an overdue stage for the next time; None after the last."""
    if told >= len(terms.escalate_after):
        return None
    return working_day_after(due_on, terms.escalate_after[told])


def level_on(due_on: date, today: date, terms: Terms) -> int:
    """How many of the escalations are due by this day; those that were missed are told as one."""
    overdue = working_days_between(due_on, today)
    return sum(after <= overdue for after in terms.escalate_after)
