"""Senders of the same moment are met in one transaction, each with the conversation that they are in."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.members.model import Introduction, Member
from storage import conversations
from storage.database import Database
from storage.members import SqlMemberStore
from storage.vault import Vault

TOGETHER = 256


@dataclass(frozen=True)
class Met:
    """A sender as the product knows them, and where their conversation stands."""

    member: Member
    state: str | None
    data: dict[str, Any]


@dataclass(frozen=True)
class _Waiting:
    who: Introduction
    conversation: str
    met: "asyncio.Future[Met]"


class Introductions:
    """Meets senders; who waits holds no connection, and a crowd costs few queries."""

    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._now = now
        self._waiting: list[_Waiting] = []
        self._round: asyncio.Task[None] | None = None

    async def meet(self, who: Introduction, conversation: str) -> Met:
        """Know a sender, made on first sight, and load the conversation of this key."""
        waiting = _Waiting(who, conversation, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._round is None:
            self._round = asyncio.create_task(self._work())
        return await waiting.met

    async def _work(self) -> None:
        """Round after round, until nobody waits."""
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                await self._settle(together)
        finally:
            self._round = None

    async def _settle(self, together: Sequence[_Waiting]) -> None:
        """Answer all; a fault is told to the only one it can belong to, so that nobody suffers for another."""
        try:
            found = await self._meet(together)
        except Exception as fault:  # noqa: BLE001 - whatever went wrong, each waiting update must hear of it.
            if len(together) > 1:
                for each in together:
                    await self._settle([each])
            elif not together[0].met.done():
                together[0].met.set_exception(fault)
            return
        for waiting, met in zip(together, found, strict=True):
            if not waiting.met.done():
                waiting.met.set_result(met)

    async def _meet(self, together: Sequence[_Waiting]) -> list[Met]:
        async with self._database.unit_of_work() as uow:
            talks = await conversations.load(uow, [each.conversation for each in together])
            members = await SqlMemberStore(uow, self._vault).meet_all([each.who for each in together], self._now())
        return [Met(members[each.who.id], *talks.get(each.conversation, (None, {}))) for each in together]
