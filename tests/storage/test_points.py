"""The points ledger on real rows: it sums to nothing at every step, never pays twice, and settles to the fen."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from campaigns.points.model import (
    Account,
    AccountKind,
    CloseRefusal,
    Grant,
    GrantCode,
    Movement,
    MovementReason,
    PointsCampaign,
    Settlement,
    Share,
)
from campaigns.points.service import PointsService
from storage.database import Database, UnitOfWork
from storage.points import SqlPointsStore

START = datetime(2026, 11, 22, 4, tzinfo=UTC)
ENDS = START + timedelta(days=5)
ZONE = ZoneInfo("Asia/Shanghai")
ANNA, BOB = 11, 12
EVERYTHING = "SELECT coalesce(sum(balance), 0) FROM points_accounts"


class Desk:
    """The ledger with a clock that the test turns."""

    def __init__(self) -> None:
        self.now = START

    def ledger(self, uow: UnitOfWork) -> PointsService:
        return PointsService(SqlPointsStore(uow), lambda: self.now, ZONE)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def ledger(desk: Desk, uow: UnitOfWork) -> PointsService:
    return desk.ledger(uow)


async def opened(ledger: PointsService, uow: UnitOfWork, budget: int = 100, valid_days: int = 3) -> PointsCampaign:
    store = SqlPointsStore(uow)
    bank, shop = await store.add_partner("A银行", "bank"), await store.add_partner("幸福里", "merchant")
    shares = (Share(bank, 6_000), Share(shop, 4_000))
    return await ledger.open("入群抽波豆", 100, valid_days, shares, budget, ENDS)


def join(member: int, points: int = 10, customer: UUID | None = None) -> Grant:
    return Grant(member, points, MovementReason.JOIN, "once", customer)


async def test_a_grant_reaches_the_members_statement(ledger: PointsService, uow: UnitOfWork) -> None:
    campaign = await opened(ledger, uow)
    assert await ledger.grant(campaign.id, [join(ANNA), join(BOB, 5)]) == [GrantCode.GRANTED] * 2
    found = await ledger.statement(ANNA)
    assert (found.spendable, found.held, found.ending) == (10, 0, 10)
    assert found.ends_on == ledger.today() + timedelta(days=3)
    assert [(line.points, line.reason, line.campaign) for line in found.lines] == [
        (10, MovementReason.JOIN, "入群抽波豆")
    ]


async def test_a_repeated_grant_pays_nothing_more(ledger: PointsService, uow: UnitOfWork) -> None:
    campaign = await opened(ledger, uow)
    await ledger.grant(campaign.id, [join(ANNA, customer=UUID(int=5))])
    again = [join(ANNA), join(BOB, customer=UUID(int=5))]
    assert await ledger.grant(campaign.id, again) == [GrantCode.TWICE] * 2
    assert (await ledger.statement(ANNA)).spendable == 10


async def test_a_redemption_holds_then_claims_and_the_sheet_balances(
    desk: Desk, ledger: PointsService, uow: UnitOfWork
) -> None:
    campaign = await opened(ledger, uow)
    await ledger.grant(campaign.id, [join(ANNA, 30), join(BOB, 20)])
    assert await ledger.hold(ANNA, 1, 31) == 1
    assert await ledger.hold(ANNA, 1, 25) is None
    assert (await ledger.statement(ANNA)).held == 25
    await ledger.claim(1, campaign.shares[1].partner)
    desk.now = ENDS
    assert await ledger.close(campaign.id) is CloseRefusal.MEMBERS_HOLD_POINTS
    assert await ledger.expire() == 2
    sheet = await ledger.close(campaign.id)
    assert isinstance(sheet, Settlement)
    found = sheet.totals
    assert (found.issued, found.left, found.expired, sum(found.claimed.values())) == (100, 50, 25, 25)
    assert (found.is_balanced, sheet.cost_fen) == (True, 25)
    assert [line.pays_fen for line in sheet.lines] == [15, 10]
    assert await ledger.close(campaign.id) is CloseRefusal.CLOSED_ALREADY


async def test_a_cancelled_redemption_gives_back_and_cannot_complete(ledger: PointsService, uow: UnitOfWork) -> None:
    campaign = await opened(ledger, uow)
    await ledger.grant(campaign.id, [join(ANNA, 30)])
    await ledger.hold(ANNA, 1, 25)
    assert await ledger.give_back(1) == 25
    assert (await ledger.statement(ANNA)).spendable == 30
    with pytest.raises(IntegrityError, match="points_never_negative"):
        async with uow.session.begin_nested():
            await ledger.claim(1, campaign.shares[0].partner)


async def test_a_price_change_leaves_old_claims_as_they_were(ledger: PointsService, uow: UnitOfWork) -> None:
    campaign = await opened(ledger, uow)
    await ledger.grant(campaign.id, [join(ANNA, 50)])
    await ledger.hold(ANNA, 1, 20)
    await ledger.claim(1, campaign.shares[0].partner)
    await uow.session.execute(text("UPDATE points_campaigns SET price = 1000"))
    await ledger.hold(ANNA, 2, 10)
    await ledger.claim(2, campaign.shares[0].partner)
    sheet = await ledger.settlement(campaign.id)
    assert sheet is not None
    assert sheet.cost_fen == 20 + 100


async def test_a_clawback_takes_what_is_there_and_only_once(ledger: PointsService, uow: UnitOfWork) -> None:
    campaign = await opened(ledger, uow)
    await ledger.grant(campaign.id, [join(ANNA, 30)])
    await ledger.hold(ANNA, 1, 25)
    assert await ledger.claw_back(campaign.id, ANNA, 30, "account closed") == 5
    assert await ledger.claw_back(campaign.id, ANNA, 30, "account closed") == 0


async def test_movements_are_never_changed(ledger: PointsService, uow: UnitOfWork) -> None:
    await opened(ledger, uow)
    for statement in ("UPDATE points_movements SET points = 1", "DELETE FROM points_movements"):
        with pytest.raises(DBAPIError, match="never changed"):
            async with uow.session.begin_nested():
                await uow.session.execute(text(statement))


async def test_the_database_itself_refuses_to_overdraw(ledger: PointsService, uow: UnitOfWork) -> None:
    campaign = await opened(ledger, uow)
    budget, member = Account(AccountKind.BUDGET, campaign.id), Account(AccountKind.MEMBER, campaign.id, ANNA)
    movement = Movement("too much", budget, member, 101, MovementReason.JOIN, 100)
    with pytest.raises(IntegrityError, match="points_never_negative"):
        async with uow.session.begin_nested():
            await SqlPointsStore(uow).post([movement], START)


async def test_claims_at_once_share_one_budget(database: Database, desk: Desk) -> None:
    async with database.unit_of_work() as uow:
        campaign = await opened(desk.ledger(uow), uow, budget=95)

    async def claim(first: int) -> list[GrantCode]:
        async with database.unit_of_work() as uow:
            members = range(first, first + 5)
            return await desk.ledger(uow).grant(campaign.id, [join(100 + member % 12) for member in members])

    codes = [code for found in await asyncio.gather(*(claim(at) for at in range(0, 60, 3))) for code in found]
    assert codes.count(GrantCode.GRANTED) == 9
    async with database.unit_of_work() as uow:
        sheet = await desk.ledger(uow).settlement(campaign.id)
        assert sheet is not None
        assert (sheet.totals.left, sheet.totals.outstanding, sheet.totals.is_balanced) == (5, 90, True)


class LedgerMachine(RuleBasedStateMachine):
    """Anything in any order over days: every statement of the ledger stays true."""

    url = ""
    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.desk = Desk()
        self.database = Database(self.url, pool_size=1)
        self.redemption = int(datetime.now(UTC).timestamp() * 1e6)
        with self.turn() as (ledger, uow):
            self.campaign = self.runner.run(opened(ledger, uow))

    @contextmanager
    def turn(self) -> Iterator[tuple[PointsService, UnitOfWork]]:
        uow = self.database.unit_of_work()
        self.runner.run(uow.__aenter__())
        try:
            yield self.desk.ledger(uow), uow
        finally:
            self.runner.run(uow.__aexit__(None, None, None))

    @rule(member=st.integers(11, 14), points=st.integers(1, 40), occasion=st.sampled_from("ab"))
    def grant(self, member: int, points: int, occasion: str) -> None:
        wish = Grant(member, points, MovementReason.TASK, occasion)
        with self.turn() as (ledger, _):
            self.runner.run(ledger.grant(self.campaign.id, [wish]))

    @rule(target=held, member=st.integers(11, 14), points=st.integers(1, 50))
    def hold(self, member: int, points: int) -> int:
        self.redemption += 1
        with self.turn() as (ledger, _):
            before = self.runner.run(ledger.statement(member)).spendable
            missing = self.runner.run(ledger.hold(member, self.redemption, points))
            after = self.runner.run(ledger.statement(member)).spendable
        assert (missing, after) == ((None, before - points) if points <= before else (points - before, before))
        return self.redemption

    @rule(redemption=consumes(held), cancels=st.booleans(), mistakes=st.integers(0, 2))
    def end(self, redemption: int, cancels: bool, mistakes: int) -> None:
        partner = self.campaign.shares[0].partner
        with self.turn() as (ledger, _):
            for turn in range(mistakes):
                self.runner.run(ledger.claim(redemption, partner, turn))
                assert self.runner.run(ledger.take_back(redemption, partner, turn))
            if cancels:
                self.runner.run(ledger.give_back(redemption))
            else:
                self.runner.run(ledger.claim(redemption, partner, mistakes))

    @rule(member=st.integers(11, 14), points=st.integers(1, 50))
    def claw_back(self, member: int, points: int) -> None:
        with self.turn() as (ledger, _):
            self.runner.run(ledger.claw_back(self.campaign.id, member, points, f"{self.desk.now}:{points}"))

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.desk.now += timedelta(days=days)
        with self.turn() as (ledger, _):
            self.runner.run(ledger.expire())

    @rule()
    def close(self) -> None:
        with self.turn() as (ledger, _):
            outcome = self.runner.run(ledger.close(self.campaign.id))
        if isinstance(outcome, Settlement):
            assert outcome.totals.outstanding == outcome.totals.held == 0
            assert sum(line.pays_fen for line in outcome.lines) == outcome.cost_fen

    @invariant()
    def it_balances(self) -> None:
        with self.turn() as (ledger, uow):
            sheet = self.runner.run(ledger.settlement(self.campaign.id))
            assert sheet is not None
            assert (sheet.totals.is_balanced, sheet.totals.issued) == (True, 100)
            assert self.runner.run(uow.session.scalar(text(EVERYTHING))) == 0

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()


def test_the_ledger_balances_whatever_happens(database_url: str) -> None:
    LedgerMachine.url = database_url
    run_state_machine_as_test(LedgerMachine, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
