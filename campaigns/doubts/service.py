"""Deliveries in doubt are told to those who may settle them, at once and then now and again."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language
from campaigns.staff.model import Action, Role
from campaigns.staff.rules import PERMISSIONS

CAMPAIGN = "doubts"
SILENCE = timedelta(minutes=10)  # Between two tellings.
EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class DoubtStore(Protocol):
    """What telling needs of the two ledgers, of the chat and of the other channels."""

    async def doubts(self) -> tuple[int, datetime | None]:
        """How many messages are in doubt on any channel, and since when the newest is."""
        ...

    async def last_told(self) -> datetime | None:
        """When it was last told."""
        ...

    async def with_roles(self, roles: Sequence[Role]) -> list[tuple[int, Language]]:
        """Who has one of these roles, with the language of each."""
        ...


class Wording(Protocol):
    """The sentence."""

    def doubts(self, count: int, language: Language) -> Message:
        """That so many deliveries wait for a person's word."""
        ...


class DoubtService:
    """Doubts of one unit of work."""

    def __init__(self, store: DoubtStore, outbox: Outbox, wording: Wording, now: Callable[[], datetime]) -> None:
        self._store = store
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def tick(self) -> int:
        """Tell what came into doubt since the last telling; returns how many were told."""
        count, newest = await self._store.doubts()
        if newest is None or not is_news(newest, await self._store.last_told(), self._now()):
            return 0
        told = await self._store.with_roles(sorted(PERMISSIONS[Action.RESOLVE_UNKNOWN]))
        step = str((self._now() - EPOCH) // SILENCE)
        words = {language: self._wording.doubts(count, language) for language in Language}
        await self._outbox.tell_all([(CAMPAIGN, step, who, words[language]) for who, language in told])
        return len(told)


def is_news(newest: datetime, told: datetime | None, now: datetime) -> bool:
    """Whether something came into doubt since the last telling, which is long enough ago."""
    return told is None or (newest > told and now - told >= SILENCE)
