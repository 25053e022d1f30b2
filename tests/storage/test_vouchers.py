"""Vouchers on real rows: stock, budget and cap hold under a crowd, every step is booked, files count once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.catalogue.files import read_catalogue
from campaigns.customers.model import Letter
from campaigns.members.model import Language, Member, PrivateChat
from campaigns.vouchers.files import read_book
from campaigns.vouchers.intake import Intake, LineCode, ProgressLine
from campaigns.vouchers.model import Event, VoucherBook, VoucherPlan, VoucherRefusal, VoucherState
from campaigns.vouchers.service import Held, UnfavourableError
from handlers.wording.audiences import LEXICON
from storage.database import Database
from storage.vault import Vault
from storage.vouchers import SqlVoucherStore
from tests.storage.bank import MANAGER, Bank
from tests.voucher_desk import Desk, desk

FOLDER = Path(__file__).resolve().parents[2] / "campaigns"
BOOK = read_book((FOLDER / "vouchers" / "example.yaml").read_text("utf-8"), LEXICON)
PRODUCTS = read_catalogue((FOLDER / "catalogue" / "example.yaml").read_text("utf-8")).products
FUND, PAY = BOOK.plans["fund-100k"], BOOK.plans["pay-50"]
NOW = datetime(2026, 11, 22, 4, tzinfo=ZoneInfo("UTC"))
TODAY = NOW.date()
Found = TypeVar("Found")


class Hall:
    """A bank whose vouchers are on offer."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.now = NOW
        self.members: dict[int, Member] = {}

    async def does(self, do: Callable[[Desk], Awaitable[Found]]) -> Found:
        """One thing in a transaction of its own."""
        async with self.bank.database.unit_of_work() as uow:
            return await do(desk(uow, self.bank.vault, lambda: self.now))

    async def loads(self, *plans: VoucherPlan) -> None:
        book = VoucherBook({each.code: each for each in plans})
        await self.does(lambda each: each.vouchers.keep(book, "王", "测试"))

    async def customer(self, member_id: int, letter: Letter = Letter.B, *chats: int) -> Member:
        """A bound customer with the appetite C3."""
        await self.bank.customer(member_id, letter, *chats)
        async with self.bank.database.unit_of_work() as uow:
            found = await uow.session.scalar(text("SELECT customer_id FROM members WHERE id = :id"), {"id": member_id})
            await uow.session.execute(
                text(
                    "INSERT INTO customer_tags (customer_id, code, source, evidence, set_by, set_at, expires_at)"
                    " VALUES (:c, 'risk_c3', 'customer', '', 'x', '2026-01-01', '2030-01-01')"
                ),
                {"c": found},
            )
        assert isinstance(found, UUID)
        made = Member(member_id, f"成员{member_id}", Language.ZH, customer_id=found, private_chat=PrivateChat.OPEN)
        self.members[member_id] = made
        return made

    async def crowd(self, heads: int) -> list[Member]:
        """Many customers at once."""
        await self.bank.crowd(heads, Letter.B, -1)
        rows = await self.rows("SELECT id, customer_id FROM members WHERE id > 1000 ORDER BY id")
        for member_id, customer in rows:
            assert isinstance(member_id, int)
            assert isinstance(customer, UUID)
            self.members[member_id] = Member(member_id, "", Language.ZH, customer_id=customer)
        return [self.members[at] for at in sorted(self.members)]

    async def claims(self, member: Member, code: str) -> Held | VoucherRefusal:
        return await self.does(lambda each: each.vouchers.claim(code, member))

    async def takes_in(self, *lines: ProgressLine) -> Intake:
        return await self.does(lambda each: each.intake.take_in(lines, PRODUCTS))

    async def number(self, member: Member) -> str:
        rows = await self.rows("SELECT number FROM customers WHERE id = :id", id=member.customer_id)
        return str(rows[0][0])

    async def rows(self, query: str, **facts: object) -> list[tuple[object, ...]]:
        async with self.bank.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(query), facts)]

    async def is_balanced(self) -> bool:
        async with self.bank.database.unit_of_work() as uow:
            return all(each.is_balanced for each in await SqlVoucherStore(uow, "Asia/Shanghai").sheets())


