"""Use cases of admissions: invite a customer to an exclusive product, and take the invitation back."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.admissions.model import Admission, AdmissionRefusal
from campaigns.admissions.rules import ADMISSION_LIFE, admit
from campaigns.catalogue.model import Edition, Product, Profile
from campaigns.members.model import Member


class AdmissionStore(Protocol):
    """What admissions need of the database."""

    async def lock(self, customer_id: UUID) -> None:
        """Nobody else invites this customer until the transaction ends."""
        ...

    async def add(self, admission: Admission) -> None:
        """Keep an invitation."""
        ...

    async def end(self, customer_id: UUID, product: str, by: int, now: datetime) -> bool:
        """End the invitation that stands; False where none does."""
        ...


class Editions(Protocol):
    """Products, and what is known of customers."""

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version of the catalogue, the newest by default."""
        ...

    async def profile(self, customer_id: UUID, now: datetime) -> Profile:
        """What decides what a customer gets."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class AdmissionService:
    """Admissions inside one unit of work."""

    def __init__(
        self, store: AdmissionStore, editions: Editions, trail: Trail, now: Callable[[], datetime], zone: ZoneInfo
    ) -> None:
        self._store = store
        self._editions = editions
        self._trail = trail
        self._now = now
        self._zone = zone

    async def admit(self, customer_id: UUID, code: str, by: Member) -> tuple[Product, Admission] | AdmissionRefusal:
        """Invite a customer for thirty days; recorded in the audit trail."""
        await self._store.lock(customer_id)
        edition = await self._editions.edition()
        if edition is None:
            return AdmissionRefusal.NO_PRODUCT
        now = self._now()
        profile = await self._editions.profile(customer_id, now)
        if refusal := admit(edition.catalogue, code, profile, now.astimezone(self._zone).date()):
            return refusal
        admission = Admission(customer_id, code, by.id, now, now + ADMISSION_LIFE)
        await self._store.end(customer_id, code, by.id, now)
        await self._store.add(admission)
        await self._trail.note(by.id, "admit", f"{customer_id} {code}")
        return edition.catalogue.products[code], admission

    async def end(self, customer_id: UUID, code: str, by: Member) -> AdmissionRefusal | None:
        """Take an invitation back; what was sent already stays sent."""
        if not await self._store.end(customer_id, code, by.id, self._now()):
            return AdmissionRefusal.NOT_INVITED
        await self._trail.note(by.id, "end_admission", f"{customer_id} {code}")
        return None
