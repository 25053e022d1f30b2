"""Use cases of partners' staff: invite for one partner, accept, and say where somebody may hand out."""

from hashlib import sha256
from typing import Protocol

from campaigns.members.model import Member
from campaigns.partners.model import Partner
from campaigns.redemptions.model import Clerk
from campaigns.staff.model import InvitationRefusal, Role
from campaigns.staff.service import StaffService

EVERYWHERE = frozenset({Role.BRANCH, Role.WEALTH_MANAGER, Role.TEAM_LEAD})


class PartnerStore(Protocol):
    """What partners' use cases need."""

    async def all(self) -> list[Partner]:
        """Every partner."""
        ...

    async def named(self, name: str) -> Partner | None:
        """The partner with exactly this name."""
        ...

    async def remember(self, invitation: bytes, partner: Partner) -> None:
        """Keep which partner an invitation is for."""
        ...

    async def invited_by(self, invitation: bytes) -> Partner | None:
        """The partner that an invitation is for."""
        ...

    async def link(self, member_id: int, partner: Partner) -> None:
        """Let a member stand at a partner."""
        ...

    async def of(self, member_id: int) -> frozenset[int]:
        """The partners that a member stands at."""
        ...


class PartnerService:
    """Partners and their staff inside one unit of work."""

    def __init__(self, store: PartnerStore, staff: StaffService) -> None:
        self._store = store
        self._staff = staff

    async def all(self) -> list[Partner]:
        """Every partner."""
        return await self._store.all()

    async def invite(self, name: str, by: int) -> str | None:
        """A one-time token for somebody who works at the partner of this name; None when there is no such partner."""
        partner = await self._store.named(name)
        if partner is None:
            return None
        token = await self._staff.invite(Role.PARTNER, by)
        await self._store.remember(_hash(token), partner)
        return token

    async def accept(self, token: str, member: Member) -> Partner | InvitationRefusal:
        """Redeem the invitation: the role of a partner's staff, at this partner alone."""
        partner = await self._store.invited_by(_hash(token))
        if partner is None:
            return InvitationRefusal.UNKNOWN
        outcome = await self._staff.accept(token, member)
        if isinstance(outcome, InvitationRefusal):
            return outcome
        await self._store.link(member.id, partner)
        return partner

    async def clerk(self, member: Member) -> Clerk:
        """Where a member hands out: the bank's staff everywhere, a partner's where they were invited."""
        if not EVERYWHERE.isdisjoint(member.roles):
            return Clerk(member.id, None, is_lead=Role.TEAM_LEAD in member.roles)
        return Clerk(member.id, await self._store.of(member.id))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
