"""Gifts of medals with stock and budget; checks and unique keys are the last guard against giving twice or too much."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.gifts.model import HandOut, HandOutState, Hold, Stores
from campaigns.gifts.rules import stores_of
from campaigns.rallies.model import Rally, RallyState
from campaigns.redemptions.codes import ShownCode
from campaigns.redemptions.rules import token_hash
from campaigns.suspicions.model import SuspicionState
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.members import MemberRow
from storage.rally_rows import MedalRow, RallyRow
from storage.rows import one_of
from storage.suspicions import SuspicionRow
from storage.vault import Vault


class GiftBudgetRow(SQLModel, table=True):
    """What all gifts of a rally may cost and did cost; whoever hands out locks it first."""

    __tablename__ = "gift_budgets"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    budget_fen: int = big()
    spent_fen: int = big(default=0)


class GiftStockRow(SQLModel, table=True):
    """The pieces of one gift or substitute; `stock` follows the rally's plan."""

    __tablename__ = "gift_stocks"

    rally_id: int = big(primary_key=True, foreign_key="gift_budgets.rally_id")
    target_code: str = Field(primary_key=True)
    is_substitute: bool = Field(primary_key=True)
    stock: int
    given: int = 0


class GiftHandOutRow(SQLModel, table=True):
    """A member's right to a gift; the code itself is not kept."""

    __tablename__ = "gift_handouts"

    id: int | None = big(default=None, primary_key=True)
    rally_id: int = big(foreign_key="rallies.id")
    target_code: str
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID | None = None
    token_hash: bytes | None = sealed(default=None)
    short_index: bytes | None = sealed(default=None)
    code_until: datetime | None = moment(default=None)
    state: str = HandOutState.WAITING
    made_at: datetime = moment()
    is_substitute: bool | None = None
    worth_fen: int | None = big(default=None)
    handed_at: datetime | None = moment(default=None)
    handed_by: int | None = big(default=None, foreign_key="members.id")
    undone: int = 0
    followed_at: datetime | None = moment(default=None)


HOLDS: dict[str, Hold] = {SuspicionState.HELD: Hold.HELD, SuspicionState.CONFIRMED: Hold.REFUSED}
HANDED = col(GiftHandOutRow.state) == HandOutState.HANDED_OUT


