"""Visits on real rows: never over a slot's room, one ahead per application, addresses sealed, each thing told once."""

import asyncio
from datetime import date, datetime, timedelta

import pytest

from campaigns.applications.model import Application, Reason, Stage
from campaigns.deliveries.service import Outbox
from campaigns.visits.model import Hours, Visit, VisitRefusal
from campaigns.visits.service import VisitService
from handlers.wording.visits import VisitWords
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.vault import Vault
from storage.visits import SqlVisitStore
from tests.storage.card_desk import CHEN, FRIDAY, LI, SUN, WANG, ZHAO, ZONE, Desk, open_desk

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZONE)
TOLD = "SELECT step, recipient FROM deliveries WHERE campaign LIKE 'visit%' ORDER BY id"


@pytest.fixture
async def desk(database: Database, vault: Vault) -> Desk:
    found = await open_desk(database, vault)
    await found.enters(WANG, ZHAO, SUN)
    for number in (WANG, ZHAO, SUN):
        await found.reaches(number, Stage.DELIVERED)
    return found


def visits(desk: Desk, uow: UnitOfWork) -> VisitService:
    applications, _, staff = desk.services(uow)
    people, outbox = SqlMemberStore(uow, desk.vault), Outbox(SqlDeliveryStore(uow), desk.time)
    return VisitService(
        SqlVisitStore(uow, desk.vault), applications, people, staff, outbox, VisitWords(ZONE), desk.time, ZONE
    )


async def offers(desk: Desk, *places: int) -> int:
    who = await desk.member(LI)
    hours = [
        Hours(MONDAY + timedelta(hours=2 * at), MONDAY + timedelta(hours=2 * at + 1), room)
        for at, room in enumerate(places)
    ]
    async with desk.database.unit_of_work() as uow:
        return await visits(desk, uow).offer(who, hours)


async def books(desk: Desk, number: int, slot: int) -> Visit | VisitRefusal:
    who, found = await desk.member(number), await desk.of(number)
    async with desk.database.unit_of_work() as uow:
        return await visits(desk, uow).book(found.id, slot, who)


async def test_a_slot_never_holds_more_than_its_room_whoever_comes_at_once(desk: Desk) -> None:
    assert (await offers(desk, 2), await offers(desk, 5)) == (1, 0)
    outcomes = await asyncio.gather(*(books(desk, number, 1) for number in (WANG, ZHAO, SUN)))
    assert sorted(isinstance(outcome, Visit) for outcome in outcomes) == [False, True, True]
    assert VisitRefusal.FULL in outcomes
    assert await desk.rows("SELECT count(*) FROM visits WHERE state = 'booked'") == [(2,)]


async def test_a_visit_is_moved_with_its_address_which_only_the_vault_can_read(desk: Desk) -> None:
    await offers(desk, 1, 1)
    assert isinstance(await books(desk, WANG, 1), Visit)
    assert (await desk.of(WANG)).due_on == date(2026, 11, 23)
    wang, zhao, number = await desk.member(WANG), await desk.member(ZHAO), (await desk.of(WANG)).id
    async with desk.database.unit_of_work() as uow:
        service = visits(desk, uow)
        assert await service.keep_address(number, zhao, "x") is VisitRefusal.NO_APPLICATION
        assert isinstance(await service.keep_address(number, wang, "幸福里3栋201"), Visit)
    moved = await books(desk, WANG, 2)
    assert isinstance(moved, Visit)
    assert moved.address == "幸福里3栋201"
    assert isinstance(await books(desk, ZHAO, 1), Visit)  # The place that was left is free again.
    states = await desk.rows("SELECT state, address IS NULL FROM visits ORDER BY id")
    assert states == [("cancelled", False), ("booked", False), ("booked", True)]
    found = await desk.rows("SELECT count(*) FROM visits WHERE position(convert_to('3栋', 'UTF8') IN address) > 0")
    assert found == [(0,)]
    assert "3栋" not in str(await desk.rows("SELECT payload FROM deliveries"))


async def test_a_visit_whose_application_moved_without_it_is_off_and_another_can_be_booked(desk: Desk) -> None:
    await offers(desk, 1, 1)
    assert isinstance(await books(desk, WANG, 1), Visit)
    found, li = await desk.of(WANG), await desk.member(LI)
    async with desk.database.unit_of_work() as uow:
        back = await desk.services(uow)[0].correct(found.id, found.version, Stage.DELIVERED, Reason.MISTAKE, li)
        assert isinstance(back, Application)
        assert await visits(desk, uow).day(li, MONDAY.date()) == []
    desk.now = MONDAY
    async with desk.database.unit_of_work() as uow:
        await visits(desk, uow).tick()
    assert [step for step, _ in await desk.rows(TOLD)] == ["booked"]
    desk.now = MONDAY - timedelta(minutes=30)  # Too late for the first slot, in time for the second.
    assert isinstance(await books(desk, WANG, 2), Visit)
    assert await desk.rows("SELECT state FROM visits ORDER BY id") == [("cancelled",), ("booked",)]


async def test_routes_and_reminders_are_told_once_and_results_move_the_application(desk: Desk) -> None:
    await offers(desk, 3)
    for number in (WANG, ZHAO, SUN):
        assert isinstance(await books(desk, number, 1), Visit)
    li, chen, sun = await desk.member(LI), await desk.member(CHEN), await desk.member(SUN)
    async with desk.database.unit_of_work() as uow:
        assert isinstance(await visits(desk, uow).cancel((await desk.of(SUN)).id, sun), Visit)
    assert (await desk.of(SUN)).stage is Stage.DELIVERED
    for now in (FRIDAY, FRIDAY + timedelta(days=2), FRIDAY + timedelta(days=2, hours=1), MONDAY, MONDAY):
        desk.now = now
        async with desk.database.unit_of_work() as uow:
            await visits(desk, uow).tick()
    told = [(str(step).split(":", maxsplit=1)[0], who) for step, who in await desk.rows(TOLD)]
    assert told[:4] == [*[("booked", LI)] * 3, ("cancelled", LI)]
    assert sorted(told[4:], key=str) == sorted([("tomorrow", WANG), ("tomorrow", ZHAO), ("route", LI)], key=str)
    async with desk.database.unit_of_work() as uow:
        service = visits(desk, uow)
        first, second = await service.day(li, MONDAY.date())
        assert await service.done(first.id, chen, "photo") is VisitRefusal.NOT_YOURS
        assert isinstance(await service.done(first.id, li, "photo"), Visit)
        assert await service.done(first.id, li, "photo") is VisitRefusal.NO_VISIT
        assert isinstance(await service.no_show(second.id, li), Visit)
        assert await service.photo(first.id, chen) is VisitRefusal.NOT_YOURS
        shown = await service.photo(first.id, li)
        assert isinstance(shown, Visit)
        assert shown.photo == "photo"
    stages = {(await desk.of(number)).stage for number in (first.member_id, second.member_id)}
    assert stages == {Stage.ACTIVATED, Stage.DELIVERED}
    last = await desk.rows("SELECT reason FROM application_moves WHERE stage = 'delivered' AND reason IS NOT NULL")
    assert sorted(last) == [("no_show",), ("visit_off",)]
