"""Prepared groups: each with a running number of its merchant and a link that opens one group."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.groups.model import Group, GroupPlan
from storage.columns import big, moment
from storage.groups import GroupRow, SqlGroupStore, value
from storage.places import PlaceRow


class GroupPlanRow(SQLModel, table=True):
    """A prepared group; its token opens one group."""

    __tablename__ = "group_plans"

    id: int | None = big(default=None, primary_key=True)
    token: str = Field(unique=True)
    manager_id: int = big(foreign_key="members.id")
    place_id: int = big(foreign_key="places.id")
    number: int
    title: str
    made_at: datetime = moment()
    group_id: int | None = big(default=None, foreign_key="groups.id")
    opened_at: datetime | None = moment(default=None)


class SqlGroupPlanStore(SqlGroupStore):
    """Prepared groups beside the open ones, inside one unit of work."""

    async def next_number(self, place_id: int) -> int:
        """The running number after all groups and plans of a merchant, locked against a second one."""
        await self._session.execute(select(PlaceRow).where(col(PlaceRow.id) == place_id).with_for_update())
        highest = [
            await self._session.scalar(select(func.max(col(row.number))).where(col(row.place_id) == place_id))
            for row in (GroupRow, GroupPlanRow)
        ]
        return max(number or 0 for number in highest) + 1

    async def add_plan(self, plan: GroupPlan) -> GroupPlan:
        """Keep a prepared group; returns it with its id."""
        row = {
            "token": plan.token,
            "manager_id": plan.manager_id,
            "place_id": plan.place_id,
            "number": plan.number,
            "title": plan.title,
            "made_at": plan.made_at,
        }
        made = await self._session.scalars(insert(GroupPlanRow).values(row).returning(GroupPlanRow))
        return _plan(made.one(), plan.merchant)

    async def plan(self, key: str | int) -> GroupPlan | None:
        """A prepared group by its link's token or its id, locked."""
        wanted = col(GroupPlanRow.token) == key if isinstance(key, str) else col(GroupPlanRow.id) == key
        found = await self._session.execute(
            select(GroupPlanRow, col(PlaceRow.name))
            .join(PlaceRow, col(PlaceRow.id) == col(GroupPlanRow.place_id))
            .where(wanted)
            .with_for_update(of=GroupPlanRow)
        )
        row = found.one_or_none()
        return _plan(row[0], row[1]) if row else None

    async def plans_of(self, manager_id: int) -> list[GroupPlan]:
        """A manager's prepared groups, newest first."""
        found = await self._session.execute(
            select(GroupPlanRow, col(PlaceRow.name))
            .join(PlaceRow, col(PlaceRow.id) == col(GroupPlanRow.place_id))
            .where(col(GroupPlanRow.manager_id) == manager_id)
            .order_by(col(GroupPlanRow.id).desc())
        )
        return [_plan(row, merchant) for row, merchant in found]

    async def open_plan(self, plan: GroupPlan, chat_id: int, now: datetime) -> Group:
        """Make the chat the planned group."""
        row = {
            "chat_id": chat_id,
            "title": plan.title,
            "merchant": plan.merchant,
            "manager_id": plan.manager_id,
            "registered_at": now,
            "place_id": plan.place_id,
            "number": plan.number,
        }
        group = value((await self._session.scalars(insert(GroupRow).values(row).returning(GroupRow))).one())
        await self._session.execute(
            update(GroupPlanRow).where(col(GroupPlanRow.id) == plan.id).values(group_id=group.id, opened_at=now)
        )
        return group


def _plan(row: GroupPlanRow, merchant: str) -> GroupPlan:
    assert row.id is not None
    return GroupPlan(
        row.id,
        row.token,
        row.manager_id,
        row.place_id,
        merchant,
        row.number,
        row.title,
        row.made_at,
        row.group_id,
    )
