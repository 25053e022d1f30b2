"""Staff roles, one-time invitations and the audit trail."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.staff.model import Invitation, Role
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
