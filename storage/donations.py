"""Donations in rows: pledges, one row for each opened account, payments; the database holds the once and the cap."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Column, Executable, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col

from campaigns.donations.files import plain, restored
from campaigns.donations.model import Books, KeptPledge, Opening, Payment, Pledge, Sheet, SheetLine
from storage.columns import big, moment
from storage.database import UnitOfWork

SHEET = TypeAdapter(Sheet)


class PledgeRow(SQLModel, table=True):
    """A pledge; the database lets no two have the same day, and never more accrue than the cap."""

    __tablename__ = "donation_pledges"

    id: int | None = big(default=None, primary_key=True)
    code: str = Field(unique=True)
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    first_on: date
    last_on: date
    cap_fen: int = big()
    accrued_fen: int = big(default=0)
    made_by: str
    made_at: datetime = moment()


class DonationRow(SQLModel, table=True):
    """What one opened account gives: its key is the account's, so that no account gives twice."""

    __tablename__ = "donations"

    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")
    opened_on: date = Field(primary_key=True)
    pledge_id: int = big(foreign_key="donation_pledges.id")
    fen: int = big()
    counted_at: datetime = moment()
    payment_id: int | None = big(default=None, foreign_key="donation_payments.id")
    withdrawn_at: datetime | None = moment(default=None)
    withdrawn_by: str | None = None
    reason: str | None = None
    correction_id: int | None = big(default=None, foreign_key="donation_payments.id")


class PaymentRow(SQLModel, table=True):
    """A payment to the recipient, with its sheet; rows are only ever added."""

    __tablename__ = "donation_payments"

    id: int | None = big(default=None, primary_key=True)
    pledge_id: int = big(foreign_key="donation_pledges.id")
    reference: str
    fen: int = big()
    paid_at: datetime = moment()
    made_by: str
    sheet: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


# What was closed in time already takes no place under the cap from those that count.
COUNT = text(
    """INSERT INTO donations (customer_id, opened_on, pledge_id, fen, counted_at)
    SELECT o.customer_id, o.happened_on, :pledge,
        CASE WHEN NOT o.is_closed AND row_number() OVER (
            PARTITION BY o.is_closed ORDER BY o.told_at, o.happened_on, o.customer_id) <= :places THEN :fen ELSE 0 END,
        :now
    FROM (
        SELECT e.customer_id, e.happened_on, e.told_at, EXISTS (SELECT FROM account_events c
            WHERE c.customer_id = e.customer_id AND c.event = 'closed'
                AND c.happened_on BETWEEN e.happened_on AND e.happened_on + CAST(:days AS integer)) AS is_closed
        FROM account_events e WHERE e.event = 'opened' AND e.happened_on BETWEEN :first AND :last AND NOT EXISTS (
            SELECT FROM donations d WHERE (d.customer_id, d.opened_on) = (e.customer_id, e.happened_on))) o
    ON CONFLICT DO NOTHING RETURNING fen"""
)
TAKE_BACK_CLOSED = text(
    """UPDATE donations d SET withdrawn_at = :now, withdrawn_by = 'account_events', reason = 'closed'
    FROM account_events e WHERE d.pledge_id = :pledge AND d.withdrawn_at IS NULL AND e.customer_id = d.customer_id
        AND e.event = 'closed' AND e.happened_on BETWEEN d.opened_on AND d.opened_on + CAST(:days AS integer)
    RETURNING d.fen"""
)
ACCRUE = text(
    """UPDATE donation_pledges SET accrued_fen = (SELECT coalesce(sum(fen), 0) FROM donations
        WHERE pledge_id = :pledge AND withdrawn_at IS NULL) WHERE id = :pledge"""
)
BOOKS = text(
    """SELECT count(*) FILTER (WHERE withdrawn_at IS NULL AND fen > 0),
        count(*) FILTER (WHERE withdrawn_at IS NOT NULL),
        count(*) FILTER (WHERE withdrawn_at IS NULL AND fen = 0),
        coalesce(sum(fen) FILTER (WHERE withdrawn_at IS NULL), 0),
        (SELECT coalesce(sum(p.fen), 0) FROM donation_payments p WHERE p.pledge_id = :pledge)
    FROM donations WHERE pledge_id = :pledge"""
)
NEW = "fen > 0 AND payment_id IS NULL AND withdrawn_at IS NULL"
BACK = "payment_id IS NOT NULL AND withdrawn_at IS NOT NULL AND correction_id IS NULL"
UNSETTLED = text(
    f"""SELECT opened_on, count(*) FILTER (WHERE {NEW}), coalesce(sum(fen) FILTER (WHERE {NEW}), 0),
        count(*) FILTER (WHERE {BACK}), coalesce(sum(fen) FILTER (WHERE {BACK}), 0)
    FROM donations WHERE pledge_id = :pledge AND ({NEW} OR {BACK}) GROUP BY opened_on"""  # noqa: S608 - our own words.
)
SETTLE = (
    text(f"UPDATE donations SET payment_id = :payment WHERE pledge_id = :pledge AND {NEW}"),  # noqa: S608
    text(f"UPDATE donations SET correction_id = :payment WHERE pledge_id = :pledge AND {BACK}"),  # noqa: S608
)


