"""Waiting numbers on real rows: in order, one for each person, called, passed over, ended by the stamp, told once."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.deliveries.service import Outbox
from campaigns.rallies.model import BoothState, Visit
from campaigns.waits.model import WaitCode
from campaigns.waits.rules import PATIENCE
from campaigns.waits.service import WaitService
from handlers.wording.waits import WaitWords
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.setbacks import SqlSetbacks
from storage.vault import Vault
from storage.waits import SqlWaitStore
from tests.storage.stamp_fair import Fair
from tests.storage.test_stamp_cards import known

PEOPLE = tuple(range(11, 17))


class Queue:
    """The numbers of an event in short steps."""

    def __init__(self, fair: Fair) -> None:
        self.fair = fair

    def waits(self, uow: UnitOfWork) -> WaitService:
        outbox = Outbox(SqlDeliveryStore(uow), lambda: self.fair.now)
        people = SqlMemberStore(uow, self.fair.vault)
        return WaitService(SqlWaitStore(uow), self.fair.store(uow), people, outbox, WaitWords(), lambda: self.fair.now)

    async def take(self, person: int, booth: str = "B1") -> WaitCode:
        async with self.fair.database.unit_of_work() as uow:
            member = (await SqlMemberStore(uow, self.fair.vault).many([person]))[person]
            return (await self.waits(uow).take(self.fair.rally, self.fair.booth(booth), member)).code

    async def tick(self, after: timedelta = timedelta(0)) -> dict[int, str]:
        """Let time pass; the states by person."""
        self.fair.now += after
        async with self.fair.database.unit_of_work() as uow:
            await self.waits(uow).tick(SqlSetbacks(uow, lambda: self.fair.now))
            found = await uow.session.execute(text("SELECT member_id, state FROM waits ORDER BY id"))
            return dict(found.all())

    async def told(self) -> list[int]:
        async with self.fair.database.unit_of_work() as uow:
            query = "SELECT recipient FROM deliveries WHERE step = 'nearly' ORDER BY id"
            return list(await uow.session.scalars(text(query)))

    async def stamped(self, person: int) -> None:
        async with self.fair.database.unit_of_work() as uow:
            await self.waits(uow).stamped(self.fair.rally, [Visit(person, self.fair.booth("B1"))])


@pytest.fixture
async def queue(database: Database, vault: Vault) -> Queue:
    fair = await Fair(database, vault).open()
    await known(fair, *PEOPLE)
    made = Queue(fair)
    for person in PEOPLE:
        assert await made.take(person) is WaitCode.TAKEN
    return made


async def test_two_are_called_at_once_and_whose_turn_is_near_is_told_once(queue: Queue) -> None:
    states = await queue.tick()
    assert list(states.values()) == ["called", "called", "waiting", "waiting", "waiting", "waiting"]
    assert await queue.told() == []  # The first three read it in the answer to taking their number.
    await queue.stamped(11)
    await queue.tick()
    await queue.tick()
    assert await queue.told() == [14]


async def test_who_does_not_come_is_passed_over_and_may_take_another_number(queue: Queue) -> None:
    await queue.tick()
    await queue.stamped(12)
    states = await queue.tick(PATIENCE)
    assert [states[person] for person in PEOPLE[:4]] == ["missed", "served", "called", "called"]
    assert await queue.take(11) is WaitCode.TAKEN
    async with queue.fair.database.unit_of_work() as uow:
        found = await SqlWaitStore(uow).open_of(queue.fair.rally.id, 11)
    assert found
    assert found.number == 7


async def test_while_the_booth_is_paused_nobody_is_called_and_nobody_passed_over(queue: Queue) -> None:
    await queue.tick()
    async with queue.fair.database.unit_of_work() as uow:
        await queue.fair.store(uow).set_booth(queue.fair.booth("B1").id, BoothState.PAUSED, "停电")
    states = await queue.tick(3 * PATIENCE)
    assert list(states.values()) == ["called", "called", "waiting", "waiting", "waiting", "waiting"]


async def test_another_booths_number_gives_the_first_one_back(queue: Queue) -> None:
    assert await queue.take(13, "B2") is WaitCode.TAKEN
    async with queue.fair.database.unit_of_work() as uow:
        sizes = await SqlWaitStore(uow).sizes(queue.fair.rally.id)
        queues = await queue.waits(uow).queues(queue.fair.rally)
    assert sizes == {queue.fair.booth("B1").id: 5, queue.fair.booth("B2").id: 1}
    assert (queues["B1"].waiting, queues["B1"].minutes, queues["B3"].minutes) == (5, 3, 0)


async def test_a_booth_that_is_stamped_already_gives_no_number(queue: Queue) -> None:
    await queue.fair.decide(queue.fair.claim(16, "B2"))
    assert await queue.take(16, "B2") is WaitCode.STAMPED
