"""The tables of vouchers and of packs; checks and unique keys are the last guard against one piece or fen too many."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel

from campaigns.vouchers.model import Voucher, VoucherState
from storage.columns import big, moment


class VoucherVersionRow(SQLModel, table=True):
    """One version of the whole file; rows are only ever inserted."""

    __tablename__ = "voucher_versions"

    version: int = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    made_by: str
    made_at: datetime = moment()
    reason: str
    override: str | None = None


class VoucherStockRow(SQLModel, table=True):
    """What there is of a voucher and what became of it; the limits follow the newest version."""

    __tablename__ = "voucher_stocks"

    code: str = Field(primary_key=True)
    stock: int
    budget_fen: int = big()
    liability_fen: int = big()
    issued: int = 0
    open: int = 0
    redeemed: int = 0
    expired: int = 0
    clawed_back: int = 0
    open_fen: int = big(default=0)
    redeemed_fen: int = big(default=0)
    clawed_back_fen: int = big(default=0)


class VoucherRow(SQLModel, table=True):
    """A customer's voucher; one of each code in a life."""

    __tablename__ = "vouchers"

    id: int | None = big(default=None, primary_key=True)
    version: int = Field(foreign_key="voucher_versions.version")
    code: str = Field(foreign_key="voucher_stocks.code")
    customer_id: UUID = Field(foreign_key="customers.id")
    member_id: int = big(foreign_key="members.id")
    value_fen: int = big()
    need_fen: int = big()
    claimed_at: datetime = moment()
    counts_from: date
    last_day: date
    expires_at: datetime = moment()
    state: str = VoucherState.CLAIMED
    progress_fen: int = big(default=0)
    product: str | None = None
    met_at: datetime | None = moment(default=None)
    asked_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)
    ended_by: int | None = big(default=None, foreign_key="members.id")
    reason: str | None = None


class VoucherMovementRow(SQLModel, table=True):
    """One step of a voucher's life; rows are only ever inserted."""

    __tablename__ = "voucher_movements"

    id: int | None = big(default=None, primary_key=True)
    voucher_id: int = big(foreign_key="vouchers.id")
    kind: str
    value_fen: int = big()
    at: datetime = moment()
    by: int | None = big(default=None, foreign_key="members.id")
    reason: str | None = None


class VoucherPurchaseRow(SQLModel, table=True):
    """A purchase or a return as the bank's file told, once by its reference."""

    __tablename__ = "voucher_purchases"

    reference: str = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    event: str
    product: str
    kind: str
    risk: int | None = None
    amount_fen: int = big()
    day: date
    reason: str | None = None
    imported_at: datetime = moment()


class PackVersionRow(SQLModel, table=True):
    """One version of the whole file of packs; rows are only ever inserted."""

    __tablename__ = "pack_versions"

    version: int = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    made_by: str
    made_at: datetime = moment()
    reason: str


class PackRoundRow(SQLModel, table=True):
    """A quarter's round of a pack: who gets it was planned once."""

    __tablename__ = "pack_rounds"

    pack: str = Field(primary_key=True)
    round: str = Field(primary_key=True)
    planned_at: datetime = moment()
    planned: int


def voucher_of(row: VoucherRow) -> Voucher:
    """A row as the value that rules work on."""
    told = row.model_dump()
    return Voucher(**(told | {"id": told["id"] or 0, "state": VoucherState(row.state)}))
