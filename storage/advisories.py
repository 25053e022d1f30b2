"""What managers had written of products for customers, and what of it was sent; the words lie in the ledger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Column, Field, SQLModel, col

from campaigns.advisories.model import Advisory, Con, Pro, Reader
from campaigns.members.model import Language
from storage.columns import big, moment
from storage.database import UnitOfWork

READERS = """SELECT id, language FROM members WHERE customer_id = :customer AND private_chat = 'open'
    ORDER BY id DESC LIMIT 1"""


class AdvisoryRow(SQLModel, table=True):
    """One piece of advice; `digest` is of the text that its manager saw."""

    __tablename__ = "advisories"

    id: int | None = big(default=None, primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    product: str
    version: int = Field(foreign_key="catalogue_versions.version")
    pros: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    cons: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    digest: str
    written_by: int = big(foreign_key="members.id")
    written_at: datetime = moment()
    sent_at: datetime | None = moment(default=None, nullable=True)
    sent_to: int | None = big(default=None, foreign_key="members.id")


class SqlAdvisoryStore:
    """Implements `campaigns.advisories.service.AdvisoryStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def reader(self, customer_id: UUID) -> Reader | None:
        """The newest account of a customer whose private chat is open."""
        row = (await self._session.execute(text(READERS), {"customer": customer_id})).first()
        return Reader(row.id, Language(row.language)) if row else None

    async def add(self, advisory: Advisory) -> Advisory:
        """Keep a draft; returns it with its id."""
        row = {name: value for name, value in vars(advisory).items() if name != "id"}
        row |= {"pros": list(advisory.pros), "cons": list(advisory.cons)}
        made = (await self._session.scalars(insert(AdvisoryRow).values(row).returning(AdvisoryRow))).one()
        return _advisory(made)

    async def lock(self, advisory_id: int) -> Advisory | None:
        """One of them, locked; its customer is locked too, so that two drafts of one product are sent in turn."""
        query = select(AdvisoryRow).where(col(AdvisoryRow.id) == advisory_id).with_for_update()
        row = await self._session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            return None
        lock = text("SELECT 1 FROM customers WHERE id = :id FOR UPDATE")
        await self._session.execute(lock, {"id": row.customer_id})
        return _advisory(row)

    async def sent_since(self, customer_id: UUID, product: str, since: datetime) -> bool:
        """Whether advice on a product went to a customer since then."""
        row = AdvisoryRow
        lately = (col(row.customer_id) == customer_id, col(row.product) == product, col(row.sent_at) > since)
        return bool(await self._session.scalar(select(exists().where(*lately))))

    async def set_sent(self, advisory: Advisory) -> None:
        """Write down that it was sent and to whom."""
        sent = {"sent_at": advisory.sent_at, "sent_to": advisory.sent_to}
        await self._session.execute(update(AdvisoryRow).where(col(AdvisoryRow.id) == advisory.id).values(**sent))


def _advisory(row: AdvisoryRow) -> Advisory:
    assert row.id is not None
    return Advisory(
        row.id,
        row.customer_id,
        row.product,
        row.version,
        tuple(map(Pro, row.pros)),
        tuple(map(Con, row.cons)),
        row.digest,
        row.written_by,
        row.written_at,
        row.sent_at,
        row.sent_to,
    )
