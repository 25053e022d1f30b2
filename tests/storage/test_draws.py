"""Draws on real rows: paid from what was set aside, one ticket per person whoever asks at once, never changed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.draws.model import (
    Draw,
    DrawCode,
    DrawKind,
    DrawOutcome,
    DrawPlan,
    DrawState,
    Mismatch,
    Prize,
    PublishRefusal,
    Taker,
    Terms,
)
from campaigns.draws.rules import verify
from campaigns.draws.service import CloseDrawRefusal, DrawService
from campaigns.members.model import Introduction, Language
from campaigns.points.model import CloseRefusal, PointsCampaign, Settlement, Share
from campaigns.points.service import PointsService
from storage.database import Database, UnitOfWork
from storage.draws import SqlDrawStore
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.vault import Vault

START = datetime(2026, 11, 22, 4, tzinfo=UTC)
CLOSES = START + timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
MANAGER, PEOPLE = 1, range(11, 51)
TERMS = Terms("实名绑定的群成员每人一次", "Bound members, once each", "A银行", "Bank A", "95500", "95500")
PRIZES = (
    Prize("一等奖", "First", 88, 200_000, 3),
    Prize("二等奖", "Second", 8, 300_000, 10),
    Prize("谢谢参与", "Thank you", 0, 500_000),
)
PLAN = DrawPlan(DrawKind.JOIN, "入群抽波豆", "Join draw", PRIZES, TERMS, START, CLOSES)
COST = 3 * 88 + 10 * 8


def taker(member: int) -> Taker:
    return Taker(member, f"王{member}*", UUID(int=member))


class Fair:
    """A group, a points campaign and its draws, with a clock that the test turns."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault
        self.now, self.group = START, 0
        self.campaign: PointsCampaign

    def points(self, uow: UnitOfWork) -> PointsService:
        return PointsService(SqlPointsStore(uow), lambda: self.now, ZONE)

    def draws(self, uow: UnitOfWork) -> DrawService:
        return DrawService(SqlDrawStore(uow, self.vault), self.points(uow), lambda: self.now)

    async def publish(self, plan: DrawPlan = PLAN) -> Draw | PublishRefusal:
        async with self.database.unit_of_work() as uow:
            return await self.draws(uow).publish(self.campaign, self.group, plan)

    async def draw(self, draw: Draw, *members: int) -> list[DrawOutcome]:
        async with self.database.unit_of_work() as uow:
            return await self.draws(uow).draw(draw.id, [taker(member) for member in members])

    async def close(self, draw: Draw) -> Draw | CloseDrawRefusal:
        async with self.database.unit_of_work() as uow:
            return await self.draws(uow).close(draw.id)

    async def sheet(self) -> Settlement:
        async with self.database.unit_of_work() as uow:
            found = await self.points(uow).settlement(self.campaign.id)
            assert found is not None
            return found


@pytest.fixture
async def fair(database: Database, vault: Vault) -> Fair:
    made = Fair(database, vault)
    async with database.unit_of_work() as uow:
        for member in (MANAGER, *PEOPLE):
            await SqlMemberStore(uow, vault).meet(Introduction(member, "王", Language.ZH, is_private=True), START)
        group = await SqlGroupStore(uow).save(-100, "A银行&幸福里商户福利群", "幸福里", MANAGER, START)
        made.group = group.id
        partner = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        shares = [Share(partner, 10_000)]
        made.campaign = await made.points(uow).open("波豆", 100, 30, shares, COST + 50, CLOSES, group.id)
    return made


@pytest.fixture
async def draw(fair: Fair) -> Draw:
    made = await fair.publish()
    assert isinstance(made, Draw)
    return made


async def test_winners_are_paid_from_what_was_set_aside(fair: Fair, draw: Draw) -> None:
    outcomes = await fair.draw(draw, *PEOPLE)
    won = sum(outcome.prize.points for outcome in outcomes if outcome.prize)
    sheet = await fair.sheet()
    assert won > 0
    assert (sheet.totals.outstanding, sheet.totals.left, sheet.totals.is_balanced) == (won, COST + 50 - won, True)


