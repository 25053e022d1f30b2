"""Reminders in the database: versions that never change, occurrences that come once, and what people muted."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.deliveries.model import State as DeliveryState
from campaigns.groups.model import Group
from campaigns.members.model import PrivateChat
from campaigns.reminders.model import Audience, Happening, Occurrence, Outcome, Past, Plan, Reminder, State
from campaigns.reminders.reading import kept, read_timing
from campaigns.reminders.schedule import Thing
from campaigns.reminders.topics import ledger_of
from campaigns.staff.model import Role
from storage.database import UnitOfWork
from storage.deliveries import DeliveryRow
from storage.groups import GroupRow
from storage.groups import value as group_value
from storage.reminder_rows import (
    ReminderMuteRow,
    ReminderOccurrenceRow,
    ReminderReviewRow,
    ReminderRow,
    ReminderVersionRow,
)
from storage.rows import insert_rows, one_of
from storage.setbacks import is_resting
from storage.staff import StaffRoleRow

UTC_ZONE = ZoneInfo("UTC")
EVER = datetime(2000, 1, 1, tzinfo=UTC)  # Kept times name their moment, so that none is reckoned from here.
CHAINS = """SELECT concat('chain:', c.id), c.group_id, c.product, c.deadline, c.opened_at, c.places - c.taken
    FROM chains c WHERE c.group_id = ANY(:groups) AND c.state = 'open' AND c.deadline > :now
    ORDER BY c.deadline, c.id"""
SEATS = """SELECT concat('seat:', c.id), c.group_id, c.product, c.deadline, c.opened_at, 1 FROM chains c
    WHERE c.group_id = ANY(:groups) AND c.state = 'open' AND c.deadline > :now AND c.places - c.taken = 1
        AND NOT EXISTS (SELECT FROM groupbuy_chains b WHERE b.chain_id = c.id) ORDER BY c.deadline, c.id"""
TODOS = """SELECT concat('todo:', t.id), t.group_id, t.title, t.deadline, t.opened_at, NULL FROM todos t
    WHERE t.group_id = ANY(:groups) AND t.closed_at IS NULL AND t.deadline > :now ORDER BY t.deadline, t.id"""
EVENTS = """SELECT concat('event:', e.id), e.group_id, e.title, e.starts_at, e.made_at, NULL FROM publicity_events e
    WHERE e.group_id = ANY(:groups) AND e.state = 'planned' AND e.starts_at > :now
    UNION ALL SELECT concat('rally:', r.id, ':', g.group_id), g.group_id, r.title_zh, r.starts_at, r.moved_at, NULL
    FROM rallies r JOIN rally_groups g ON g.rally_id = r.id AND g.version IS NOT NULL
    WHERE g.group_id = ANY(:groups) AND r.state = 'announced' AND r.starts_at > :now ORDER BY 4, 1"""
HAPPENINGS = {Thing.CHAIN: CHAINS, Thing.SEAT: SEATS, Thing.TODO: TODOS, Thing.EVENT: EVENTS}
HEADS = "SELECT count(DISTINCT member_id) FROM group_members WHERE group_id = ANY(:groups) AND left_at IS NULL"
MEMBERS = """SELECT m.id FROM members m JOIN customer_owners o ON o.customer_id = m.customer_id
    WHERE o.owner_id = ANY(:owners) AND m.customer_id = ANY(:customers) AND m.private_chat = :open ORDER BY m.id"""
DUE = f"""SELECT id FROM reminders WHERE next_at <= :now AND NOT {is_resting("reminders", "id")}
    ORDER BY next_at, id LIMIT :limit FOR UPDATE SKIP LOCKED"""  # noqa: S608 - our own text.
RESCHEDULE = """UPDATE reminders SET next_at = moment, state = CASE WHEN moment IS NULL THEN 'ended' ELSE state END
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:moments AS timestamptz[])) planned (number, moment)
    WHERE id = number"""


class SqlReminderStore:
    """Implements `campaigns.reminders.ports.ReminderStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def add(self, owner: int, plan: Plan, by: int, now: datetime) -> int:
        """Keep a new draft; an older draft of the same owner that was never confirmed is ended."""
        waiting = select(col(ReminderReviewRow.reminder_id)).where(col(ReminderReviewRow.decided_by).is_(None))
        await self._session.execute(
            update(ReminderRow)
            .where(
                col(ReminderRow.owner_id) == owner,
                col(ReminderRow.state) == State.DRAFT,
                col(ReminderRow.id).not_in(waiting),
            )
            .values(state=State.ENDED)
        )
        row = {"owner_id": owner, "state": State.DRAFT, "draft": 1, "made_at": now}
        number: int | None = await self._session.scalar(insert(ReminderRow).values(row).returning(col(ReminderRow.id)))
        assert number is not None
        await self._session.execute(insert(ReminderVersionRow).values(_version(number, 1, plan, by, now)))
        return number

    async def redraft(self, reminder: Reminder, plan: Plan, by: int, now: datetime) -> None:
        """Keep another version as the reminder's draft."""
        newest = select(func.max(ReminderVersionRow.version)).where(col(ReminderVersionRow.reminder_id) == reminder.id)
        version = int(await self._session.scalar(newest) or 0) + 1
        await self._session.execute(insert(ReminderVersionRow).values(_version(reminder.id, version, plan, by, now)))
        await self._set(reminder.id, draft=version)

    async def lock(self, reminder_id: int) -> Reminder | None:
        """One reminder, locked until the transaction ends."""
        query = select(ReminderRow).where(col(ReminderRow.id) == reminder_id).with_for_update()
        row = await self._session.scalar(query.execution_options(populate_existing=True))
        return (await self._values([row]))[0] if row else None

    async def turn_on(self, reminder: Reminder, version: int, next_at: datetime | None, now: datetime) -> None:
        """Put a version in force from now on."""
        await self._set(reminder.id, state=State.ON, version=version, draft=None, since=now, next_at=next_at)

    async def set_state(self, reminder: Reminder, state: State, next_at: datetime | None, now: datetime) -> None:
        """Pause, resume or end it; one that ends or pauses has no next time, one resumed begins anew."""
        begun = {"since": now} if state is State.ON else {}
        await self._set(reminder.id, state=state, next_at=next_at, **begun)

    async def ask_review(self, reminder: Reminder, now: datetime) -> None:
        """Let the draft wait for a second person."""
        row = {"reminder_id": reminder.id, "version": reminder.draft, "asked_at": now}
        await self._session.execute(insert(ReminderReviewRow).values(row))

    async def review(self, reminder: Reminder, by: int, now: datetime, *, approved: bool) -> None:
        """Keep the second person's word on the draft; refused, the draft is gone, and so is a reminder without more."""
        await self._session.execute(
            update(ReminderReviewRow)
            .where(col(ReminderReviewRow.reminder_id) == reminder.id, col(ReminderReviewRow.version) == reminder.draft)
            .values(decided_by=by, decided_at=now, approved=approved)
        )
        if not approved:
            state = State.ENDED if reminder.state is State.DRAFT else reminder.state
            await self._set(reminder.id, state=state, draft=None if reminder.version else reminder.draft)

    async def of_owners(self, owners: Sequence[int]) -> list[Reminder]:
        """What is on, paused or waits for a second person, by id; of everybody where no owner is given."""
        query = select(ReminderRow).where(col(ReminderRow.state) != State.ENDED)
        if owners:
            query = query.where(col(ReminderRow.owner_id).in_(owners))
        rows = list(await self._session.scalars(query.order_by(col(ReminderRow.id))))
        found = await self._values(rows)
        return [each for each in found if each.state is not State.DRAFT or each.in_review]

    async def due(self, now: datetime, limit: int) -> list[int]:
        """Reminders whose time to be looked at has come, locked, without those that rest or that somebody looks at."""
        return list(await self._session.scalars(text(DUE), {"now": now, "limit": limit}))

    async def many(self, numbers: Sequence[int]) -> list[Reminder]:
        """Reminders by their numbers, the longest due first."""
        query = select(ReminderRow).where(one_of(ReminderRow.id, numbers))
        ordered = query.order_by(col(ReminderRow.next_at), col(ReminderRow.id))
        return await self._values(list(await self._session.scalars(ordered)))

    async def owner_of(self, number: int) -> tuple[int, int]:
        """Whose a reminder is, and its version in force; whatever else can be read of it."""
        query = select(col(ReminderRow.owner_id), col(ReminderRow.version)).where(col(ReminderRow.id) == number)
        owner, version = (await self._session.execute(query)).one()
        return owner, version or 0

    async def record(
        self, found: Sequence[tuple[Reminder, Occurrence, int]], now: datetime
    ) -> frozenset[tuple[int, str]]:
        """Keep what became of occurrences; returns those that were not kept before."""
        if not found:
            return frozenset()
        rows = [
            {
                "reminder_id": reminder.id,
                "key": each.key,
                "version": reminder.version,
                "due_at": each.due_at,
                "decided_at": now,
                "outcome": each.outcome,
                "recipients": recipients,
            }
            for reminder, each, recipients in found
        ]
        row = ReminderOccurrenceRow
        statement = insert_rows(row, rows).on_conflict_do_nothing().returning(col(row.reminder_id), col(row.key))
        return frozenset((number, key) for number, key in await self._session.execute(statement))

    async def known(self, reminder_id: int, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys whose occurrence was decided before."""
        if not keys:
            return frozenset()
        query = select(col(ReminderOccurrenceRow.key)).where(
            col(ReminderOccurrenceRow.reminder_id) == reminder_id, col(ReminderOccurrenceRow.key).in_(keys)
        )
        return frozenset(await self._session.scalars(query))

    async def reschedule(self, times: Sequence[tuple[Reminder, datetime | None]]) -> None:
        """When to look again; a reminder without a time has ended."""
        if times:
            numbers, moments = [each.id for each, _ in times], [moment for _, moment in times]
            await self._session.execute(text(RESCHEDULE), {"numbers": numbers, "moments": moments})

    async def last(self, reminder_id: int) -> Past | None:
        """The latest occurrence and where its messages stand."""
        row = ReminderOccurrenceRow
        query = select(row).where(col(row.reminder_id) == reminder_id).order_by(col(row.due_at).desc(), col(row.key))
        found = await self._session.scalar(query.limit(1))
        if found is None:
            return None
        states = select(col(DeliveryRow.state), func.count()).where(
            col(DeliveryRow.campaign) == ledger_of(reminder_id), col(DeliveryRow.step).endswith(f":{found.key}")
        )
        counted = Counter(
            {DeliveryState(state): count for state, count in await self._session.execute(states.group_by("state"))}
        )
        return Past(found.due_at, Outcome(found.outcome), found.recipients, dict(counted))

    async def happenings(self, thing: Thing, groups: Collection[int], now: datetime) -> list[Happening]:
        """What is ahead in these groups."""
        rows = await self._session.execute(text(HAPPENINGS[thing]), {"groups": list(groups), "now": now})
        return [Happening(thing, *row) for row in rows]

    async def groups(self, ids: Collection[int]) -> dict[int, Group]:
        """Groups by id."""
        if not ids:
            return {}
        rows = await self._session.scalars(select(GroupRow).where(col(GroupRow.id).in_(ids)).order_by(col(GroupRow.id)))
        return {group.id: group for group in map(group_value, rows)}

    async def heads(self, groups: Collection[int]) -> int:
        """How many people are in groups, each counted once."""
        return int(await self._session.scalar(text(HEADS), {"groups": list(groups)}) or 0)

    async def members_of(self, owners: Sequence[int], customers: Collection[UUID]) -> list[int]:
        """Whom of these customers their owner can write to in private."""
        facts = {"owners": list(owners), "customers": list(customers), "open": PrivateChat.OPEN}
        return [int(found) for found in await self._session.scalars(text(MEMBERS), facts)]

    async def approvers(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        query = select(col(StaffRoleRow.member_id)).where(col(StaffRoleRow.role).in_(roles)).distinct()
        return list(await self._session.scalars(query.order_by(col(StaffRoleRow.member_id))))

    async def _set(self, reminder_id: int, **values: object) -> None:
        await self._session.execute(update(ReminderRow).where(col(ReminderRow.id) == reminder_id).values(**values))

    async def _values(self, rows: Sequence[ReminderRow]) -> list[Reminder]:
        """Rows with their versions in force and their drafts."""
        numbers = [row.id for row in rows]
        found = await self._session.scalars(
            select(ReminderVersionRow).where(col(ReminderVersionRow.reminder_id).in_(numbers))
        )
        versions = {(each.reminder_id, each.version): each for each in found}
        review = ReminderReviewRow
        asked = await self._session.execute(
            select(col(review.reminder_id), col(review.version)).where(
                col(review.reminder_id).in_(numbers), col(review.decided_by).is_(None)
            )
        )
        waiting = {tuple(row) for row in asked}
        return [_reminder(row, versions, is_waiting=(row.id, row.draft) in waiting) for row in rows]


class SqlMuteStore:
    """Implements `campaigns.reminders.ports.MuteStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def muted_by(self, member_id: int) -> frozenset[str]:
        """What a person muted."""
        query = select(col(ReminderMuteRow.kind)).where(
            col(ReminderMuteRow.member_id) == member_id, col(ReminderMuteRow.ended_at).is_(None)
        )
        return frozenset(await self._session.scalars(query))

    async def mute(self, member_id: int, what: str, now: datetime) -> None:
        """Mute a topic, or everything; what is muted stays so."""
        row = {"member_id": member_id, "kind": what, "muted_at": now}
        await self._session.execute(insert_rows(ReminderMuteRow, [row]).on_conflict_do_nothing())

    async def unmute(self, member_id: int, what: str, now: datetime) -> None:
        """End a mute."""
        mute = ReminderMuteRow
        standing = col(mute.member_id) == member_id, col(mute.kind) == what, col(mute.ended_at).is_(None)
        await self._session.execute(update(mute).where(*standing).values(ended_at=now))


