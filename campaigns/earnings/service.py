"""Use cases of earning: write and activate rules, pay by them, judge newcomers, take in a department's events."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

from campaigns.announcements.model import Announcement, Unfavourable
from campaigns.announcements.rules import END_NOTICE, read_page
from campaigns.announcements.service import AnnouncementService
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.earnings.events import pay_events
from campaigns.earnings.model import (
    Arrival,
    Earned,
    Earner,
    EarnEvent,
    EarnLimit,
    EarnRule,
    Imprint,
    LineOutcome,
    Objection,
    ObjectionCode,
    RuleState,
)
from campaigns.earnings.rules import check_rule, grant_of, is_running, may_activate, may_announce, page_of
from campaigns.earnings.simulation import Crowd, EarnForecast, simulate
from campaigns.members.model import Member
from campaigns.points.model import GrantCode
from campaigns.points.service import PointsService
from campaigns.setbacks.ports import Setbacks

ARRIVED_AT_ONCE = 50


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

    async def set_end(self, rule: EarnRule, ends_at: datetime) -> None:
        """Store from when on a rule pays no more."""
        ...

    async def set_points(self, rule: EarnRule, points: int) -> None:
        """Store what a rule pays from now on."""
        ...

    async def has_check_in_task(self, campaign_id: int) -> bool:
        """Whether a task of the campaign pays for checking in; until the transaction ends no other can begin to."""
        ...

    async def chat_of(self, campaign_id: int) -> int | None:
        """The chat of a campaign's group; None for a campaign that is for everybody."""
        ...

    async def of(self, campaign_id: int) -> list[EarnRule]:
        """A campaign's rules."""
        ...

    async def active_for(self, member_id: int, event: EarnEvent | None, now: datetime) -> list[EarnRule]:
        """The active rules that are for a member: of open campaigns without a group, or of the member's groups.

        Those for one event, or all of them.
        """
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
    """The sentences that earning needs."""

    def earned(self, member: Member, rule: EarnRule) -> Message:
        """What somebody reads whom a rule paid."""
        ...

    def deed(self, rule: EarnRule) -> tuple[str, str]:
        """What a rule asks somebody to do, in both languages."""
        ...

    def announcement(self, announcement: Announcement) -> Message:
        """The rule page as the campaign's group reads it."""
        ...

    def ends_early(self, rule: EarnRule, last_day: date, announcement: Announcement) -> Message:
        """The notice that a rule ends before its campaign does, above its page."""
        ...


def subject(rule_id: int) -> str:
    """The name of a rule's page among the announcements, and of its messages in the delivery ledger."""
    return f"earning:{rule_id}"


