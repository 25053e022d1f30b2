"""The way into a game: a scanned code begins an attempt, once for each visitor and booth."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from campaigns.games.model import Attempt, Game, Move, Play, Scan
from campaigns.games.rules import begin


class PlayStore(Protocol):
    """What attempts need."""

    async def lock(self, booth_id: int, member_id: int) -> Play | None:
        """Somebody's attempt at a booth, locked until the transaction ends."""
        ...

    async def begin(self, play: Play) -> Play:
        """Keep a new attempt and return it locked; one that is there already stays, and is returned."""
        ...

    async def save(self, play: Play, confirmed_by: int | None = None) -> None:
        """Store how far an attempt is."""
        ...

    async def unfinished(self, member_id: int) -> list[Play]:
        """Somebody's attempts that are not over, the latest first."""
        ...


class GameEntry:
    """Beginnings of games inside one unit of work; the stamps' use case asks here what a scan is worth."""

    def __init__(self, store: PlayStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def begin(self, booth_id: int, game: Game, member_id: int, scan: Scan) -> Attempt:
        """Begin, or find again: PASSED means that the stamp is earned by the scan alone, else the game goes on.

        Scanning again gives no new tries: the attempt stands as it was left.
        """
        attempt = begin(game)
        if attempt.state is Move.PASSED:
            return attempt
        return (await self._store.begin(Play(booth_id, member_id, scan, attempt, self._now()))).attempt
