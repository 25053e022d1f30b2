"""Customers as staff look them up, and the log of who looked at whom; inside one unit of work."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.customers.lookups import (
    BoundMember,
    Candidate,
    Contact,
    LoggedLookup,
    Lookup,
    Occasion,
    PastDelivery,
)
from campaigns.customers.model import Customer
from campaigns.customers.rules import masked_phone
from campaigns.deliveries.model import Kind, State
from campaigns.members.model import PrivateChat, Purpose
from campaigns.members.rules import masked
from storage.columns import big, moment
from storage.customers import ContactRow, CustomerRow, SqlCustomerStore, contact_place, key_owner
from storage.database import UnitOfWork
from storage.deliveries import DeliveryRow
from storage.groups import GroupMemberRow, GroupRow
from storage.members import MemberRow, SqlMemberStore
from storage.vault import Vault

AT_ONCE = 8


class LookupRow(SQLModel, table=True):
    """One look of a member of staff at a customer; rows are only ever appended."""

    __tablename__ = "customer_lookups"

    id: int | None = big(default=None, primary_key=True)
    at: datetime = moment()
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID
    occasion: str


class SqlLookupStore:
    """Implements `campaigns.customers.lookups.LookupStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault
        self._customers = SqlCustomerStore(uow)
        self._members = SqlMemberStore(uow, vault)

    async def customer(self, customer_id: UUID) -> Customer | None:
        """A customer by id."""
        row = await self._session.get(CustomerRow, customer_id)
        return Customer(row.id, row.number) if row else None

    async def with_number(self, number: str) -> Customer | None:
        """The customer with exactly this number."""
        return await self._customers.find_by_number(number)

    async def ending_with(self, ending: str, limit: int) -> tuple[list[Customer], int]:
        """The first customers whose number ends like this in any case, and how many there are."""
        fits = col(CustomerRow.number).iendswith(ending, autoescape=True)
        total = await self._session.scalar(select(func.count()).select_from(CustomerRow).where(fits))
        found = select(CustomerRow).where(fits).order_by(col(CustomerRow.number)).limit(limit)
        return [Customer(row.id, row.number) for row in await self._session.scalars(found)], total or 0

    async def bound_in_groups_of(self, manager_id: int) -> list[BoundMember]:
        """The bound members of a manager's groups, each once."""
        query = (
            select(col(MemberRow.id), CustomerRow)
            .join(CustomerRow, col(CustomerRow.id) == col(MemberRow.customer_id))
            .join(GroupMemberRow, col(GroupMemberRow.member_id) == col(MemberRow.id))
            .join(GroupRow, col(GroupRow.id) == col(GroupMemberRow.group_id))
            .where(col(GroupRow.manager_id) == manager_id, col(GroupMemberRow.left_at).is_(None))
            .order_by(col(CustomerRow.number))
            .distinct()
        )
        found = (await self._session.execute(query)).all()
        members = await self._members.many([member_id for member_id, _ in found])
        return [BoundMember(Customer(row.id, row.number), members[member_id].name) for member_id, row in found]

    async def candidates(self, customers: Sequence[Customer]) -> list[Candidate]:
        """Customers with their latest letters and masked names, in the given order."""
        ids = [customer.id for customer in customers]
        classes, names = await self._customers.classes_of(ids), await self.masked_names(ids)
        return [
            Candidate(each, classes[each.id].letter if each.id in classes else None, names.get(each.id))
            for each in customers
        ]

    async def masked_names(self, customer_ids: Sequence[UUID]) -> dict[UUID, str]:
        """The masked names of those whose contact is known."""
        query = select(ContactRow).where(col(ContactRow.customer_id).in_(customer_ids))
        rows = (await self._session.scalars(query)).all()
        await self._vault.load(self._session, [key_owner(row.customer_id) for row in rows])
        return {row.customer_id: masked(self._open("name", row.customer_id, row.name)) for row in rows}

    async def contact(self, customer_id: UUID) -> Contact:
        """How a customer is reached."""
        row = await self._session.get(ContactRow, customer_id)
        name = phone = None
        if row is not None:
            await self._vault.load(self._session, [key_owner(customer_id)])
            name = masked(self._open("name", customer_id, row.name))
            phone = masked_phone(self._open("phone", customer_id, row.phone))
        holder = await self._session.scalar(select(MemberRow).where(col(MemberRow.customer_id) == customer_id))
        if holder is None:
            return Contact(name, phone)
        agreed = await self._members.has_consent(holder.id, Purpose.MARKETING)
        return Contact(name, phone, True, PrivateChat(holder.private_chat), agreed)

    async def deliveries(self, customer_id: UUID, limit: int) -> list[PastDelivery]:
        """The latest messages to the member who is this customer, the newest first."""
        query = (
            select(DeliveryRow)
            .join(MemberRow, col(MemberRow.id) == col(DeliveryRow.recipient))
            .where(col(MemberRow.customer_id) == customer_id)
            .order_by(col(DeliveryRow.id).desc())
            .limit(limit)
        )
        found = await self._session.scalars(query)
        return [PastDelivery(row.ended_at or row.due_at, Kind(row.kind), State(row.state), row.reason) for row in found]

    async def customers_of(self, member_ids: Sequence[int]) -> list[UUID]:
        """The customers who are bound to these members."""
        query = select(col(MemberRow.customer_id)).where(
            col(MemberRow.id).in_(member_ids), col(MemberRow.customer_id).is_not(None)
        )
        return [customer for customer in await self._session.scalars(query) if customer]

    async def record(self, lookups: Sequence[Lookup]) -> None:
        """Append to the log."""
        if lookups:
            await self._session.execute(insert(LookupRow).values([each._asdict() for each in lookups]))

    async def last_seen_by(self, member_id: int, since: datetime) -> Customer | None:
        """Whose card this person looked at last."""
        query = (
            select(CustomerRow)
            .join(LookupRow, col(LookupRow.customer_id) == col(CustomerRow.id))
            .where(
                col(LookupRow.member_id) == member_id,
                col(LookupRow.at) >= since,
                col(LookupRow.occasion).in_((Occasion.CARD, Occasion.WHY)),
            )
            .order_by(col(LookupRow.id).desc())
            .limit(1)
        )
        row = await self._session.scalar(query)
        return Customer(row.id, row.number) if row else None

    async def log(self, customer_id: UUID | None, limit: int) -> list[LoggedLookup]:
        """The newest looks, at one customer or at anybody, with the names of those who looked."""
        found = (await self._session.execute(_log(customer_id, limit * AT_ONCE))).all()
        members = await self._members.many(list({row.member_id for row, _ in found}))
        seen = [list(rows) for _, rows in groupby(found, key=lambda each: _moment(each[0]))]
        return [
            LoggedLookup(row.at, row.member_id, members[row.member_id].name, number, len(rows), Occasion(row.occasion))
            for rows in seen[:limit]
            for row, number in rows[-1:]
        ]

    def _open(self, column: str, customer_id: UUID, sealed: bytes) -> str:
        return self._vault.open(key_owner(customer_id), contact_place(column, customer_id), sealed)


def _moment(row: LookupRow) -> tuple[datetime, int, str]:
    """What customers seen together have in common: a page of a list is one look."""
    return row.at, row.member_id, row.occasion


def _log(customer_id: UUID | None, limit: int) -> Select[LookupRow, str]:
    query = select(LookupRow, col(CustomerRow.number)).join(
        CustomerRow, col(CustomerRow.id) == col(LookupRow.customer_id)
    )
    if customer_id is not None:
        query = query.where(col(LookupRow.customer_id) == customer_id)
    return query.order_by(col(LookupRow.id).desc()).limit(limit)
