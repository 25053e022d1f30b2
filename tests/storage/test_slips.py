"""Slips on real rows: whatever order two booths' screens come back in, and however often, each counts once."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.slips.codes import mint, spoken
from campaigns.slips.model import Giver, SlipOutcome, SlipResult, SlipUse
from campaigns.slips.service import SlipService
from campaigns.stamps.devices import DeviceService
from storage.booth_devices import SqlDeviceStore
from storage.database import Database, UnitOfWork
from storage.rally_rows import StampRow
from storage.slips import SqlSlipStore
from storage.stamps import SqlStampStore
from storage.vault import Vault
from tests.storage.stamp_fair import CLERK, Fair

ANNA, BOB = 11, 12


def slips_of(fair: Fair, uow: UnitOfWork) -> SlipService:
    return SlipService(SqlSlipStore(uow), fair.store(uow), fair.stamps(uow), fair.trail(uow), lambda: fair.now)


async def paired(fair: Fair, booth: str) -> int:
    """Another screen of a booth."""
    async with fair.database.unit_of_work() as uow:
        devices = DeviceService(SqlDeviceStore(uow), fair.store(uow), fair.trail(uow), lambda: fair.now)
        found = await devices.pair(await devices.invite(fair.booth(booth), CLERK), "平板")
        assert found is not None
        return found[1].id


async def issued(fair: Fair, booth: str, device: int | None, count: int) -> list[str]:
    async with fair.database.unit_of_work() as uow:
        return await slips_of(fair, uow).issue(fair.rally, fair.booth(booth), device, count, CLERK)


async def sync(fair: Fair, booth: str, device: int, *uses: SlipUse) -> list[SlipResult]:
    async with fair.database.unit_of_work() as uow:
        return await slips_of(fair, uow).sync(fair.rally, fair.booth(booth), Giver(device, CLERK), uses)


async def join(fair: Fair, *members: int) -> dict[int, str]:
    """Let people take part; returns what they say at a booth without network."""
    await fair.visitors(*members)
    async with fair.database.unit_of_work() as uow:
        await SqlStampStore(uow).lock_members(fair.rally.id, members, "poster", fair.now)
        found = [(each, await fair.store(uow).member(fair.rally.id, each)) for each in members]
    return {each: spoken(member.number) for each, member in found if member}


@pytest.fixture
async def fair(database: Database, vault: Vault) -> Fair:
    return await Fair(database, vault).open()


async def test_three_hundred_offline_stamps_of_two_screens_in_any_order_and_twice_count_once_each(fair: Fair) -> None:
    """Requirement S-211: the same whatever the order, the parts and the screen that brings them."""
    dice = random.Random(6)
    people = await join(fair, *range(1_000, 1_300))
    screens = [await paired(fair, "B1") for _ in range(2)]
    codes = [code for screen in screens for code in await issued(fair, "B1", screen, 150)]
    uses = [
        SlipUse(code, said, fair.now + timedelta(seconds=dice.randint(0, 3_000)))
        for code, said in zip(codes, people.values(), strict=True)
    ]
    fair.now += timedelta(hours=1)
    twice = uses * 2
    dice.shuffle(twice)
    found = []
    while twice:
        part, twice = twice[: (size := dice.randint(20, 90))], twice[size:]
        found += await sync(fair, "B1", dice.choice(screens), *part)
    outcomes = [each.outcome for each in found]
    assert (outcomes.count(SlipOutcome.COUNTED), outcomes.count(SlipOutcome.REPEATED)) == (300, 300)
    assert await fair.counted("stamps", "way = 'slip'") == await fair.counted("slips", "member_id IS NOT NULL") == 300
    assert await fair.counted("slip_conflicts") == 0
    at = {each.member_id: each.at for each in await stored(fair)}
    assert [at[member] for member in people] == [each.at for each in uses]


async def stored(fair: Fair) -> list[StampRow]:
    async with fair.database.unit_of_work() as uow:
        return list(await uow.session.scalars(select(StampRow)))


async def test_a_slip_with_two_visitors_counts_for_one_and_the_other_is_shown_once(fair: Fair) -> None:
    said, screen = await join(fair, ANNA, BOB), await paired(fair, "B1")
    code = (await issued(fair, "B1", screen, 1))[0]
    first, second = (SlipUse(code, said[each], fair.now) for each in (ANNA, BOB))
    for _ in range(2):
        await sync(fair, "B1", screen, first)
        assert (await sync(fair, "B1", screen, second))[0].outcome is SlipOutcome.USED_BY_ANOTHER
    async with fair.database.unit_of_work() as uow:
        (conflict,) = await slips_of(fair, uow).conflicts(fair.rally.id)
    assert (conflict.serial, conflict.member_id, conflict.kind) == (1, BOB, SlipOutcome.USED_BY_ANOTHER)
    assert await fair.held(ANNA, BOB) == [1, 0]


async def test_who_has_the_stamp_already_uses_a_slip_up_and_nothing_more(fair: Fair) -> None:
    said, screen = await join(fair, ANNA), await paired(fair, "B1")
    await fair.decide(fair.claim(ANNA, "B1"))
    codes = await issued(fair, "B1", screen, 2)
    found = await sync(fair, "B1", screen, *[SlipUse(code, said[ANNA], fair.now) for code in codes])
    assert [each.outcome for each in found] == [SlipOutcome.HAD_IT, SlipOutcome.HAD_IT]
    assert await fair.held(ANNA) == [1]


async def test_a_mistyped_number_leaves_the_slip_for_the_right_one(fair: Fair) -> None:
    said, screen = await join(fair, ANNA), await paired(fair, "B1")
    code = (await issued(fair, "B1", screen, 1))[0]
    for wrong in ("99999", spoken(987_654)):
        assert (await sync(fair, "B1", screen, SlipUse(code, wrong, fair.now)))[
            0
        ].outcome is SlipOutcome.UNKNOWN_VISITOR
    assert (await sync(fair, "B1", screen, SlipUse(code, said[ANNA], fair.now)))[0].outcome is SlipOutcome.COUNTED


async def test_slips_that_the_server_did_not_issue_to_this_booth_are_forged(fair: Fair) -> None:
    said, screen = await join(fair, ANNA), await paired(fair, "B1")
    elsewhere = (await issued(fair, "B2", None, 1))[0]
    beyond = mint(fair.secret, fair.booth("B1").id, 999)
    other = mint(b"other", fair.booth("B1").id, 1)
    found = await sync(
        fair, "B1", screen, *[SlipUse(each, said[ANNA], fair.now) for each in (elsewhere, beyond, other)]
    )
    assert [each.outcome for each in found] == [SlipOutcome.FORGED] * 3


async def test_a_printed_slip_is_taken_by_the_first_who_scans_it(fair: Fair) -> None:
    await fair.visitors(ANNA, BOB)
    code = (await issued(fair, "B1", None, 24))[5]

    async def scan(member: int, code: str) -> SlipOutcome:
        async with fair.database.unit_of_work() as uow:
            return (await slips_of(fair, uow).take(code, (member, None), fair.now))[0].outcome

    assert [await scan(each, code) for each in (ANNA, BOB, ANNA)] == [
        SlipOutcome.COUNTED,
        SlipOutcome.USED_BY_ANOTHER,
        SlipOutcome.REPEATED,
    ]
    assert await scan(BOB, "A" * 32) is SlipOutcome.FORGED
    of_a_screen = (await issued(fair, "B2", await paired(fair, "B2"), 1))[0]
    assert await scan(BOB, of_a_screen) is SlipOutcome.FORGED


async def test_a_lost_sheet_counts_no_more_and_the_booth_knows_its_supply(fair: Fair) -> None:
    said, screen = await join(fair, ANNA, BOB), await paired(fair, "B1")
    first, second, *_ = await issued(fair, "B1", None, 10)
    await sync(fair, "B1", screen, SlipUse(first, said[ANNA], fair.now))
    async with fair.database.unit_of_work() as uow:
        slips = slips_of(fair, uow)
        assert await slips.void(fair.rally, fair.booth("B1"), 1, "丢失", CLERK)
        assert not await slips.void(fair.rally, fair.booth("B1"), 2, "丢失", CLERK)
        supply = await slips.supply(fair.booth("B1").id)
    assert (supply.issued, supply.used, supply.void) == (10, 1, 9)
    assert (await sync(fair, "B1", screen, SlipUse(second, said[BOB], fair.now)))[0].outcome is SlipOutcome.VOIDED
    assert await fair.held(ANNA, BOB) == [1, 0]


async def test_a_screen_is_refilled_to_what_it_should_have(fair: Fair) -> None:
    said, screen = await join(fair, ANNA), await paired(fair, "B1")

    async def refill() -> list[str]:
        async with fair.database.unit_of_work() as uow:
            return await slips_of(fair, uow).refill(fair.rally, fair.booth("B1"), screen, 5, CLERK)

    first = await refill()
    assert await refill() == first
    await sync(fair, "B1", screen, SlipUse(first[0], said[ANNA], fair.now))
    again = await refill()
    assert (len(again), again[:4]) == (5, first[1:])
