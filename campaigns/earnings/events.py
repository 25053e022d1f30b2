"""Paying for a department's events: a file, line by line, each decided with those of its chunk."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from campaigns.earnings.model import Earner, EarnEvent, EarnRule, EventLine, LineCode, LineOutcome, RuleState
from campaigns.earnings.reading import read_events
from campaigns.earnings.rules import grant_of
from campaigns.points.model import Grant, GrantCode
from campaigns.points.service import PointsService

LINES_AT_ONCE = 500
LINE_CODES = {
    GrantCode.GRANTED: LineCode.PAID,
    GrantCode.TWICE: LineCode.TWICE,
    GrantCode.BUDGET_EMPTY: LineCode.BUDGET_EMPTY,
    GrantCode.CLOSED: LineCode.CLOSED,
}


class EventStore(Protocol):
    """What paying for events needs."""

    async def of(self, campaign_id: int) -> list[EarnRule]:
        """A campaign's rules."""
        ...

    async def earners(self, numbers: Collection[str]) -> Mapping[str, Earner | None]:
        """The bank's customers by number, with the member who is bound; unknown numbers are left out."""
        ...


async def pay_events(store: EventStore, points: PointsService, campaign_id: int, text: str) -> list[LineOutcome]:
    """Pay for a file's events by the active product rules of a campaign; the outcome of every line, in order.

    The day of the event counts, not that of the file: what was done before a rule's end is paid after it, too.
    """
    rules = [
        rule
        for rule in await store.of(campaign_id)
        if rule.event is EarnEvent.PRODUCT and (rule.state is RuleState.ACTIVE or rule.ends_at is not None)
    ]
    read = list(read_events(text, points.today()))
    outcomes = [found for found in read if isinstance(found, LineOutcome)]
    events = [found for found in read if isinstance(found, EventLine)]
    for start in range(0, len(events), LINES_AT_ONCE):
        outcomes += await _pay_lines(store, points, campaign_id, rules, events[start : start + LINES_AT_ONCE])
    return sorted(outcomes, key=lambda outcome: outcome.line)


async def _pay_lines(
    store: EventStore,
    points: PointsService,
    campaign_id: int,
    rules: Sequence[EarnRule],
    events: Sequence[EventLine],
) -> list[LineOutcome]:
    """Lines that are decided together under the budget's lock."""
    earners = await store.earners({event.number for event in events})
    outcomes, grants, paying = [], list[Grant](), list[EventLine]()
    for event in events:
        named = [rule for rule in rules if rule.product == event.event]
        rule = next((each for each in named if each.ends_at is None or event.on < points.day_of(each.ends_at)), None)
        earner = earners.get(event.number)
        if rule is None:
            missed, note = (LineCode.CLOSED, "") if named else (LineCode.NO_RULE, event.event)
            outcomes.append(LineOutcome(event.line, missed, note=note))
        elif event.number not in earners:
            outcomes.append(LineOutcome(event.line, LineCode.UNKNOWN_CUSTOMER))
        elif earner is None:
            outcomes.append(LineOutcome(event.line, LineCode.NOT_BOUND))
        else:
            grants.append(grant_of(rule, earner, event.on, f"{event.event}:{event.on}"))
            paying.append(event)
    codes = await points.grant(campaign_id, grants) if grants else []
    for event, grant, code in zip(paying, grants, codes, strict=True):
        paid = grant.points if code is GrantCode.GRANTED else 0
        outcomes.append(LineOutcome(event.line, LINE_CODES[code], paid))
    return outcomes
