"""What vouchers need of the database, of people and of words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.audiences.model import Expression
from campaigns.catalogue.model import Profile
from campaigns.deliveries.model import Message
from campaigns.members.model import Language, Member
from campaigns.vouchers.model import Edition, Movement, Purchase, Voucher, VoucherPlan, VoucherRefusal
from campaigns.vouchers.settlement import Payout, Sheet


class VoucherStore(Protocol):
    """What vouchers need of the database; every lock lasts until the transaction ends."""

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version, the newest by default."""
        ...

    async def editions(self, versions: Collection[int]) -> Mapping[int, Edition]:
        """Several versions."""
        ...

    async def newest_for_change(self) -> Edition | None:
        """The newest version; nobody else can add one until the transaction ends."""
        ...

    async def history(self) -> list[Edition]:
        """Every version, the newest first."""
        ...

    async def add(self, edition: Edition) -> None:
        """Keep a version for good, and let stock, budget and cap follow it."""
        ...

    async def lock_customer(self, customer_id: UUID) -> None:
        """Who claims for the same customer next waits, and so does who takes in a file."""
        ...

    async def lock_all(self, customer_ids: Collection[UUID]) -> None:
        """Nobody claims while a file is taken in, and nobody else moves what these customers have."""
        ...

    async def holds_fen(self, customer_id: UUID) -> int:
        """What a customer held in investments at both of the latest deliveries, deposits left out."""
        ...

    async def belongs(self, customer_id: UUID, expression: Expression, now: datetime) -> bool:
        """Whether a customer is of an audience."""
        ...

    async def of_customer(self, customer_id: UUID) -> list[Voucher]:
        """All that a customer has or had, the newest first."""
        ...

    async def of_customers(self, customer_ids: Collection[UUID]) -> list[Voucher]:
        """The same of several, locked, in the order of their ids."""
        ...

    async def get(self, voucher_id: int) -> Voucher | None:
        """One voucher."""
        ...

    async def lock(self, voucher_id: int) -> Voucher | None:
        """One voucher, locked."""
        ...

    async def take(self, plan: VoucherPlan, voucher: Voucher) -> Voucher | VoucherRefusal:
        """Take a piece from stock, budget and cap at once and keep the voucher; why not, where there is none."""
        ...

    async def book(self, movements: Sequence[Movement]) -> None:
        """Keep vouchers as they stand after these movements, the movements themselves, and the figures."""
        ...

    async def note_progress(self, vouchers: Sequence[Voucher]) -> None:
        """Keep how far these are."""
        ...

    async def customers(self, numbers: Collection[str]) -> Mapping[str, UUID]:
        """Customers by the bank's number."""
        ...

    async def holders(self, customer_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Which members are linked to these customers now; who is linked to nobody is missing."""
        ...

    async def told(self, references: Collection[str]) -> Mapping[str, tuple[UUID, Purchase]]:
        """What the bank told under these references before."""
        ...

    async def keep(self, purchases: Sequence[tuple[UUID, Purchase]], now: datetime) -> None:
        """Keep what the bank told."""
        ...

    async def purchases(self, customer_ids: Collection[UUID]) -> Mapping[UUID, list[Purchase]]:
        """Everything that the bank told of these customers."""
        ...

    async def over(self, now: datetime, limit: int) -> list[Voucher]:
        """Vouchers past their end that nobody asked for, locked; those that others hold are left out."""
        ...

    async def managed(self, managers: Sequence[int]) -> list[Voucher]:
        """Open vouchers of those in the groups of these managers: asked for first, then who lacks least."""
        ...

    async def is_managed(self, customer_id: UUID, managers: Sequence[int]) -> bool:
        """Whether who is linked to a customer is in a group of these managers."""
        ...

    async def sheets(self) -> list[Sheet]:
        """Every voucher's figures, three times over."""
        ...

    async def payouts(self, partners: Mapping[str, str]) -> list[Payout]:
        """What was paid by product; `partners` by code."""
        ...


class Profiles(Protocol):
    """What is known of customers."""

    async def profile(self, customer_id: UUID, now: datetime) -> Profile:
        """Class, tier, stage of life, groups and appetite for risk."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...

    async def managers_of(self, member_id: int) -> list[int]:
        """The managers of the groups that a person is in."""
        ...


class Owners(Protocol):
    """Whose groups somebody looks after."""

    async def acting_for(self, manager_id: int) -> list[int]:
        """The manager and those of whom the manager stands in for today."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class VoucherWording(Protocol):
    """The sentences that vouchers put into the ledger, and the rule page."""

    def rules(self, plan: VoucherPlan, language: Language) -> str:
        """The rule page: every field that decides anything."""
        ...

    def step(self, member: Member, plan: VoucherPlan, voucher: Voucher) -> Message:
        """How far somebody is, and what is missing."""
        ...

    def ending(self, member: Member, plan: VoucherPlan, voucher: Voucher) -> Message:
        """A voucher ends soon."""
        ...

    def moved(self, member: Member, plan: VoucherPlan, movement: Movement) -> Message | None:
        """What happened to a voucher without its owner; None for what needs no words."""
        ...

    def asked(self, manager: Member, plan: VoucherPlan, voucher: Voucher, owner: Member) -> Message:
        """A customer asks for a voucher to be redeemed."""
        ...
