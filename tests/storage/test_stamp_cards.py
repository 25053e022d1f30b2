"""Cards out of stamps on real rows: void stamps do not count, changes are taken once and never lost."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.deliveries.service import Outbox
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import Visit
from campaigns.stamp_cards.service import AT_ONCE, StampCardService
from campaigns.waits.model import WaitState
from handlers.wording.stamp_cards import StampCardWords
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.stamp_cards import SqlStampCardStore
from storage.vault import Vault
from storage.waits import SqlWaitStore
from tests.storage.stamp_fair import CLERK, Fair

ANNA, BOB = 11, 12


async def known(fair: Fair, *people: int) -> None:
    """Know these people by name."""
    async with fair.database.unit_of_work() as uow:
        everybody = [Introduction(each, "王芳", Language.ZH, is_private=True) for each in people]
        await SqlMemberStore(uow, fair.vault).meet_all(everybody, fair.now)


@pytest.fixture
async def fair(database: Database, vault: Vault) -> Fair:
    made = await Fair(database, vault).open()
    await known(made, ANNA, BOB)
    return made


def cards(fair: Fair, uow: UnitOfWork) -> StampCardService:
    """The use cases, with the ledger behind them."""
    outbox = Outbox(SqlDeliveryStore(uow), lambda: fair.now)
    people = SqlMemberStore(uow, fair.vault)
    return StampCardService(
        SqlStampCardStore(uow), fair.store(uow), people, outbox, StampCardWords(None), lambda: fair.now
    )


async def changed(fair: Fair, *members: int) -> None:
    async with fair.database.unit_of_work() as uow:
        for member in members:
            fair.now += timedelta(seconds=1)
            await cards(fair, uow).stamped(fair.rally, [Visit(member, fair.booth("B1"))])


async def test_a_card_has_the_stamps_that_count_and_the_medals(fair: Fair) -> None:
    await fair.decide(*(fair.claim(ANNA, f"B{at}") for at in range(1, 7)))
    async with fair.database.unit_of_work() as uow:
        await fair.stamps(uow).void(fair.rally, fair.booth("B6"), ANNA, "twice", CLERK)
        [card] = await cards(fair, uow).cards(fair.rally.id, [ANNA])
        [empty] = await cards(fair, uow).cards(fair.rally.id, [BOB])
        assert await cards(fair, uow).cards(fair.rally.id, [99]) == []
        assert await cards(fair, uow).cards(99, [ANNA]) == []
    assert sorted(card.stamps) == ["B1", "B2", "B3", "B4", "B5"]
    assert card.medals == {"T1", "T2"}
    assert (empty.stamped, empty.medals) == (0, frozenset())


async def test_many_changes_of_a_card_are_one_picture_in_the_ledger_with_the_newest_words(fair: Fair) -> None:
    await fair.decide(fair.claim(ANNA, "B1"), fair.claim(ANNA, "B2"))
    await changed(fair, ANNA, ANNA, ANNA, BOB)
    async with fair.database.unit_of_work() as uow:
        assert await cards(fair, uow).tick() == 2
        assert await cards(fair, uow).tick() == 0
    await fair.decide(fair.claim(ANNA, "B3"))
    await changed(fair, ANNA)
    async with fair.database.unit_of_work() as uow:
        await cards(fair, uow).tick()
        query = "SELECT method, payload ->> 'caption' FROM deliveries ORDER BY recipient"
        rows = await uow.session.execute(text(query))
    assert [(method, caption.splitlines()[1]) for method, caption in rows] == [
        ("sendPhoto", "已集 3/8 枚印章。"),
        ("sendPhoto", "已集 0/8 枚印章。"),
    ]


async def test_a_change_whose_showing_was_rolled_back_is_shown_by_the_next_look(fair: Fair) -> None:
    await changed(fair, ANNA)
    async with fair.database.unit_of_work() as uow:
        assert await cards(fair, uow).tick() == 1
        await uow.session.rollback()
    async with fair.database.unit_of_work() as uow:
        assert await cards(fair, uow).tick() == 1


async def test_two_looks_at_once_take_each_card_once_and_the_longest_waiting_first(fair: Fair) -> None:
    people = list(range(100, 100 + AT_ONCE + 20))
    await fair.visitors(*people)
    await changed(fair, *people)
    async with fair.database.unit_of_work() as first, fair.database.unit_of_work() as second:
        taken = await SqlStampCardStore(first).take_changed(AT_ONCE)
        rest = await SqlStampCardStore(second).take_changed(AT_ONCE)
    assert {member for _, member in taken} == set(people[:AT_ONCE])
    assert {member for _, member in rest} == set(people[AT_ONCE:])


async def test_a_cards_version_changes_with_stamps_void_ones_and_the_own_number(fair: Fair) -> None:
    seen: list[str] = []

    async def look() -> None:
        async with fair.database.unit_of_work() as uow:
            places = [(fair.rally.id, ANNA), (fair.rally.id, BOB), (99, ANNA)]
            found = await SqlStampCardStore(uow).versions(places)
            assert len(found) == 3
            seen.append(found[fair.rally.id, ANNA])

    await look()
    await fair.decide(fair.claim(ANNA, "B1"), fair.claim(BOB, "B1"))
    await look()
    async with fair.database.unit_of_work() as uow:
        await fair.stamps(uow).void(fair.rally, fair.booth("B1"), ANNA, "twice", CLERK)
    await look()
    async with fair.database.unit_of_work() as uow:
        number = await SqlWaitStore(uow).add(fair.booth("B2"), ANNA, fair.now, is_told=False)
    await look()
    async with fair.database.unit_of_work() as uow:
        await SqlWaitStore(uow).move([number], WaitState.CALLED, fair.now)
    await look()
    assert len(set(seen)) == len(seen)