class SqlDonationStore:
    """Implements `campaigns.donations.service.DonationStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def pledges(self) -> list[KeptPledge]:
        """Every pledge, the newest first."""
        rows = await self._session.scalars(select(PledgeRow).order_by(col(PledgeRow.first_on).desc()))
        return [_pledge(row) for row in rows]

    async def lock(self, code: str) -> KeptPledge | None:
        """One pledge, locked."""
        wanted = select(PledgeRow).where(col(PledgeRow.code) == code).with_for_update()
        row = await self._session.scalar(wanted.execution_options(populate_existing=True))
        return _pledge(row) if row else None

    async def keep(self, pledge: Pledge, by: str, now: datetime) -> bool:
        """Keep a new pledge; False while another's days are among its own."""
        return await self._stored(insert(PledgeRow).values(_columns(pledge, by, now)))

    async def change(self, kept: KeptPledge, pledge: Pledge, by: str, now: datetime) -> bool:
        """Put another text in a pledge's place; False while another's days are among its own."""
        changed = update(PledgeRow).where(col(PledgeRow.id) == kept.id)
        return await self._stored(changed.values(_columns(pledge, by, now)))

    async def books(self, pledge_id: int) -> Books:
        """How a pledge stands."""
        return Books(*map(int, (await self._session.execute(BOOKS, {"pledge": pledge_id})).one()))

    async def count(self, kept: KeptPledge, places: int, now: datetime) -> int:
        """A donation for each opening in the window that has none, `places` of them with money."""
        pledge = kept.pledge
        window = {"first": pledge.first, "last": pledge.last}
        facts = {"pledge": kept.id, "places": places, "fen": pledge.fen_each, "now": now}
        return await self._changed(kept, COUNT, facts | window | {"days": pledge.withdrawn_within})

    async def take_back_closed(self, kept: KeptPledge, now: datetime) -> int:
        """Take back the donations of accounts that were closed in time."""
        facts = {"pledge": kept.id, "days": kept.pledge.withdrawn_within, "now": now}
        return await self._changed(kept, TAKE_BACK_CLOSED, facts)

    async def customer(self, number: str) -> UUID | None:
        """The customer with this number."""
        found = await self._session.scalar(text("SELECT id FROM customers WHERE number = :number"), {"number": number})
        return UUID(str(found)) if found else None

    async def take_back(self, kept: KeptPledge, opening: Opening, reason: str, by: str, now: datetime) -> bool | None:
        """Take one donation back; False when it was already, None when there is none."""
        row = DonationRow
        theirs = (
            col(row.customer_id) == opening.customer_id,
            col(row.opened_on) == opening.opened_on,
            col(row.pledge_id) == kept.id,
        )
        if await self._session.scalar(select(col(row.fen)).where(*theirs)) is None:
            return None
        change = update(row).where(*theirs, col(row.withdrawn_at).is_(None))
        change = change.values(withdrawn_at=now, withdrawn_by=by, reason=reason)
        return await self._changed(kept, change.returning(col(row.fen)), {}) > 0

    async def unsettled(self, pledge_id: int) -> list[SheetLine]:
        """By day of opening, what no payment has covered yet and what was withdrawn after its payment."""
        rows = await self._session.execute(UNSETTLED, {"pledge": pledge_id})
        return [SheetLine(day, *map(int, figures)) for day, *figures in rows]

    async def pay(self, kept: KeptPledge, payment: Payment) -> None:
        """Keep a payment and mark everything that its sheet is for."""
        row = {**vars(payment), "pledge_id": kept.id, "sheet": SHEET.dump_python(payment.sheet, mode="json")}
        made = await self._session.scalar(insert(PaymentRow).values(row).returning(col(PaymentRow.id)))
        for statement in SETTLE:
            await self._session.execute(statement, {"pledge": kept.id, "payment": made})

    async def payments(self, pledge_id: int) -> tuple[Payment, ...]:
        """The payments of a pledge, the first first."""
        wanted = select(PaymentRow).where(col(PaymentRow.pledge_id) == pledge_id).order_by(col(PaymentRow.id))
        rows = await self._session.scalars(wanted)
        return tuple(
            Payment(each.reference, each.fen, each.paid_at, each.made_by, SHEET.validate_python(each.sheet))
            for each in rows
        )

    async def _stored(self, statement: Executable) -> bool:
        try:
            async with self._session.begin_nested():
                await self._session.execute(statement)
        except IntegrityError:
            return False
        return True

    async def _changed(self, kept: KeptPledge, statement: Executable, facts: dict[str, Any]) -> int:
        changed = len((await self._session.execute(statement, facts)).all())
        if changed:
            await self._session.execute(ACCRUE, {"pledge": kept.id})
        return changed


def _pledge(row: PledgeRow) -> KeptPledge:
    assert row.id is not None
    return KeptPledge(row.id, restored(row.body))


def _columns(pledge: Pledge, by: str, now: datetime) -> dict[str, Any]:
    days = {"first_on": pledge.first, "last_on": pledge.last}
    return {"code": pledge.code, "body": plain(pledge), "cap_fen": pledge.cap_fen, "made_by": by, "made_at": now} | days
