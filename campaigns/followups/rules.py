"""Pure rules of follow-ups: until when something is done, who may touch it, what closes it."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from campaigns.bankdays.rules import working_day_after
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from campaigns.followups.model import (
    REFUSALS,
    CloseReason,
    FollowUp,
    FollowUpRefusal,
    FollowUpState,
    ServiceClock,
    Source,
)

END_OF_BUSINESS = time(18)
MOST_DEFERRALS = 3
# What holds until the bank says otherwise: bank days by class and by tier of enterprises (S-131, S-133, S-134).
DAYS: Mapping[Letter | Tier, int] = {
    Letter.A: 1,
    Letter.B: 2,
    Letter.C: 3,
    Letter.D: 5,
    Tier.STRATEGIC: 1,
    Tier.KEY: 2,
    Tier.GENERAL: 5,
}
DEFAULT_CLOCK = ServiceClock(1, DAYS)
# Reasons that are one matter while it is open, however often they come up.
ONE_AT_A_TIME = frozenset({Source.COMPLAINT, Source.QUESTION, Source.OFFER_ANSWERED})


def days_for(clock: ServiceClock, standing: Letter | Tier | None, source: Source) -> int:
    """How many bank days there are."""
    if source is Source.COMPLAINT:
        return clock.complaint
    return clock.unclassed if standing is None else clock.days[standing]


def due_after(today: date, days: int, zone: ZoneInfo) -> datetime:
    """The end of business of the bank day so many bank days ahead."""
    return datetime.combine(working_day_after(today, days), END_OF_BUSINESS, tzinfo=zone)


def touch(found: FollowUp | None, member_ids: list[int]) -> FollowUp | FollowUpRefusal:
    """The follow-up that somebody may work on, who acts for these people; or why not."""
    if found is None:
        return FollowUpRefusal.UNKNOWN
    if found.owner_id not in member_ids:
        return FollowUpRefusal.NOT_YOURS
    return found if found.is_open else FollowUpRefusal.CLOSED


def put_off(found: FollowUp, today: date, zone: ZoneInfo) -> datetime | FollowUpRefusal:
    """When it is due instead: the next bank day, three times at most."""
    if found.deferrals >= MOST_DEFERRALS:
        return FollowUpRefusal.PUT_OFF_ENOUGH
    return due_after(max(today, found.due_at.astimezone(zone).date()), 1, zone)


def state_after(reason: CloseReason | None) -> FollowUpState:
    """How it ended: done without a reason, refused by the customer, or dropped."""
    if reason is None:
        return FollowUpState.DONE
    return FollowUpState.REFUSED if reason in REFUSALS else FollowUpState.DROPPED


def succeeded(state: FollowUpState) -> bool | None:
    """What it says of the action that it came from; None where the customer said neither yes nor no."""
    return {FollowUpState.DONE: True, FollowUpState.REFUSED: False}.get(state)