async def test_people_who_draw_at_once_get_one_ticket_each(fair: Fair, draw: Draw) -> None:
    batches = [fair.draw(draw, *(PEOPLE[(start + step) % 40] for step in range(10))) for start in range(0, 40, 5)]
    codes = [outcome.code for found in await asyncio.gather(*batches) for outcome in found]
    assert (codes.count(DrawCode.DRAWN), codes.count(DrawCode.TWICE)) == (40, 40)
    fair.now = CLOSES
    assert isinstance(await fair.close(draw), Draw)
    async with fair.database.unit_of_work() as uow:
        assert await fair.draws(uow).verify(draw.id) == []


async def test_the_secret_stays_sealed_until_the_draw_is_closed(fair: Fair, draw: Draw) -> None:
    await fair.draw(draw, *PEOPLE)
    assert await fair.close(draw) is CloseDrawRefusal.STILL_OPEN
    async with fair.database.unit_of_work() as uow:
        assert await fair.draws(uow).published(draw.id) is None
    fair.now = CLOSES
    closed = await fair.close(draw)
    assert isinstance(closed, Draw)
    assert (closed.state, closed.drawn) == (DrawState.CLOSED, len(PEOPLE))
    async with fair.database.unit_of_work() as uow:
        published = await fair.draws(uow).published(draw.id)
    assert published is not None
    assert verify(published) == []
    other = replace(published.tickets[4], prize=(published.tickets[4].prize + 1) % 3)
    tickets = (*published.tickets[:4], other, *published.tickets[5:])
    assert verify(replace(published, tickets=tickets))[0].mismatch is Mismatch.RESULT


async def test_what_a_draw_did_not_pay_goes_back_and_only_then_the_campaign_closes(fair: Fair, draw: Draw) -> None:
    fair.now = CLOSES
    async with fair.database.unit_of_work() as uow:
        assert await fair.points(uow).close(fair.campaign.id) is CloseRefusal.DRAWS_OPEN
        assert [closed.id for closed in await fair.draws(uow).close_due()] == [draw.id]
        assert await fair.draws(uow).close_due() == []
        assert isinstance(await fair.points(uow).close(fair.campaign.id), Settlement)
    assert await fair.close(draw) is CloseDrawRefusal.CLOSED_ALREADY


async def test_a_budget_that_is_too_small_publishes_nothing(fair: Fair) -> None:
    dear = replace(PLAN, prizes=(replace(PRIZES[0], odds=500_000, stock=100), PRIZES[2]))
    assert await fair.publish(dear) is PublishRefusal.BUDGET_TOO_SMALL
    async with fair.database.unit_of_work() as uow:
        assert await fair.draws(uow).open_in(fair.group) == []
    assert await fair.publish(replace(PLAN, closes_at=CLOSES + timedelta(1))) is PublishRefusal.BEYOND_CAMPAIGN


async def test_a_group_has_one_open_draw_of_a_kind(fair: Fair, draw: Draw) -> None:
    cheap = replace(PLAN, prizes=(replace(PRIZES[1], odds=500_000, stock=1), PRIZES[2]))
    assert await fair.publish(cheap) is PublishRefusal.SAME_KIND_OPEN
    wheel = await fair.publish(replace(cheap, kind=DrawKind.WHEEL))
    assert isinstance(wheel, Draw)


async def test_what_was_published_cannot_be_changed(fair: Fair, draw: Draw) -> None:
    await fair.draw(draw, *PEOPLE[:3])
    async with fair.database.unit_of_work() as uow:
        for statement in (
            "UPDATE draws SET published = '{}'",
            "UPDATE draws SET closes_at = closes_at + interval '1 day'",
            "UPDATE draws SET commitment = repeat('0', 64)",
            "UPDATE draw_tickets SET prize = 0",
            "DELETE FROM draw_tickets",
        ):
            with pytest.raises(DBAPIError, match="never changed"):
                async with uow.session.begin_nested():
                    await uow.session.execute(text(statement))


async def test_an_unknown_draw_draws_nothing(fair: Fair, draw: Draw) -> None:
    [outcome] = await fair.draw(replace(draw, id=999), MANAGER)
    assert outcome.code is DrawCode.NO_DRAW
    assert await fair.close(replace(draw, id=999)) is CloseDrawRefusal.NO_DRAW
