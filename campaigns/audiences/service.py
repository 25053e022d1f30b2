"""Audiences in the hands of staff: a line is read, counted, looked into and kept under a name."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import (
    Audience,
    Change,
    Expression,
    Fault,
    Frame,
    Headcount,
    Sampled,
    SaveRefusal,
)
from campaigns.audiences.parser import parse
from campaigns.audiences.printer import say

LONGEST_NAME = 60
SAMPLE = 10
RUNS = 12


class AudienceStore(Protocol):
    """What audiences need of the database."""

    async def frame(self) -> Frame: ...
    async def count(self, expression: Expression, frame: Frame, now: datetime) -> Headcount: ...
    async def sample(self, expression: Expression, frame: Frame, now: datetime, size: int) -> tuple[Sampled, ...]: ...
    async def belonging(self, expression: Expression, frame: Frame, now: datetime) -> frozenset[UUID]: ...
    async def among(
        self, expression: Expression, frame: Frame, now: datetime, customers: Collection[UUID]
    ) -> frozenset[UUID]: ...
    async def save(self, name: str, line: str, made_by: str, now: datetime) -> None: ...
    async def follow(self, name: str, expression: Expression, frame: Frame, now: datetime) -> None: ...
    async def saved(self) -> tuple[Audience, ...]: ...
    async def find(self, name: str) -> Audience | None: ...
    async def changes(self, name: str, limit: int) -> tuple[Change, ...]: ...


class AudienceService:
    """Audiences inside one unit of work."""

    def __init__(self, store: AudienceStore, lexicon: Lexicon, now: Callable[[], datetime]) -> None:
        self._store = store
        self._lexicon = lexicon
        self._now = now

    async def read(self, line: str, me: int | None = None) -> Expression | Fault:
        """What a line means, or what is wrong with it; the name of a saved audience stands for its line."""
        saved = await self._store.find(line.strip())
        return parse(saved.expression if saved else line, self._lexicon, me)

    def understand(self, line: str, me: int | None = None) -> Expression | Fault:
        """What a line itself means; no saved name stands for anything, so that it means the same whatever is saved."""
        return parse(line, self._lexicon, me)

    async def count(self, expression: Expression) -> Headcount:
        """How many belong now, how many of them a message may reach, and why not the others."""
        return await self._store.count(expression, await self._store.frame(), self._now())

    async def sample(self, expression: Expression, size: int = SAMPLE) -> tuple[Sampled, ...]:
        """Some who belong, masked; the same ones each time."""
        return await self._store.sample(expression, await self._store.frame(), self._now(), size)

    async def belonging(self, expression: Expression) -> frozenset[UUID]:
        """The ids of all who belong now."""
        return await self._store.belonging(expression, await self._store.frame(), self._now())

    async def among(self, expression: Expression, customers: Collection[UUID]) -> frozenset[UUID]:
        """Which of these customers belong now; without looking at all the others."""
        return await self._store.among(expression, await self._store.frame(), self._now(), customers)

    async def save(
        self, name: str, expression: Expression, made_by: str, *, replace: bool = False
    ) -> Audience | SaveRefusal:
        """Keep an audience under a name and count its members; another's name is only taken over with `replace`."""
        name = " ".join(name.split())
        if not name:
            return SaveRefusal.NO_NAME
        if len(name) > LONGEST_NAME:
            return SaveRefusal.LONG_NAME
        before = await self._store.find(name)
        if before is not None and before.made_by != made_by and not replace:
            return SaveRefusal.TAKEN
        now, frame = self._now(), await self._store.frame()
        await self._store.save(name, say(expression), made_by, now)
        if frame.run is not None:
            await self._store.follow(name, expression, frame, now)
        saved = await self._store.find(name)
        assert saved is not None
        return saved

    async def saved(self) -> tuple[Audience, ...]:
        """Every saved audience with its latest count."""
        return await self._store.saved()

    async def find(self, name: str) -> Audience | None:
        """The saved audience of a name."""
        return await self._store.find(" ".join(name.split()))

    async def changes(self, name: str) -> tuple[Change, ...]:
        """What the latest runs made of a saved audience, the newest first."""
        return await self._store.changes(name, RUNS)
