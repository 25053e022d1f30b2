"""Coupons on real rows: issued once while there are any, redeemed once, ended once, every one accounted for."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from campaigns.coupons.model import CouponCode, CouponCount, CouponState
from campaigns.coupons.rules import earned, remind_at
from campaigns.coupons.service import CouponService
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import Rally, RallyState, Visit
from campaigns.redemptions.codes import CODE_LIFE, ShownCode
from campaigns.redemptions.model import Clerk
from campaigns.redemptions.rules import TO_UNDO
from storage.coupons import SqlCouponStore
from storage.database import Database, UnitOfWork
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.rallies import SqlRallyStore
from storage.vault import Vault
from tests import rally_day

START = datetime(2026, 11, 28, 2, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
VISITORS = (11, 12, 13)
STAFF = 99


class Market:
    """A running rally with a merchant who redeems."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault
        self.now = START
        self.shop = 0
        self.rally: Rally

    @property
    def clerk(self) -> Clerk:
        return Clerk(STAFF, frozenset({self.shop}))

    def coupons(self, uow: UnitOfWork) -> CouponService:
        rallies = SqlRallyStore(uow, self.vault)
        return CouponService(SqlCouponStore(uow, self.vault), rallies, lambda: self.now, ZONE)

    async def stamp(self, member: int, booth: str = "B1") -> list[str]:
        """The codes of the coupons that a stamp brings."""
        async with self.database.unit_of_work() as uow:
            found = self.rally.booth(booth)
            assert found is not None
            return [held.plan.code for held in await self.coupons(uow).issue(self.rally, [Visit(member, found)])]

    async def stamps(self, *members: int) -> list[tuple[int, str]]:
        """The coupons that stamps of the first booth bring which were stored together."""
        async with self.database.unit_of_work() as uow:
            issued = await self.coupons(uow).issue(self.rally, [Visit(each, self.rally.booths[0]) for each in members])
        return [(held.coupon.member_id, held.plan.code) for held in issued]

    async def code(self, member: int) -> ShownCode:
        """The code of a member's first coupon."""
        async with self.database.unit_of_work() as uow:
            mine = await self.coupons(uow).mine(member, self.now)
            shown = await self.coupons(uow).show_code(mine[0].coupon.id, member)
        assert shown.shown is not None, shown.code
        return shown.shown

    async def redeems(self, key: str, clerk: Clerk | None = None) -> CouponCode:
        async with self.database.unit_of_work() as uow:
            return (await self.coupons(uow).redeem(key, clerk or self.clerk)).code

    async def undoes(self, key: str, clerk: Clerk | None = None) -> CouponCode:
        async with self.database.unit_of_work() as uow:
            return (await self.coupons(uow).undo(key, clerk or self.clerk)).code

    async def count(self, code: str = "C1") -> CouponCount:
        async with self.database.unit_of_work() as uow:
            return (await SqlCouponStore(uow, self.vault).counts(self.rally.id))[code]

    async def says(self, statement: str, **facts: object) -> None:
        async with self.database.unit_of_work() as uow:
            await uow.session.execute(text(statement), facts)


@pytest.fixture
async def market(database: Database, vault: Vault) -> Market:
    made = Market(database, vault)
    async with database.unit_of_work() as uow:
        for member in (*VISITORS, STAFF):
            await SqlMemberStore(uow, vault).meet(Introduction(member, "王芳", Language.ZH, is_private=True), START)
        made.shop = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        store = SqlRallyStore(uow, vault)
        rally = await store.create(rally_day.plan(START), STAFF, {"幸福里": made.shop}, START)
        await store.move(rally.id, RallyState.RUNNING, START)
        await store.give_medals(rally.id, [(13, "T2")], START)
    made.rally = replace(rally, state=RallyState.RUNNING)
    return made


async def test_stamps_at_once_issue_no_more_coupons_than_there_are_and_one_for_each(market: Market) -> None:
    issued = await asyncio.gather(*(market.stamp(member) for member in VISITORS * 4))
    assert sum("C1" in codes for codes in issued) == 2
    assert sum("C2" in codes for codes in issued) == 1
    assert await market.count() == CouponCount(2, 0, 0, 0, 2, 0, 2)
    assert await market.stamp(11, "B2") == []


async def test_one_customer_with_two_accounts_gets_one_coupon_and_the_piece_stays(market: Market) -> None:
    await market.says("INSERT INTO customers VALUES (:id, '5', '2026-09-30')", id=UUID(int=5))
    for member in (11, 12):
        await market.says("UPDATE members SET customer_id = NULL WHERE customer_id IS NOT NULL")
        await market.says("UPDATE members SET customer_id = :id WHERE id = :member", id=UUID(int=5), member=member)
        assert await market.stamp(member) == (["C1"] if member == 11 else [])
    assert (await market.count()).issued == 1


async def test_who_is_first_of_a_batch_has_the_coupon_and_the_piece_of_who_may_have_none_falls_to_the_next(
    market: Market,
) -> None:
    await market.says("INSERT INTO customers VALUES (:id, '5', '2026-09-30')", id=UUID(int=5))
    await market.says("UPDATE members SET customer_id = :id WHERE id = 11", id=UUID(int=5))
    assert await market.stamps(11) == [(11, "C1")]
    await market.says("UPDATE members SET customer_id = NULL WHERE id = 11")
    await market.says("UPDATE members SET customer_id = :id WHERE id = 12", id=UUID(int=5))
    assert await market.stamps(12, STAFF, 13) == [(STAFF, "C1"), (13, "C2")]
    assert await market.count() == CouponCount(2, 0, 0, 0, 2, 0, 2)


