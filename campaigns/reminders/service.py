"""Use cases of reminders: write, look, confirm, change, pause, end; a second person approves what advertises."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.audiences.model import Fault
from campaigns.customers.rules import is_called
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.letters.model import Objection
from campaigns.members.model import Member
from campaigns.reminders.book import ReminderBook
from campaigns.reminders.model import (
    MOST_OF_AN_OWNER,
    MOST_PEOPLE,
    MOST_USEFUL,
    USEFUL,
    Audience,
    Line,
    Plan,
    Preview,
    Reminder,
    ReminderRefusal,
    State,
)
from campaigns.reminders.ports import (
    Audiences,
    GroupsOf,
    Hours,
    Owners,
    People,
    Reach,
    ReminderStore,
    ReminderWording,
    Trail,
)
from campaigns.reminders.reading import Request, Whom, read_timing
from campaigns.reminders.rules import advertises, against, called_groups, check_plan, may_change, next_look
from campaigns.reminders.schedule import Before
from campaigns.reminders.topics import ledger_of
from campaigns.staff.model import Role

APPROVERS = (Role.TEAM_LEAD, Role.COMPLIANCE)

Drafted = Preview | ReminderRefusal | Fault | tuple[Objection, ...]


class ReminderService:
    """Reminders in the hands of their owners, inside one unit of work."""

    def __init__(
        self,
        store: ReminderStore,
        owners: Owners,
        groups: GroupsOf,
        reach: Reach,
        audiences: Audiences,
        people: People,
        hours: Hours,
        trail: Trail,
        outbox: Outbox,
        wording: ReminderWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._owners = owners
        self._groups = groups
        self._reach = reach
        self._audiences = audiences
        self._people = people
        self._hours = hours
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone
        self._book = ReminderBook(store, now, zone)

    async def groups_of(self, by: Member) -> list[Group]:
        """The groups that a manager may remind: the own, and those of absent colleagues."""
        return [group for each in await self._owners.acting_for(by.id) for group in await self._groups.of_manager(each)]

    async def draft(self, asked: Request, by: Member, here: Group | None = None) -> Drafted:
        """Keep what was asked for as a draft and show it, or say the first thing wrong with it."""
        if asked.timing is None:
            return ReminderRefusal.NO_TIME
        audience = await self._audience(asked, by, here)
        if not isinstance(audience, Audience):
            return audience
        useful = asked.useful if asked.useful is not None else _useful(asked)
        is_marketing = audience.member_id != by.id and advertises(asked.words)
        plan = Plan(asked.timing, audience, asked.words, useful, is_marketing)
        wrong = await self._wrong(plan, by)
        if wrong:
            return wrong
        if len(await self._store.of_owners([by.id])) >= MOST_OF_AN_OWNER:
            return ReminderRefusal.FULL
        number = await self._store.add(by.id, plan, by.id, self._now())
        return await self._preview(number, by)

    async def change(
        self, reminder_id: int, by: Member, *, time: str | None = None, words: str | None = None
    ) -> Drafted:
        """Another version with another time or other words, shown before it comes into force.

        It goes on from a draft that waits, so that a new time stays when new words follow.
        """
        found = await self._lock(reminder_id, by)
        if isinstance(found, ReminderRefusal):
            return found
        plan = found.drafted or found.shown
        if time is not None:
            timing = read_timing(time, self._now(), self._zone)
            if timing is None:
                return ReminderRefusal.NO_TIME
            useful = MOST_USEFUL if isinstance(timing, Before) and plan.useful else min(plan.useful, MOST_USEFUL)
            plan = replace(plan, timing=timing, useful=useful)
        if words is not None:
            is_marketing = plan.audience.member_id != found.owner_id and advertises(words)
            plan = replace(plan, words=words.strip(), is_marketing=is_marketing)
        wrong = await self._wrong(plan, by)
        if wrong:
            return wrong
        await self._store.redraft(found, plan, by.id, self._now())
        return await self._preview(reminder_id, by)

    async def confirm(self, reminder_id: int, by: Member) -> Line | ReminderRefusal:
        """Put the draft in force; words that advertise wait for a second person first."""
        found = await self._lock(reminder_id, by)
        if isinstance(found, ReminderRefusal):
            return found
        if found.drafted is None:
            return ReminderRefusal.DECIDED
        if found.in_review:
            return ReminderRefusal.IN_REVIEW
        if found.drafted.is_marketing:
            await self._ask_review(found, by)
        else:
            refused = await self._turn_on(found)
            if refused:
                return refused
        await self._trail.note(by.id, "confirm_reminder", f"{found.id} {found.draft}")
        return await self._line(reminder_id)

    async def review(self, reminder_id: int, version: int, by: Member, *, approved: bool) -> Line | ReminderRefusal:
        """A second person's word on words that advertise; nobody approves the own, nor what they wrote for another."""
        found = await self._store.lock(reminder_id)
        if found is None or not found.in_review or found.draft != version:
            return ReminderRefusal.DECIDED
        if by.id in {found.owner_id, found.drafted_by}:
            return ReminderRefusal.OWN_WORDS
        await self._store.review(found, by.id, self._now(), approved=approved)
        await self._trail.note(by.id, "approve_reminder" if approved else "refuse_reminder", f"{found.id} {version}")
        refused = await self._turn_on(found) if approved else None
        owner = (await self._people.many([found.owner_id]))[found.owner_id]
        words = self._wording.reviewed(found, by.name, owner.language, approved=approved, is_late=refused is not None)
        await self._outbox.tell(f"{ledger_of(found.id)}:review", f"decided:{version}", owner.id, words)
        return refused or await self._line(reminder_id)

    async def pause(self, reminder_id: int, by: Member) -> Line | ReminderRefusal:
        """Plan nothing until it is resumed, and cancel what has not left."""
        found = await self._lock(reminder_id, by)
        if isinstance(found, ReminderRefusal):
            return found
        if found.state is not State.ON:
            return ReminderRefusal.DECIDED
        await self._stop(found, State.PAUSED)
        await self._trail.note(by.id, "pause_reminder", str(found.id))
        return await self._line(reminder_id)

    async def resume(self, reminder_id: int, by: Member) -> Line | ReminderRefusal:
        """Go on from now; what was due meanwhile stays away."""
        found = await self._lock(reminder_id, by)
        if isinstance(found, ReminderRefusal):
            return found
        if found.state is not State.PAUSED or found.plan is None:
            return ReminderRefusal.DECIDED
        next_at = next_look(found.plan, self._now(), self._zone)
        if next_at is None:
            return ReminderRefusal.PAST
        await self._store.set_state(found, State.ON, next_at, self._now())
        await self._trail.note(by.id, "resume_reminder", str(found.id))
        return await self._line(reminder_id)

    async def end(self, reminder_id: int, by: Member) -> Line | ReminderRefusal:
        """End it for good, and cancel what has not left."""
        found = await self._lock(reminder_id, by)
        if isinstance(found, ReminderRefusal):
            return found
        await self._stop(found, State.ENDED)
        await self._trail.note(by.id, "end_reminder", str(found.id))
        return await self._line(reminder_id)

    async def lines(self, by: Member) -> list[Line]:
        """A manager's reminders with their next times and what became of the last."""
        return [await self._show(each) for each in await self._store.of_owners(await self._owners.acting_for(by.id))]

    async def show(self, reminder_id: int, by: Member) -> Line | ReminderRefusal:
        """One reminder of a manager."""
        found = await self._lock(reminder_id, by)
        return found if isinstance(found, ReminderRefusal) else await self._show(found)

    async def tell_preview(self, found: Preview, by: Member, message: Message) -> None:
        """Show a draft that was written in a group to its owner in private."""
        reminder = found.line.reminder
        await self._outbox.tell(f"{ledger_of(reminder.id)}:preview", f"draft:{reminder.draft}", by.id, message)

    async def _audience(self, asked: Request, by: Member, here: Group | None) -> Audience | ReminderRefusal | Fault:
        match asked.whom:
            case Whom.ME:
                return Audience(member_id=by.id)
            case Whom.PERSON:
                return await self._person(asked.named, by)
            case Whom.LINE:
                return await self._of_line(asked.named, by)
            case _:
                return await self._of_groups(asked, by, here)

    async def _of_groups(self, asked: Request, by: Member, here: Group | None) -> Audience | ReminderRefusal:
        own = await self.groups_of(by)
        if not own:
            return ReminderRefusal.NO_GROUP
        if asked.whom is Whom.GROUP:
            chosen = [group for group in own if str(group.id) == asked.named]
        elif asked.whom is Whom.GROUPS:
            chosen = called_groups(asked.named, own)
        elif asked.whom is Whom.ALL_GROUPS:
            chosen = own
        elif here is not None:
            chosen = [group for group in own if group.id == here.id]
        else:
            chosen = own if len(own) == 1 else []
        if chosen:
            return Audience(groups=tuple(group.id for group in chosen))
        is_named = here is not None or asked.whom in {Whom.GROUP, Whom.GROUPS}
        return ReminderRefusal.NO_SUCH_GROUP if is_named else ReminderRefusal.WHICH_GROUP

    async def _person(self, name: str, by: Member) -> Audience | ReminderRefusal:
        people = await self._people.many(await self._reach.reachable_by(by.id))
        called = [each.id for each in people.values() if each.id != by.id and is_called(name, each.name)]
        if len(called) > 1:
            return ReminderRefusal.MANY_CALLED
        return Audience(member_id=called[0]) if called else ReminderRefusal.NOBODY

    async def _of_line(self, line: str, by: Member) -> Audience | ReminderRefusal | Fault:
        expression = await self._audiences.read(line, me=by.id)
        if isinstance(expression, Fault):
            return expression
        found = await self._store.members_of([by.id], await self._audiences.belonging(expression))
        if not found:
            return ReminderRefusal.NOBODY
        return Audience(line=line) if len(found) <= MOST_PEOPLE else ReminderRefusal.TOO_MANY

    async def _wrong(self, plan: Plan, by: Member) -> ReminderRefusal | tuple[Objection, ...] | None:
        refusal = check_plan(plan, await self._hours.policy(), self._now(), self._zone)
        if refusal or plan.audience.member_id == by.id:
            return refusal
        return against(plan.words, in_group=bool(plan.audience.groups)) or None

    async def _turn_on(self, found: Reminder) -> ReminderRefusal | None:
        assert found.drafted is not None
        assert found.draft is not None
        next_at = next_look(found.drafted, self._now(), self._zone)
        if next_at is None:
            return ReminderRefusal.PAST
        await self._outbox.cancel(ledger_of(found.id))
        await self._store.turn_on(found, found.draft, next_at, self._now())
        return None

    async def _ask_review(self, found: Reminder, by: Member) -> None:
        await self._store.ask_review(found, self._now())
        for each in (await self._people.many(await self._store.approvers(APPROVERS))).values():
            if each.id not in {found.owner_id, found.drafted_by}:
                words = self._wording.to_review(found, by.name, each.language)
                await self._outbox.tell(f"{ledger_of(found.id)}:review", f"asked:{found.draft}", each.id, words)

    async def _stop(self, found: Reminder, state: State) -> None:
        await self._store.set_state(found, state, None, self._now())
        await self._outbox.cancel(ledger_of(found.id))

    async def _lock(self, reminder_id: int, by: Member) -> Reminder | ReminderRefusal:
        return may_change(await self._store.lock(reminder_id), await self._owners.acting_for(by.id))

    async def _preview(self, reminder_id: int, by: Member) -> Preview:
        found = await self._store.lock(reminder_id)
        assert found is not None
        assert found.drafted is not None
        line = await self._show(replace(found, plan=None))
        return Preview(line, await self._heads(found.drafted.audience, by))

    async def _heads(self, audience: Audience, by: Member) -> int:
        if audience.groups:
            return await self._store.heads(audience.groups)
        if audience.line is None:
            return 1
        expression = await self._audiences.read(audience.line, me=by.id)
        if isinstance(expression, Fault):
            return 0
        return len(await self._store.members_of([by.id], await self._audiences.belonging(expression)))

    async def _line(self, reminder_id: int) -> Line:
        found = await self._store.lock(reminder_id)
        assert found is not None
        return await self._show(found)

    async def _show(self, found: Reminder) -> Line:
        return replace(await self._book.line(found), person=await self._name(found.shown.audience))

    async def _name(self, audience: Audience) -> str | None:
        if audience.member_id is None:
            return None
        people = await self._people.many([audience.member_id])
        return people[audience.member_id].name if people else None


def _useful(asked: Request) -> timedelta:
    """What is due before a thing is of use until the thing itself; everything else for half a day."""
    return MOST_USEFUL if isinstance(asked.timing, Before) else USEFUL