class SqlGiftStore:
    """Implements `campaigns.gifts.service.GiftStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def of_member(self, member_id: int, now: datetime) -> list[HandOut]:
        """A member's gifts, one for each medal, of rallies that are not settled."""
        medals = (
            select(col(MedalRow.rally_id), col(MedalRow.target_code))
            .join(RallyRow, col(RallyRow.id) == col(MedalRow.rally_id))
            .where(col(MedalRow.member_id) == member_id, col(RallyRow.state) != RallyState.SETTLED)
        )
        for rally_id, target in (await self._session.execute(medals)).all():
            await self._ensure(rally_id, target, member_id, now)
        own = col(GiftHandOutRow.member_id) == member_id, col(RallyRow.state) != RallyState.SETTLED
        statement = _rows().join(RallyRow, col(RallyRow.id) == col(GiftHandOutRow.rally_id)).where(*own)
        return await self._values(statement.order_by(col(GiftHandOutRow.id)))

    async def of_rally(self, rally_id: int, member_ids: Collection[int]) -> list[HandOut]:
        """The gifts of these people in one rally."""
        own = col(GiftHandOutRow.rally_id) == rally_id, one_of(GiftHandOutRow.member_id, member_ids)
        return await self._values(_rows().where(*own).order_by(col(GiftHandOutRow.id)))

    async def lock_own(self, rally_id: int, target: str, member_id: int, now: datetime) -> HandOut | None:
        """A member's gift of one target, locked; None without the medal."""
        if await self._session.get(MedalRow, (rally_id, target, member_id)) is None:
            return None
        await self._ensure(rally_id, target, member_id, now)
        return await self._one(_of(rally_id, target, member_id), is_locked=True)

    async def earned(self, rally_id: int, member_ids: Collection[int], now: datetime) -> list[HandOut]:
        """Let these people's medals be worth their gifts; returns those that are new."""
        medals = select(col(MedalRow.rally_id), col(MedalRow.target_code), col(MedalRow.member_id), literal(now)).where(
            col(MedalRow.rally_id) == rally_id, one_of(MedalRow.member_id, member_ids)
        )
        made = insert(GiftHandOutRow).from_select(["rally_id", "target_code", "member_id", "made_at"], medals)
        rows = await self._session.scalars(made.on_conflict_do_nothing().returning(GiftHandOutRow))
        return [_value(row, None) for row in rows]

    async def set_code(self, found: HandOut, code: ShownCode, until: datetime) -> None:
        """Let another code open a gift, and the old one nothing."""
        values = {"token_hash": token_hash(code.token), "short_index": self._index(code.short), "code_until": until}
        await self._session.execute(update(GiftHandOutRow).where(_is(found)).values(values))

    async def by_code(self, key: str, is_short: bool) -> HandOut | None:
        """The gift that a code opens."""
        return await self._one([self._opens(key, is_short)], is_locked=False)

    async def lock_by_code(self, key: str, is_short: bool) -> HandOut | None:
        """The same, locked."""
        return await self._one([self._opens(key, is_short)], is_locked=True)

    async def had_before(self, found: HandOut) -> bool:
        """Whether the same customer of the bank had the gift through another account."""
        if found.customer_id is None:
            return False
        row = GiftHandOutRow
        others = col(row.id) != found.id, col(row.customer_id) == found.customer_id
        own = col(row.rally_id) == found.rally_id, col(row.target_code) == found.target
        return await self._session.scalar(select(col(row.id)).where(*own, *others, HANDED)) is not None

    async def hold(self, rally_id: int, member_id: int) -> Hold:
        """Whether somebody's gift waits for a person (`campaigns.gifts.service.Holds`)."""
        own = col(SuspicionRow.rally_id) == rally_id, col(SuspicionRow.member_id) == member_id
        found = await self._session.scalar(select(col(SuspicionRow.state)).where(*own))
        return HOLDS.get(found or "", Hold.NONE)

    async def stores(self, rally: Rally) -> Stores:
        """What the desk of a rally has now."""
        spent = await self._session.scalar(
            select(col(GiftBudgetRow.spent_fen)).where(col(GiftBudgetRow.rally_id) == rally.id)
        )
        return await self._stores(rally, spent or 0)

    async def lock_stores(self, rally: Rally) -> Stores:
        """The same, locked: who hands out next waits. What the plan says of stock and budget is brought up to date."""
        row = {"rally_id": rally.id, "budget_fen": rally.gifts_budget_fen}
        made = insert(GiftBudgetRow).values(row)
        told = {"budget_fen": made.excluded.budget_fen}
        spent = await self._session.scalar(
            made.on_conflict_do_update(index_elements=["rally_id"], set_=told).returning(col(GiftBudgetRow.spent_fen))
        )
        return await self._stores(rally, spent or 0)

    async def save(self, rally: Rally, after: Stores, found: HandOut) -> None:
        """Store what was handed out or taken back, with the stock and the budget after it."""
        rows = [
            {
                "rally_id": rally.id,
                "target_code": stock.target,
                "is_substitute": stock.is_substitute,
                "stock": stock.article.stock,
                "given": stock.given,
            }
            for stock in after.stocks
        ]
        made = insert(GiftStockRow).values(rows)
        told = {"stock": made.excluded.stock, "given": made.excluded.given}
        key = ["rally_id", "target_code", "is_substitute"]
        await self._session.execute(made.on_conflict_do_update(index_elements=key, set_=told))
        budget = update(GiftBudgetRow).where(col(GiftBudgetRow.rally_id) == rally.id)
        await self._session.execute(budget.values(spent_fen=after.spent_fen))
        values = {
            "state": found.state,
            "customer_id": found.customer_id,
            "is_substitute": found.is_substitute,
            "worth_fen": found.worth_fen,
            "handed_at": found.handed_at,
            "handed_by": found.handed_by,
            "undone": found.undone,
        }
        await self._session.execute(update(GiftHandOutRow).where(_is(found)).values(values))

    async def to_follow(self, since: datetime, limit: int) -> list[HandOut]:
        """Gifts handed out since then to known customers of the bank whom nobody follows up yet, locked."""
        due = HANDED, col(GiftHandOutRow.followed_at).is_(None), col(GiftHandOutRow.handed_at) > since
        statement = (
            _rows().where(*due, col(MemberRow.customer_id).is_not(None)).order_by(col(GiftHandOutRow.id)).limit(limit)
        )
        return await self._values(statement.with_for_update(of=GiftHandOutRow, skip_locked=True))

    async def mark_followed(self, found: Collection[int], now: datetime) -> None:
        """Mark gifts as followed up."""
        own = col(GiftHandOutRow.id).in_(found)
        await self._session.execute(update(GiftHandOutRow).where(own).values(followed_at=now))

    async def count_handed(self, rally_id: int) -> dict[tuple[str, bool], tuple[int, int]]:
        """By target and substitute, how many hand-outs stand and what they cost in fen."""
        row = GiftHandOutRow
        key = col(row.target_code), col(row.is_substitute)
        counted = select(*key, func.count(), func.sum(col(row.worth_fen))).where(col(row.rally_id) == rally_id, HANDED)
        found = await self._session.execute(counted.group_by(*key))
        return {(target, bool(is_substitute)): (pieces, int(fen or 0)) for target, is_substitute, pieces, fen in found}

    async def _ensure(self, rally_id: int, target: str, member_id: int, now: datetime) -> None:
        row = {"rally_id": rally_id, "target_code": target, "member_id": member_id, "made_at": now}
        await self._session.execute(insert(GiftHandOutRow).values(row).on_conflict_do_nothing())

    async def _stores(self, rally: Rally, spent_fen: int) -> Stores:
        rows = await self._session.scalars(
            select(GiftStockRow).where(col(GiftStockRow.rally_id) == rally.id).execution_options(populate_existing=True)
        )
        return stores_of(rally, {(row.target_code, row.is_substitute): row.given for row in rows}, spent_fen)

    def _opens(self, key: str, is_short: bool) -> ColumnElement[bool]:
        if is_short:
            return col(GiftHandOutRow.short_index) == self._index(key)
        return col(GiftHandOutRow.token_hash) == token_hash(key)

    def _index(self, short: str) -> bytes:
        """Six characters can be tried out by who has the rows: they are kept under a key from outside the database."""
        return self._vault.index(f"gift:{short}")

    async def _one(self, where: Iterable[ColumnElement[bool]], *, is_locked: bool) -> HandOut | None:
        statement = _rows().where(*where)
        if is_locked:
            statement = statement.with_for_update(of=GiftHandOutRow)
        return next(iter(await self._values(statement)), None)

    async def _values(self, statement: Select[GiftHandOutRow, UUID | None]) -> list[HandOut]:
        rows = await self._session.execute(statement.execution_options(populate_existing=True))
        return [_value(row, customer) for row, customer in rows]


def _rows() -> Select[Any, Any]:
    """Hand-outs with who the member is now."""
    row = GiftHandOutRow
    return select(row, col(MemberRow.customer_id)).join(MemberRow, col(MemberRow.id) == col(row.member_id))


def _of(rally_id: int, target: str, member_id: int) -> list[ColumnElement[bool]]:
    row = GiftHandOutRow
    return [col(row.rally_id) == rally_id, col(row.target_code) == target, col(row.member_id) == member_id]


def _is(found: HandOut) -> ColumnElement[bool]:
    return col(GiftHandOutRow.id) == found.id


def _value(row: GiftHandOutRow, customer: UUID | None) -> HandOut:
    assert row.id is not None
    state = HandOutState(row.state)
    return HandOut(
        row.id,
        row.rally_id,
        row.target_code,
        row.member_id,
        row.made_at,
        state,
        row.code_until,
        row.is_substitute,
        row.worth_fen,
        row.handed_at,
        row.handed_by,
        row.undone,
        customer if state is HandOutState.WAITING else row.customer_id,
    )
