"""Gifts on real rows: handed out once under parallel scans, never more than there is, taken back whole."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from campaigns.gifts.model import GiftCode, Hold
from campaigns.gifts.service import GiftService
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import Rally, RallyState
from campaigns.redemptions.codes import CODE_LIFE, ShownCode
from campaigns.redemptions.model import Clerk
from campaigns.redemptions.rules import TO_UNDO
from storage.database import Database, UnitOfWork
from storage.gifts import SqlGiftStore
from storage.members import SqlMemberStore
from storage.rallies import SqlRallyStore
from storage.vault import Vault
from tests import rally_day

START = datetime(2026, 11, 28, 2, tzinfo=UTC)
STAFF, LEAD = 99, 98
VISITORS = (11, 12, 13, 14)
CLERK = Clerk(STAFF)
BIND = "UPDATE members SET customer_id = :customer WHERE id = :member"


class Held:
    """Somebody of whom people say one thing or another."""

    def __init__(self) -> None:
        self.of: dict[int, Hold] = {}

    async def hold(self, rally_id: int, member_id: int) -> Hold:
        return self.of.get(member_id, Hold.NONE)


class Day:
    """A running rally, visitors with medals, and the bank's desk."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault
        self.now = START
        self.held = Held()
        self.rally: Rally

    def gifts(self, uow: UnitOfWork) -> GiftService:
        rallies = SqlRallyStore(uow, self.vault)
        return GiftService(SqlGiftStore(uow, self.vault), rallies, self.held, lambda: self.now)

    async def code(self, member: int, target: str = "T1") -> ShownCode:
        async with self.database.unit_of_work() as uow:
            shown = await self.gifts(uow).show_code(self.rally.id, target, member)
        assert shown.shown is not None, shown.code
        return shown.shown

    async def asks(self, member: int, target: str = "T1") -> GiftCode:
        async with self.database.unit_of_work() as uow:
            return (await self.gifts(uow).show_code(self.rally.id, target, member)).code

    async def hands_out(self, key: str, clerk: Clerk = CLERK, expected: bool | None = None) -> GiftCode:
        async with self.database.unit_of_work() as uow:
            return (await self.gifts(uow).hand_out(key, clerk, expected)).code

    async def undoes(self, key: str, clerk: Clerk = CLERK) -> GiftCode:
        async with self.database.unit_of_work() as uow:
            return (await self.gifts(uow).undo(key, clerk)).code

    async def left(self) -> tuple[int, int, int, int]:
        """Bags, key rings, flasks, and fen of the budget."""
        async with self.database.unit_of_work() as uow:
            stores = await SqlGiftStore(uow, self.vault).stores(self.rally)
        bags, rings, flasks = (stock.left for stock in stores.stocks)
        return bags, rings, flasks, stores.left_fen

    async def says(self, statement: str, **facts: object) -> None:
        async with self.database.unit_of_work() as uow:
            await uow.session.execute(text(statement), facts)

    async def begins(self, **changes: object) -> None:
        """Another rally, with medals of both targets for everybody."""
        async with self.database.unit_of_work() as uow:
            store = SqlRallyStore(uow, self.vault)
            made = await store.create(rally_day.plan(START, **changes), STAFF, {}, START)
            await store.move(made.id, RallyState.RUNNING, START)
            everything = [(member, target) for member in VISITORS for target in ("T1", "T2")]
            await store.give_medals(made.id, everything, START)
        self.rally = replace(made, state=RallyState.RUNNING)


@pytest.fixture
async def day(database: Database, vault: Vault) -> Day:
    made = Day(database, vault)
    async with database.unit_of_work() as uow:
        for member in (*VISITORS, STAFF, LEAD):
            await SqlMemberStore(uow, vault).meet(Introduction(member, "王芳", Language.ZH, is_private=True), START)
    await made.begins()
    return made


async def test_two_hundred_scans_of_one_code_at_once_hand_out_one_gift(day: Day) -> None:
    code = await day.code(11)
    keys = [code.token, code.short] * 100
    codes = await asyncio.gather(*(day.hands_out(key) for key in keys))
    assert (codes.count(GiftCode.HANDED_OUT), codes.count(GiftCode.OVER)) == (1, 199)
    assert await day.left() == (1, 1, 1, 8_800)


