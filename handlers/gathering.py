"""Requests of the same moment: one look at the database answers all of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

TOGETHER = 256

A = TypeVar("A")
V = TypeVar("V")


class Gathering(Generic[A, V]):
    """Who asks while a look is under way waits, without a connection, for the next one: it is for all who wait then.

    `look` gives one answer for each that is asked, in their order.
    """

    def __init__(self, look: Callable[[Sequence[A]], Awaitable[Sequence[V]]]) -> None:
        self._look = look
        self._waiting: list[tuple[A, asyncio.Future[V]]] = []
        self._round: asyncio.Task[None] | None = None

    async def ask(self, asked: A) -> V:
        """What a look answers to this."""
        answer: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._round is None:
            self._round = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        """Look after look, until nobody waits."""
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                await self._settle([each for each in together if not each[1].done()])  # Who has gone asks no more.
        finally:
            self._round = None

    async def _settle(self, together: Sequence[tuple[A, "asyncio.Future[V]"]]) -> None:
        """Answer all; a fault is told to the only one it can belong to, so that nobody suffers for another."""
        try:
            found = await self._look([asked for asked, _ in together]) if together else []
        except Exception as fault:  # noqa: BLE001 - whatever went wrong, each who waits must hear of it.
            if len(together) > 1:
                for each in together:
                    await self._settle([each])
            elif not together[0][1].done():
                together[0][1].set_exception(fault)
            return
        for (_, answer), told in zip(together, found, strict=True):
            if not answer.done():
                answer.set_result(told)
