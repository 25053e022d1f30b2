"""Vouchers on rows: a piece is taken from stock, budget and cap by one statement, and every movement is booked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from campaigns.audiences.model import Expression
from campaigns.catalogue.model import ProductKind
from campaigns.vouchers.files import plain, restored
from campaigns.vouchers.model import (
    Edition,
    Event,
    Movement,
    MovementKind,
    Purchase,
    Stock,
    Voucher,
    VoucherPlan,
    VoucherRefusal,
    VoucherState,
)
from campaigns.vouchers.rules import booked, room
from campaigns.vouchers.settlement import Payout, Sheet, stock_of
from storage.audience_sql import Statement, belonging
from storage.audiences import SqlAudienceStore
from storage.customers import CustomerRow
from storage.database import UnitOfWork
from storage.members import MemberRow
from storage.rows import insert_rows, one_of
from storage.voucher_rows import (
    VoucherMovementRow,
    VoucherPurchaseRow,
    VoucherRow,
    VoucherStockRow,
    VoucherVersionRow,
    voucher_of,
)

FIGURES = ("issued", "open", "redeemed", "expired", "clawed_back", "open_fen", "redeemed_fen", "clawed_back_fen")
LOCK = "SELECT pg_advisory_xact_lock{how}(hashtextextended('vouchers', 0))"
LOCK_ONE = "SELECT pg_advisory_xact_lock(hashtextextended('vouchers:' || :customer, 0))"
LIMITS = """INSERT INTO voucher_stocks VALUES (:code, :stock, :budget, :liability, 0, 0, 0, 0, 0, 0, 0, 0)
    ON CONFLICT (code) DO UPDATE SET stock = greatest(excluded.stock, voucher_stocks.issued),
        liability_fen = greatest(excluded.liability_fen, voucher_stocks.open_fen),
        budget_fen = greatest(excluded.budget_fen, voucher_stocks.open_fen + voucher_stocks.redeemed_fen)"""
TAKE = """UPDATE voucher_stocks SET issued = issued + 1, open = open + 1, open_fen = open_fen + :value
    WHERE code = :code AND issued < stock AND open_fen + :value <= liability_fen
        AND open_fen + redeemed_fen + :value <= budget_fen RETURNING code"""
HOLDS = """WITH newest AS (SELECT max(as_of) AS day FROM customer_snapshots), latest AS (SELECT day FROM newest
        UNION ALL SELECT max(as_of) FROM customer_snapshots WHERE as_of < (SELECT day FROM newest))
    SELECT min(coalesce(s.wealth_products + s.funds + s.asset_plans, 0)) FROM latest l
        LEFT JOIN customer_snapshots s ON s.as_of = l.day AND s.customer_id = :customer WHERE l.day IS NOT NULL"""
IN_GROUPS = """SELECT m.customer_id FROM members m JOIN group_members i ON i.member_id = m.id AND i.left_at IS NULL
    JOIN groups g ON g.id = i.group_id WHERE g.manager_id = ANY(:managers) AND m.customer_id IS NOT NULL"""
PAID = """SELECT code, product, count(*) FILTER (WHERE state = 'redeemed'),
        sum(value_fen) FILTER (WHERE state = 'redeemed'), count(*) FILTER (WHERE state = 'clawed_back'),
        sum(value_fen) FILTER (WHERE state = 'clawed_back')
    FROM vouchers WHERE state IN ('redeemed', 'clawed_back') GROUP BY code, product"""
SHOWN = 200
OPEN_STATES = (VoucherState.CLAIMED, VoucherState.MET, VoucherState.ASKED)


class SqlVoucherStore:
    """Implements `campaigns.vouchers.ports.VoucherStore`."""

    def __init__(self, uow: UnitOfWork, zone: str) -> None:
        self._uow = uow
        self._session = uow.session
        self._zone = zone

    async def edition(self, version: int | None = None) -> Edition | None:
        """One version, the newest by default."""
        query = select(VoucherVersionRow).order_by(col(VoucherVersionRow.version).desc()).limit(1)
        if version is not None:
            query = query.where(col(VoucherVersionRow.version) == version)
        row = await self._session.scalar(query)
        return _edition(row) if row else None

    async def editions(self, versions: Collection[int]) -> dict[int, Edition]:
        """Several versions."""
        rows = await self._session.scalars(select(VoucherVersionRow).where(one_of(VoucherVersionRow.version, versions)))
        return {row.version: _edition(row) for row in rows}

    async def newest_for_change(self) -> Edition | None:
        """The newest version; who else would add one waits, and reading goes on."""
        await self._session.execute(text("LOCK TABLE voucher_versions IN SHARE ROW EXCLUSIVE MODE"))
        return await self.edition()

    async def history(self) -> list[Edition]:
        """Every version, the newest first."""
        rows = await self._session.scalars(select(VoucherVersionRow).order_by(col(VoucherVersionRow.version).desc()))
        return [_edition(row) for row in rows]

    async def add(self, edition: Edition) -> None:
        """Keep a version for good; limits never fall below what was given out."""
        row = {**vars(edition), "body": plain(edition.book)}
        del row["book"]
        await self._session.execute(insert(VoucherVersionRow).values(row))
        for plan in sorted(edition.book.plans.values(), key=lambda each: each.code):
            limits = {"stock": plan.stock, "budget": plan.budget_fen, "liability": plan.liability_fen}
            await self._session.execute(text(LIMITS), {"code": plan.code, **limits})

    async def lock_customer(self, customer_id: UUID) -> None:
        """Who claims for the same customer next waits, and so does who takes in a file."""
        await self._session.execute(text(LOCK.format(how="_shared")))
        await self._session.execute(text(LOCK_ONE), {"customer": str(customer_id)})

    async def lock_all(self, customer_ids: Collection[UUID]) -> None:
        """Nobody claims while a file is taken in, and nobody else moves what these customers have.

        Vouchers first and figures after, as whoever moves one takes them: so none waits for another in a ring.
        """
        await self._session.execute(text(LOCK.format(how="")))
        await self.of_customers(customer_ids)
        await self._session.execute(select(col(VoucherStockRow.code)).order_by("code").with_for_update())

    async def holds_fen(self, customer_id: UUID) -> int:
        """Wealth products, funds and asset plans held at both of the latest deliveries; no deposit of any kind.

        Money that was parked for one day only, or that came from another customer meanwhile, unlocks nothing; nor does
        that of who is missing in one of them: new at the bank since, or gone.
        """
        return int(await self._session.scalar(text(HOLDS), {"customer": customer_id}) or 0)

    async def belongs(self, customer_id: UUID, expression: Expression, now: datetime) -> bool:
        """Whether a customer is of an audience."""
        frame = await SqlAudienceStore(self._uow, self._zone).frame()
        of_all: Statement = belonging(expression, frame, now, self._zone)
        asked = f"SELECT EXISTS (SELECT FROM ({of_all.sql}) a WHERE a.customer_id = %(the_customer)s)"  # noqa: S608 - bound.
        connection = await self._session.connection()
        facts = {**of_all.facts, "the_customer": customer_id}
        return bool((await connection.exec_driver_sql(asked, facts)).scalar())

    async def of_customer(self, customer_id: UUID) -> list[Voucher]:
        """All that a customer has or had, the newest first."""
        own = select(VoucherRow).where(col(VoucherRow.customer_id) == customer_id)
        return await self._values(own.order_by(col(VoucherRow.id).desc()))

    async def of_customers(self, customer_ids: Collection[UUID]) -> list[Voucher]:
        """The same of several, locked, in the order of their ids."""
        own = select(VoucherRow).where(one_of(VoucherRow.customer_id, customer_ids))
        return await self._values(own.order_by(col(VoucherRow.id)).with_for_update())

    async def get(self, voucher_id: int) -> Voucher | None:
        """One voucher."""
        return await self._one(select(VoucherRow).where(col(VoucherRow.id) == voucher_id))

    async def lock(self, voucher_id: int) -> Voucher | None:
        """One voucher, locked."""
        return await self._one(select(VoucherRow).where(col(VoucherRow.id) == voucher_id).with_for_update())

    async def take(self, plan: VoucherPlan, voucher: Voucher) -> Voucher | VoucherRefusal:
        """Take a piece from stock, budget and cap at once and keep the voucher; why not, where there is none."""
        facts = {"code": plan.code, "value": voucher.value_fen}
        if await self._session.scalar(text(TAKE), facts) is None:
            return await self._no_room(plan)
        row = {name: value for name, value in vars(voucher).items() if name != "id"}
        made = insert(VoucherRow).values(row).returning(VoucherRow)
        return voucher_of((await self._session.scalars(made)).one())

    async def book(self, movements: Sequence[Movement]) -> None:
        """Keep vouchers as they stand after these movements, the movements themselves, and the figures.

        A claim's figures were booked when its piece was taken; the others in the order of codes, so that none waits
        for another in a ring.
        """
        if not movements:
            return
        for each in movements:
            await self._save(each.voucher)
        rows = [
            {
                "voucher_id": each.voucher.id,
                "kind": str(each.kind),
                "value_fen": each.voucher.value_fen,
                "at": each.at,
                "by": each.by,
                "reason": each.reason,
            }
            for each in movements
        ]
        await self._session.execute(insert_rows(VoucherMovementRow, rows))
        for code, change in sorted(_changes(movements).items()):
            moved = {name: getattr(VoucherStockRow, name) + value for name, value in vars(change).items() if value}
            if moved:
                of_code = update(VoucherStockRow).where(col(VoucherStockRow.code) == code).values(moved)
                await self._session.execute(of_code)

    async def note_progress(self, vouchers: Sequence[Voucher]) -> None:
        """Keep how far these are."""
        for each in vouchers:
            await self._save(each)

    async def customers(self, numbers: Collection[str]) -> dict[str, UUID]:
        """Customers by the bank's number."""
        known = select(col(CustomerRow.number), col(CustomerRow.id)).where(one_of(CustomerRow.number, numbers))
        return {number: customer for number, customer in await self._session.execute(known)}  # noqa: C416 - rows are no pairs to mypy.

    async def holders(self, customer_ids: Collection[UUID]) -> dict[UUID, int]:
        """Which members are linked to these customers now; who is linked to nobody is missing."""
        linked = select(col(MemberRow.customer_id), col(MemberRow.id)).where(
            one_of(MemberRow.customer_id, customer_ids)
        )
        return {customer: member for customer, member in await self._session.execute(linked) if customer is not None}

    async def told(self, references: Collection[str]) -> dict[str, tuple[UUID, Purchase]]:
        """What the bank told under these references before."""
        before = select(VoucherPurchaseRow).where(one_of(VoucherPurchaseRow.reference, references))
        return {row.reference: (row.customer_id, _purchase(row)) for row in await self._session.scalars(before)}

    async def keep(self, purchases: Sequence[tuple[UUID, Purchase]], now: datetime) -> None:
        """Keep what the bank told."""
        rows = [{**vars(each), "customer_id": customer, "imported_at": now} for customer, each in purchases]
        if rows:
            await self._session.execute(insert_rows(VoucherPurchaseRow, rows))

    async def purchases(self, customer_ids: Collection[UUID]) -> dict[UUID, list[Purchase]]:
        """Everything that the bank told of these customers."""
        of_them = select(VoucherPurchaseRow).where(one_of(VoucherPurchaseRow.customer_id, customer_ids))
        found: dict[UUID, list[Purchase]] = {}
        for row in await self._session.scalars(of_them):
            found.setdefault(row.customer_id, []).append(_purchase(row))
        return found

    async def over(self, now: datetime, limit: int) -> list[Voucher]:
        """Vouchers past their end that nobody asked for, locked; those that others hold are left out."""
        waiting = one_of(VoucherRow.state, [VoucherState.CLAIMED, VoucherState.MET])
        due = select(VoucherRow).where(waiting, col(VoucherRow.expires_at) <= now).order_by(col(VoucherRow.id))
        return await self._values(due.limit(limit).with_for_update(skip_locked=True))

    async def managed(self, managers: Sequence[int]) -> list[Voucher]:
        """Open vouchers of those in the groups of these managers: asked for first, then who lacks least."""
        customers = text(IN_GROUPS).bindparams(managers=list(managers)).columns(customer_id=Uuid())
        first = case((col(VoucherRow.state) == VoucherState.ASKED, 0), else_=1)
        missing = col(VoucherRow.need_fen) - col(VoucherRow.progress_fen)
        open_ones = select(VoucherRow).where(
            one_of(VoucherRow.state, OPEN_STATES), col(VoucherRow.customer_id).in_(select(customers.subquery()))
        )
        return await self._values(open_ones.order_by(first, missing, col(VoucherRow.id)).limit(SHOWN))

    async def is_managed(self, customer_id: UUID, managers: Sequence[int]) -> bool:
        """Whether who is linked to a customer is in a group of these managers."""
        asked = text(f"SELECT EXISTS ({IN_GROUPS} AND m.customer_id = :customer)")
        return bool(await self._session.scalar(asked, {"managers": list(managers), "customer": customer_id}))

    async def sheets(self) -> list[Sheet]:
        """Every voucher's figures, three times over."""
        rows, movements = await self._by_state(), await self._by_kind()
        kept = await self._session.scalars(select(VoucherStockRow).order_by(col(VoucherStockRow.code)))
        return [
            Sheet(
                row.code,
                row.stock,
                row.budget_fen,
                row.liability_fen,
                Stock(**{name: getattr(row, name) for name in FIGURES}),
                _stock_of_rows(rows.get(row.code, {})),
                stock_of(movements.get(row.code, {})),
            )
            for row in kept
        ]

    async def payouts(self, partners: Mapping[str, str]) -> list[Payout]:
        """What was paid by product; `partners` by code."""
        payouts = [
            Payout(partners.get(code, ""), code, product, pieces, int(fen or 0), back, int(back_fen or 0))
            for code, product, pieces, fen, back, back_fen in await self._session.execute(text(PAID))
        ]
        return sorted(payouts, key=lambda each: (each.partner, each.code, each.product or ""))

    async def _by_state(self) -> dict[str, dict[VoucherState, tuple[int, int]]]:
        row = VoucherRow
        counted = select(col(row.code), col(row.state), func.count(), func.sum(col(row.value_fen)))
        found: dict[str, dict[VoucherState, tuple[int, int]]] = {}
        for code, state, pieces, fen in await self._session.execute(counted.group_by(col(row.code), col(row.state))):
            found.setdefault(code, {})[VoucherState(state)] = (pieces, int(fen))
        return found

    async def _by_kind(self) -> dict[str, dict[MovementKind, tuple[int, int]]]:
        row, of = VoucherMovementRow, VoucherRow
        counted = select(col(of.code), col(row.kind), func.count(), func.sum(col(row.value_fen))).join(
            of, col(of.id) == col(row.voucher_id)
        )
        found: dict[str, dict[MovementKind, tuple[int, int]]] = {}
        for code, kind, pieces, fen in await self._session.execute(counted.group_by(col(of.code), col(row.kind))):
            found.setdefault(code, {})[MovementKind(kind)] = (pieces, int(fen))
        return found

    async def _no_room(self, plan: VoucherPlan) -> VoucherRefusal:
        row = await self._session.scalar(
            select(VoucherStockRow)
            .where(col(VoucherStockRow.code) == plan.code)
            .execution_options(populate_existing=True)
        )
        assert row is not None
        stock = Stock(**{name: getattr(row, name) for name in FIGURES})
        return room(plan, stock) or VoucherRefusal.SOLD_OUT

    async def _save(self, voucher: Voucher) -> None:
        values = {name: value for name, value in vars(voucher).items() if name != "id"}
        await self._session.execute(update(VoucherRow).where(col(VoucherRow.id) == voucher.id).values(values))

    async def _one(self, statement: Select[Any]) -> Voucher | None:
        return next(iter(await self._values(statement)), None)

    async def _values(self, statement: Select[Any]) -> list[Voucher]:
        rows = await self._session.scalars(statement.execution_options(populate_existing=True))
        return [voucher_of(row) for row in rows]


