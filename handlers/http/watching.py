"""Requests that wait until somebody's stamp card changes: one look at the database for all of them together."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

import structlog

PAUSE = 0.25  # Real seconds between looks: a stamp is on the page well within one.

Place = tuple[int, int]  # A rally and a member.
Look = Callable[[Collection[Place]], Awaitable[Mapping[Place, str]]]

log: structlog.stdlib.BoundLogger = structlog.get_logger("watching")


class CardWatch:
    """Who waits for which card; it looks only while somebody waits, whichever process stores the stamps."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._waiting: dict[asyncio.Future[str], tuple[Place, str]] = {}
        self._round: asyncio.Task[None] | None = None

    async def changed(self, place: Place, seen: str, patience: float) -> str:
        """The card's version once it is not the one that was seen; that one again after so many real seconds."""
        news: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[news] = (place, seen)
        if self._round is None:
            self._round = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(patience):
                return await news
        except TimeoutError:
            return seen
        finally:
            self._waiting.pop(news, None)

    async def _watch(self) -> None:
        try:
            while self._waiting:
                await self._tell()
                await asyncio.sleep(PAUSE)
        finally:
            self._round = None

    async def _tell(self) -> None:
        """One look; a fault of the database is looked over, since the pages ask again."""
        try:
            versions = await self._look({place for place, _ in self._waiting.values()})
        except Exception:
            log.exception("cards_not_watched")
            return
        for news, (place, seen) in list(self._waiting.items()):
            if not news.done() and versions.get(place, seen) != seen:
                news.set_result(versions[place])
