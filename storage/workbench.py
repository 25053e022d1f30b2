"""A manager's own customers, and what stands beside a card; inside one unit of work, no frames here."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel

from campaigns.customers.fields import CustomerField
from campaigns.customers.lookups import Lookup
from campaigns.customers.model import Customer, CustomerKind, Letter
from campaigns.deliveries.model import Kind
from campaigns.members.model import Purpose
from campaigns.workbench.model import Fatigue, OwnCustomer, Update
from storage import members
from storage.columns import big, moment
from storage.customers import contact_place, key_owner
from storage.database import UnitOfWork
from storage.fields import fields_of
from storage.lookups import SqlLookupStore
from storage.owners import OWNED
from storage.vault import Vault

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
MINE = f"""WITH mine AS ({OWNED}),
run AS (SELECT id FROM segmentation_runs ORDER BY as_of DESC, made_at DESC LIMIT 1)
SELECT c.id, c.number, c.kind, t.name, t.phone, m.id AS member_id, m.name AS member_name, k.letter,
    ARRAY(SELECT code FROM customer_tags g WHERE g.customer_id = c.id AND g.ended_at IS NULL
        UNION SELECT jsonb_object_keys(a.tags)) AS tags,
    (SELECT stage FROM applications p WHERE p.customer_id = c.id ORDER BY p.id DESC LIMIT 1) AS stage,
    (SELECT count(*) FROM followups f WHERE f.customer_id = c.id AND f.state = 'open') AS open_followups
FROM mine JOIN customers c ON c.id = mine.customer_id
LEFT JOIN customer_contacts t ON t.customer_id = c.id
LEFT JOIN members m ON m.customer_id = c.id
LEFT JOIN customer_classes k ON k.customer_id = c.id AND k.run_id = (SELECT id FROM run)
LEFT JOIN customer_actions a ON a.customer_id = c.id AND a.run_id = (SELECT id FROM run)"""  # noqa: S608 - our own text.
CONSENTS = """SELECT n.purpose, n.given_at FROM consents n JOIN members m ON m.id = n.member_id
    WHERE m.customer_id = :customer AND n.withdrawn_at IS NULL"""
FATIGUE = """SELECT count(d.id) FILTER (WHERE d.ended_at > :week), count(d.id),
        count(d.id) FILTER (WHERE d.kind = :offer)
    FROM members m LEFT JOIN deliveries d ON d.recipient = m.id AND d.state = 'sent' AND d.ended_at > :month
        AND d.method = 'sendMessage'
    WHERE m.customer_id = :customer GROUP BY m.id"""
UPDATES = """SELECT DISTINCT ON (field) field, value, told_at FROM customer_updates WHERE customer_id = :customer
    ORDER BY field, id DESC"""


class UpdateRow(SQLModel, table=True):
    """What a customer said to a field that was asked again; rows are only ever appended."""

    __tablename__ = "customer_updates"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    field: str
    value: str
    told_at: datetime = moment()
    told_to: int = big(foreign_key="members.id")


class SqlWorkbenchStore:
    """Implements `campaigns.workbench.service.WorkbenchStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault
        self._lookups = SqlLookupStore(uow, vault)

    async def customers_of(self, managers: Sequence[int]) -> list[OwnCustomer]:
        """The customers of these managers, with names opened."""
        rows = (await self._session.execute(text(MINE), {"managers": list(managers)})).mappings().all()
        owners = [key_owner(row["id"]) for row in rows if row["name"]]
        owners += [members.key_owner(row["member_id"]) for row in rows if row["member_id"] and not row["name"]]
        await self._vault.load(self._session, owners)
        return [self._own(row) for row in rows]

    async def consents(self, customer_id: UUID) -> Mapping[Purpose, datetime]:
        """What the member who is this customer has agreed to, and since when."""
        rows = await self._session.execute(text(CONSENTS), {"customer": customer_id})
        return {Purpose(purpose): given_at for purpose, given_at in rows}

    async def fatigue(self, customer_id: UUID, now: datetime) -> Fatigue | None:
        """How many messages the member who is this customer got lately; None where nobody is bound."""
        facts = {"customer": customer_id, "week": now - WEEK, "month": now - MONTH, "offer": Kind.MARKETING}
        row = (await self._session.execute(text(FATIGUE), facts)).first()
        return Fatigue(*row) if row else None

    async def fields(self, customer_id: UUID, today: date) -> Sequence[CustomerField]:
        """What departments tell of a customer up to today."""
        return await fields_of(self._session, customer_id, today)

    async def updates(self, customer_id: UUID) -> list[Update]:
        """The newest answer to each field that was asked again."""
        return [Update(*row) for row in await self._session.execute(text(UPDATES), {"customer": customer_id})]

    async def keep_update(self, customer_id: UUID, update: Update, by: int) -> None:
        """Keep an answer."""
        row = {
            "customer_id": customer_id,
            "field": update.field,
            "value": update.value,
            "told_at": update.at,
            "told_to": by,
        }
        await self._session.execute(insert(UpdateRow).values(row))

    async def record(self, lookups: Sequence[Lookup]) -> None:
        """Append to the log of who looked at whom."""
        await self._lookups.record(lookups)

    def _own(self, row: Mapping[Any, Any]) -> OwnCustomer:
        owner, name, phone = key_owner(row["id"]), None, None
        if row["name"]:
            name = self._vault.open(owner, contact_place("name", row["id"]), row["name"])
            phone = self._vault.open(owner, contact_place("phone", row["id"]), row["phone"])
        elif row["member_id"]:
            who = row["member_id"]
            name = self._vault.open(members.key_owner(who), members.name_place(who), row["member_name"])
        return OwnCustomer(
            Customer(row["id"], row["number"], CustomerKind(row["kind"])),
            name,
            phone,
            Letter(row["letter"]) if row["letter"] else None,
            frozenset(row["tags"]),
            stage=row["stage"],
            open_followups=row["open_followups"],
        )
