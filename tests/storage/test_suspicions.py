"""Suspicions on real rows: found from stored uses of codes, held until a person decides, never holding a stamp up."""

from datetime import timedelta

import pytest

from campaigns.stamps.codes import mint
from campaigns.stamps.model import StampClaim, StampOutcome
from campaigns.suspicions.model import Sign, SuspicionState
from campaigns.suspicions.service import SuspicionService
from storage.database import Database, UnitOfWork
from storage.members import SqlMemberStore
from storage.suspicions import SqlSuspicionStore
from storage.vault import Vault
from tests.storage.stamp_fair import NONCE, ORGANISER, Fair

RING, EVE, HONEST = tuple(range(50, 60)), 70, (80, 81, 82)


def suspicions_of(fair: Fair, uow: UnitOfWork) -> SuspicionService:
    return SuspicionService(
        SqlSuspicionStore(uow), fair.store(uow), SqlMemberStore(uow, fair.vault), fair.trail(uow), lambda: fair.now
    )


async def tick(fair: Fair) -> int:
    async with fair.database.unit_of_work() as uow:
        return await suspicions_of(fair, uow).tick()


@pytest.fixture
async def fair(database: Database, vault: Vault) -> Fair:
    made = await Fair(database, vault).open()
    await made.visitors(*RING, EVE, *HONEST)
    return made


async def collected(fair: Fair) -> None:
    """A ring goes round, three honest visitors too, and one tries codes of her own making."""
    for at in range(1, 7):
        assert {each.outcome for each in await fair.decide(*[fair.claim(each, f"B{at}") for each in RING])} == {
            StampOutcome.STAMPED
        }
        for member in HONEST:
            fair.now += timedelta(seconds=40)
            await fair.decide(fair.claim(member, f"B{at}"))
        fair.now += timedelta(minutes=4)
    booth = fair.booth("B1").id
    await fair.decide(
        *[StampClaim(EVE, None, mint(bytes([at]) * 32, booth, fair.now, NONCE), fair.now) for at in range(4)]
    )


async def test_a_ring_and_a_forger_are_held_until_a_person_decides_and_keep_their_stamps(fair: Fair) -> None:
    await collected(fair)
    assert (await tick(fair), await tick(fair)) == (1, 0)
    async with fair.database.unit_of_work() as uow:
        suspicions = suspicions_of(fair, uow)
        cases = {each.suspicion.member_id: each for each in await suspicions.cases(fair.rally.id)}
        assert set(cases) == {*RING, EVE}
        assert [reason.sign for reason in cases[50].suspicion.reasons] == [Sign.RING]
        assert cases[50].suspicion.reasons[0].others == RING[1:]
        assert await suspicions.decide(fair.rally, 50, SuspicionState.CLEARED, ORGANISER)
        assert not await suspicions.decide(fair.rally, 50, SuspicionState.CONFIRMED, ORGANISER)
        assert not await suspicions.decide(fair.rally, HONEST[0], SuspicionState.CONFIRMED, ORGANISER)
    fair.now += timedelta(minutes=3)
    assert await tick(fair) == 1
    async with fair.database.unit_of_work() as uow:
        found = {each.suspicion.member_id: each.state for each in await suspicions_of(fair, uow).cases(fair.rally.id)}
    assert (found[50], found[51], found[EVE]) == (SuspicionState.CLEARED, SuspicionState.HELD, SuspicionState.HELD)
    assert await fair.held(50, 51) == [6, 6]
    assert (await fair.decide(fair.claim(51, "B8")))[0].outcome is StampOutcome.STAMPED
