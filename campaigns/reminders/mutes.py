"""What a person wants no more of: a topic or every reminder that can be muted; asked by the gate at dispatch."""

from collections.abc import Callable
from datetime import datetime

from campaigns.reminders.model import Topic
from campaigns.reminders.ports import MuteStore
from campaigns.reminders.topics import EVERYTHING, MUTABLE


class MuteService:
    """A person's mutes inside one unit of work."""

    def __init__(self, store: MuteStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def of(self, member_id: int) -> frozenset[str]:
        """What a person muted: topics, or everything."""
        return await self._store.muted_by(member_id)

    async def mute(self, member_id: int, what: str) -> frozenset[str]:
        """Mute a topic, or everything; what cannot be muted changes nothing. Returns what is muted now."""
        if what == EVERYTHING or what in set(MUTABLE):
            await self._store.mute(member_id, what, self._now())
        return await self._store.muted_by(member_id)

    async def switch(self, member_id: int, what: str) -> frozenset[str]:
        """Mute it, or end the mute; a topic that is opened again ends the mute of everything, the others stay muted."""
        muted = await self._store.muted_by(member_id)
        if what in muted:
            await self._store.unmute(member_id, what, self._now())
        elif EVERYTHING in muted and what in set(MUTABLE):
            await self._open_one(member_id, Topic(what))
        else:
            return await self.mute(member_id, what)
        return await self._store.muted_by(member_id)

    async def _open_one(self, member_id: int, topic: Topic) -> None:
        now = self._now()
        await self._store.unmute(member_id, EVERYTHING, now)
        for other in MUTABLE:
            if other is not topic:
                await self._store.mute(member_id, other, now)
