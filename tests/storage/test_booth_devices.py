"""A booth's screens on real rows: a link pairs one, its key opens one booth until it is stopped, codes change."""

import asyncio
from datetime import timedelta

import pytest

from campaigns.members.model import Language, Member
from campaigns.rallies.model import BoothState
from campaigns.staff.model import Role
from campaigns.stamps.codes import SLOT, Code, check, next_code_at
from campaigns.stamps.devices import Device, DeviceService, Screen
from campaigns.stamps.model import StampOutcome
from storage.booth_devices import SqlDeviceStore
from storage.database import Database, UnitOfWork
from storage.vault import Vault
from tests.storage.stamp_fair import CLERK, ORGANISER, Fair

ANNA = 11


def screens_of(fair: Fair, uow: UnitOfWork) -> DeviceService:
    return DeviceService(SqlDeviceStore(uow), fair.store(uow), fair.trail(uow), lambda: fair.now)


async def pair(fair: Fair, token: str) -> tuple[str, Device] | None:
    async with fair.database.unit_of_work() as uow:
        return await screens_of(fair, uow).pair(token, "平板")


async def link(fair: Fair, booth: str) -> str:
    async with fair.database.unit_of_work() as uow:
        return await screens_of(fair, uow).invite(fair.booth(booth), CLERK)


async def shows(fair: Fair, device: Device) -> Screen:
    async with fair.database.unit_of_work() as uow:
        found = await screens_of(fair, uow).show(device)
        assert found is not None
        return found


@pytest.fixture
async def fair(database: Database, vault: Vault) -> Fair:
    made = await Fair(database, vault).open()
    made.now = next_code_at(made.now)
    return made


async def test_a_link_pairs_one_screen_however_many_open_it_at_once(fair: Fair) -> None:
    token = await link(fair, "B1")
    found = await asyncio.gather(*(pair(fair, token) for _ in range(8)))
    assert sum(each is not None for each in found) == 1
    assert await fair.counted("booth_devices") == 1
    assert await fair.counted("booth_devices", f"position('{token}' in encode(key_hash, 'escape')) > 0") == 0


async def test_a_link_lives_ten_minutes(fair: Fair) -> None:
    token = await link(fair, "B1")
    fair.now += timedelta(minutes=10)
    assert await pair(fair, token) is None
    assert await pair(fair, "invented") is None


async def test_a_screen_shows_one_code_for_15_seconds_and_then_another_that_cannot_be_foretold(fair: Fair) -> None:
    first = await pair(fair, await link(fair, "B1"))
    second = await pair(fair, await link(fair, "B1"))
    assert first
    assert second
    at_once = await shows(fair, first[1])
    fair.now += SLOT - timedelta(seconds=1)
    later = await shows(fair, first[1])
    assert at_once.code == later.code
    assert at_once.code != (await shows(fair, second[1])).code
    fair.now += timedelta(seconds=1)
    after = await shows(fair, first[1])
    assert after.code
    assert after.code not in {at_once.code, None}
    read = check(fair.secret, after.code, fair.now)
    assert isinstance(read, Code)
    assert (read.booth_id, after.next_at) == (fair.booth("B1").id, fair.now + SLOT)


async def test_a_screen_counts_its_booths_stamps_and_says_why_there_is_no_code(fair: Fair) -> None:
    await fair.visitors(ANNA)
    paired = await pair(fair, await link(fair, "B1"))
    assert paired
    await fair.decide(fair.claim(ANNA, "B1"), fair.claim(ANNA, "B2"))
    assert (await shows(fair, paired[1])).stamps == 1
    async with fair.database.unit_of_work() as uow:
        await fair.store(uow).set_booth(fair.booth("B1").id, BoothState.PAUSED, "补货")
    found = await shows(fair, paired[1])
    assert (found.code, found.outcome, found.booth.reason) == (None, StampOutcome.PAUSED, "补货")
    fair.now = fair.rally.ends_at
    assert (await shows(fair, paired[1])).outcome is StampOutcome.OVER


async def test_a_stopped_screens_key_opens_nothing_and_only_its_own_booth_stops_it(fair: Fair) -> None:
    paired = await pair(fair, await link(fair, "B1"))
    assert paired
    key, device = paired
    async with fair.database.unit_of_work() as uow:
        screens = screens_of(fair, uow)
        assert await screens.known(key) == device
        assert await screens.known(key + "x") is None
        assert not await screens.revoke(device.id, fair.booth("B2").id, CLERK)
        assert await screens.revoke(device.id, fair.booth("B1").id, CLERK)
        assert not await screens.revoke(device.id, fair.booth("B1").id, CLERK)
        assert await screens.known(key) is None
        assert await screens.of_booth(fair.booth("B1").id) == []


async def test_a_booth_is_the_business_of_the_organiser_and_of_those_on_duty_there(fair: Fair) -> None:
    async with fair.database.unit_of_work() as uow:
        screens = screens_of(fair, uow)
        organiser = Member(ORGANISER, "李敏", Language.ZH, frozenset({Role.WEALTH_MANAGER}))
        stranger = Member(ANNA, "王芳", Language.ZH, frozenset({Role.PARTNER}))
        assert len(await screens.booths_of(organiser)) == 8
        assert await screens.booths_of(stranger) == []
