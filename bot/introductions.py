"""Senders of the same moment are met in one transaction, each with the conversation that they are in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.members.model import Introduction, Member
from handlers.gathering import Gathering
from storage import conversations
from storage.database import Database
from storage.members import SqlMemberStore
from storage.vault import Vault


@dataclass(frozen=True)
class Met:
    """A sender as the product knows them, and where their conversation stands."""

    member: Member
    state: str | None
    data: dict[str, Any]


class Introductions:
    """Meets senders; who waits holds no connection, and a crowd costs few queries."""

    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._now = now
        self._crowd: Gathering[tuple[Introduction, str], Met] = Gathering(self._meet)

    async def meet(self, who: Introduction, conversation: str) -> Met:
        """Know a sender, made on first sight, and load the conversation of this key."""
        return await self._crowd.ask((who, conversation))

    async def _meet(self, together: Sequence[tuple[Introduction, str]]) -> list[Met]:
        async with self._database.unit_of_work() as uow:
            talks = await conversations.load(uow, [conversation for _, conversation in together])
            members = await SqlMemberStore(uow, self._vault).meet_all([who for who, _ in together], self._now())
        return [Met(members[who.id], *talks.get(conversation, (None, {}))) for who, conversation in together]
