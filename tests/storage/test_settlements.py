"""Settling a rally on real rows: every piece is accounted for, parts sum to the cost, nothing moves afterwards."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from campaigns.coupons.model import CouponCode, CouponCount
from campaigns.coupons.service import CouponService
from campaigns.gifts.model import GiftCode, Hold
from campaigns.gifts.rules import stores_of
from campaigns.gifts.service import GiftService
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import Rally, RallyState, Visit
from campaigns.redemptions.model import Clerk
from campaigns.settlements.model import RallySheet, SettleRefusal
from campaigns.settlements.rules import may_settle, sheet_of
from campaigns.settlements.service import SettlementService
from storage.coupons import SqlCouponStore
from storage.database import Database, UnitOfWork
from storage.gifts import SqlGiftStore
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.rallies import SqlRallyStore
from storage.settlements import SqlSettlementStore
from storage.vault import Vault
from tests import rally_day

START = datetime(2026, 11, 28, 2, tzinfo=UTC)
VISITORS = (11, 12)
STAFF = 99
SHARES = {"幸福里": 3_333}


class Evening:
    """An event whose visitors have a medal and a coupon each."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault
        self.shop = 0
        self.rally: Rally

    async def hold(self, rally_id: int, member_id: int) -> Hold:
        return Hold.NONE

    def gifts(self, uow: UnitOfWork) -> GiftService:
        rallies = SqlRallyStore(uow, self.vault)
        return GiftService(SqlGiftStore(uow, self.vault), rallies, self, lambda: START)

    def coupons(self, uow: UnitOfWork) -> CouponService:
        rallies = SqlRallyStore(uow, self.vault)
        return CouponService(SqlCouponStore(uow, self.vault), rallies, lambda: START, ZoneInfo("UTC"))

    def desk(self, uow: UnitOfWork) -> SettlementService:
        stores = SqlGiftStore(uow, self.vault), SqlCouponStore(uow, self.vault)
        return SettlementService(SqlSettlementStore(uow), SqlRallyStore(uow, self.vault), *stores, lambda: START)

    async def gift_code(self, member: int) -> str:
        async with self.database.unit_of_work() as uow:
            shown = (await self.gifts(uow).show_code(self.rally.id, "T1", member)).shown
        assert shown is not None
        return shown.token

    async def hands_out(self, key: str) -> GiftCode:
        async with self.database.unit_of_work() as uow:
            return (await self.gifts(uow).hand_out(key, Clerk(STAFF))).code

    async def redeems(self, member: int) -> CouponCode:
        async with self.database.unit_of_work() as uow:
            mine = await self.coupons(uow).mine(member, START)
            shown = (await self.coupons(uow).show_code(mine[0].coupon.id, member)).shown
            assert shown is not None
            return (await self.coupons(uow).redeem(shown.token, Clerk(STAFF, frozenset({self.shop})))).code

    async def settles(self) -> RallySheet | tuple[SettleRefusal, RallySheet | None]:
        async with self.database.unit_of_work() as uow:
            return await self.desk(uow).settle(self.rally.code)

    async def says(self, statement: str) -> None:
        async with self.database.unit_of_work() as uow:
            await uow.session.execute(text(statement))


@pytest.fixture
async def evening(database: Database, vault: Vault) -> Evening:
    made = Evening(database, vault)
    async with database.unit_of_work() as uow:
        for member in (*VISITORS, STAFF):
            await SqlMemberStore(uow, vault).meet(Introduction(member, "王芳", Language.ZH, is_private=True), START)
        made.shop = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        store = SqlRallyStore(uow, vault)
        plan = rally_day.plan(START, shares=SHARES)
        rally = await store.create(plan, STAFF, {"幸福里": made.shop}, START)
        await store.move(rally.id, RallyState.RUNNING, START)
        made.rally = replace(rally, state=RallyState.RUNNING)
        for member in VISITORS:
            await store.give_medals(rally.id, [(member, "T1")], START)
            await made.coupons(uow).issue(made.rally, [Visit(member, made.rally.booths[0])])
    return made


def refusal(outcome: RallySheet | tuple[SettleRefusal, RallySheet | None]) -> SettleRefusal | None:
    return None if isinstance(outcome, RallySheet) else outcome[0]