@pytest.fixture
async def hall(database: Database, vault: Vault) -> Hall:
    run = uuid4()
    async with database.unit_of_work() as uow:
        await uow.session.execute(
            text("INSERT INTO segmentation_policies VALUES (1, '{}', 'default', :now)"), {"now": NOW}
        )
        await uow.session.execute(
            text("INSERT INTO segmentation_runs VALUES (:id, '2025-09-30', 'lines-1', 1, :digest, :now, '[]')"),
            {"id": run, "digest": "0" * 64, "now": NOW},
        )
    bank = Bank(database, vault, run)
    await bank.group(-1)
    return Hall(bank)


def line(at: int, number: str, event: Event, code: str, yuan: int, day: date = TODAY) -> ProgressLine:
    return ProgressLine(at, f"R{at}", number, event, code, yuan * 100, day, "客户赎回")


async def test_of_fifty_who_claim_the_last_piece_at_once_one_gets_it(hall: Hall) -> None:
    await hall.loads(replace(PAY, stock=1))
    people = await hall.crowd(50)
    outcomes = await asyncio.gather(*(hall.claims(each, "pay-50") for each in people))
    assert sum(isinstance(each, Held) for each in outcomes) == 1
    assert {each for each in outcomes if not isinstance(each, Held)} == {VoucherRefusal.SOLD_OUT}
    assert await hall.is_balanced()


async def test_what_is_outstanding_never_passes_the_cap_whoever_claims_at_once(hall: Hall) -> None:
    await hall.loads(replace(PAY, liability_fen=15_000, budget_fen=20_000))
    people = [await hall.customer(100 + at) for at in range(6)]
    outcomes = await asyncio.gather(*(hall.claims(each, "pay-50") for each in people))
    held = [each for each in outcomes if isinstance(each, Held)]
    assert len(held) == 3
    assert {each for each in outcomes if not isinstance(each, Held)} == {VoucherRefusal.CAP}
    lines = [
        line(at * 2 + part, await hall.number(hall.members[each.voucher.member_id]), event, code, yuan)
        for at, each in enumerate(held)
        for part, (event, code, yuan) in enumerate(((Event.BOUGHT, "merchant-qr", 500), (Event.REDEEMED, "pay-50", 50)))
    ]
    assert (await hall.takes_in(*lines)).moved == {"met": 3, "redeemed": 3}
    free = [each for each in people if each.id not in {one.voucher.member_id for one in held}]
    again = await asyncio.gather(*(hall.claims(each, "pay-50") for each in free))
    assert sum(isinstance(each, Held) for each in again) == 1
    assert VoucherRefusal.BUDGET in again
    assert await hall.is_balanced()


async def test_two_taps_of_one_person_are_one_voucher(hall: Hall) -> None:
    await hall.loads(PAY)
    wang = await hall.customer(11)
    outcomes = await asyncio.gather(*(hall.claims(wang, "pay-50") for _ in range(5)))
    assert sorted(isinstance(each, Held) for each in outcomes) == [False] * 4 + [True]
    assert {each for each in outcomes if not isinstance(each, Held)} == {VoucherRefusal.HAD}
    assert await hall.rows("SELECT kind, count(*) FROM voucher_movements GROUP BY 1") == [("claimed", 1)]


async def test_a_file_counts_once_and_says_what_is_wrong_line_by_line(hall: Hall) -> None:
    await hall.loads(FUND)
    wang = await hall.customer(11, Letter.B, -1)
    assert isinstance(await hall.claims(wang, "fund-100k"), Held)
    number = await hall.number(wang)
    lines = [
        line(1, number, Event.BOUGHT, "steady-wealth", 60_000),
        line(2, number, Event.BOUGHT, "index-fund", 60_000),  # R4 counts for nobody here.
        line(3, number, Event.BOUGHT, "time-deposit", 100_000),
        line(4, "nobody", Event.BOUGHT, "steady-wealth", 100_000),
        line(5, number, Event.BOUGHT, "gold", 100_000),
        line(6, number, Event.REDEEMED, "fund-100k", 500),
    ]
    first, again = await hall.takes_in(*lines), await hall.takes_in(*lines)
    codes = [LineCode.TAKEN, LineCode.TAKEN, LineCode.DEPOSIT, LineCode.UNKNOWN_CUSTOMER, LineCode.UNKNOWN_PRODUCT]
    assert [each.code for each in first.lines] == [*codes, LineCode.REFUSED]
    assert [each.code for each in again.lines][:2] == [LineCode.KNOWN, LineCode.KNOWN]
    assert (first.moved, again.moved) == ({}, {})
    [contradicted] = (await hall.takes_in(replace(lines[0], amount_fen=1))).lines
    assert contradicted.code is LineCode.CONTRADICTS
    assert await hall.rows("SELECT progress_fen, state FROM vouchers") == [(6_000_000, "claimed")]
    steps = "SELECT step FROM deliveries WHERE campaign LIKE 'voucher:%' ORDER BY id"
    assert await hall.rows(steps) == [("ending",), ("step:50",)]
    await hall.takes_in(line(7, number, Event.BOUGHT, "cash-wealth", 1_000))
    assert await hall.rows(steps) == [("ending",), ("step:50",)]


