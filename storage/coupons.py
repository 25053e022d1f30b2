"""Merchants' coupons and their stock; checks and unique keys are the last guard against issuing twice or too many."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.coupons.model import Coupon, CouponCount, CouponState
from campaigns.partners.model import PartnerKind
from campaigns.rallies.model import CouponPlan, Rally
from campaigns.redemptions.codes import ShownCode
from campaigns.redemptions.rules import token_hash
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.members import MemberRow
from storage.partners import SqlPartnerStore
from storage.points import SqlPointsStore
from storage.rows import insert_rows, one_of
from storage.vault import Vault


class CouponStockRow(SQLModel, table=True):
    """How many coupons of a plan there are and were issued; `stock` follows the rally's plan."""

    __tablename__ = "coupon_stocks"

    rally_id: int = big(primary_key=True, foreign_key="rallies.id")
    code: str = Field(primary_key=True)
    partner_id: int = big(foreign_key="partners.id")
    stock: int
    issued: int = 0


class CouponRow(SQLModel, table=True):
    """A coupon; the code that is shown is not kept."""

    __tablename__ = "coupons"

    id: int | None = big(default=None, primary_key=True)
    rally_id: int = big()
    code: str
    partner_id: int = big(foreign_key="partners.id")
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID | None = None
    worth_fen: int = big()
    token_hash: bytes | None = sealed(default=None)
    short_index: bytes | None = sealed(default=None)
    code_until: datetime | None = moment(default=None)
    state: str = CouponState.ISSUED
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    remind_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)
    ended_by: int | None = big(default=None, foreign_key="members.id")
    undone: int = 0


ISSUED = col(CouponRow.state) == CouponState.ISSUED
ISSUED_WITH = (
    "rally_id",
    "code",
    "partner_id",
    "member_id",
    "customer_id",
    "worth_fen",
    "issued_at",
    "expires_at",
    "remind_at",
)


