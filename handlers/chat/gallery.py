"""Pictures for the chat: drawn beside the event loop, each once, with the drawing library loaded at the first."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.briefs.model import Week
from campaigns.customers.report import Quadrant
from campaigns.stamp_cards.model import StampCard
from handlers.pictures.posters import Poster

KEPT = 4


class Gallery:
    """Codes, and the quadrant of each run, which stands under one version of the policy; the newest few are kept."""

    def __init__(self) -> None:
        self._drawn: dict[UUID, bytes] = {}
        self._posters: dict[tuple[Poster, bool], bytes] = {}
        self._drawing = asyncio.Lock()

    async def quadrant(self, run: UUID, as_of: date, load: Callable[[], Awaitable[Quadrant]]) -> bytes:
        """The picture as PNG; who asks while it is drawn waits for the same one."""
        async with self._drawing:
            if run not in self._drawn:
                drawn = await asyncio.to_thread(_draw, await load(), as_of)
                self._drawn = dict([*self._drawn.items(), (run, drawn)][-KEPT:])
            return self._drawn[run]

    async def poster(self, poster: Poster, *, for_print: bool) -> bytes:
        """The poster of a join code, PNG; one is drawn at a time, the newest few are kept."""
        async with self._drawing:
            if (poster, for_print) not in self._posters:
                drawn = await asyncio.to_thread(_draw_poster, poster, for_print=for_print)
                self._posters = dict([*self._posters.items(), ((poster, for_print), drawn)][-KEPT:])
            return self._posters[poster, for_print]

    async def week(self, found: Week) -> bytes:
        """A manager's week, PNG; it changes with every contact, so none is kept."""
        return await asyncio.to_thread(_draw_week, found)

    async def stamp_card(self, card: StampCard, zone: ZoneInfo) -> bytes:
        """A visitor's stamp card, PNG; what it shares with those of its event is kept by the picture itself."""
        return await asyncio.to_thread(_draw_stamp_card, card, zone)

    async def code(self, link: str) -> bytes:
        """A link as a QR code, PNG; each is another's secret, so none is kept."""
        return await asyncio.to_thread(_draw_code, link)


def _draw_poster(poster: Poster, *, for_print: bool) -> bytes:
    from handlers.pictures.posters import poster_png

    return poster_png(poster, for_print=for_print)


def _draw_week(found: Week) -> bytes:
    from handlers.pictures.weeks import week_png

    return week_png(found)


def _draw_stamp_card(card: StampCard, zone: ZoneInfo) -> bytes:
    from handlers.pictures.stamp_cards import stamp_card_png

    return stamp_card_png(card, zone)


def _draw_code(link: str) -> bytes:
    from handlers.pictures.codes import code_png

    return code_png(link)


def _draw(found: Quadrant, as_of: date) -> bytes:
    from handlers.pictures.quadrants import quadrant_png

    return quadrant_png(found, as_of)
