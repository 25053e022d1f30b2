"""Use cases of the checklist: look, mark or unmark an item by one tap, start in spite of what is open."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from campaigns.checklists.model import Checklist, ChecklistRefusal, Item, Mark, Override, Subject
from campaigns.checklists.rules import is_ready, override
from campaigns.members.model import Member


class ChecklistStore(Protocol):
    """What checklists need of the database."""

    async def checklist(self, subject: Subject) -> Checklist:
        """One version's list."""
        ...

    async def is_shut(self, subject: Subject) -> bool:
        """Whether the version is scheduled already, or further; locked until the transaction ends."""
        ...

    async def mark(self, subject: Subject, mark: Mark) -> bool:
        """Keep that an item is ready; False where it was."""
        ...

    async def unmark(self, subject: Subject, item: Item) -> None:
        """Take a mark back."""
        ...

    async def override(self, subject: Subject, word: Override) -> None:
        """Keep a lead's word."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int | None, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class ChecklistService:
    """Checklists inside one unit of work."""

    def __init__(self, store: ChecklistStore, trail: Trail, now: Callable[[], datetime]) -> None:
        self._store = store
        self._trail = trail
        self._now = now

    async def find(self, subject: Subject) -> Checklist:
        """One version's list."""
        return await self._store.checklist(subject)

    async def is_ready(self, subject: Subject) -> bool:
        """Whether the version may be scheduled."""
        return is_ready(await self._store.checklist(subject))

    async def toggle(self, subject: Subject, item: Item, by: Member) -> Checklist | ChecklistRefusal:
        """Mark an item as ready, or take the mark back; who did which stays in the audit trail."""
        if await self._store.is_shut(subject):
            return ChecklistRefusal.TOO_LATE
        marked = await self._store.mark(subject, Mark(item, by.id, self._now()))
        if not marked:
            await self._store.unmark(subject, item)
        await self._trail.note(by.id, "checklist_ready" if marked else "checklist_open", f"{_named(subject)} {item}")
        return await self._store.checklist(subject)

    async def override(self, subject: Subject, reason: str, by: Member) -> Checklist | ChecklistRefusal:
        """Let it start in spite of what is open, by a lead's word that is kept."""
        if await self._store.is_shut(subject):
            return ChecklistRefusal.TOO_LATE
        said = override(await self._store.checklist(subject), reason)
        if isinstance(said, ChecklistRefusal):
            return said
        await self._store.override(subject, Override(said, by.id, self._now()))
        await self._trail.note(by.id, "checklist_override", f"{_named(subject)} {said}")
        return await self._store.checklist(subject)


def _named(subject: Subject) -> str:
    return f"{subject.promotion_id} v{subject.version}"
