"""What a person does with the ledger: look at what is in doubt, settle it, hold and release, count."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, select, union_all, update
from sqlmodel import col

from campaigns.deliveries.model import Delivery, State
from campaigns.doubts.service import CAMPAIGN
from campaigns.members.model import Language
from campaigns.staff.model import Role
from storage.channels import ChannelMessageRow
from storage.database import UnitOfWork
from storage.deliveries import WAITING, DeliveryRow, value
from storage.members import MemberRow
from storage.staff import StaffRoleRow


class SqlLedgerDesk:
    """The ledger's desk inside one unit of work (`campaigns.deliveries.service.Desk`)."""

    def __init__(self, uow: UnitOfWork, *, wake: Callable[[], None] | None = None) -> None:
        self._uow = uow
        self._session = uow.session
        self._wake = wake

    async def unknown(self) -> list[Delivery]:
        """What a person must look at: it may or may not have arrived."""
        statement = select(DeliveryRow).where(col(DeliveryRow.state) == State.UNKNOWN).order_by(col(DeliveryRow.id))
        return [value(row) for row in await self._session.scalars(statement)]

    async def count_unknown(self) -> int:
        """How many of them there are."""
        counted = select(func.count()).where(col(DeliveryRow.state) == State.UNKNOWN)
        return await self._session.scalar(counted) or 0

    async def doubts(self) -> tuple[int, datetime | None]:
        """How many messages are in doubt, of the chat or another channel, and since when the newest is.

        What told of them is left out.
        """
        row, outside = DeliveryRow, ChannelMessageRow
        theirs = (col(row.state) == State.UNKNOWN, col(row.campaign) != CAMPAIGN)
        in_doubt = union_all(
            select(col(row.ended_at).label("at")).where(*theirs),
            select(col(outside.ended_at).label("at")).where(col(outside.state) == State.UNKNOWN),
        ).subquery()
        count, newest = (await self._session.execute(select(func.count(), func.max(in_doubt.c.at)))).one()
        return count, newest

    async def last_told(self) -> datetime | None:
        """When it was last told that something is in doubt."""
        told = select(func.max(DeliveryRow.planned_at)).where(col(DeliveryRow.campaign) == CAMPAIGN)
        return await self._session.scalar(told)

    async def with_roles(self, roles: Sequence[Role]) -> list[tuple[int, Language]]:
        """Who has one of these roles, with the language of each."""
        member, held = MemberRow, StaffRoleRow
        found = (
            select(col(member.id), col(member.language))
            .join(held, col(held.member_id) == col(member.id))
            .where(col(held.role).in_(roles))
            .distinct()
        )
        return [(who, Language(language)) for who, language in await self._session.execute(found)]

    async def resolve(self, delivery_id: int, *, arrived: bool, by: str, now: datetime) -> bool:
        """Settle an unknown delivery by a person's word; False when there is no such one."""
        state = State.SENT if arrived else State.FAILED
        statement = (
            update(DeliveryRow)
            .where(col(DeliveryRow.id) == delivery_id, col(DeliveryRow.state) == State.UNKNOWN)
            .values(state=state, detail=f"resolved by {by}", ended_at=now)
            .returning(col(DeliveryRow.id))
        )
        return bool((await self._session.execute(statement)).all())

    async def states(self, campaign: str) -> list[State]:
        """The state of every delivery of a campaign, for the closing equation."""
        found = await self._session.scalars(select(col(DeliveryRow.state)).where(col(DeliveryRow.campaign) == campaign))
        return [State(state) for state in found]

    async def hold_all(self) -> int:
        """After a restore: nothing that waits leaves before a person releases it, since some may be out already."""
        held = (
            update(DeliveryRow)
            .where(col(DeliveryRow.state).in_(WAITING))
            .values(awaits_release=True)
            .returning(col(DeliveryRow.id))
        )
        return len((await self._session.execute(held)).all())

    async def release_all(self) -> int:
        """Let the held deliveries go; returns how many."""
        statement = update(DeliveryRow).where(col(DeliveryRow.awaits_release).is_(True)).values(awaits_release=False)
        released = await self._session.execute(statement.returning(col(DeliveryRow.id)))
        if self._wake is not None:
            self._uow.after_commit(self._wake)
        return len(released.all())