def _edition(row: VoucherVersionRow) -> Edition:
    return Edition(row.version, restored(row.body), row.made_by, row.made_at, row.reason, row.override)


def _purchase(row: VoucherPurchaseRow) -> Purchase:
    kind, event = ProductKind(row.kind), Event(row.event)
    return Purchase(row.reference, event, row.product, kind, row.risk, row.amount_fen, row.day, row.reason)


def _changes(movements: Sequence[Movement]) -> dict[str, Stock]:
    """What movements change of each code's figures; a claim's were booked before."""
    found: dict[str, Stock] = {}
    for each in movements:
        if each.kind is not MovementKind.CLAIMED:
            found[each.voucher.code] = booked(found.get(each.voucher.code, Stock()), each)
    return found


def _stock_of_rows(found: Mapping[VoucherState, tuple[int, int]]) -> Stock:
    def of(*states: VoucherState) -> tuple[int, int]:
        parts = [found.get(state, (0, 0)) for state in states]
        return sum(pieces for pieces, _ in parts), sum(fen for _, fen in parts)

    issued = sum(pieces for pieces, _ in found.values())
    (still, still_fen), (paid, paid_fen) = of(*OPEN_STATES), of(VoucherState.REDEEMED)
    (expired, _), (back, back_fen) = of(VoucherState.EXPIRED), of(VoucherState.CLAWED_BACK)
    return Stock(issued, still, paid, expired, back, still_fen, paid_fen, back_fen)
