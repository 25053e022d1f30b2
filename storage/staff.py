"""Staff roles, one-time invitations and the audit trail."""

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.staff.model import Absence, Invitation, Role
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork


class StaffRoleRow(SQLModel, table=True):
    """A role that a person has."""

    __tablename__ = "staff_roles"

    member_id: int = big(primary_key=True, foreign_key="members.id")
    role: str = Field(primary_key=True)
    granted_at: datetime = moment()


class InvitationRow(SQLModel, table=True):
    """A one-time link; the token itself is never stored."""

    __tablename__ = "invitations"

    token_hash: bytes = sealed(primary_key=True)
    role: str
    invited_by: int | None = big(default=None)
    expires_at: datetime = moment()
    used_by: int | None = big(default=None)


class AbsenceRow(SQLModel, table=True):
    """Days on which somebody is away, and their stand-in."""

    __tablename__ = "staff_absences"

    id: int | None = big(default=None, primary_key=True)
    member_id: int = big(foreign_key="members.id")
    starts_on: date
    ends_on: date
    stand_in_id: int = big(foreign_key="members.id")
    made_at: datetime = moment()


class AuditRow(SQLModel, table=True):
    """One thing that somebody did or was refused; rows are only ever appended."""

    __tablename__ = "audit_events"

    id: int | None = big(default=None, primary_key=True)
    at: datetime = moment()
    actor: int | None = big(default=None)
    action: str
    subject: str


class SqlStaffStore:
    """Staff inside one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def add_invitation(self, invitation: Invitation) -> None:
        """Keep an invitation."""
        row = {
            "token_hash": invitation.token_hash,
            "role": invitation.role,
            "invited_by": invitation.invited_by,
            "expires_at": invitation.expires_at,
        }
        await self._session.execute(insert(InvitationRow).values(row))

    async def invitation(self, token_hash: bytes) -> Invitation | None:
        """Find an invitation and lock it, so that two who open one link are decided in turn."""
        statement = select(InvitationRow).where(col(InvitationRow.token_hash) == token_hash).with_for_update()
        row = await self._session.scalar(statement)
        if row is None:
            return None
        return Invitation(row.token_hash, Role(row.role), row.invited_by, row.expires_at, row.used_by)

    async def use_invitation(self, token_hash: bytes, member_id: int) -> None:
        """Mark an invitation as used."""
        await self._session.execute(
            update(InvitationRow).where(col(InvitationRow.token_hash) == token_hash).values(used_by=member_id)
        )

    async def grant(self, member_id: int, role: Role, now: datetime) -> None:
        """Give a role; a role that the person has already stays."""
        row = {"member_id": member_id, "role": role, "granted_at": now}
        await self._session.execute(insert(StaffRoleRow).values(row).on_conflict_do_nothing())

    async def record(self, actor: int | None, action: str, subject: str, now: datetime) -> None:
        """Append to the audit trail."""
        row = {"at": now, "actor": actor, "action": action, "subject": subject}
        await self._session.execute(insert(AuditRow).values(row))

    async def absences_of(self, member_id: int) -> list[Absence]:
        """Somebody's absences; a lock lets a second request of the same person wait."""
        await self._session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"staff_absences.{member_id}"))))
        rows = await self._session.scalars(select(AbsenceRow).where(col(AbsenceRow.member_id) == member_id))
        return [_absence(row) for row in rows]

    async def add_absence(self, absence: Absence, now: datetime) -> None:
        """Keep an absence."""
        row = {
            "member_id": absence.member_id,
            "starts_on": absence.starts_on,
            "ends_on": absence.ends_on,
            "stand_in_id": absence.stand_in_id,
            "made_at": now,
        }
        await self._session.execute(insert(AbsenceRow).values(row))

    async def absent_on(self, day: date) -> list[Absence]:
        """Everybody's absences that hold a day."""
        held = select(AbsenceRow).where(col(AbsenceRow.starts_on) <= day, col(AbsenceRow.ends_on) >= day)
        return [_absence(row) for row in await self._session.scalars(held)]

    async def colleagues(self, member_id: int) -> list[int]:
        """The managers beside this person, by id."""
        roles = (Role.WEALTH_MANAGER, Role.TEAM_LEAD)
        statement = select(col(StaffRoleRow.member_id)).where(
            col(StaffRoleRow.role).in_(roles), col(StaffRoleRow.member_id) != member_id
        )
        return list(await self._session.scalars(statement.distinct().order_by(col(StaffRoleRow.member_id))))


def _absence(row: AbsenceRow) -> Absence:
    return Absence(row.member_id, row.starts_on, row.ends_on, row.stand_in_id)
