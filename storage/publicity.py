"""Events, publicists, codes, tasks and where people came from; a person has one source per group, the first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.groups.model import Group
from campaigns.points.model import GRANTS
from campaigns.publicity.model import (
    WAITING,
    Event,
    EventPlan,
    EventState,
    JoinCode,
    Material,
    Publicist,
    PublicistKind,
    TaskPlan,
    TaskState,
    Traced,
)
from campaigns.publicity.ports import OwnTask, Place
from storage.database import UnitOfWork
from storage.groups import GroupRow, SqlGroupStore
from storage.publicity_rows import (
    EventRow,
    JoinCodeRow,
    PublicistRow,
    PublicityTaskRow,
    SourceRow,
    code_value,
    event_value,
    events_found,
    task_value,
    tasks_found,
)
from storage.staff import StaffRoleRow

# A group and the ones of its merchant that followed it when it was full: {later} is of {first}'s line.
LINE = "({later}.id = {first}.id OR {later}.place_id = {first}.place_id AND {later}.number > {first}.number AND {full})"
# Where people came from: the code that they opened first, or else the name of the invite link that they joined by.
CAME_BY = f"""SELECT s.code_id, s.member_id, s.group_id, s.found_at FROM publicity_sources s
    UNION ALL
    SELECT c.id, m.member_id, m.group_id, m.joined_at
    FROM group_members m JOIN publicity_codes c ON c.text = m.source
    JOIN publicity_events e ON e.id = c.event_id
    JOIN groups g ON g.id = m.group_id JOIN groups h ON h.id = e.group_id
    WHERE {LINE.format(later="g", first="h", full="TRUE")} AND NOT EXISTS (SELECT 1 FROM publicity_sources s
        WHERE s.group_id = m.group_id AND s.member_id = m.member_id)"""  # noqa: S608 - no value is put in.
OPENERS = text(f"SELECT member_id FROM ({CAME_BY}) came WHERE code_id = :code")  # noqa: S608 - no value is put in.
PLACE = text(
    f"""SELECT m.joined_at, m.left_at IS NULL FROM group_members m
    JOIN groups g ON g.id = m.group_id JOIN groups h ON h.id = :group
    WHERE m.member_id = :member AND {LINE.format(later="g", first="h", full="h.filled_at IS NOT NULL")}
    ORDER BY m.left_at IS NULL DESC, m.joined_at LIMIT 1"""  # noqa: S608 - no value is put in.
)
SENT_ON = text(
    f"""UPDATE publicity_sources SET group_id = :group WHERE member_id = :member AND group_id = (
        SELECT s.group_id FROM publicity_sources s JOIN groups h ON h.id = s.group_id JOIN groups g ON g.id = :group
        WHERE s.member_id = :member AND {LINE.format(later="g", first="h", full="h.filled_at IS NOT NULL")}
        ORDER BY s.found_at LIMIT 1)"""  # noqa: S608 - no value is put in.
)
TRACED = text(
    f"""WITH came AS (
        SELECT DISTINCT ON (w.member_id) w.* FROM ({CAME_BY}) w JOIN publicity_codes c ON c.id = w.code_id
        WHERE c.event_id = :event ORDER BY w.member_id, w.found_at)
    SELECT c.id, p.id, m.member_id IS NOT NULL, coalesce(m.left_at IS NOT NULL, false),
        coalesce(m.welcomed_at IS NOT NULL, false), p.customer_id IS NOT NULL,
        EXISTS (SELECT 1 FROM chain_entries n JOIN chains h ON h.id = n.chain_id
            WHERE n.member_id = p.id AND h.group_id = w.group_id AND n.joined_at >= w.found_at),
        EXISTS (SELECT 1 FROM draw_tickets t JOIN draws d ON d.id = t.draw_id
            WHERE t.member_id = p.id AND d.group_id = w.group_id AND t.drawn_at >= w.found_at),
        EXISTS (SELECT 1 FROM points_accounts a JOIN points_movements v ON v.target_id = a.id
            JOIN points_campaigns k ON k.id = a.campaign_id
            WHERE a.kind = 'member' AND a.owner = p.id AND v.reason = ANY(:grants) AND v.made_at >= w.found_at
                AND (k.group_id IS NULL OR k.group_id = w.group_id)),
        EXISTS (SELECT 1 FROM redemptions r
            WHERE r.member_id = p.id AND r.state = 'handed_over' AND r.made_at >= w.found_at),
        EXISTS (SELECT 1 FROM staff_roles f WHERE f.member_id = p.id), p.id = c.publicist_id
    FROM came w JOIN publicity_codes c ON c.id = w.code_id JOIN members p ON p.id = w.member_id
    LEFT JOIN group_members m ON m.group_id = w.group_id AND m.member_id = w.member_id
    ORDER BY c.id, p.id"""  # noqa: S608 - no value is put in.
)


class SqlPublicityStore:
    """Implements `campaigns.publicity.ports.PublicityStore` and `campaigns.publicity.report.TraceStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self._groups = SqlGroupStore(uow)

    async def add_event(self, group: Group, manager_id: int, plan: EventPlan, now: datetime) -> Event:
        """Keep an event."""
        row = {**vars(plan), "group_id": group.id, "manager_id": manager_id, "state": EventState.PLANNED}
        made = await self._session.scalar(insert(EventRow).values(row | {"made_at": now}).returning(col(EventRow.id)))
        return Event(made or 0, group.id, group.chat_id, group.merchant, manager_id, plan)

    async def event(self, event_id: int) -> Event | None:
        """One event."""
        found = (await self._session.execute(events_found().where(col(EventRow.id) == event_id))).one_or_none()
        return event_value(*found) if found else None

    async def events_of(self, manager_id: int) -> list[Event]:
        """A manager's events, the newest first."""
        found = events_found().where(col(EventRow.manager_id) == manager_id).order_by(col(EventRow.id).desc())
        return [event_value(*row) for row in await self._session.execute(found)]

    async def events_with(self, member_id: int) -> list[Event]:
        """The events that somebody is a publicist of, the first to come first."""
        found = (
            events_found()
            .join(PublicistRow, col(PublicistRow.event_id) == col(EventRow.id))
            .where(col(PublicistRow.member_id) == member_id)
            .order_by(col(EventRow.starts_at), col(EventRow.id))
        )
        return [event_value(*row) for row in await self._session.execute(found)]

    async def cancel(self, event_id: int, now: datetime) -> None:
        """Cancel an event and its tasks."""
        await self._session.execute(
            update(EventRow).where(col(EventRow.id) == event_id).values(state=EventState.CANCELLED, cancelled_at=now)
        )
        await self._session.execute(
            update(PublicityTaskRow)
            .where(col(PublicityTaskRow.event_id) == event_id, col(PublicityTaskRow.state) != TaskState.CHECKED)
            .values(state=TaskState.CANCELLED)
        )

    async def staff(self) -> list[int]:
        """Everybody with a role."""
        return list(await self._session.scalars(select(col(StaffRoleRow.member_id)).distinct().order_by("member_id")))

    async def add_publicist(self, publicist: Publicist, now: datetime) -> bool:
        """Keep a publicist; False when they were one."""
        row = vars(publicist) | {"added_at": now}
        statement = insert(PublicistRow).values(row).on_conflict_do_nothing().returning(col(PublicistRow.member_id))
        return (await self._session.scalar(statement)) is not None

    async def publicists(self, event_id: int) -> list[Publicist]:
        """The publicists of an event, in the order they were added."""
        found = (
            select(PublicistRow)
            .where(col(PublicistRow.event_id) == event_id)
            .order_by(col(PublicistRow.added_at), col(PublicistRow.member_id))
        )
        rows = await self._session.scalars(found)
        return [Publicist(row.event_id, row.member_id, PublicistKind(row.kind)) for row in rows]

    async def add_code(
        self, event_id: int, publicist_id: int, material: Material, text: str, now: datetime
    ) -> JoinCode:
        """Keep a code; the unique constraint refuses one that exists."""
        row = {
            "event_id": event_id,
            "publicist_id": publicist_id,
            "material": material,
            "text": text,
            "made_at": now,
        }
        made = await self._session.scalars(insert(JoinCodeRow).values(row).returning(JoinCodeRow))
        return code_value(made.one())

    async def set_link(self, code_id: int, group_id: int, link: str) -> None:
        """Keep a code's invite link into a group."""
        made = update(JoinCodeRow).where(col(JoinCodeRow.id) == code_id)
        await self._session.execute(made.values(link=link, link_group_id=group_id))

    async def codes(self, event_id: int) -> list[JoinCode]:
        """All codes of an event, in the order they were made."""
        found = select(JoinCodeRow).where(col(JoinCodeRow.event_id) == event_id).order_by(col(JoinCodeRow.id))
        return [code_value(row) for row in await self._session.scalars(found)]

    async def code(self, code_id: int) -> JoinCode | None:
        """One code."""
        row = await self._session.get(JoinCodeRow, code_id)
        return code_value(row) if row else None

    async def code_by_text(self, text: str) -> JoinCode | None:
        """The code with this text."""
        row = await self._session.scalar(select(JoinCodeRow).where(col(JoinCodeRow.text) == text))
        return code_value(row) if row else None

    async def openers(self, code_id: int) -> list[int]:
        """Whom a code brought, by its deep link or its invite link."""
        return list(await self._session.scalars(OPENERS, {"code": code_id}))

    async def open_group(self, group_id: int) -> Group:
        """The group itself, or when it is full the newest one of the same merchant that is not."""
        group = await self._groups.by_id(group_id)
        assert group is not None  # An event's row names its group.
        return await self._groups.with_room(group)

    async def place(self, group_id: int, member_id: int) -> Place | None:
        """Somebody's place in a group, or where it is full in the ones that followed it."""
        found = (await self._session.execute(PLACE, {"group": group_id, "member": member_id})).first()
        return Place(*found) if found else None

    async def add_source(self, group_id: int, member_id: int, code_id: int, now: datetime) -> None:
        """Where somebody came from; the first word on it stays, also when a full group sends them on to this one."""
        await self._session.execute(SENT_ON, {"group": group_id, "member": member_id})
        row = {"group_id": group_id, "member_id": member_id, "code_id": code_id, "found_at": now}
        await self._session.execute(insert(SourceRow).values(row).on_conflict_do_nothing())

    async def add_tasks(self, publicist: Publicist, plans: Sequence[TaskPlan]) -> None:
        """Keep a publicist's tasks."""
        rows = [
            {
                **vars(publicist),
                **vars(plan.template),
                "due_on": plan.due_on,
                "remind_at": plan.remind_at,
                "copy_zh": plan.copy.zh,
                "copy_en": plan.copy.en,
                "state": TaskState.OPEN,
            }
            for plan in plans
        ]
        for row in rows:
            row["publicist_id"] = row.pop("member_id")
        await self._session.execute(insert(PublicityTaskRow).values(rows))

    async def tasks_of(self, member_id: int) -> list[OwnTask]:
        """A publicist's tasks with their events, the first due first."""
        return await self._tasks(
            tasks_found()
            .where(col(PublicityTaskRow.publicist_id) == member_id)
            .order_by(col(PublicityTaskRow.due_on), col(PublicityTaskRow.id))
        )

    async def task(self, task_id: int) -> OwnTask | None:
        """One task, locked, with its event."""
        found = await self._tasks(
            tasks_found().where(col(PublicityTaskRow.id) == task_id).with_for_update(of=PublicityTaskRow)
        )
        return found[0] if found else None

    async def hand_in(self, task_id: int, proof: str, now: datetime) -> None:
        """Mark a task as done with its proof."""
        await self._change(task_id, state=TaskState.DONE, proof=proof, done_at=now)

    async def settle(self, task_id: int, state: TaskState, by: int, now: datetime) -> None:
        """Keep the manager's word on a task."""
        await self._change(task_id, state=state, settled_by=by, settled_at=now)

    async def due_reminders(self, now: datetime) -> list[OwnTask]:
        """Tasks not done whose reminder is due and was never sent, by publicist and event, locked."""
        row = PublicityTaskRow
        return await self._tasks(
            tasks_found()
            .where(
                col(row.state).in_(WAITING),
                col(row.remind_at) <= now,
                col(row.reminded_at).is_(None),
                col(EventRow.state) == EventState.PLANNED,
                col(EventRow.starts_at) > now,
            )
            .order_by(col(row.publicist_id), col(row.event_id), col(row.id))
            .with_for_update(of=row, skip_locked=True)
        )

    async def mark_reminded(self, task_ids: Sequence[int], now: datetime) -> None:
        """Remember that these were reminded of."""
        await self._session.execute(
            update(PublicityTaskRow).where(col(PublicityTaskRow.id).in_(task_ids)).values(reminded_at=now)
        )

    async def states(self, event_id: int) -> dict[int, list[TaskState]]:
        """The states of every publicist's tasks."""
        found = select(col(PublicityTaskRow.publicist_id), col(PublicityTaskRow.state)).where(
            col(PublicityTaskRow.event_id) == event_id
        )
        states: dict[int, list[TaskState]] = {}
        for member_id, state in await self._session.execute(found.order_by(col(PublicityTaskRow.id))):
            states.setdefault(member_id, []).append(TaskState(state))
        return states

    async def traced(self, event_id: int) -> list[Traced]:
        """Everybody who came by a code of the event, with what they did since."""
        rows = await self._session.execute(TRACED, {"event": event_id, "grants": sorted(GRANTS)})
        return [Traced(*row) for row in rows]

    async def _tasks(self, found: Select[PublicityTaskRow, EventRow, GroupRow]) -> list[OwnTask]:
        rows = await self._session.execute(found.execution_options(populate_existing=True))
        return [(task_value(task), event_value(event, group)) for task, event, group in rows]

    async def _change(self, task_id: int, **values: object) -> None:
        await self._session.execute(
            update(PublicityTaskRow).where(col(PublicityTaskRow.id) == task_id).values(**values)
        )
