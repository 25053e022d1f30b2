"""Requests of the same moment: one look for all, the next one for who comes meanwhile, faults told to each."""

import asyncio
from collections.abc import Collection, Mapping

from handlers.http.gathering import Gathering


class Doubles:
    """Looks that the test lets go on."""

    def __init__(self) -> None:
        self.looks: list[set[int]] = []
        self.may_go = asyncio.Event()
        self.fails = False

    async def look(self, keys: Collection[int]) -> Mapping[int, int]:
        self.looks.append(set(keys))
        await self.may_go.wait()
        if self.fails:
            raise OSError("gone")
        return {key: 2 * key for key in keys if key < 10}


async def test_who_asks_at_the_same_moment_is_answered_by_one_look() -> None:
    doubles = Doubles()
    doubles.may_go.set()
    gathering = Gathering(doubles.look)
    assert await asyncio.gather(*map(gathering.ask, (1, 2, 2, 11))) == [2, 4, 4, None]
    assert doubles.looks == [{1, 2, 11}]


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
    assert await asyncio.gather(first, later) == [2, 4]
    assert doubles.looks == [{1}, {2}]


async def test_a_fault_of_the_look_is_told_to_each_and_the_next_look_is_made() -> None:
    doubles = Doubles()
    doubles.may_go.set()
    doubles.fails = True
    gathering = Gathering(doubles.look)
    told = await asyncio.gather(gathering.ask(1), gathering.ask(2), return_exceptions=True)
    assert [type(each) for each in told] == [OSError, OSError]
    doubles.fails = False
    assert await gathering.ask(3) == 6
