"""Use cases of notes: keep one, read them, settle a need."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.members.model import Member
from campaigns.notes.model import Note, NoteKind, NoteRefusal
from campaigns.notes.rules import read_note


class NoteStore(Protocol):
    """What notes need of the database."""

    async def add(self, customer_id: UUID, kind: NoteKind, words: str, author: int, now: datetime) -> None:
        """Keep a note, sealed under the customer's key."""
        ...

    async def of(self, customer_id: UUID, limit: int) -> list[Note]:
        """The newest notes and needs that stand."""
        ...

    async def settle(self, customer_id: UUID, note_id: int, by: int, now: datetime) -> bool:
        """Take a note off the desk; False when there is none."""
        ...


class NoteService:
    """Notes inside one unit of work."""

    def __init__(self, store: NoteStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def write(self, customer_id: UUID, kind: NoteKind, text: str, by: Member) -> NoteRefusal | None:
        """Keep what was written; None when it is kept, or why not."""
        words = read_note(text)
        if isinstance(words, NoteRefusal):
            return words
        await self._store.add(customer_id, kind, words, by.id, self._now())
        return None

    async def of(self, customer_id: UUID, limit: int = 5) -> list[Note]:
        """The newest notes and needs of a customer."""
        return await self._store.of(customer_id, limit)

    async def settle(self, customer_id: UUID, note_id: int, by: Member) -> bool:
        """A need that is met, or a note that is no longer true; False when it was settled before."""
        return await self._store.settle(customer_id, note_id, by.id, self._now())