async def test_many_at_once_get_no_more_than_stock_and_substitute_and_the_rest_come_back(day: Day) -> None:
    keys = [(await day.code(member)).token for member in VISITORS]
    codes = await asyncio.gather(*(day.hands_out(key) for key in keys * 5))
    assert codes.count(GiftCode.HANDED_OUT) == 3
    assert codes.count(GiftCode.NOTHING_LEFT) == 5
    assert await day.left() == (0, 0, 1, 10_000 - 2 * 1_200 - 350)
    given = "SELECT count(*), count(*) FILTER (WHERE is_substitute) FROM gift_handouts WHERE state = 'handed_out'"
    async with day.database.unit_of_work() as uow:
        assert tuple((await uow.session.execute(text(given))).one()) == (3, 1)


async def test_the_budget_is_never_overspent_and_a_cheaper_substitute_still_fits(day: Day) -> None:
    await day.begins(code="poor", gifts_budget_fen=1_600)
    keys = [(await day.code(member)).token for member in VISITORS]
    codes = await asyncio.gather(*(day.hands_out(key) for key in keys))
    assert codes.count(GiftCode.HANDED_OUT) == 2
    assert await day.left() == (1, 0, 1, 50)


async def test_what_the_clerk_did_not_see_is_told_before_it_is_handed_out(day: Day) -> None:
    keys = [(await day.code(member)).token for member in VISITORS[:3]]
    assert [await day.hands_out(key, expected=False) for key in keys[:2]] == [GiftCode.HANDED_OUT] * 2
    assert await day.hands_out(keys[2], expected=False) is GiftCode.CHANGED
    assert await day.hands_out(keys[2], expected=True) is GiftCode.HANDED_OUT


async def test_a_hand_out_is_taken_back_whole_within_ten_minutes_and_leaves_again_once(day: Day) -> None:
    key = (await day.code(11)).token
    assert await day.undoes(key) is GiftCode.NOT_HANDED_OUT
    await day.hands_out(key)
    assert await day.undoes(key, Clerk(77)) is GiftCode.NOT_YOURS
    undone = await asyncio.gather(*(day.undoes(key) for _ in range(10)))
    assert (undone.count(GiftCode.UNDONE), undone.count(GiftCode.NOT_HANDED_OUT)) == (1, 9)
    assert await day.left() == (2, 1, 1, 10_000)
    assert await day.hands_out(key) is GiftCode.HANDED_OUT
    assert await day.undoes(key, Clerk(LEAD, is_lead=True)) is GiftCode.UNDONE
    assert await day.hands_out(key) is GiftCode.HANDED_OUT
    day.now += TO_UNDO
    assert await day.undoes(key) is GiftCode.TOO_LATE
    assert await day.left() == (1, 1, 1, 8_800)


async def test_handing_out_and_taking_back_at_once_never_wait_for_each_other(day: Day) -> None:
    async def gives_and_takes(member: int, target: str) -> None:
        key = (await day.code(member, target)).token
        for _ in range(4):
            await day.hands_out(key)
            await day.undoes(key)

    await asyncio.gather(*(gives_and_takes(member, target) for member in VISITORS[:2] for target in ("T1", "T2")))
    assert await day.left() == (2, 1, 1, 10_000)


async def test_a_code_lives_half_an_hour_and_a_new_one_kills_it(day: Day) -> None:
    first = await day.code(11)
    second = await day.code(11)
    assert await day.hands_out(first.token) is GiftCode.UNKNOWN
    assert await day.hands_out(first.short) is GiftCode.UNKNOWN
    day.now += CODE_LIFE
    assert await day.hands_out(second.short) is GiftCode.STALE
    assert await day.hands_out((await day.code(11)).short.lower()) is GiftCode.HANDED_OUT
    assert await day.asks(11) is GiftCode.OVER


