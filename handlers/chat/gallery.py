"""Pictures for the chat: drawn beside the event loop, each once, with the drawing library loaded at the first."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from campaigns.customers.report import Quadrant

KEPT = 4


class Gallery:
    """The quadrant of each run, which stands under one version of the policy; the newest few are kept."""

    def __init__(self) -> None:
        self._drawn: dict[UUID, bytes] = {}
        self._drawing = asyncio.Lock()

    async def quadrant(self, run: UUID, as_of: date, load: Callable[[], Awaitable[Quadrant]]) -> bytes:
        """The picture as PNG; who asks while it is drawn waits for the same one."""
        async with self._drawing:
            if run not in self._drawn:
                drawn = await asyncio.to_thread(_draw, await load(), as_of)
                self._drawn = dict([*self._drawn.items(), (run, drawn)][-KEPT:])
            return self._drawn[run]


def _draw(found: Quadrant, as_of: date) -> bytes:
    from handlers.pictures.quadrants import quadrant_png

    return quadrant_png(found, as_of)
