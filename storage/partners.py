"""Partners, and which of them a member stands at."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.partners.model import Partner, PartnerKind
from storage.columns import big, sealed
from storage.database import UnitOfWork
from storage.points_rows import PartnerRow


class PartnerStaffRow(SQLModel, table=True):
    """A member who hands out at a partner."""

    __tablename__ = "partner_staff"

    member_id: int = big(primary_key=True, foreign_key="members.id")
    partner_id: int = big(primary_key=True, foreign_key="partners.id")


class PartnerInvitationRow(SQLModel, table=True):
    """Which partner a staff invitation is for."""

    __tablename__ = "partner_invitations"

    token_hash: bytes = sealed(primary_key=True, foreign_key="invitations.token_hash")
    partner_id: int = big(foreign_key="partners.id")


class SqlPartnerStore:
    """Implements `campaigns.partners.service.PartnerStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def all(self) -> list[Partner]:
        """Every partner, in the order they were added."""
        return [_partner(row) for row in await self._session.scalars(select(PartnerRow).order_by(col(PartnerRow.id)))]

    async def named(self, name: str) -> Partner | None:
        """The partner with exactly this name."""
        row = await self._session.scalar(select(PartnerRow).where(col(PartnerRow.name) == name))
        return _partner(row) if row else None

    async def remember(self, invitation: bytes, partner: Partner) -> None:
        """Keep which partner an invitation is for."""
        row = {"token_hash": invitation, "partner_id": partner.id}
        await self._session.execute(insert(PartnerInvitationRow).values(row))

    async def invited_by(self, invitation: bytes) -> Partner | None:
        """The partner that an invitation is for."""
        row = await self._session.scalar(
            select(PartnerRow)
            .join(PartnerInvitationRow, col(PartnerInvitationRow.partner_id) == col(PartnerRow.id))
            .where(col(PartnerInvitationRow.token_hash) == invitation)
        )
        return _partner(row) if row else None

    async def link(self, member_id: int, partner: Partner) -> None:
        """Let a member stand at a partner."""
        row = {"member_id": member_id, "partner_id": partner.id}
        await self._session.execute(insert(PartnerStaffRow).values(row).on_conflict_do_nothing())

    async def of(self, member_id: int) -> frozenset[int]:
        """The partners that a member stands at."""
        own = select(col(PartnerStaffRow.partner_id)).where(col(PartnerStaffRow.member_id) == member_id)
        return frozenset(await self._session.scalars(own))


def _partner(row: PartnerRow) -> Partner:
    assert row.id is not None
    return Partner(row.id, row.name, PartnerKind(row.kind))
