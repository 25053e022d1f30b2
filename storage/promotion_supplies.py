"""What promotions can hand out, and what is left of it now: vouchers, packs, open draws, rallies' gifts."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlmodel import col

from campaigns.promotions.supplies import Supply, of_draw, of_gifts, of_vouchers
from campaigns.vouchers.model import Stock, VoucherPlan
from storage.database import UnitOfWork
from storage.draws import SqlDrawStore
from storage.gifts import SqlGiftStore
from storage.packs import SqlPackStore
from storage.rallies import SqlRallyStore
from storage.rows import one_of
from storage.vault import Vault
from storage.voucher_rows import VoucherStockRow
from storage.vouchers import FIGURES, SqlVoucherStore

OPEN = """SELECT 'draw:' || id FROM draws WHERE state = 'open'
    UNION ALL SELECT 'rally:' || code FROM rallies WHERE state <> 'settled'"""
Held = Sequence[tuple[VoucherPlan, Stock]]


class SqlSupplies:
    """Implements `campaigns.promotions.ports.Supplies` inside one unit of work."""

    def __init__(self, uow: UnitOfWork, vault: Vault, zone: ZoneInfo) -> None:
        self._session = uow.session
        self._zone = zone
        self._vouchers = SqlVoucherStore(uow, zone.key)
        self._packs = SqlPackStore(uow)
        self._draws = SqlDrawStore(uow, vault)
        self._rallies = SqlRallyStore(uow, vault)
        self._gifts = SqlGiftStore(uow, vault)

    async def known(self) -> frozenset[str]:
        """The subjects that can be handed out now, such as voucher:pay-50."""
        vouchers, packs = await self._vouchers.edition(), await self._packs.edition()
        named = [f"voucher:{code}" for code in vouchers.book.plans] if vouchers else []
        named += [f"pack:{code}" for code in packs.file.packs] if packs else []
        return frozenset([*named, *(await self._session.scalars(text(OPEN)))])

    async def find(self, subject: str) -> Supply | None:
        """What is left of a subject; None once there is no such thing any more."""
        if subject not in await self.known():
            return None
        kind, _, name = subject.partition(":")
        match kind:
            case "voucher":
                [(plan, stock)] = await self._left([name])
                return of_vouchers(subject, plan.aim, [(plan, stock)], self._zone)
            case "pack":
                return await self._pack(subject, name)
            case "draw":
                draw = await self._draws.find(int(name))
                return of_draw(subject, draw) if draw else None
            case _:
                rally = await self._rallies.by_code(name)
                stores = await self._gifts.stores(rally) if rally else None
                return of_gifts(subject, stores, rally.starts_at, rally.ends_at) if rally and stores else None

    async def _pack(self, subject: str, code: str) -> Supply | None:
        edition = await self._packs.edition()
        pack = edition.file.packs.get(code) if edition else None
        return of_vouchers(subject, pack.aim, await self._left(pack.vouchers), self._zone) if pack else None

    async def _left(self, codes: Sequence[str]) -> Held:
        """Vouchers of these codes by the newest version, with the limits in force and what became of their pieces."""
        edition = await self._vouchers.edition()
        plans = edition.book.plans if edition else {}
        rows = await self._session.scalars(
            select(VoucherStockRow)
            .where(one_of(VoucherStockRow.code, codes))
            .order_by(col(VoucherStockRow.code))
            .execution_options(populate_existing=True)
        )
        return [
            (
                replace(plans[row.code], stock=row.stock, budget_fen=row.budget_fen, liability_fen=row.liability_fen),
                Stock(**{name: getattr(row, name) for name in FIGURES}),
            )
            for row in rows
            if row.code in plans
        ]
