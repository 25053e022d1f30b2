"""Redemptions on real rows: in two steps, handed out once, given back whole, never more than there is."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from campaigns.members.model import Introduction, Language
from campaigns.points.model import Grant, MovementReason, PointsCampaign, Settlement, Share
from campaigns.points.service import PointsService
from campaigns.redemptions.model import Asker, Clerk, ConfirmCode, RedeemCode, Redeemed, ShelfItem
from campaigns.redemptions.rules import TO_UNDO, ShelfError, check_item
from campaigns.redemptions.service import RedemptionService
from storage.database import Database, UnitOfWork
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.redemptions import SqlRedemptionStore
from storage.vault import Vault

START = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ZONE = ZoneInfo("Asia/Shanghai")
ANNA, BOB, STAFF = 11, 12, 99


def who(member: int) -> Asker:
    return Asker(member, UUID(int=member))


class Shop:
    """A campaign that paid two members 50 points each, and a shelf with one item of two pieces."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        self.item = self.partner = 0
        self.campaign: PointsCampaign

    def points(self, uow: UnitOfWork) -> PointsService:
        return PointsService(SqlPointsStore(uow), lambda: self.now, ZONE)

    def desk(self, uow: UnitOfWork) -> RedemptionService:
        return RedemptionService(SqlRedemptionStore(uow), self.points(uow), lambda: self.now)

    async def redeem(self, asker: Asker) -> Redeemed:
        async with self.database.unit_of_work() as uow:
            return await self.desk(uow).redeem(asker, self.item)

    async def confirm(self, token: str, staff: int = STAFF) -> ConfirmCode:
        async with self.database.unit_of_work() as uow:
            return (await self.desk(uow).confirm(token, Clerk(staff))).code

    async def undo(self, token: str, clerk: Clerk | None = None) -> ConfirmCode:
        async with self.database.unit_of_work() as uow:
            return (await self.desk(uow).undo(token, clerk or Clerk(STAFF))).code

    async def claimed(self) -> int:
        async with self.database.unit_of_work() as uow:
            sheet = await self.points(uow).settlement(self.campaign.id)
            return sheet.totals.claimed.get(self.partner, 0) if sheet else -1

    async def spendable(self, member: int) -> int:
        async with self.database.unit_of_work() as uow:
            return (await self.points(uow).statement(member)).spendable

    async def stock(self) -> int:
        async with self.database.unit_of_work() as uow:
            return sum(item.stock for item in await self.desk(uow).shelf())

    async def balances(self) -> bool:
        async with self.database.unit_of_work() as uow:
            sheet = await self.points(uow).settlement(self.campaign.id)
            return sheet is not None and sheet.totals.is_balanced


@pytest.fixture
async def shop(database: Database, vault: Vault) -> Shop:
    made = Shop(database)
    async with database.unit_of_work() as uow:
        for member in (ANNA, BOB, STAFF):
            await SqlMemberStore(uow, vault).meet(Introduction(member, "王", Language.ZH, is_private=True), START)
        partner = made.partner = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        ends = START + timedelta(days=5)
        made.campaign = await made.points(uow).open("抽波豆", 100, 60, [Share(partner, 10_000)], 1_000, ends)
        grants = [Grant(member, 50, MovementReason.JOIN, "once") for member in (ANNA, BOB)]
        await made.points(uow).grant(made.campaign.id, grants)
        shelf = ShelfItem(0, partner, "洗车券", "Car wash", 20, 2, TODAY, TODAY + timedelta(days=30), per_person=2)
        made.item = await SqlRedemptionStore(uow).add_item(shelf)
    return made


async def test_the_goods_leave_once_the_desk_confirmed(shop: Shop) -> None:
    asked = await shop.redeem(who(ANNA))
    assert asked.code is RedeemCode.HELD
    assert asked.token
    assert (await shop.spendable(ANNA), await shop.stock()) == (30, 1)
    assert await shop.confirm(asked.token) is ConfirmCode.HANDED_OVER
    assert await shop.confirm(asked.token) is ConfirmCode.OVER
    assert await shop.balances()


async def test_a_hundred_scans_at_once_hand_out_one(shop: Shop) -> None:
    asked = await shop.redeem(who(ANNA))
    codes = await asyncio.gather(*(shop.confirm(asked.token or "") for _ in range(100)))
    assert (codes.count(ConfirmCode.HANDED_OVER), codes.count(ConfirmCode.OVER)) == (1, 99)


