"""Bookings on real rows: a place goes to one person, a cancelled one is free again, reminders are marked once."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.zones.model import Booking
from storage.database import Database
from storage.zones import SqlZoneStore

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
async def people(database: Database) -> Database:
    """Twelve people and one version of a catalogue."""
    async with database.unit_of_work() as uow:
        await uow.session.execute(
            text("""INSERT INTO members (id, name, language, private_chat, first_seen_at)
                SELECT n, '', 'zh', 'open', :now FROM generate_series(1, 12) n"""),
            {"now": NOW},
        )
        await uow.session.execute(
            text("INSERT INTO catalogue_versions VALUES (1, '{}', 'test', :now, 'test')"), {"now": NOW}
        )
    return database


async def book(database: Database, member: int, places: int = 3, at: datetime = AT) -> Booking | None:
    wanted = Booking(0, "corner", 1, at, DAY, 1, member)
    async with database.unit_of_work() as uow:
        return await SqlZoneStore(uow).book(wanted, places, NOW)


async def test_few_places_go_to_as_many_people_whoever_asks_at_once_and_a_cancelled_one_to_the_next(
    people: Database,
) -> None:
    found = await asyncio.gather(*(book(people, member) for member in range(1, 13)))
    booked = [each for each in found if each]
    assert sorted(each.seat for each in booked) == [1, 2, 3]
    first = booked[0]
    async with people.unit_of_work() as uow:
        store = SqlZoneStore(uow)
        assert await store.taken("corner", NOW) == {AT: 3}
        assert not await store.cancel(first.id, 999, NOW)
        assert await store.cancel(first.id, first.member_id, NOW)
        assert not await store.cancel(first.id, first.member_id, NOW)
    again = await book(people, next(n for n in range(1, 13) if n not in {each.member_id for each in booked}))
    assert again is not None
    assert again.seat == first.seat


async def test_nobody_has_two_places_of_a_zone_on_a_day_however_often_they_tap(people: Database) -> None:
    later = AT + timedelta(hours=1)
    found = await asyncio.gather(*(book(people, 1, 10, at) for at in (AT, later, AT, later)))
    assert len([each for each in found if each]) == 1


async def test_a_booking_is_reminded_of_once(people: Database) -> None:
    booked = await book(people, 1)
    assert booked is not None
    async with people.unit_of_work() as uow:
        store = SqlZoneStore(uow)
        assert await store.to_remind(DAY - timedelta(1)) == []
        assert await store.to_remind(DAY) == [booked]
        assert await store.to_remind(DAY) == []
        assert await store.ahead(1, NOW) == await store.of_day(DAY) == [booked]
