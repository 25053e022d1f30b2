"""Owners named by the bank's file: customers by number, managers with their load, strategic clients without one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from campaigns.customers.enterprises import Tier
from campaigns.members.model import Language, PrivateChat
from campaigns.owners.naming import ManagerLoad
from campaigns.owners.service import Told
from campaigns.staff.model import Role
from storage.customers import CustomerRow
from storage.database import UnitOfWork
from storage.members import MemberRow, SqlMemberStore
from storage.owners import OwnerRow, SqlOwnerStore
from storage.vault import Vault

MANAGERS = """SELECT r.member_id, (SELECT count(*) FROM customer_owners o WHERE o.owner_id = r.member_id)
    FROM staff_roles r WHERE r.role = ANY(:roles) GROUP BY r.member_id ORDER BY r.member_id"""
WITHOUT = """SELECT c.number FROM enterprise_tiers t JOIN customers c ON c.id = t.customer_id
    WHERE t.tier = :tier AND NOT EXISTS (SELECT FROM customer_owners o WHERE o.customer_id = t.customer_id)
        AND t.run_id = (SELECT r.id FROM segmentation_runs r WHERE EXISTS (
            SELECT FROM enterprise_tiers x WHERE x.run_id = r.id) ORDER BY r.as_of DESC, r.made_at DESC LIMIT 1)
    ORDER BY c.number"""
MOVE = "UPDATE followups SET owner_id = :to WHERE state = 'open' AND customer_id = :customer"


class SqlNamingStore:
    """Implements `campaigns.owners.naming.NamingStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._owners = SqlOwnerStore(uow)
        self._people = SqlMemberStore(uow, vault)

    async def numbered(self, numbers: Sequence[str]) -> Mapping[str, UUID]:
        """Customers by number."""
        query = select(col(CustomerRow.number), col(CustomerRow.id)).where(col(CustomerRow.number).in_(numbers))
        return {row[0]: row[1] for row in await self._session.execute(query)}

    async def managers(self) -> list[ManagerLoad]:
        """Everybody who can own customers."""
        facts = {"roles": [Role.WEALTH_MANAGER, Role.TEAM_LEAD]}
        loads = {row[0]: row[1] for row in await self._session.execute(text(MANAGERS), facts)}
        people = await self._people.many(list(loads))
        return [ManagerLoad(member, people[member].name, count) for member, count in loads.items()]

    async def named_owners(self, customers: Sequence[UUID]) -> Mapping[UUID, int]:
        """Who was named for these customers."""
        row = OwnerRow
        query = select(col(row.customer_id), col(row.owner_id)).where(col(row.customer_id).in_(customers))
        return {row[0]: row[1] for row in await self._session.execute(query)}

    async def assign(self, customer_id: UUID, owner_id: int, now: datetime) -> None:
        """Name the owner of a customer."""
        await self._owners.assign(customer_id, owner_id, now)

    async def move_followups(self, customer_id: UUID, to: int) -> None:
        """Give what is open for a customer to the new owner."""
        await self._session.execute(text(MOVE), {"customer": customer_id, "to": to})

    async def reachable_one(self, customer_id: UUID) -> Told | None:
        """The member who is a customer, where they can be written to."""
        query = select(col(MemberRow.id), col(MemberRow.language)).where(
            col(MemberRow.customer_id) == customer_id, col(MemberRow.private_chat) == PrivateChat.OPEN
        )
        row = (await self._session.execute(query)).first()
        return Told(row[0], Language(row[1])) if row else None

    async def strategic_without_owner(self) -> list[str]:
        """The numbers of strategic enterprises of the latest run for whom nobody was named."""
        return list(await self._session.scalars(text(WITHOUT), {"tier": Tier.STRATEGIC}))