class SqlCouponStore:
    """Implements `campaigns.coupons.service.CouponStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault
        self._partners = SqlPartnerStore(uow)
        self._points = SqlPointsStore(uow)

    async def had(self, rally_id: int, member_ids: Collection[int]) -> dict[int, frozenset[str]]:
        """The codes of the coupons that each of these has or had of a rally, by member; who had none is missing."""
        row = CouponRow
        codes = select(col(row.member_id), func.array_agg(col(row.code))).group_by(col(row.member_id))
        own = col(row.rally_id) == rally_id, one_of(row.member_id, member_ids)
        return {member: frozenset(found) for member, found in await self._session.execute(codes.where(*own))}

    async def issue(
        self, rally: Rally, plan: CouponPlan, member_ids: Sequence[int], now: datetime, remind_at: datetime | None
    ) -> list[Coupon]:
        """Take coupons from stock, first come first served; nobody gets one whose customer had one already.

        The place of who gets none falls to the next in line.
        """
        stock, waiting, made = await self._lock_stock(rally.id, plan), list(member_ids), list[Coupon]()
        while waiting and (left := plan.article.stock - stock.issued - len(made)) > 0:
            made += await self._insert(rally, plan, stock.partner_id, waiting[:left], now, remind_at)
            waiting = waiting[left:]
        own = col(CouponStockRow.rally_id) == rally.id, col(CouponStockRow.code) == plan.code
        counted = {"issued": stock.issued + len(made), "stock": plan.article.stock}
        if made:
            await self._session.execute(update(CouponStockRow).where(*own).values(counted))
        return made

    async def _insert(
        self,
        rally: Rally,
        plan: CouponPlan,
        partner: int,
        member_ids: Sequence[int],
        now: datetime,
        remind_at: datetime | None,
    ) -> list[Coupon]:
        known = select(col(MemberRow.id), col(MemberRow.customer_id)).where(one_of(MemberRow.id, member_ids))
        customers = {member: customer for member, customer in await self._session.execute(known)}  # noqa: C416 - rows are no pairs to mypy.
        worth, until = plan.article.worth_fen, plan.expires_at
        drafts = [
            Coupon(0, rally.id, plan.code, partner, member_id, worth, now, until, CouponState.ISSUED, None, remind_at)
            for member_id in member_ids
        ]
        drafts = [replace(draft, customer_id=customers[draft.member_id]) for draft in drafts]
        rows = [{name: vars(draft)[name] for name in ISSUED_WITH} for draft in drafts]
        made = insert_rows(CouponRow, rows).on_conflict_do_nothing()
        ids = await self._session.execute(made.returning(col(CouponRow.member_id), col(CouponRow.id)))
        numbers = {member: number or 0 for member, number in ids}
        return [replace(draft, id=numbers[draft.member_id]) for draft in drafts if draft.member_id in numbers]

    async def of_member(self, member_id: int, since: datetime) -> list[Coupon]:
        """A member's coupons, those that ended before `since` left out; what can be redeemed first."""
        return await self._shown(since, col(CouponRow.member_id) == member_id)

    async def of_rally(self, rally_id: int, member_ids: Collection[int], since: datetime) -> list[Coupon]:
        """The same for these people in one rally."""
        return await self._shown(since, col(CouponRow.rally_id) == rally_id, one_of(CouponRow.member_id, member_ids))

    async def _shown(self, since: datetime, *whose: ColumnElement[bool]) -> list[Coupon]:
        order = case((ISSUED, 0), else_=1), col(CouponRow.expires_at), col(CouponRow.id)
        shown = select(CouponRow).where(*whose, ISSUED | (col(CouponRow.ended_at) >= since))
        return await self._values(shown.order_by(*order))

    async def lock_own(self, coupon_id: int, member_id: int) -> Coupon | None:
        """A member's own coupon, locked."""
        return await self._one([col(CouponRow.id) == coupon_id, col(CouponRow.member_id) == member_id], is_locked=True)

    async def set_code(self, coupon: Coupon, code: ShownCode, until: datetime) -> None:
        """Let another code open a coupon, and the old one nothing."""
        short = self._index(code.short)
        await self._change(coupon, token_hash=token_hash(code.token), short_index=short, code_until=until)

    async def by_code(self, key: str, is_short: bool) -> Coupon | None:
        """The coupon that a code opens."""
        return await self._one([self._opens(key, is_short)], is_locked=False)

    async def lock_by_code(self, key: str, is_short: bool) -> Coupon | None:
        """The same, locked."""
        return await self._one([self._opens(key, is_short)], is_locked=True)

    async def end(self, coupon: Coupon, state: CouponState, by: int | None, now: datetime) -> None:
        """Store a coupon's end."""
        await self._change(coupon, state=state, ended_at=now, ended_by=by)

    async def reopen(self, coupon: Coupon) -> None:
        """A coupon that was redeemed by mistake can be redeemed again."""
        await self._change(coupon, state=CouponState.ISSUED, ended_at=None, ended_by=None, undone=coupon.undone + 1)

    async def open_of(self, rally_id: int, code: str) -> list[Coupon]:
        """The coupons of one plan that can be redeemed, locked."""
        own = col(CouponRow.rally_id) == rally_id, col(CouponRow.code) == code, ISSUED
        return await self._values(select(CouponRow).where(*own).order_by(col(CouponRow.id)).with_for_update())

    async def ended(self, now: datetime, limit: int) -> list[Coupon]:
        """Coupons past their end, locked; those that others hold are left out."""
        due = select(CouponRow).where(ISSUED, col(CouponRow.expires_at) <= now).order_by(col(CouponRow.id))
        return await self._values(due.limit(limit).with_for_update(skip_locked=True))

    async def take_reminders(self, now: datetime, limit: int) -> list[Coupon]:
        """Coupons of which somebody is to be reminded now, marked as reminded."""
        row = CouponRow
        due = select(row).where(ISSUED, col(row.remind_at) <= now).order_by(col(row.id)).limit(limit)
        found = await self._values(due.with_for_update(skip_locked=True))
        reminded = update(row).where(col(row.id).in_([each.id for each in found])).values(remind_at=None)
        await self._session.execute(reminded)
        return [replace(each, remind_at=None) for each in found]

    async def lock_all(self, rally_id: int) -> None:
        """Lock a rally's coupons: who redeems or takes back next waits."""
        own = select(col(CouponRow.id)).where(col(CouponRow.rally_id) == rally_id).order_by(col(CouponRow.id))
        await self._session.execute(own.with_for_update())

    async def counts(self, rally_id: int) -> dict[str, CouponCount]:
        """The coupons of a rally by the plan's code: what was taken from stock, and what became of it."""
        stocks = await self._session.scalars(
            select(CouponStockRow)
            .where(col(CouponStockRow.rally_id) == rally_id)
            .execution_options(populate_existing=True)
        )
        row = CouponRow
        counted = select(col(row.code), col(row.state), func.count(), func.sum(col(row.worth_fen))).where(
            col(row.rally_id) == rally_id
        )
        found: dict[tuple[str, str], tuple[int, int]] = {
            (code, state): (pieces, int(fen or 0))
            for code, state, pieces, fen in await self._session.execute(counted.group_by(col(row.code), col(row.state)))
        }
        return {stock.code: _count(stock, found) for stock in stocks}

    async def _lock_stock(self, rally_id: int, plan: CouponPlan) -> CouponStockRow:
        """The plan's stock, made on first sight, locked: who takes from it next waits."""
        found = await self._stock(rally_id, plan.code)
        if found is not None:
            return found
        row = {"rally_id": rally_id, "code": plan.code, "stock": plan.article.stock}
        row["partner_id"] = await self._partner(plan.partner)
        await self._session.execute(insert(CouponStockRow).values(row).on_conflict_do_nothing())
        made = await self._stock(rally_id, plan.code)
        assert made is not None
        return made

    async def _stock(self, rally_id: int, code: str) -> CouponStockRow | None:
        own = col(CouponStockRow.rally_id) == rally_id, col(CouponStockRow.code) == code
        locked = select(CouponStockRow).where(*own).with_for_update()
        return await self._session.scalar(locked.execution_options(populate_existing=True))

    async def _partner(self, name: str) -> int:
        found = await self._partners.named(name)
        return found.id if found else await self._points.add_partner(name, PartnerKind.MERCHANT)

    async def _change(self, coupon: Coupon, **values: object) -> None:
        await self._session.execute(update(CouponRow).where(col(CouponRow.id) == coupon.id).values(**values))

    def _opens(self, key: str, is_short: bool) -> ColumnElement[bool]:
        if is_short:
            return col(CouponRow.short_index) == self._index(key)
        return col(CouponRow.token_hash) == token_hash(key)

    def _index(self, short: str) -> bytes:
        """Six characters can be tried out by who has the rows: they are kept under a key from outside the database."""
        return self._vault.index(f"coupon:{short}")

    async def _one(self, where: Sequence[ColumnElement[bool]], *, is_locked: bool) -> Coupon | None:
        statement = select(CouponRow).where(*where)
        return next(iter(await self._values(statement.with_for_update() if is_locked else statement)), None)

    async def _values(self, statement: Select[Any]) -> list[Coupon]:
        rows = await self._session.scalars(statement.execution_options(populate_existing=True))
        return [_coupon(row) for row in rows]


def _coupon(row: CouponRow) -> Coupon:
    assert row.id is not None
    return Coupon(
        row.id,
        row.rally_id,
        row.code,
        row.partner_id,
        row.member_id,
        row.worth_fen,
        row.issued_at,
        row.expires_at,
        CouponState(row.state),
        row.code_until,
        row.remind_at,
        row.ended_at,
        row.ended_by,
        row.undone,
        row.customer_id,
    )


def _count(stock: CouponStockRow, found: dict[tuple[str, str], tuple[int, int]]) -> CouponCount:
    pieces = {state: found.get((stock.code, state), (0, 0))[0] for state in CouponState}
    return CouponCount(
        stock.issued,
        pieces[CouponState.REDEEMED],
        pieces[CouponState.EXPIRED],
        pieces[CouponState.VOID],
        pieces[CouponState.ISSUED],
        found.get((stock.code, CouponState.REDEEMED), (0, 0))[1],
        stock.stock,
    )
