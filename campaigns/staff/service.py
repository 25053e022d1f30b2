"""Use cases of staff: make an invitation, redeem it, record who asked for what."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from campaigns.staff.model import Action, Invitation, InvitationRefusal, Role
from campaigns.staff.rules import INVITATION_LIFE, may, redeem


class Person(Protocol):
    """Somebody with an id and roles, such as a member; staff know no more of anybody."""

    @property
    def id(self) -> int:
        """The platform's user id."""
        ...

    @property
    def roles(self) -> frozenset[Role]:
        """What the person is to the bank."""
        ...


class StaffStore(Protocol):
    """What staff's use cases need."""

    async def add_invitation(self, invitation: Invitation) -> None:
        """Keep an invitation."""
        ...

    async def invitation(self, token_hash: bytes) -> Invitation | None:
        """Find an invitation and lock it."""
        ...

    async def use_invitation(self, token_hash: bytes, member_id: int) -> None:
        """Mark an invitation as used."""
        ...

    async def grant(self, member_id: int, role: Role, now: datetime) -> None:
        """Give a role."""
        ...

    async def record(self, actor: int | None, action: str, subject: str, now: datetime) -> None:
        """Append to the audit trail."""
        ...


class StaffService:
    """Invitations, roles and the audit trail."""

    def __init__(self, store: StaffStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def invite(self, role: Role, invited_by: int | None) -> str:
        """Make a one-time invitation; returns its token (128 random bits, fits a deep link)."""
        token = secrets.token_urlsafe(16)
        now = self._now()
        await self._store.add_invitation(Invitation(_hash(token), role, invited_by, now + INVITATION_LIFE))
        await self._store.record(invited_by, "invite_staff", role, now)
        return token

    async def accept(self, token: str, member: Person) -> Role | InvitationRefusal:
        """Redeem a link: the first who opens it gets the role, nobody after."""
        now = self._now()
        outcome = redeem(await self._store.invitation(_hash(token)), now)
        if isinstance(outcome, Role):
            await self._store.use_invitation(_hash(token), member.id)
            await self._store.grant(member.id, outcome, now)
        await self._store.record(member.id, "accept_invitation", outcome, now)
        return outcome

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail what somebody did."""
        await self._store.record(actor, action, subject, self._now())

    async def allows(self, member: Person, action: Action) -> bool:
        """Whether the member may do this; a refusal is recorded."""
        allowed = may(member.roles, action)
        if not allowed:
            await self._store.record(member.id, "refused", action, self._now())
        return allowed


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