async def test_a_voucher_from_the_tap_to_the_payment_and_back_when_the_purchase_is_returned(hall: Hall) -> None:
    await hall.loads(FUND)
    wang = await hall.customer(11, Letter.B, -1)
    manager = await hall.bank.member(MANAGER)
    held = await hall.claims(wang, "fund-100k")
    assert isinstance(held, Held)
    number, voucher_id = await hall.number(wang), held.voucher.id
    assert await hall.does(lambda each: each.vouchers.ask(voucher_id, wang)) is VoucherRefusal.NOT_MET
    await hall.takes_in(line(1, number, Event.BOUGHT, "steady-wealth", 100_000))
    assert await hall.does(lambda each: each.staff.confirm(voucher_id, manager)) is VoucherRefusal.NOT_ASKED
    assert isinstance(await hall.does(lambda each: each.vouchers.ask(voucher_id, wang)), Held)
    assert await hall.does(lambda each: each.staff.confirm(voucher_id, wang)) is VoucherRefusal.NOT_YOURS
    paid = await hall.does(lambda each: each.staff.confirm(voucher_id, manager))
    assert isinstance(paid, Held)
    assert paid.voucher.state is VoucherState.REDEEMED
    assert await hall.does(lambda each: each.staff.confirm(voucher_id, manager)) is VoucherRefusal.ENDED
    hall.now = NOW + timedelta(days=20)
    returned = line(2, number, Event.RETURNED, "steady-wealth", 50_000, hall.now.date())
    assert (await hall.takes_in(returned)).moved == {"clawed_back": 1}
    told = await hall.rows("SELECT payload ->> 'text' FROM deliveries WHERE step LIKE 'clawed_back:%'")
    assert "R2 客户赎回" in str(told[0][0])
    kinds = await hall.rows("SELECT kind FROM voucher_movements ORDER BY id")
    assert [kind for (kind,) in kinds] == ["claimed", "met", "asked", "redeemed", "clawed_back"]
    assert await hall.is_balanced()
    settled = await hall.does(lambda each: each.settled())
    [payout] = settled.payouts
    assert (payout.partner, payout.product, payout.redeemed, payout.clawed_back_fen) == (
        "零售金融部",
        "steady-wealth",
        0,
        50_000,
    )
    for statement in ("UPDATE voucher_movements SET kind = 'met'", "DELETE FROM voucher_purchases"):
        with pytest.raises(DBAPIError, match="never changed"):
            await hall.rows(statement)


async def test_what_the_bank_paid_twice_or_otherwise_is_named_and_the_same_line_stays_known(hall: Hall) -> None:
    await hall.loads(PAY)
    wang = await hall.customer(11, Letter.B, -1)
    await hall.claims(wang, "pay-50")
    number = await hall.number(wang)
    bought, paid = line(1, number, Event.BOUGHT, "merchant-qr", 500), line(2, number, Event.REDEEMED, "pay-50", 50)
    assert (await hall.takes_in(bought, paid)).is_clean
    told = [paid, line(3, number, Event.REDEEMED, "pay-50", 50), replace(paid, amount_fen=1)]
    codes = [(await hall.takes_in(each)).lines[0].code for each in told]
    assert codes == [LineCode.KNOWN, LineCode.CONTRADICTS, LineCode.CONTRADICTS]
    returned = line(4, number, Event.RETURNED, "merchant-qr", 500)
    assert (await hall.takes_in(returned)).moved == {"clawed_back": 1}
    assert (await hall.takes_in(bought, paid, returned)).is_clean


