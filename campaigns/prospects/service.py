"""Use cases of prospects: record somebody who agreed, give the personal link, see who joined, forget."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.members.model import Member
from campaigns.prospects.model import CONSENT_VERSION, Note, Prospect, ProspectRefusal
from campaigns.prospects.rules import MOST_PER_EVENT, read_note
from campaigns.publicity.model import JoinCode
from campaigns.publicity.service import PublicityService


class ProspectStore(Protocol):
    """What prospects' use cases need of the rows."""

    async def add(self, note: Note, event_id: int, code: JoinCode, wording: str, now: datetime) -> None:
        """Keep somebody, sealed under a key of their own."""
        ...

    async def of_publicist(self, member_id: int) -> list[Prospect]:
        """A publicist's prospects, the newest first."""
        ...

    async def count(self, event_id: int, member_id: int) -> int:
        """How many a publicist recorded for an event."""
        ...

    async def forget(self, prospect_id: UUID, member_id: int) -> bool:
        """Delete a publicist's own prospect with the key; False when there is none."""
        ...


class ProspectService:
    """Prospects inside one unit of work."""

    def __init__(
        self,
        store: ProspectStore,
        publicity: PublicityService,
        read_phone: Callable[[str], str | None],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._publicity = publicity
        self._read_phone = read_phone
        self._now = now

    async def record(self, event_id: int, member: Member, text: str) -> JoinCode | ProspectRefusal:
        """Record somebody who agreed to it (the publicist states so) and make the link that is theirs alone."""
        event = next((each for each in await self._publicity.own_events(member) if each.id == event_id), None)
        if event is None:
            return ProspectRefusal.NOT_YOURS
        note = read_note(text, self._read_phone)
        if isinstance(note, ProspectRefusal):
            return note
        if await self._store.count(event_id, member.id) >= MOST_PER_EVENT:
            return ProspectRefusal.TOO_MANY
        code = await self._publicity.personal_code(event, member)
        await self._store.add(note, event_id, code, CONSENT_VERSION, self._now())
        return code

    async def mine(self, member: Member) -> list[Prospect]:
        """The member's own prospects with how far each is, the newest first."""
        return await self._store.of_publicist(member.id)

    async def forget(self, prospect_id: UUID, member: Member) -> bool:
        """Delete one of the member's own prospects for good; False when there is none."""
        return await self._store.forget(prospect_id, member.id)
