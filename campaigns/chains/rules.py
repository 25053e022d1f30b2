"""Pure decisions on a chain as a whole: what plan is sound, when to remind, until when to extend."""

from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.chains.model import CONFIRM_WITHIN, Chain, ChainState, Phase, Plan, PlanFault
from campaigns.chains.waitlist import lapse, promote

LONGEST_PRODUCT = 60
MOST_PLACES = 500
MOST_ITEMS = 20
LONGEST_ITEM = 20
REMIND_BEFORE = timedelta(hours=2)
SHORTEST_CONFIRMING, LONGEST_CONFIRMING = timedelta(minutes=10), timedelta(days=3)


def check(
    product: str,
    places: int | None,
    deadline: datetime | None,
    now: datetime,
    *,
    limit: int = 1,
    items: tuple[str, ...] = (),
    confirm_within: timedelta = CONFIRM_WITHIN,
) -> Plan | PlanFault:
    """Make a plan of what a manager asked for, or name the first thing wrong with it."""
    name = " ".join(product.split())
    if not name:
        return PlanFault.NO_PRODUCT
    if len(name) > LONGEST_PRODUCT:
        return PlanFault.LONG_PRODUCT
    if places is None or not 1 <= places <= MOST_PLACES:
        return PlanFault.BAD_PLACES
    if deadline is None:
        return PlanFault.BAD_DEADLINE
    if not 1 <= limit <= places:
        return PlanFault.BAD_LIMIT
    if not are_items(items):
        return PlanFault.BAD_ITEMS
    if not SHORTEST_CONFIRMING <= confirm_within <= LONGEST_CONFIRMING:
        return PlanFault.BAD_CONFIRMING
    plan = Plan(name, places, deadline, limit, items, confirm_within)
    return plan if deadline > now else PlanFault.PAST_DEADLINE


def are_items(items: tuple[str, ...]) -> bool:
    """Whether a list of items can be told apart: short, different, and either none or at least two."""
    if len(items) == 1 or len(items) > MOST_ITEMS or len(set(items)) < len(items):
        return False
    return all(0 < len(item) <= LONGEST_ITEM for item in items)


def extend(chain: Chain, deadline: datetime, now: datetime) -> Chain:
    """Let a chain run on until a later moment, also one that is over; what is free goes to who waits."""
    longer = replace(chain, state=ChainState.OPEN, deadline=deadline, ending_at=remind_at(now, deadline))
    return promote(lapse(longer, now), now)


def phase(chain: Chain, now: datetime) -> Phase:
    """What the card says: the end is near from the reminder on; a chain has ended once it is closed."""
    if chain.state is ChainState.CLOSED:
        return Phase.ENDED
    return Phase.ENDING if chain.ending_at and now >= chain.ending_at else Phase.RUNNING


def moved(before: Chain, after: Chain) -> tuple[list[int], list[int]]:
    """The members with a confirmed place of their own now and none before, in their order; and the other way round."""
    old, new = _holders(before), _holders(after)
    return [member for member in new if member not in old], [member for member in old if member not in new]


def _holders(chain: Chain) -> dict[int, None]:
    return {entry.member_id: None for entry in chain.entries if entry.proxy is None and entry.confirm_by is None}


def remind_at(opened_at: datetime, deadline: datetime) -> datetime:
    """When the group is reminded: two hours before the deadline, or half-way where the chain is shorter."""
    return max(deadline - REMIND_BEFORE, opened_at + (deadline - opened_at) / 2)