async def test_two_hundred_scans_of_one_coupon_at_once_redeem_it_once(market: Market) -> None:
    await market.stamp(11)
    code = await market.code(11)
    codes = await asyncio.gather(*(market.redeems(key) for key in [code.token, code.short] * 100))
    assert (codes.count(CouponCode.REDEEMED), codes.count(CouponCode.OVER)) == (1, 199)
    assert await market.count() == CouponCount(1, 1, 0, 0, 0, 500, 2)


async def test_only_the_partners_own_clerk_redeems_and_nobody_their_own(market: Market) -> None:
    await market.stamp(11)
    key = (await market.code(11)).token
    for stranger in (Clerk(STAFF), Clerk(STAFF, frozenset({market.shop + 1})), Clerk(STAFF, frozenset())):
        assert await market.redeems(key, stranger) is CouponCode.ELSEWHERE
    assert await market.redeems(key, Clerk(11, frozenset({market.shop}))) is CouponCode.OWN
    assert await market.redeems("made-up") is CouponCode.UNKNOWN
    market.now += CODE_LIFE
    assert await market.redeems(key) is CouponCode.STALE


async def test_a_mistake_is_taken_back_within_ten_minutes_and_redeemed_again_once(market: Market) -> None:
    await market.stamp(11)
    key = (await market.code(11)).short
    await market.redeems(key)
    assert await market.undoes(key, Clerk(77, frozenset({market.shop}))) is CouponCode.NOT_YOURS
    undone = await asyncio.gather(*(market.undoes(key) for _ in range(8)))
    assert undone.count(CouponCode.UNDONE) == 1
    assert await market.redeems(key) is CouponCode.REDEEMED
    market.now += TO_UNDO
    assert await market.undoes(key) is CouponCode.TOO_LATE
    assert (await market.count()).is_balanced


async def test_redeeming_and_ending_at_once_make_one_end_of_it(market: Market) -> None:
    for member in (11, 12):
        await market.stamp(member)
    keys = [(await market.code(member)).token for member in (11, 12)]

    async def ends() -> None:
        async with market.database.unit_of_work() as uow:
            await market.coupons(uow).void(market.rally, "C1", STAFF)

    await asyncio.gather(ends(), *(market.redeems(key) for key in keys), ends())
    found = await market.count()
    assert (found.redeemed + found.void, found.left, found.is_balanced) == (2, 0, True)


async def test_a_coupon_ends_in_time_after_one_reminder(market: Market) -> None:
    await market.stamp(11)
    key = (await market.code(11)).token
    plan = market.rally.plan.coupons[0]
    due = remind_at(START, plan.expires_at, ZONE)
    assert due is not None
    for moment, reminded in ((due - timedelta(seconds=1), 0), (due, 1), (due + timedelta(hours=1), 0)):
        market.now = moment
        async with market.database.unit_of_work() as uow:
            assert len(await market.coupons(uow).to_remind()) == reminded
            assert await market.coupons(uow).expire() == []
    market.now = plan.expires_at
    assert await market.redeems(key) is CouponCode.EXPIRED
    async with market.database.unit_of_work() as uow:
        assert [each.member_id for each in await market.coupons(uow).expire()] == [11]
        assert await market.coupons(uow).expire() == []
        mine = await market.coupons(uow).mine(11, market.now - timedelta(days=7))
        assert [held.coupon.state for held in mine] == [CouponState.EXPIRED]
    assert await market.count() == CouponCount(1, 0, 1, 0, 0, 0, 2)


async def test_the_database_itself_refuses_to_issue_what_is_not_there(market: Market) -> None:
    await market.stamp(11)
    with pytest.raises(IntegrityError, match="check"):
        await market.says("UPDATE coupon_stocks SET issued = stock + 1")


def test_a_stamp_and_medals_are_worth_their_coupons_once_and_in_time() -> None:
    rally = rally_day.rally(START)
    until = rally.plan.coupons[0].expires_at

    def codes(booth: str, medals: set[str], had: set[str], now: datetime) -> list[str]:
        return [plan.code for plan in earned(rally, booth, medals, had, now)]

    assert codes("B1", {"T2"}, set(), START) == ["C1", "C2"]
    assert codes("B2", {"T1"}, set(), START) == []
    assert codes("B2", {"T2"}, {"C2"}, START) == []
    assert codes("B1", set(), set(), until) == []


@pytest.mark.parametrize(
    ("issued", "expires", "reminded"),
    [(10, 16, 13), (10, 60, 36), (10, 34, 19), (10, 48, 33), (21, 31, None), (22, 23, None)],
)
def test_reminders_come_by_day_and_before_the_end(issued: int, expires: int, reminded: int | None) -> None:
    day = datetime(2026, 11, 28, tzinfo=ZONE)
    found = remind_at(day + timedelta(hours=issued), day + timedelta(hours=expires), ZONE)
    assert found == (None if reminded is None else day + timedelta(hours=reminded))
