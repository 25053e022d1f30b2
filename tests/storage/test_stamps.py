"""Stamps on real rows: one for each person and booth, whoever scans what, how often and when."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from campaigns.rallies.model import BoothState, RallyState, StampWay
from campaigns.stamps.codes import LIFE, SKEW, mint
from campaigns.stamps.model import Award, StampClaim, Stamped, StampOutcome
from storage.database import Database
from storage.vault import Vault
from tests.rally_plans import STARTS
from tests.storage.stamp_fair import CLERK, NONCE, Fair

ANNA, BOB, EVE = 11, 12, 13


@pytest.fixture
async def fair(database: Database, vault: Vault) -> Fair:
    made = await Fair(database, vault).open()
    await made.visitors(ANNA, BOB, EVE)
    return made


def outcomes(found: list[Stamped]) -> list[StampOutcome]:
    return [each.outcome for each in found]


async def test_a_scan_makes_a_newcomer_a_visitor_with_a_stamp(fair: Fair) -> None:
    found = (await fair.decide(fair.claim(ANNA, "B1")))[0]
    assert (found.outcome, found.is_newcomer, found.stamps, found.booths) == (StampOutcome.STAMPED, True, 1, 8)
    assert found.booth
    assert found.booth.zh == "摊位1"
    again = (await fair.decide(fair.claim(ANNA, "B1")))[0]
    assert (again.outcome, again.is_newcomer, again.stamps) == (StampOutcome.ALREADY, False, 1)


async def test_a_code_belongs_to_whoever_uses_it_and_gives_each_person_one_stamp(fair: Fair) -> None:
    found = await fair.decide(*[fair.claim(each, "B1") for each in (ANNA, BOB, ANNA)])
    assert outcomes(found) == [StampOutcome.STAMPED, StampOutcome.STAMPED, StampOutcome.ALREADY]
    assert await fair.counted("stamps") == 2


async def test_a_code_is_judged_by_the_time_of_its_update_however_late_that_is_worked_on(fair: Fair) -> None:
    scanned = fair.claim(ANNA, "B1")
    fair.now += timedelta(hours=2)
    assert outcomes(await fair.decide(scanned)) == [StampOutcome.STAMPED]


async def test_a_photographed_code_that_is_shared_dies_with_its_half_minute(fair: Fair) -> None:
    code = fair.code("B1")
    late = fair.now + LIFE + SKEW
    found = await fair.decide(*[StampClaim(each, None, code, late) for each in (ANNA, BOB, EVE)])
    assert outcomes(found) == [StampOutcome.EXPIRED] * 3
    assert await fair.counted("stamp_uses", "outcome = 'expired' AND nonce IS NOT NULL AND booth_id IS NOT NULL") == 3


async def test_one_code_used_ten_thousand_times_gives_its_user_one_stamp(fair: Fair) -> None:
    """Trap: a photographed booth code used by others, one code farmed."""
    replay = fair.claim(ANNA, "B1")
    found = [each for _ in range(4) for each in await fair.decide(*[replay] * 2_500)]
    assert outcomes(found[1:]) == [StampOutcome.ALREADY] * 9_999
    assert (await fair.counted("stamps"), await fair.counted("stamp_uses")) == (1, 10_000)


async def test_ten_thousand_forgeries_give_nothing_and_are_kept(fair: Fair) -> None:
    claims = [
        StampClaim(EVE, None, mint(at.to_bytes(32), fair.booth("B1").id, fair.now, NONCE), fair.now)
        for at in range(10_000)
    ]
    assert {each.outcome for each in await fair.decide(*claims)} == {StampOutcome.FORGED}
    assert (await fair.counted("stamps"), await fair.counted("stamp_uses", "outcome = 'forged'")) == (0, 10_000)


async def test_a_code_of_no_booth_and_what_is_no_code_are_refused(fair: Fair) -> None:
    nowhere = mint(fair.secret, 4_000_000, fair.now, NONCE)
    found = await fair.decide(*[StampClaim(ANNA, None, code, fair.now) for code in (nowhere, "k_", "")])
    assert outcomes(found) == [StampOutcome.FORGED, StampOutcome.MALFORMED, StampOutcome.MALFORMED]


async def test_a_hundred_scans_of_one_person_at_once_give_one_stamp(fair: Fair) -> None:
    found = await asyncio.gather(*(fair.decide(fair.claim(ANNA, "B1")) for _ in range(100)))
    assert sum(each[0].outcome is StampOutcome.STAMPED for each in found) == 1
    assert await fair.held(ANNA) == [1]


async def test_a_customer_with_two_accounts_has_one_stamp(fair: Fair) -> None:
    """Requirement S-202: once for each customer."""
    customer = await fair.customer(UUID(int=7))
    found = await fair.decide(fair.claim(ANNA, "B1", customer), fair.claim(BOB, "B1", customer))
    assert outcomes(found) == [StampOutcome.STAMPED, StampOutcome.OTHER_ACCOUNT]


async def test_the_stamp_that_reaches_a_target_tells_its_medal(fair: Fair) -> None:
    for booth in ("B4", "B5", "B6", "B7"):
        await fair.decide(fair.claim(ANNA, booth))
    found = (await fair.decide(fair.claim(ANNA, "B8")))[0]
    assert [medal.zh for medal in found.medals] == ["五摊勋章"]
    assert (await fair.decide(fair.claim(ANNA, "B8")))[0].medals == ()


async def test_two_last_stamps_at_the_same_moment_give_the_medal_once(fair: Fair) -> None:
    for booth in ("B4", "B5", "B6"):
        await fair.decide(fair.claim(ANNA, booth))
    await asyncio.gather(*(fair.decide(fair.claim(ANNA, booth)) for booth in ("B7", "B8")))
    assert await fair.counted("medals") == 1


async def test_many_people_at_many_booths_at_once_lose_nothing_and_never_wait_in_a_ring(fair: Fair) -> None:
    people = range(100, 120)
    await fair.visitors(*people)
    claims = [fair.claim(each, f"B{booth}") for each in people for booth in range(1, 9)]
    batches = [claims[at::8] for at in range(8)]
    await asyncio.gather(*(fair.decide(*batch) for batch in batches))
    assert await fair.held(*people) == [8] * 20
    assert await fair.counted("medals") == 40


async def test_a_booth_with_a_game_hands_the_visitor_over_to_it(database: Database, vault: Vault) -> None:
    fair = await Fair(database, vault).open(scan_only=False)
    await fair.visitors(ANNA)
    quiz = next(booth for booth in fair.rally.booths if booth.game.kind == "quiz")
    assert outcomes(await fair.decide(fair.claim(ANNA, quiz.code))) == [StampOutcome.GAME]
    assert (await fair.counted("stamps"), await fair.counted("game_attempts")) == (0, 1)
    async with database.unit_of_work() as uow:
        passed = Award(quiz.id, ANNA, None, StampWay.QUIZ, fair.now)
        assert outcomes(await fair.stamps(uow).award(fair.rally, [passed])) == [StampOutcome.STAMPED]
    assert outcomes(await fair.decide(fair.claim(ANNA, quiz.code))) == [StampOutcome.ALREADY]
    assert await fair.counted("stamp_uses") == 3


async def test_a_void_stamp_counts_no_more_and_is_not_given_again(fair: Fair) -> None:
    await fair.decide(fair.claim(ANNA, "B1"))
    async with fair.database.unit_of_work() as uow:
        stamps = fair.stamps(uow)
        assert await stamps.void(fair.rally, fair.booth("B1"), ANNA, "代人集章", CLERK)
        assert not await stamps.void(fair.rally, fair.booth("B1"), ANNA, "代人集章", CLERK)
        assert not await stamps.void(fair.rally, fair.booth("B2"), ANNA, "代人集章", CLERK)
    assert await fair.held(ANNA) == [0]
    assert outcomes(await fair.decide(fair.claim(ANNA, "B1"))) == [StampOutcome.VOIDED]
    assert await fair.counted("audit_events", "action = 'void_stamp'") == 1


async def test_a_stamp_cannot_be_changed_or_removed(fair: Fair) -> None:
    await fair.decide(fair.claim(ANNA, "B1"))
    for statement in ("DELETE FROM stamps", "UPDATE stamps SET member_id = 12"):
        with pytest.raises(Exception, match="void one in stamp_voids"):
            async with fair.database.unit_of_work() as uow:
                await uow.session.execute(text(statement))


async def test_outside_of_the_event_and_at_a_paused_booth_there_is_no_stamp(fair: Fair) -> None:
    during = fair.now
    fair.now = fair.rally.ends_at
    assert outcomes(await fair.decide(fair.claim(ANNA, "B1"))) == [StampOutcome.OVER]
    fair.now = during
    async with fair.database.unit_of_work() as uow:
        await fair.store(uow).set_booth(fair.booth("B1").id, BoothState.PAUSED, "补货")
    found = (await fair.decide(fair.claim(ANNA, "B1")))[0]
    assert (found.outcome, found.reason) == (StampOutcome.PAUSED, "补货")
    async with fair.database.unit_of_work() as uow:
        await fair.store(uow).move(fair.rally.id, RallyState.ANNOUNCED, fair.now)
    fair.now = STARTS - timedelta(minutes=1)
    assert outcomes(await fair.decide(fair.claim(ANNA, "B2"))) == [StampOutcome.NOT_YET]


async def test_a_clerk_confirms_a_visitor_by_a_code_that_works_once(fair: Fair) -> None:
    async with fair.database.unit_of_work() as uow:
        code, _ = await fair.stamps(uow).member_code(ANNA)
    spoken = f" {code[:3].lower()} {code[3:]}"

    async def confirm(booth: str, typed: str) -> StampOutcome:
        async with fair.database.unit_of_work() as uow:
            return (await fair.stamps(uow).confirm(fair.rally, fair.booth(booth), typed, None, CLERK)).outcome

    at_once = await asyncio.gather(*(confirm("B1", spoken) for _ in range(5)))
    assert sorted(at_once) == [StampOutcome.STAMPED, *[StampOutcome.UNKNOWN_PERSON] * 4]
    assert await confirm("B2", code) is StampOutcome.UNKNOWN_PERSON
    assert await confirm("B2", "???") is StampOutcome.UNKNOWN_PERSON
    assert await fair.counted("stamps", f"way = 'staff' AND given_by = {CLERK}") == 1


async def test_a_members_code_ends_after_five_minutes_and_with_the_next_one(fair: Fair) -> None:
    async def fresh() -> str:
        async with fair.database.unit_of_work() as uow:
            return (await fair.stamps(uow).member_code(ANNA))[0]

    async def confirm(typed: str) -> StampOutcome:
        async with fair.database.unit_of_work() as uow:
            return (await fair.stamps(uow).confirm(fair.rally, fair.booth("B1"), typed, None, CLERK)).outcome

    old, new = await fresh(), await fresh()
    assert await confirm(old) is StampOutcome.UNKNOWN_PERSON
    fair.now += timedelta(minutes=5)
    assert await confirm(new) is StampOutcome.UNKNOWN_PERSON
    assert await confirm(await fresh()) is StampOutcome.STAMPED