async def test_an_ended_event_is_settled_once_every_coupon_came_to_its_end(evening: Evening) -> None:
    assert await evening.hands_out(await evening.gift_code(11)) is GiftCode.HANDED_OUT
    assert await evening.redeems(11) is CouponCode.REDEEMED
    late = await evening.gift_code(12)
    assert refusal(await evening.settles()) is SettleRefusal.STILL_RUNNING
    await evening.says("UPDATE rallies SET state = 'ended'")
    assert refusal(await evening.settles()) is SettleRefusal.COUPONS_OPEN
    await evening.says("UPDATE coupons SET state = 'expired', ended_at = now() WHERE state = 'issued'")
    sheet = await evening.settles()
    assert isinstance(sheet, RallySheet)
    assert [(line.before, line.after, line.handed) for line in sheet.gifts] == [(2, 1, 1), (1, 1, 0), (1, 1, 0)]
    first = sheet.coupons[0]
    assert (first.issued, first.redeemed, first.expired, first.void, first.left) == (2, 1, 1, 0, 0)
    assert [(line.name, line.pays_fen, line.receives_fen) for line in sheet.partners] == [
        ("A银行", 1_133, 1_200),
        ("幸福里", 567, 500),
    ]
    assert (sheet.cost_fen, sheet.state, await evening.settles()) == (1_700, RallyState.SETTLED, sheet)
    assert await evening.hands_out(late) is GiftCode.NOT_NOW


async def test_handing_out_and_settling_at_once_agree_on_what_was_handed_out(evening: Evening) -> None:
    await evening.says("UPDATE rallies SET state = 'ended'")
    await evening.says("UPDATE coupons SET state = 'void', ended_at = now()")
    keys = [await evening.gift_code(member) for member in VISITORS]
    outcomes = await asyncio.gather(
        *(evening.hands_out(key) for key in keys), evening.settles(), *(evening.hands_out(key) for key in keys)
    )
    sheet = await evening.settles()
    assert isinstance(sheet, RallySheet)
    assert sheet.gifts[0].handed == outcomes.count(GiftCode.HANDED_OUT)
    async with evening.database.unit_of_work() as uow:
        counted = await SqlGiftStore(uow, evening.vault).count_handed(evening.rally.id)
    assert sum(pieces for pieces, _ in counted.values()) == sheet.gifts[0].handed


async def test_an_event_that_does_not_balance_is_not_settled(evening: Evening) -> None:
    await evening.hands_out(await evening.gift_code(11))
    await evening.says("UPDATE rallies SET state = 'ended'")
    await evening.says("UPDATE coupons SET state = 'void', ended_at = now()")
    await evening.says("UPDATE gift_stocks SET given = 2 WHERE NOT is_substitute AND target_code = 'T1'")
    outcome = await evening.settles()
    assert refusal(outcome) is SettleRefusal.OUT_OF_BALANCE
    assert isinstance(outcome, tuple)
    assert outcome[1] is not None
    assert outcome[1].faults == ("gifts.T1",)


counts = st.integers(0, 40)


@settings(max_examples=80, deadline=None)
@given(
    handed=st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 1)),
    ends=st.tuples(counts, counts, counts, counts),
    share=st.integers(0, 10_000),
)
def test_the_parts_sum_to_the_cost_whatever_was_handed_out(
    handed: tuple[int, int, int], ends: tuple[int, int, int, int], share: int
) -> None:
    rally = rally_day.rally(START, RallyState.ENDED, shares={"幸福里": share} if share else {})
    keys, worths = (("T1", False), ("T1", True), ("T2", False)), (1_200, 350, 4_000)
    given_out = dict(zip(keys, handed, strict=True))
    spent = sum(pieces * worth for pieces, worth in zip(handed, worths, strict=True))
    redeemed, expired, void, left = ends
    count = CouponCount(sum(ends), redeemed, expired, void, left, redeemed * 333, 160)
    plan = replace(
        rally.plan, coupons=(replace(rally.plan.coupons[0], article=replace(rally.plan.coupons[0].article, stock=160)),)
    )
    rally = replace(rally, plan=plan)
    pieces = {key: (number, number * worth) for (key, number), worth in zip(given_out.items(), worths, strict=True)}
    sheet = sheet_of(rally, stores_of(rally, given_out, spent), pieces, {"C1": count}, {})
    assert sheet.is_balanced
    assert sum(line.pays_fen for line in sheet.partners) == sheet.cost_fen == spent + redeemed * 333
    assert sum(line.receives_fen for line in sheet.partners) == sheet.cost_fen
    assert may_settle(rally, sheet) == (SettleRefusal.COUPONS_OPEN if left else None)