def _version(number: int, version: int, plan: Plan, by: int, now: datetime) -> dict[str, object]:
    return {
        "reminder_id": number,
        "version": version,
        "timing": kept(plan.timing),
        "groups": list(plan.audience.groups),
        "line": plan.audience.line,
        "member_id": plan.audience.member_id,
        "words": plan.words,
        "is_marketing": plan.is_marketing,
        "useful_minutes": plan.useful // timedelta(minutes=1),
        "made_by": by,
        "made_at": now,
    }


def _plan(row: ReminderVersionRow) -> Plan:
    timing = read_timing(row.timing, EVER, UTC_ZONE)
    assert timing is not None, f"reminder {row.reminder_id} has the timing {row.timing!r}"
    audience = Audience(tuple(row.groups), row.line, row.member_id)
    return Plan(timing, audience, row.words, timedelta(minutes=row.useful_minutes), row.is_marketing)


def _reminder(row: ReminderRow, versions: dict[tuple[int, int], ReminderVersionRow], *, is_waiting: bool) -> Reminder:
    assert row.id is not None
    standing, drafted = versions.get((row.id, row.version or 0)), versions.get((row.id, row.draft or 0))
    return Reminder(
        row.id,
        row.owner_id,
        State(row.state),
        row.version,
        _plan(standing) if standing else None,
        row.draft,
        _plan(drafted) if drafted else None,
        row.since,
        row.next_at,
        is_waiting,
        drafted.made_by if drafted else None,
    )