class EarnService:
    """Rules of earning inside one unit of work, on the points ledger of the same one."""

    def __init__(
        self,
        store: EarnStore,
        points: PointsService,
        people: People,
        outbox: Outbox,
        wording: EarnWording,
        announcements: AnnouncementService,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._points = points
        self._announcements = announcements
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

    async def activate(self, rule_id: int, imprint: Imprint) -> Announcement | tuple[Objection, ...]:
        """Let a rule pay and publish its page, if the compliance gate lets it pass; otherwise what it objects to.

        An active rule again is the page that stands.
        """
        rule = await self._store.lock(rule_id)
        if rule is None:
            return (Objection(ObjectionCode.NO_RULE),)
        standing = await self._announcements.standing(subject(rule_id))
        if standing is not None and rule.state is RuleState.ACTIVE:
            return standing
        sheet = await self._points.settlement(rule.campaign_id)
        assert sheet is not None  # A rule's row names its campaign.
        objections = may_activate(rule, await self._store.of(rule.campaign_id), self._now())
        if rule.event is EarnEvent.CHECK_IN and await self._store.has_check_in_task(rule.campaign_id):
            objections = (Objection(ObjectionCode.CHECK_IN_TASK),)
        if objections := objections or may_announce(imprint, sheet.campaign, self._now()):
            return objections
        for ended in await self._store.of(rule.campaign_id):
            if ended.state is RuleState.ACTIVE and not is_running(ended, self._now()):
                await self._store.set_state(ended, RuleState.STOPPED, self._now())
        await self._store.set_state(rule, RuleState.ACTIVE, self._now())
        page = page_of(rule, sheet.campaign, sheet.totals.issued, self._wording.deed(rule), imprint, self._now())
        made = await self._announcements.publish(subject(rule_id), page)
        assert isinstance(made, Announcement)  # Nothing stood before: nothing can be to its disfavour.
        await self._post(rule, made)
        return made

    async def change(self, rule_id: int, points: int) -> Announcement | tuple[Objection, ...]:
        """Let an active rule pay other points from now on, if that favours the customer, and publish its next page.

        Raises:
            RuleError: no rule pays so many.
        """
        rule = await self._store.lock(rule_id)
        if rule is None:
            return (Objection(ObjectionCode.NO_RULE),)
        standing = await self._announcements.standing(subject(rule_id))
        if rule.state is not RuleState.ACTIVE or standing is None:
            return (Objection(ObjectionCode.NOT_ACTIVE),)
        check_rule(replace(rule, points=points))
        page = read_page(standing.configuration)
        better = replace(page, rewards=tuple(replace(reward, points=points) for reward in page.rewards))
        made = await self._announcements.publish(subject(rule_id), better)
        if isinstance(made, Unfavourable):
            return (Objection(ObjectionCode.UNFAVOURABLE),)
        await self._store.set_points(rule, points)
        await self._post(rule, made)
        return made

    async def stop(self, rule_id: int) -> EarnRule | Announcement | Objection:
        """Let a draft never pay, and one that was announced no more once its notice is over; what was earned stays.

        A page that does not speak of an earlier end holds to the end of its campaign. The same rule again is the
        notice that stands.
        """
        rule = await self._store.lock(rule_id)
        if rule is None:
            return Objection(ObjectionCode.NO_RULE)
        standing = await self._announcements.standing(subject(rule_id))
        if standing is None or self._now() >= read_page(standing.configuration).closes_at:
            await self._store.set_state(rule, RuleState.STOPPED, self._now())
            return replace(rule, state=RuleState.STOPPED)
        return standing if rule.ends_at is not None else await self._end_early(rule)

    async def _end_early(self, rule: EarnRule) -> Announcement | Objection:
        ends_at = self._points.midnight_after(END_NOTICE)
        made = await self._announcements.end_early(subject(rule.id), ends_at)
        if made is None:
            return Objection(ObjectionCode.ANNOUNCED)
        await self._store.set_end(rule, ends_at)
        last_day = self._points.day_of(ends_at - timedelta.resolution)
        await self._post(rule, made, self._wording.ends_early(rule, last_day, made))
        return made

    async def simulate(self, campaign_id: int, crowd: Crowd, runs: int, seed: int) -> EarnForecast:
        """What a campaign's drafts and running rules would cost together in the days that are left to them.

        Raises:
            SimulationError: it cannot be played.
        """
        sheet = await self._points.settlement(campaign_id)
        assert sheet is not None  # Whoever asks has seen the campaign.
        now, today = self._now(), self._points.today()
        rules = []
        for rule in await self._store.of(campaign_id):
            if rule.state is RuleState.DRAFT or is_running(rule, now):
                end = min(rule.ends_at or sheet.campaign.ends_at, sheet.campaign.ends_at)
                rules.append((rule, max((self._points.day_of(end - timedelta.resolution) - today).days + 1, 0)))
        budget = await self._points.budget_left(campaign_id)
        return simulate(rules, crowd, budget, sheet.campaign.price, today, runs, seed)

    async def offered(self, member: Member) -> list[EarnRule]:
        """Everything by which this member can earn now."""
        found = await self._store.active_for(member.id, None, self._now())
        return sorted(found, key=lambda rule: rule.id)

    async def had(self, member: Member, rules: Sequence[EarnRule]) -> set[int]:
        """Which of these have paid this member already, a daily one today, and pay no more of the same."""
        earner, today = Earner(member.id, member.customer_id), self._points.today()
        counted = [rule for rule in rules if rule.limit is not EarnLimit.EACH]
        return {
            rule.id
            for rule in counted
            if await self._points.was_paid(rule.campaign_id, grant_of(rule, earner, today, ""))
        }

    async def page(self, rule_id: int) -> Announcement | None:
        """The page of a rule as it stands; everybody may read it."""
        return await self._announcements.standing(subject(rule_id))

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

    async def tick(self, setbacks: Setbacks) -> int:
        """Pay newcomers who joined or linked their number, and tell them; returns how many were judged."""
        arrivals = await self._store.arrivals(self._now(), ARRIVED_AT_ONCE)
        await setbacks.apart("earnings", arrivals, self._judge, lambda each: f"{each.rule.id}:{each.earner.member_id}")
        return len(arrivals)

    async def _judge(self, arrivals: Sequence[Arrival]) -> None:
        known = await self._people.many([arrival.earner.member_id for arrival in arrivals])
        today = self._points.today()
        for arrival in arrivals:
            rule, member = arrival.rule, known[arrival.earner.member_id]
            codes = await self._points.grant(rule.campaign_id, [grant_of(rule, arrival.earner, today, "")])
            await self._store.judged(arrival, codes[0], self._now())
            if codes[0] is GrantCode.GRANTED:
                words = self._wording.earned(member, rule)
                await self._outbox.tell(f"points:{rule.campaign_id}", f"earned:{rule.id}", member.id, words)

    async def _post(self, rule: EarnRule, page: Announcement, words: Message | None = None) -> None:
        """The group reads a page once, and each later version of it, with `words` of its own where there are any."""
        chat = await self._store.chat_of(rule.campaign_id)
        if chat is not None:
            said = words or self._wording.announcement(page)
            await self._outbox.tell(subject(rule.id), f"announcement:{page.version}", chat, said)

    async def take_in(self, campaign_id: int, text: str) -> list[LineOutcome]:
        """Pay for a department's events by the active product rules of a campaign; the same file again pays nothing."""
        return await pay_events(self._store, self._points, campaign_id, text)
