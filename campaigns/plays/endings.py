"""The end of a game whose stamp came another way: by a clerk's word or a slip."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.games.model import GameKind
from campaigns.rallies.model import Rally, Visit


class AttemptStore(Protocol):
    """Attempts at games."""

    async def finish(self, places: Collection[tuple[int, int]], now: datetime) -> None:
        """Let the attempts at these booths, by these members, be passed."""
        ...


class PlayEndings:
    """Follows new stamps: whoever has the stamp of a booth is asked for nothing more there."""

    def __init__(self, store: AttemptStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def stamped(self, rally: Rally, visits: Sequence[Visit]) -> None:
        """Pass the attempts that are still open; booths without a game have none."""
        places = {(each.booth.id, each.member_id) for each in visits if each.booth.game.kind is not GameKind.SCAN}
        if places:
            await self._store.finish(places, self._now())