async def test_redeeming_at_once_never_sells_more_than_the_stock(shop: Shop) -> None:
    asked = await asyncio.gather(*(shop.redeem(who(member)) for member in (ANNA, BOB) * 5))
    assert sum(outcome.code is RedeemCode.HELD for outcome in asked) == 2
    assert (await shop.stock(), await shop.spendable(ANNA) + await shop.spendable(BOB)) == (0, 60)
    assert await shop.balances()


async def test_taking_and_giving_up_at_once_never_wait_for_each_other(shop: Shop) -> None:
    async def takes_and_gives_up(member: int) -> None:
        for _ in range(6):
            asked = await shop.redeem(who(member))
            if asked.redemption:
                async with shop.database.unit_of_work() as uow:
                    await shop.desk(uow).cancel(asked.redemption.id, member)

    await asyncio.gather(*(takes_and_gives_up(member) for member in (ANNA, BOB) * 3))
    assert (await shop.stock(), await shop.spendable(ANNA), await shop.spendable(BOB)) == (2, 50, 50)


async def test_giving_up_returns_points_and_piece_and_kills_the_token(shop: Shop) -> None:
    asked = await shop.redeem(who(ANNA))
    assert asked.redemption
    assert asked.token
    async with shop.database.unit_of_work() as uow:
        assert (await shop.desk(uow).cancel(asked.redemption.id, BOB)).code is ConfirmCode.UNKNOWN
        assert (await shop.desk(uow).cancel(asked.redemption.id, ANNA)).code is ConfirmCode.CANCELLED
        assert (await shop.desk(uow).cancel(asked.redemption.id, ANNA)).code is ConfirmCode.OVER
    assert (await shop.spendable(ANNA), await shop.stock()) == (50, 2)
    assert await shop.confirm(asked.token) is ConfirmCode.OVER


async def test_what_nobody_fetches_in_a_week_goes_back(shop: Shop) -> None:
    asked = await shop.redeem(who(ANNA))
    shop.now += timedelta(days=7)
    assert await shop.confirm(asked.token or "") is ConfirmCode.OVER
    async with shop.database.unit_of_work() as uow:
        assert [lapsed.member_id for lapsed in await shop.desk(uow).lapse()] == [ANNA]
        assert await shop.desk(uow).lapse() == []
    assert (await shop.spendable(ANNA), await shop.stock()) == (50, 2)


async def test_an_unbound_member_redeems_nothing(shop: Shop) -> None:
    assert (await shop.redeem(Asker(ANNA, None))).code is RedeemCode.NOT_BOUND


async def test_the_limit_holds_for_the_customer_behind_two_members(shop: Shop) -> None:
    for _ in range(2):
        await shop.redeem(Asker(ANNA, UUID(int=5)))
    assert (await shop.redeem(Asker(BOB, UUID(int=5)))).code is RedeemCode.ENOUGH


async def test_who_has_too_few_points_hears_how_many_are_missing(shop: Shop) -> None:
    async with shop.database.unit_of_work() as uow:
        await shop.points(uow).claw_back(shop.campaign.id, ANNA, 35, "test")
    asked = await shop.redeem(who(ANNA))
    assert (asked.code, asked.missing) == (RedeemCode.SHORT, 5)
    assert await shop.stock() == 2


async def test_out_of_season_and_unknown_are_told_apart(shop: Shop) -> None:
    shop.now += timedelta(days=31)
    assert (await shop.redeem(who(ANNA))).code is RedeemCode.NOT_NOW
    shop.item = 12_345
    assert (await shop.redeem(who(ANNA))).code is RedeemCode.UNKNOWN_ITEM


async def test_nobody_hands_out_to_themselves_and_a_made_up_token_opens_nothing(shop: Shop) -> None:
    asked = await shop.redeem(who(ANNA))
    assert await shop.confirm(asked.token or "", staff=ANNA) is ConfirmCode.OWN
    assert await shop.confirm("made-up") is ConfirmCode.UNKNOWN


async def test_a_mistaken_hand_out_is_taken_back_and_the_goods_leave_later(shop: Shop) -> None:
    token = (await shop.redeem(who(ANNA))).token or ""
    assert await shop.undo(token) is ConfirmCode.OVER
    assert await shop.confirm(token) is ConfirmCode.HANDED_OVER
    assert await shop.undo(token, Clerk(77)) is ConfirmCode.NOT_YOURS
    assert await shop.undo(token) is ConfirmCode.UNDONE
    assert (await shop.spendable(ANNA), await shop.stock(), await shop.claimed()) == (30, 1, 0)
    assert await shop.confirm(token) is ConfirmCode.HANDED_OVER
    assert await shop.undo(token, Clerk(77, is_lead=True)) is ConfirmCode.UNDONE
    assert await shop.confirm(token) is ConfirmCode.HANDED_OVER
    assert (await shop.claimed(), await shop.balances()) == (20, True)
    shop.now += TO_UNDO
    assert await shop.undo(token) is ConfirmCode.TOO_LATE


