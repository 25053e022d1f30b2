"""Use cases of earning: write and activate rules, pay by them, judge newcomers, take in a department's events."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.earnings.model import (
    Arrival,
    Earned,
    Earner,
    EarnEvent,
    EarnRule,
    EventLine,
    LineCode,
    LineOutcome,
    Objection,
    ObjectionCode,
    RuleState,
)
from campaigns.earnings.reading import read_events
from campaigns.earnings.rules import check_rule, grant_of, may_activate
from campaigns.members.model import Member
from campaigns.points.model import Grant, GrantCode
from campaigns.points.service import PointsService

ARRIVED_AT_ONCE = 50
LINES_AT_ONCE = 500


class EarnStore(Protocol):
    """What earning needs."""

    async def add(self, rule: EarnRule) -> EarnRule:
        """Keep a new draft."""
        ...

    async def lock(self, rule_id: int) -> EarnRule | None:
        """One rule, locked until the transaction ends."""
        ...

    async def set_state(self, rule: EarnRule, state: RuleState, now: datetime) -> None:
        """Store where a rule stands."""
        ...

    async def of(self, campaign_id: int) -> list[EarnRule]:
        """A campaign's rules."""
        ...

    async def active_for(self, member_id: int, event: EarnEvent, now: datetime) -> list[EarnRule]:
        """The active rules that are for a member: of open campaigns without a group, or of the member's groups."""
        ...

    async def arrivals(self, now: datetime, limit: int) -> list[Arrival]:
        """Newcomers whom active rules for joining and binding have not judged yet; staff earn nothing by them."""
        ...

    async def judged(self, arrival: Arrival, code: GrantCode, now: datetime) -> None:
        """Keep what came of an arrival; it is never judged again."""
        ...

    async def earners(self, numbers: Collection[str]) -> Mapping[str, Earner | None]:
        """The bank's customers by number, with the member who is bound; unknown numbers are left out."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class EarnWording(Protocol):
    """The sentence that earning needs."""

    def earned(self, member: Member, rule: EarnRule) -> Message:
        """What somebody reads whom a rule paid."""
        ...


class EarnService:
    """Rules of earning inside one unit of work, on the points ledger of the same one."""

    def __init__(
        self,
        store: EarnStore,
        points: PointsService,
        people: People,
        outbox: Outbox,
        wording: EarnWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._points = points
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def add(self, rule: EarnRule) -> EarnRule:
        """Keep a draft of a rule; its id is not looked at, the kept one has the new.

        Raises:
            RuleError: it cannot be.
        """
        check_rule(rule)
        return await self._store.add(rule)

    async def activate(self, rule_id: int) -> EarnRule | tuple[Objection, ...]:
        """Let a rule pay, if the compliance gate lets it pass; otherwise what it objects to."""
        rule = await self._store.lock(rule_id)
        if rule is None:
            return (Objection(ObjectionCode.NO_RULE),)
        if objections := may_activate(rule, await self._store.of(rule.campaign_id)):
            return objections
        await self._store.set_state(rule, RuleState.ACTIVE, self._now())
        return rule

    async def stop(self, rule_id: int) -> EarnRule | None:
        """Let a rule pay no more; what it paid stays."""
        rule = await self._store.lock(rule_id)
        if rule is not None:
            await self._store.set_state(rule, RuleState.STOPPED, self._now())
        return rule

    async def of(self, campaign_id: int) -> list[EarnRule]:
        """A campaign's rules."""
        return await self._store.of(campaign_id)

    async def active_for(self, member: Member, event: EarnEvent) -> list[EarnRule]:
        """The rules that would pay this member for this."""
        return await self._store.active_for(member.id, event, self._now())

    async def pay(self, event: EarnEvent, member: Member, subject: str = "") -> list[Earned]:
        """Pay a member by every rule that is for them; `subject` tells tasks or friends apart where each is paid."""
        earner, today = Earner(member.id, member.customer_id), self._points.today()
        earned = []
        for rule in sorted(await self.active_for(member, event), key=lambda rule: (rule.campaign_id, rule.id)):
            codes = await self._points.grant(rule.campaign_id, [grant_of(rule, earner, today, subject)])
            earned.append(Earned(rule, codes[0]))
        return earned

    async def tick(self) -> int:
        """Pay newcomers who joined or linked their number, and tell them; returns how many were judged."""
        arrivals = await self._store.arrivals(self._now(), ARRIVED_AT_ONCE)
        known = await self._people.many([arrival.earner.member_id for arrival in arrivals])
        today = self._points.today()
        for arrival in arrivals:
            rule, member = arrival.rule, known[arrival.earner.member_id]
            codes = await self._points.grant(rule.campaign_id, [grant_of(rule, arrival.earner, today, "")])
            await self._store.judged(arrival, codes[0], self._now())
            if codes[0] is GrantCode.GRANTED:
                words = self._wording.earned(member, rule)
                await self._outbox.tell(f"points:{rule.campaign_id}", f"earned:{rule.id}", member.id, words)
        return len(arrivals)

    async def take_in(self, campaign_id: int, text: str) -> list[LineOutcome]:
        """Pay for a department's events by the active product rules of a campaign; the same file again pays nothing."""
        rules = {
            rule.product: rule
            for rule in await self._store.of(campaign_id)
            if rule.state is RuleState.ACTIVE and rule.event is EarnEvent.PRODUCT
        }
        read = list(read_events(text, self._points.today()))
        outcomes = [found for found in read if isinstance(found, LineOutcome)]
        events = [found for found in read if isinstance(found, EventLine)]
        for start in range(0, len(events), LINES_AT_ONCE):
            outcomes += await self._pay_lines(campaign_id, rules, events[start : start + LINES_AT_ONCE])
        return sorted(outcomes, key=lambda outcome: outcome.line)

    async def _pay_lines(
        self, campaign_id: int, rules: Mapping[str | None, EarnRule], events: Sequence[EventLine]
    ) -> list[LineOutcome]:
        """Lines that are decided together under the budget's lock."""
        earners = await self._store.earners({event.number for event in events})
        outcomes, grants, paying = [], list[Grant](), list[EventLine]()
        for event in events:
            rule, earner = rules.get(event.event), earners.get(event.number)
            if rule is None:
                outcomes.append(LineOutcome(event.line, LineCode.NO_RULE, note=event.event))
            elif event.number not in earners:
                outcomes.append(LineOutcome(event.line, LineCode.UNKNOWN_CUSTOMER))
            elif earner is None:
                outcomes.append(LineOutcome(event.line, LineCode.NOT_BOUND))
            else:
                grants.append(grant_of(rule, earner, event.on, f"{event.event}:{event.on}"))
                paying.append(event)
        codes = await self._points.grant(campaign_id, grants) if grants else []
        for event, grant, code in zip(paying, grants, codes, strict=True):
            points = grant.points if code is GrantCode.GRANTED else 0
            outcomes.append(LineOutcome(event.line, LINE_CODES[code], points))
        return outcomes


LINE_CODES = {
    GrantCode.GRANTED: LineCode.PAID,
    GrantCode.TWICE: LineCode.TWICE,
    GrantCode.BUDGET_EMPTY: LineCode.BUDGET_EMPTY,
    GrantCode.CLOSED: LineCode.CLOSED,
}