async def test_a_manager_who_pays_while_a_file_is_taken_in_waits_for_nothing_that_waits_for_them(hall: Hall) -> None:
    await hall.loads(PAY)
    wang, li = await hall.customer(11, Letter.B, -1), await hall.customer(12, Letter.B, -1)
    manager, numbers = await hall.bank.member(MANAGER), [await hall.number(each) for each in (wang, li)]
    taken = []
    for at, each in enumerate((wang, li)):
        held = await hall.claims(each, "pay-50")
        assert isinstance(held, Held)
        taken.append(held.voucher.id)
        await hall.takes_in(line(at, numbers[at], Event.BOUGHT, "merchant-qr", 500))
    await hall.does(lambda each: each.vouchers.ask(taken[1], li))
    await hall.takes_in(line(2, numbers[0], Event.REDEEMED, "pay-50", 50))
    returned = line(3, numbers[0], Event.RETURNED, "merchant-qr", 500)
    async with hall.bank.database.unit_of_work() as uow:
        tools = desk(uow, hall.bank.vault, lambda: hall.now)
        await tools.store.lock(taken[1])
        file = asyncio.create_task(hall.takes_in(returned, line(4, numbers[1], Event.REDEEMED, "pay-50", 50)))
        while not (await hall.rows("SELECT count(*) FROM pg_locks WHERE NOT granted"))[0][0]:
            await asyncio.sleep(0)
        assert isinstance(await tools.staff.confirm(taken[1], manager), Held)
    assert (await file).moved == {"clawed_back": 1}
    assert (await file).is_clean
    assert await hall.is_balanced()


async def test_what_still_runs_stands_before_what_is_over(hall: Hall) -> None:
    fund = replace(FUND, at_once=2, stacks_with=frozenset({"pay-50"}))
    await hall.loads(fund, replace(PAY, at_once=2, stacks_with=frozenset({"fund-100k"})))
    wang = await hall.customer(11)
    for code in ("fund-100k", "pay-50"):
        await hall.claims(wang, code)
    await hall.rows("UPDATE vouchers SET state = 'expired', ended_at = now() WHERE code = 'pay-50' RETURNING 1")
    _, held = await hall.does(lambda each: each.vouchers.mine(wang))
    assert [each.voucher.code for each in held] == ["fund-100k", "pay-50"]


async def test_what_is_done_twice_at_once_is_done_once_and_goes_to_whoever_is_linked_now(hall: Hall) -> None:
    await hall.loads(PAY)
    wang, li = await hall.customer(11, Letter.B, -1), await hall.customer(12, Letter.B, -1)
    manager = await hall.bank.member(MANAGER)
    held = await hall.claims(wang, "pay-50")
    assert isinstance(held, Held)
    number, voucher_id = await hall.number(wang), held.voucher.id
    taken = await asyncio.gather(*(hall.takes_in(line(1, number, Event.BOUGHT, "merchant-qr", 500)) for _ in range(3)))
    assert sorted(each.moved.get("met", 0) for each in taken) == [0, 0, 1]
    asked = await asyncio.gather(*(hall.does(lambda each: each.vouchers.ask(voucher_id, wang)) for _ in range(3)))
    assert sum(isinstance(each, Held) for each in asked) == 1
    await hall.rows("UPDATE members SET customer_id = NULL WHERE id IN (11, 12) RETURNING 1")
    await hall.rows("UPDATE members SET customer_id = :c WHERE id = 12 RETURNING 1", c=wang.customer_id)
    assert await hall.does(lambda each: each.vouchers.ask(voucher_id, li)) is VoucherRefusal.NOT_YOURS
    paid = await asyncio.gather(*(hall.does(lambda each: each.staff.confirm(voucher_id, manager)) for _ in range(3)))
    assert sum(isinstance(each, Held) for each in paid) == 1
    told = await hall.rows("SELECT recipient FROM deliveries WHERE step LIKE 'redeemed:%'")
    assert told == [(12,)]
    assert await hall.is_balanced()


