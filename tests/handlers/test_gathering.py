"""Requests of the same moment: one look for all, the next for who comes meanwhile, faults told to whose they are."""

import asyncio
from collections.abc import Sequence

from handlers.gathering import Gathering


class Doubles:
    """Looks that the test lets go on; one number cannot be looked at."""

    def __init__(self) -> None:
        self.looks: list[list[int]] = []
        self.may_go = asyncio.Event()

    async def look(self, numbers: Sequence[int]) -> Sequence[int]:
        self.looks.append(list(numbers))
        await self.may_go.wait()
        if 13 in numbers:
            raise OSError("gone")
        return [2 * number for number in numbers]


async def test_who_asks_at_the_same_moment_is_answered_by_one_look() -> None:
    doubles = Doubles()
    doubles.may_go.set()
    gathering = Gathering(doubles.look)
    assert await asyncio.gather(*map(gathering.ask, (1, 2, 2))) == [2, 4, 4]
    assert await gathering.ask(3) == 6
    assert doubles.looks == [[1, 2, 2], [3]]


async def test_who_comes_during_a_look_is_answered_by_the_next_and_who_has_gone_is_not_asked_for() -> None:
    doubles = Doubles()
    gathering = Gathering(doubles.look)
    first = asyncio.create_task(gathering.ask(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    later, gone = asyncio.create_task(gathering.ask(2)), asyncio.create_task(gathering.ask(3))
    await asyncio.sleep(0)
    gone.cancel()
    doubles.may_go.set()
    assert (await first, await later) == (2, 4)
    assert doubles.looks == [[1], [2]]


async def test_a_fault_is_told_to_whose_it_is_and_the_others_are_answered() -> None:
    doubles = Doubles()
    doubles.may_go.set()
    gathering = Gathering(doubles.look)
    told = await asyncio.gather(*map(gathering.ask, (1, 13, 2)), return_exceptions=True)
    assert [told[0], told[2]] == [2, 4]
    assert isinstance(told[1], OSError)