async def test_what_was_taken_back_can_be_given_up(shop: Shop) -> None:
    asked = await shop.redeem(who(ANNA))
    await shop.confirm(asked.token or "")
    await shop.undo(asked.token or "")
    async with shop.database.unit_of_work() as uow:
        assert asked.redemption is not None
        assert (await shop.desk(uow).cancel(asked.redemption.id, ANNA)).code is ConfirmCode.CANCELLED
    assert (await shop.spendable(ANNA), await shop.stock(), await shop.claimed()) == (50, 2, 0)
    assert await shop.confirm(asked.token or "") is ConfirmCode.OVER
    assert await shop.balances()


async def test_a_hand_out_stands_once_its_campaign_is_closed(shop: Shop) -> None:
    token = (await shop.redeem(who(ANNA))).token or ""
    async with shop.database.unit_of_work() as uow:
        for member, points in ((ANNA, 30), (BOB, 50)):
            await shop.points(uow).claw_back(shop.campaign.id, member, points, "end")
    shop.now += timedelta(days=6)
    await shop.confirm(token)
    async with shop.database.unit_of_work() as uow:
        assert isinstance(await shop.points(uow).close(shop.campaign.id), Settlement)
    assert await shop.undo(token) is ConfirmCode.TOO_LATE


async def test_one_question_is_answered_once_and_at_the_price_that_was_shown(shop: Shop) -> None:
    async with shop.database.unit_of_work() as uow:
        assert (await shop.desk(uow).redeem(who(ANNA), shop.item, 19, "q1")).code is RedeemCode.NEW_PRICE
    async with shop.database.unit_of_work() as uow:
        assert (await shop.desk(uow).redeem(who(ANNA), shop.item, 20, "q1")).code is RedeemCode.HELD
    async with shop.database.unit_of_work() as uow:
        assert (await shop.desk(uow).redeem(who(ANNA), shop.item, 20, "q1")).code is RedeemCode.TWICE
    assert await shop.spendable(ANNA) == 30


async def test_a_new_code_kills_the_old_one(shop: Shop) -> None:
    asked = await shop.redeem(who(ANNA))
    assert asked.redemption is not None
    async with shop.database.unit_of_work() as uow:
        assert (await shop.desk(uow).renew(asked.redemption.id, BOB)).token is None
        again = await shop.desk(uow).renew(asked.redemption.id, ANNA)
    assert await shop.confirm(asked.token or "") is ConfirmCode.UNKNOWN
    assert await shop.confirm(again.token or "") is ConfirmCode.HANDED_OVER


async def test_a_partners_clerk_hands_out_at_that_partner_alone(shop: Shop) -> None:
    token = (await shop.redeem(who(ANNA))).token or ""
    async with shop.database.unit_of_work() as uow:
        elsewhere = Clerk(STAFF, frozenset({12_345}))
        assert (await shop.desk(uow).confirm(token, elsewhere)).code is ConfirmCode.ELSEWHERE
        own = Clerk(STAFF, frozenset({shop.partner}))
        assert (await shop.desk(uow).confirm(token, own)).code is ConfirmCode.HANDED_OVER


async def test_the_database_itself_refuses_to_sell_what_is_not_there(shop: Shop) -> None:
    async with shop.database.unit_of_work() as uow:
        store = SqlRedemptionStore(uow)
        item = await store.lock_item(shop.item)
        assert item is not None
        for token in (b"1", b"2"):
            await store.save(item, who(ANNA), token, START, START + timedelta(days=1))
        with pytest.raises(IntegrityError, match="stock"):
            async with uow.session.begin_nested():
                await store.save(item, who(ANNA), b"3", START, START + timedelta(days=1))


@pytest.mark.parametrize(
    ("points", "stock", "days", "per_person", "offset", "said"),
    [(0, 1, 1, 1, None, "price"), (1, 1, -1, 1, None, "end before"), (1, 1, 1, 1, 0, "offset")],
)
def test_an_item_that_cannot_be_is_refused(
    points: int, stock: int, days: int, per_person: int, offset: int | None, said: str
) -> None:
    with pytest.raises(ShelfError, match=said):
        check_item(points, stock, TODAY, TODAY + timedelta(days=days), per_person, offset)