async def test_a_medal_alone_gives_a_code_and_the_rally_must_be_on(day: Day) -> None:
    assert await day.asks(STAFF) is GiftCode.UNKNOWN
    assert await day.asks(11, "T9") is GiftCode.UNKNOWN
    key = (await day.code(11)).token
    await day.says("UPDATE rallies SET state = 'settled'")
    assert await day.asks(11) is GiftCode.NOT_NOW
    assert await day.hands_out(key) is GiftCode.NOT_NOW


async def test_nobody_hands_out_to_themselves_and_partners_staff_hand_out_no_gift_of_the_bank(day: Day) -> None:
    key = (await day.code(11)).token
    assert await day.hands_out(key, Clerk(11)) is GiftCode.OWN
    assert await day.hands_out(key, Clerk(STAFF, frozenset({1}))) is GiftCode.ELSEWHERE
    assert await day.hands_out("made-up") is GiftCode.UNKNOWN


async def test_where_the_rules_ask_for_the_real_name_an_unknown_member_gets_nothing(day: Day) -> None:
    key = (await day.code(11)).token
    await day.says("UPDATE rallies SET config = jsonb_set(config, '{needs_real_name}', 'true')")
    assert await day.hands_out(key) is GiftCode.NOT_BOUND
    assert await day.asks(12) is GiftCode.NOT_BOUND
    await bind(day, 11, UUID(int=5))
    assert await day.hands_out(key) is GiftCode.HANDED_OUT


async def test_one_customer_with_two_accounts_gets_one_gift(day: Day) -> None:
    await bind(day, 11, UUID(int=5))
    assert await day.hands_out((await day.code(11)).token) is GiftCode.HANDED_OUT
    await day.says("UPDATE members SET customer_id = NULL WHERE id = 11")
    second = (await day.code(12)).token
    await day.says(BIND, customer=UUID(int=5), member=12)
    assert await day.hands_out(second) is GiftCode.HAD_BEFORE
    assert await day.asks(12) is GiftCode.HAD_BEFORE
    assert await day.left() == (1, 1, 1, 8_800)


async def test_a_visitor_in_doubt_gets_the_gift_once_a_lead_said_so(day: Day) -> None:
    key = (await day.code(11)).token
    day.held.of[11] = Hold.HELD
    assert await day.hands_out(key) is GiftCode.HELD
    day.held.of[11] = Hold.REFUSED
    assert await day.hands_out(key) is GiftCode.REFUSED
    day.held.of[11] = Hold.NONE
    assert await day.hands_out(key) is GiftCode.HANDED_OUT


async def test_the_database_itself_refuses_to_give_what_is_not_there(day: Day) -> None:
    await day.hands_out((await day.code(11)).token)
    for statement in (
        "UPDATE gift_stocks SET given = stock + 1",
        "UPDATE gift_budgets SET spent_fen = budget_fen + 1",
        "UPDATE gift_stocks SET given = -1",
    ):
        with pytest.raises(IntegrityError, match="check"):
            await day.says(statement)


async def test_more_stock_in_a_later_plan_can_be_handed_out(day: Day) -> None:
    for member in VISITORS[:3]:
        await day.hands_out((await day.code(member)).token)
    key = (await day.code(14)).token
    assert await day.hands_out(key) is GiftCode.NOTHING_LEFT
    await day.says("UPDATE rallies SET config = jsonb_set(config, '{gifts,0,article,stock}', '3')")
    assert await day.hands_out(key) is GiftCode.HANDED_OUT


async def test_a_members_gifts_are_listed_with_what_is_handed_out_now(day: Day) -> None:
    await day.hands_out((await day.code(11)).token)
    async with day.database.unit_of_work() as uow:
        mine = await day.gifts(uow).mine(11)
        assert await day.gifts(uow).mine(STAFF) == []
    found = [
        (gift.target.code, gift.hand_out.is_handed_out, gift.stock and gift.stock.article.title_zh) for gift in mine
    ]
    assert found == [("T1", True, "帆布袋"), ("T2", False, "保温杯")]


async def bind(day: Day, member: int, customer: UUID) -> None:
    await day.says("INSERT INTO customers VALUES (:id, :number, '2026-09-30')", id=customer, number=customer.hex)
    await day.says(BIND, customer=customer, member=member)
