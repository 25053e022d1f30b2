"""What referrals need of the rooms around them: rows, people, words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.points.service import PointsService
from campaigns.referrals.model import (
    AccountEvent,
    Doubtful,
    Link,
    Named,
    Opener,
    Programme,
    ProgrammeBooks,
    Referral,
    Shortfall,
    Side,
    Told,
    Unreturned,
)


class ReferralStore(Protocol):
    """Rows of referrals; every lock lasts until the transaction ends."""

    async def lock(self) -> None:
        """Let nobody else start or name referrals meanwhile: bursts, rings and places are counted under this lock."""
        ...

    async def lock_course(self) -> None:
        """Let nobody else pay or take points back for referrals meanwhile."""
        ...

    async def create(self, programme: Programme, now: datetime) -> Programme | None:
        """Store a programme as the next version; None while another takes newcomers at the same time."""
        ...

    async def programme(self, programme_id: int) -> Programme | None:
        """One programme; its end is earlier where it was stopped."""
        ...

    async def running(self, now: datetime) -> Programme | None:
        """The programme that takes newcomers now."""
        ...

    async def stop(self, programme_id: int, now: datetime) -> bool:
        """Take no newcomers any more; False when it takes none already."""
        ...

    async def link_of(self, programme: Programme, member: Member, token: str, now: datetime) -> Link:
        """A member's link of a programme: the one that was made first, or this new token."""
        ...

    async def find_link(self, token: str) -> Link | None:
        """Whose link this is."""
        ...

    async def opener(self, link: Link, member: Member) -> Opener:
        """What is known of somebody who opens a link; of those whom they brought, only the link's owner matters."""
        ...

    async def recent(self, referrer_id: int, since: datetime) -> list[datetime]:
        """When somebody's newcomers came, of all programmes, since a moment."""
        ...

    async def add(self, referral: Referral) -> Referral:
        """Store a fresh referral with the first line of its history."""
        ...

    async def lock_referral(self, referral_id: int) -> Referral | None:
        """One referral, locked."""
        ...

    async def save(self, before: Referral, after: Referral, now: datetime, by: int | None = None) -> None:
        """Store what became of a referral, and append it to the history; `by` is the person who decided."""
        ...

    async def keep_missing(self, referral: Referral, missing: Shortfall) -> None:
        """Remember what a claw-back did not find."""
        ...

    async def adopt(self, now: datetime) -> None:
        """Bind newcomers who shared their number before the bank had delivered them as customers."""
        ...

    async def to_name(self, limit: int) -> list[tuple[Referral, Named]]:
        """Referrals without a name whose newcomers are bound by now, locked; the places left are not counted yet."""
        ...

    async def places_left(self, programme: Programme) -> int:
        """How many more newcomers a programme has room for."""
        ...

    async def is_due(self, now: datetime) -> bool:
        """Whether any referral's cooling time is over; nothing is locked."""
        ...

    async def due(self, now: datetime, limit: int) -> list[Referral]:
        """Referrals whose cooling time is over, locked, those that others hold left out."""
        ...

    async def late(self, now: datetime, limit: int) -> list[Referral]:
        """Referrals whose newcomer waited too long, and held ones whose points campaign ended; locked likewise."""
        ...

    async def customers(self, numbers: Collection[str]) -> Mapping[str, UUID]:
        """The bank's customers by number; unknown numbers are left out."""
        ...

    async def keep_events(self, told: Sequence[Told], now: datetime) -> set[Told]:
        """Remember what the bank told of accounts; returns what it had not told before."""
        ...

    async def referred(self, customers: Collection[UUID]) -> set[UUID]:
        """Which of these customers came by a referral."""
        ...

    async def events_of(self, customer_id: UUID) -> Sequence[tuple[AccountEvent, date]]:
        """What the bank told of a customer's accounts, in the order of its days."""
        ...

    async def of_customer(self, customer_id: UUID) -> Referral | None:
        """The referral that a customer came by, locked."""
        ...

    async def referrer_customer(self, referral: Referral) -> UUID | None:
        """Who the referrer was to the bank when the link was made."""
        ...

    async def brought_by(self, member_id: int, limit: int) -> list[Referral]:
        """Whom a member brought, the newest first."""
        ...

    async def coming(self, member_id: int) -> Referral | None:
        """The referral that a member came by."""
        ...

    async def held(self, limit: int) -> tuple[int, list[Doubtful]]:
        """How many referrals wait for a person, and the oldest of them with ids in place of names."""
        ...

    async def unreturned(self, limit: int) -> list[Unreturned]:
        """The latest claw-backs that fell short."""
        ...

    async def deciders(self) -> list[int]:
        """Everybody who may decide."""
        ...

    async def closable(self, now: datetime) -> list[Programme]:
        """Programmes that are over and have no referral under way, locked."""
        ...

    async def close(self, programme: Programme, now: datetime) -> None:
        """Mark a programme closed."""
        ...

    async def books(self) -> list[ProgrammeBooks]:
        """How every programme stands, the newest first."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class ReferralWording(Protocol):
    """The sentences that referrals put into the ledger."""

    def told(self, reader: Member, side: Side, referral: Referral, programme: Programme, other: str) -> Message | None:
        """What one side reads of the stage that a referral reached; None where there is nothing to say."""
        ...

    def held_together(self, reader: Member) -> Message:
        """What a referrer reads once a day whose newcomers wait for a person."""
        ...

    def copy(self, reader: Member, link: Link) -> Message:
        """The text that a member forwards."""
        ...

    def waiting(self, reader: Member, heads: int) -> Message:
        """What those who decide read once a day."""
        ...


@dataclass(frozen=True)
class Ties:
    """All that the chat's side of referrals and their course work with, inside one unit of work."""

    store: ReferralStore
    points: PointsService
    people: People
    outbox: Outbox
    wording: ReferralWording
    now: Callable[[], datetime]
    zone: ZoneInfo
