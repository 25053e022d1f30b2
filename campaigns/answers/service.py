"""Use cases of answers: take entries in, understand a sentence, list what may be said."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from campaigns.answers.model import AnswerEntry, ImportCode, Imported, Understood
from campaigns.answers.rules import Understanding, check_version, sayable

NEAREST = 3


class AnswerStore(Protocol):
    """What answers need."""

    async def versions(self) -> list[AnswerEntry]:
        """Every version of every entry, by key and version."""
        ...

    async def reviewed(self) -> list[AnswerEntry]:
        """The newest reviewed version of each entry, by key."""
        ...

    async def keep(self, entry: AnswerEntry, now: datetime) -> None:
        """Store a version, or the reviewer of one that is known."""
        ...


class AnswerService:
    """Reviewed entries inside one unit of work."""

    def __init__(self, store: AnswerStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def understand(self, text: str) -> Understood | None:
        """What a sentence asks for; None when a person should look at it."""
        return _understanding(tuple(await self.texts())).of(text)

    async def texts(self) -> list[AnswerEntry]:
        """What may be said today, by key."""
        return sayable(await self._store.reviewed())

    async def choices(self, text: str) -> list[AnswerEntry]:
        """What a person may write: what is near a text first, then what is made for writing, then the rest."""
        entries = await self.texts()
        near = _understanding(tuple(entries)).nearest(text) if text else []
        rest = sorted(entries, key=lambda entry: (bool(entry.asked), entry.key))
        return list(dict.fromkeys([*near[:NEAREST], *rest]))

    async def entry(self, key: str) -> AnswerEntry | None:
        """One entry that may be said."""
        return next((each for each in await self.texts() if each.key == key), None)

    async def all_versions(self) -> list[AnswerEntry]:
        """Every version that was ever taken in."""
        return await self._store.versions()

    async def take_in(self, entries: Iterable[AnswerEntry]) -> list[Imported]:
        """Store the entries of a file; the same file again changes nothing.

        Raises:
            EntryError: one of them cannot be taken, so that none is.
        """
        known = {(each.key, each.version): each for each in await self._store.versions()}
        newest = dict(sorted(known))
        taken = []
        for entry in entries:
            code = check_version(entry, known.get((entry.key, entry.version)), newest.get(entry.key, 0))
            taken.append(Imported(entry, code))
            if code is ImportCode.ADDED:
                await self._store.keep(entry, self._now())
        return taken


@lru_cache(maxsize=4)
def _understanding(entries: tuple[AnswerEntry, ...]) -> Understanding:
    """Made once for a set of entries: taking 200 sentences apart costs some milliseconds."""
    return Understanding(entries)
