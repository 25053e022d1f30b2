"""Requests that ask at the same moment: one look at the database answers all of them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

TOGETHER = 100  # More would let the first wait for the last.

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Gathering(Generic[K, V]):
    """Who asks while a look is under way waits for the next one, which is for all who wait then."""

    def __init__(self, look: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._look = look
        self._asking: list[tuple[K, asyncio.Future[V | None]]] = []
        self._round: asyncio.Task[None] | None = None

    async def ask(self, key: K) -> V | None:
        """What a look says of this; None where it says nothing. A fault of the look is everybody's who asked."""
        answer: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._asking.append((key, answer))
        if self._round is None:
            self._round = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            while self._asking:
                together, self._asking = self._asking[:TOGETHER], self._asking[TOGETHER:]
                await self._settle(together)
        finally:
            self._round = None

    async def _settle(self, together: Collection[tuple[K, "asyncio.Future[V | None]"]]) -> None:
        waiting = [(key, answer) for key, answer in together if not answer.done()]  # Who has gone asks no more.
        try:
            found = await self._look({key for key, _ in waiting})
        except Exception as fault:  # noqa: BLE001 - whatever went wrong, each request must hear of it.
            for _, answer in waiting:
                if not answer.done():
                    answer.set_exception(fault)
            return
        for key, answer in waiting:
            if not answer.done():
                answer.set_result(found.get(key))
