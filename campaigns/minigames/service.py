"""Use cases of the money game: begin by a group's link, answer round by round, what each group brought."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.members.model import Member
from campaigns.minigames.model import Played, Source
from campaigns.minigames.rules import answer, money_game


class MinigameStore(Protocol):
    """What plays need of the database."""

    async def begin(self, member_id: int, group_id: int | None, now: datetime) -> Played:
        """Begin, or find again; returned locked."""
        ...

    async def lock(self, member_id: int) -> Played | None:
        """How far somebody is, locked until the transaction ends."""
        ...

    async def save(self, played: Played) -> None:
        """Store how far somebody is."""
        ...

    async def sources(self, managers: Sequence[int]) -> list[Source]:
        """What the groups of these managers brought, and who came by no group."""
        ...


class Owners(Protocol):
    """Whose groups somebody looks after."""

    async def acting_for(self, manager_id: int) -> list[int]:
        """The manager and those of whom the manager stands in for today."""
        ...


class MinigameService:
    """The money game inside one unit of work (S-31, S-186)."""

    def __init__(self, store: MinigameStore, owners: Owners, now: Callable[[], datetime]) -> None:
        self._store = store
        self._owners = owners
        self._now = now

    async def begin(self, member: Member, group_id: int | None = None) -> Played:
        """Begin, or go on; who came by which group first stays so."""
        return await self._store.begin(member.id, group_id, self._now())

    async def answer(self, member: Member, at: int, option: int) -> tuple[Played, bool] | None:
        """Answer a round; None where it was answered already or never begun."""
        played = await self._store.lock(member.id)
        outcome = answer(money_game(), played, at, option, self._now()) if played else None
        if outcome is not None:
            await self._store.save(outcome[0])
        return outcome

    async def sources(self, manager: Member) -> list[Source]:
        """What the own groups brought."""
        return await self._store.sources(await self._owners.acting_for(manager.id))