async def test_what_nobody_asked_for_in_time_expires_and_what_was_asked_for_waits(hall: Hall) -> None:
    await hall.loads(replace(PAY, condition=None))
    wang, li = await hall.customer(11), await hall.customer(12)
    await hall.claims(wang, "pay-50")
    held = await hall.claims(li, "pay-50")
    assert isinstance(held, Held)
    await hall.does(lambda each: each.vouchers.ask(held.voucher.id, li))
    hall.now = NOW + timedelta(days=31)
    assert await hall.does(lambda each: each.vouchers.tick()) == 1
    assert await hall.does(lambda each: each.vouchers.tick()) == 0
    states = await hall.rows("SELECT member_id, state FROM vouchers ORDER BY 1")
    assert states == [(11, "expired"), (12, "asked")]
    assert await hall.is_balanced()
    waiting = "SELECT state FROM deliveries WHERE step = 'ending' AND recipient = 11"
    assert await hall.rows(waiting) == [("cancelled",)]


async def test_a_running_voucher_only_becomes_better_and_its_claims_keep_their_terms(hall: Hall) -> None:
    await hall.loads(PAY)
    wang = await hall.customer(11)
    await hall.claims(wang, "pay-50")
    for worse in (replace(PAY, value_fen=1), replace(PAY, stock=1), replace(PAY, terms=FUND.terms)):
        with pytest.raises(UnfavourableError):
            await hall.loads(worse)
    await hall.loads(replace(PAY, value_fen=6_000, stock=2_000))
    [held] = await hall.does(lambda each: each.vouchers.held(wang.customer_id or uuid4()))
    assert (held.plan.value_fen, held.voucher.version) == (5_000, 1)
    li = await hall.customer(12)
    for reader, worth in ((wang, "面额 50 元"), (li, "面额 60 元")):
        page = await hall.does(lambda each, reader=reader: each.vouchers.rules("pay-50", reader))  # type: ignore[misc]
        assert worth in str(page)
    pages = await hall.rows("SELECT version, text_zh LIKE '%60 元%' FROM announcements ORDER BY 1")
    assert pages == [(1, False), (2, True)]


async def test_a_level_unlocks_by_investments_alone_and_an_audience_by_its_line(hall: Hall) -> None:
    cinema = replace(BOOK.plans["cinema"], aim=None)
    await hall.loads(cinema, replace(PAY, audience="class = A"))
    wang = await hall.customer(11)
    put = (
        "INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,"
        " wealth_products, funds, asset_plans, large_certificates, loans, has_activity)"
        " VALUES ('2025-09-30', :c, 0, 90000000, 0, :w, 0, 0, 0, 0, true) ON CONFLICT (as_of, customer_id)"
        " DO UPDATE SET wealth_products = excluded.wealth_products RETURNING 1"
    )
    await hall.rows(put, c=wang.customer_id, w=4_000_000)
    offered, _ = await hall.does(lambda each: each.vouchers.mine(wang))
    found = {each.plan.code: (each.refusal, each.missing_fen) for each in offered}
    assert found == {"cinema": (VoucherRefusal.LOCKED, 1_000_000), "pay-50": (VoucherRefusal.NOT_FOR_YOU, 0)}
    assert await hall.claims(wang, "cinema") is VoucherRefusal.LOCKED
    await hall.rows(put, c=wang.customer_id, w=5_000_000)
    assert isinstance(await hall.claims(wang, "cinema"), Held)
    anna = await hall.customer(12, Letter.A)
    await hall.rows(put, c=anna.customer_id, w=0)
    assert isinstance(await hall.claims(anna, "pay-50"), Held)


async def test_who_is_missing_in_one_of_the_latest_deliveries_unlocks_nothing(hall: Hall) -> None:
    there, new, gone = [(await hall.customer(at)).customer_id or uuid4() for at in (11, 12, 13)]
    for day, customers in (("2025-06-30", (gone,)), ("2025-07-31", (there, gone)), ("2025-09-30", (there, new))):
        for customer in customers:
            await hall.rows(
                "INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,"
                " wealth_products, funds, asset_plans, large_certificates, loans, has_activity)"
                " VALUES (CAST(:day AS date), :c, 0, 0, 0, 100, 20, 3, 0, 0, true) RETURNING 1",
                day=date.fromisoformat(day),
                c=customer,
            )
    held = [await hall.does(lambda each, of=of: each.store.holds_fen(of)) for of in (there, new, gone)]  # type: ignore[misc]
    assert held == [123, 0, 0]
