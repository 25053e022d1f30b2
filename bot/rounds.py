"""Work that is looked for round after round, at once when woken, until it is stopped and what is in hand is done."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

log: structlog.stdlib.BoundLogger = structlog.get_logger("rounds")


class Rounds:
    """`look` takes what there is to do and says how much it was; what it launches is waited for at the end.

    Between looks that find nothing lie `pause` real seconds, unless somebody wakes.
    """

    def __init__(self, look: Callable[[], Awaitable[int]], pause: float) -> None:
        self._look = look
        self._pause = pause
        self._wake = asyncio.Event()
        self.in_hand: set[asyncio.Task[None]] = set()
        self.stopping = False

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def stop(self) -> None:
        """Look no more; `run` returns once what is in hand is done."""
        self.stopping = True
        self._wake.set()

    def launch(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Take something in hand."""
        task = asyncio.create_task(work)
        self.in_hand.add(task)
        task.add_done_callback(self.in_hand.discard)
        return task

    async def run(self) -> None:
        """Look until `stop`; a database that does not answer is asked again."""
        while not self.stopping:
            try:
                if not await self._look():
                    await self._rest()
            except SQLAlchemyError as fault:
                log.warning("database_unreadable", fault=str(fault))
                await asyncio.sleep(self._pause)
        while self.in_hand:  # What is in hand may take more in hand.
            await asyncio.gather(*self.in_hand, return_exceptions=True)

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), self._pause)
        except TimeoutError:
            return
        self._wake.clear()
