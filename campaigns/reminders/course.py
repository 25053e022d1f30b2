"""What a reminder does by itself: look at what is due, plan each occurrence once, let the late ones go by policy."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.audiences.model import Fault
from campaigns.compliance.hours import next_allowed, zone_of
from campaigns.deliveries.model import Draft, Kind
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.members.model import Member
from campaigns.reminders.model import MOST_PEOPLE, Occurrence, Outcome, Plan, Reminder
from campaigns.reminders.ports import Audiences, Hours, Owners, People, Reach, ReminderStore, ReminderWording
from campaigns.reminders.rules import due, due_before, next_look
from campaigns.reminders.schedule import Before
from campaigns.reminders.topics import ledger_of, step_of
from campaigns.setbacks.ports import Setbacks

AT_ONCE = 50  # Reminders in one transaction.


class ReminderCourse:
    """Reminders whose time has come, inside one unit of work."""

    def __init__(
        self,
        store: ReminderStore,
        owners: Owners,
        reach: Reach,
        audiences: Audiences,
        people: People,
        hours: Hours,
        outbox: Outbox,
        wording: ReminderWording,
        setbacks: Setbacks,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._owners = owners
        self._reach = reach
        self._audiences = audiences
        self._people = people
        self._hours = hours
        self._outbox = outbox
        self._wording = wording
        self._setbacks = setbacks
        self._now = now
        self._zone = zone
        self._groups: dict[int, Group] = {}

    async def tick(self) -> int:
        """Plan what is due, some reminders at a time; returns how many were looked at.

        One that cannot be planned holds up no other: its owner hears of it once, and it is tried again.
        """
        due = await self._store.due(self._now(), AT_ONCE)
        await self._setbacks.apart("reminders", due, self._plan, told=self._tell)
        return len(due)

    async def _plan(self, numbers: Sequence[int]) -> None:
        now = self._now()
        reminders = await self._store.many(numbers)
        found: list[tuple[Reminder, Occurrence, list[Draft]]] = []
        for reminder in reminders:
            for occurrence in await self._due(reminder, now):
                drafts = await self._drafts(reminder, occurrence)
                found.append((reminder, _with(occurrence, drafts), drafts))
        new = await self._store.record([(each, what, len(drafts)) for each, what, drafts in found], now)
        await self._outbox.add(
            *(draft for each, what, drafts in found if (each.id, what.key) in new for draft in drafts)
        )
        await self._store.reschedule([(each, next_look(each.shown, now, self._zone)) for each in reminders])

    async def _tell(self, number: int) -> None:
        """Its owner, once for each version."""
        owner, version = await self._store.owner_of(number)
        people = await self._people.many([owner])
        words = self._wording.set_back(number, people[owner].language)
        await self._outbox.tell(f"{ledger_of(number)}:setback", f"version:{version}", owner, words)

    async def _due(self, reminder: Reminder, now: datetime) -> list[Occurrence]:
        plan = reminder.shown
        if isinstance(plan.timing, Before):
            return await self._before(reminder, plan, now)
        return due(reminder, plan, now, self._zone)

    async def _before(self, reminder: Reminder, plan: Plan, now: datetime) -> list[Occurrence]:
        """What the chains, to-dos and events of the reminder's groups make due, each once."""
        assert isinstance(plan.timing, Before)
        assert reminder.since is not None
        happenings = await self._store.happenings(plan.timing.thing, plan.audience.groups, now)
        found = [due_before(plan, each, reminder.since, now) for each in happenings]
        known = await self._store.known(reminder.id, [each.key for each in found if each])
        return [each for each in found if each and each.key not in known]

    async def _drafts(self, reminder: Reminder, occurrence: Occurrence) -> list[Draft]:
        """The ledger's rows of an occurrence; none where it is not to come any more, or for nobody."""
        plan = reminder.shown
        if occurrence.outcome is not Outcome.PLANNED:
            return []
        if plan.audience.groups:
            return await self._to_groups(reminder, plan, occurrence)
        return await self._to_people(reminder, plan, occurrence)

    async def _to_groups(self, reminder: Reminder, plan: Plan, occurrence: Occurrence) -> list[Draft]:
        """One for each group that its owner still looks after: an own one, or that of an absent colleague."""
        happening, now = occurrence.happening, self._now()
        wanted = [happening.group_id] if happening else plan.audience.groups
        groups, managers = await self._known(wanted), await self._owners.acting_for(reminder.owner_id)
        words = self._wording.to_group(plan, happening)
        step, kind = step_of(plan, occurrence.key, own=False), _kind(plan)
        return [
            Draft(ledger_of(reminder.id), step, group.chat_id, words, kind, now, occurrence.expires_at)
            for group in groups
            if group.manager_id in managers
        ]

    async def _known(self, wanted: Sequence[int]) -> list[Group]:
        """Groups by id, each looked up once."""
        missing = [number for number in wanted if number not in self._groups]
        self._groups |= await self._store.groups(missing)
        return [self._groups[number] for number in wanted if number in self._groups]

    async def _to_people(self, reminder: Reminder, plan: Plan, occurrence: Occurrence) -> list[Draft]:
        """One for each person, outside the quiet hours of the person's zone; to oneself at once."""
        policy, now = await self._hours.policy(), self._now()
        readers = await self._readers(reminder, plan)
        drafts = []
        for reader in readers:
            own = reader.id == reminder.owner_id
            due_at = now if own else next_allowed(now, zone_of(reader.zone, policy), policy)
            words = self._wording.to_person(plan, reader, own=own)
            step = step_of(plan, occurrence.key, own=own)
            drafts.append(
                Draft(ledger_of(reminder.id), step, reader.id, words, _kind(plan), due_at, occurrence.expires_at)
            )
        return drafts

    async def _readers(self, reminder: Reminder, plan: Plan) -> Sequence[Member]:
        """Who it is for as of now: whoever left the audience, or the owner's reach, gets nothing."""
        audience, owner = plan.audience, reminder.owner_id
        if audience.line is not None:
            expression = await self._audiences.read(audience.line, me=owner)
            if isinstance(expression, Fault):
                return ()
            customers = await self._audiences.belonging(expression)
            wanted = (await self._store.members_of([owner], customers))[:MOST_PEOPLE]
        else:
            assert audience.member_id is not None
            is_reached = audience.member_id == owner or audience.member_id in await self._reach.reachable_by(owner)
            wanted = [audience.member_id] if is_reached else []
        people = await self._people.many(wanted)
        return [people[number] for number in wanted if number in people]


def _kind(plan: Plan) -> Kind:
    return Kind.MARKETING if plan.is_marketing else Kind.SERVICE


def _with(occurrence: Occurrence, drafts: Sequence[Draft]) -> Occurrence:
    """The occurrence as it is kept: one that is planned for nobody says so."""
    is_empty = occurrence.outcome is Outcome.PLANNED and not drafts
    return replace(occurrence, outcome=Outcome.NOBODY) if is_empty else occurrence
