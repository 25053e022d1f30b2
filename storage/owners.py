"""Who owns a customer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel

from storage.columns import big, moment
from storage.database import UnitOfWork

OWNER = """SELECT coalesce(
    (SELECT owner_id FROM customer_owners WHERE customer_id = :customer),
    (SELECT g.manager_id FROM members m JOIN group_members i ON i.member_id = m.id AND i.left_at IS NULL
        JOIN groups g ON g.id = i.group_id WHERE m.customer_id = :customer ORDER BY i.joined_at, g.id LIMIT 1))"""
OWNED = """SELECT customer_id FROM customer_owners WHERE owner_id = ANY(:managers)
    UNION SELECT m.customer_id FROM groups g
        JOIN group_members i ON i.group_id = g.id AND i.left_at IS NULL JOIN members m ON m.id = i.member_id
    WHERE g.manager_id = ANY(:managers) AND m.customer_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM customer_owners o WHERE o.customer_id = m.customer_id)"""

OWNED_BY_ANYBODY = """SELECT customer_id FROM customer_owners
    UNION SELECT m.customer_id FROM group_members i JOIN members m ON m.id = i.member_id
    WHERE i.left_at IS NULL AND m.customer_id IS NOT NULL"""


class OwnerRow(SQLModel, table=True):
    """Who was named as the owner of a customer."""

    __tablename__ = "customer_owners"

    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")
    owner_id: int = big(foreign_key="members.id")
    since: datetime = moment()


class SqlOwnerStore:
    """Implements `campaigns.owners.service.OwnerStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def owner_of(self, customer_id: UUID) -> int | None:
        """Who owns a customer: whoever was named, else the manager of the first group with the bound member."""
        found: int | None = await self._session.scalar(text(OWNER), {"customer": customer_id})
        return found

    async def assign(self, customer_id: UUID, owner_id: int, now: datetime) -> None:
        """Name the owner of a customer."""
        row = {"customer_id": customer_id, "owner_id": owner_id, "since": now}
        statement = insert(OwnerRow).values(row)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["customer_id"], set_={"owner_id": owner_id, "since": now})
        )
