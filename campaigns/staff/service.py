"""Use cases of staff: make an invitation, redeem it, record who asked for what."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from campaigns.staff.model import Absence, AbsenceRefusal, Action, Invitation, InvitationRefusal, Role
from campaigns.staff.rules import INVITATION_LIFE, be_away, may, redeem


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

    async def absences_of(self, member_id: int) -> list[Absence]:
        """Somebody's absences, locked against a second one at the same time."""
        ...

    async def add_absence(self, absence: Absence, now: datetime) -> None:
        """Keep an absence."""
        ...

    async def absent_on(self, day: date) -> list[Absence]:
        """Everybody's absences that hold a day."""
        ...

    async def colleagues(self, member_id: int) -> list[int]:
        """The managers beside this person."""
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

    async def note(self, actor: int | None, action: str, subject: str) -> None:
        """Append to the audit trail what somebody did; None is the operator at the command line."""
        await self._store.record(actor, action, subject, self._now())

    async def allows(self, member: Person, action: Action) -> bool:
        """Whether the member may do this; a refusal is recorded."""
        allowed = may(member.roles, action)
        if not allowed:
            await self._store.record(member.id, "refused", action, self._now())
        return allowed

    async def be_away(self, absence: Absence, today: date) -> Absence | AbsenceRefusal:
        """Take days off with a stand-in, who must be a manager; recorded in the audit trail."""
        outcome = be_away(absence, await self._store.absences_of(absence.member_id), today)
        if isinstance(outcome, AbsenceRefusal):
            return outcome
        if absence.stand_in_id not in await self._store.colleagues(absence.member_id):
            return AbsenceRefusal.NO_MANAGER
        now = self._now()
        await self._store.add_absence(absence, now)
        subject = f"{absence.starts_on}..{absence.ends_on} {absence.stand_in_id}"
        await self._store.record(absence.member_id, "be_away", subject, now)
        return outcome

    async def away(self, day: date) -> dict[int, int]:
        """The stand-in of everybody who is away on a day."""
        return {absence.member_id: absence.stand_in_id for absence in await self._store.absent_on(day)}

    async def colleagues(self, member: Person) -> list[int]:
        """The managers beside this person."""
        return await self._store.colleagues(member.id)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
