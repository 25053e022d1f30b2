"""Use cases of a board: open it by a link, look, pause a booth, tell those nearby, take that back."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.boards.figures import Facts, board_of
from campaigns.boards.model import (
    BOARD_LIVES,
    GRACE,
    LINK_LIVES,
    NEARBY,
    NOTICES_AN_HOUR,
    Board,
    BoardRefusal,
    Notice,
    NoticeKind,
    Preview,
)
from campaigns.boards.rules import NOTICE_LIVES, may_take_back, may_tell
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.members.rules import masked
from campaigns.rallies.model import Booth, BoothState, Rally, RallyRefusal
from campaigns.rallies.rules import may_run
from campaigns.staff.model import Action
from campaigns.staff.rules import may
from campaigns.waits.model import Queue

KEY_BYTES = 24
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Visit:
    """Whom a key let in, and to which event's board."""

    rally: Rally
    member: Member


@dataclass(frozen=True)
class Link:
    """A word that opens a rally's board once."""

    rally: Rally
    word: str


class BoardStore(Protocol):
    """What boards need of the database."""

    async def add_key(self, key: bytes, rally_id: int, member_id: int, *, is_link: bool, ends_at: datetime) -> None:
        """Keep a key's hash."""
        ...

    async def take_link(self, key: bytes, now: datetime) -> tuple[int, int] | None:
        """Use a link up: its rally and member; None for none, a used or an old one."""
        ...

    async def session(self, key: bytes, now: datetime) -> tuple[int, int] | None:
        """A session's rally and member."""
        ...

    async def facts(self, rally: Rally, now: datetime) -> Facts:
        """Everything that is counted."""
        ...

    async def notices(self, rally_id: int, since: datetime) -> list[Notice]:
        """Notices placed since, the newest first."""
        ...

    async def lock(self, rally_id: int) -> None:
        """Let whoever places a notice of this rally next wait; stamps go on."""
        ...

    async def audience(self, rally_id: int, since: datetime, told_since: datetime, most: int) -> tuple[list[int], int]:
        """Those nearby who have not muted the event and had fewer notices than `most`; how many had enough."""
        ...

    async def add_notice(self, notice: Notice, booth_id: int | None, by: int, heads: Collection[int]) -> int:
        """Keep a notice and whom it goes to; returns its id."""
        ...

    async def cancel_notice(self, notice_id: int, now: datetime) -> None:
        """Mark a notice as taken back; it does not count for anybody's hour any more."""
        ...

    async def mute(self, rally_id: int, member_id: int) -> bool:
        """Send somebody no notices of this event; whether they take part in it."""
        ...


class Rallies(Protocol):
    """Where rallies are kept."""

    async def find(self, rally_id: int) -> Rally | None:
        """One rally with its booths."""
        ...


class Course(Protocol):
    """Who pauses booths of a rally and opens them again."""

    async def pause(self, rally_id: int, code: str, reason: str, by: Member) -> Rally | RallyRefusal:
        """Let a booth give no stamps, for a reason."""
        ...

    async def resume(self, rally_id: int, code: str, by: Member) -> Rally | RallyRefusal:
        """Let it give stamps again."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class Waits(Protocol):
    """How long booths' queues are."""

    async def queues(self, rally: Rally) -> Mapping[str, Queue]:
        """Heads and minutes by booth code."""
        ...


class People(Protocol):
    """Who is who."""

    async def get(self, member_id: int) -> Member | None:
        """A member by platform id."""
        ...

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class BoardWording(Protocol):
    """The sentences of notices."""

    def notice(self, kind: NoticeKind, rally: Rally, booth: Booth | None, language: Language) -> Message:
        """What a visitor reads."""
        ...


class BoardService:
    """A board inside one unit of work."""

    def __init__(
        self,
        store: BoardStore,
        rallies: Rallies,
        course: Course,
        waits: Waits,
        people: People,
        trail: Trail,
        outbox: Outbox,
        wording: BoardWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._rallies = rallies
        self._course = course
        self._waits = waits
        self._people = people
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def link(self, rally_id: int, by: Member) -> Link | BoardRefusal:
        """A word that opens a board once, within five minutes; only its hash is kept."""
        rally = await self._rallies.find(rally_id)
        if rally is None or not may_steer(rally, by):
            return BoardRefusal.FORBIDDEN
        return Link(rally, await self._key(rally_id, by.id, LINK_LIVES, is_link=True))

    async def open(self, word: str) -> str | BoardRefusal:
        """The session that a link's word opens; the word is used up."""
        found = await self._store.take_link(_hashed(word), self._now())
        if found is None:
            return BoardRefusal.CLOSED
        visit = await self._visit(found)
        return visit if isinstance(visit, BoardRefusal) else await self._key(*found, BOARD_LIVES, is_link=False)

    async def who(self, session: str) -> Visit | BoardRefusal:
        """Whose session it is; who lost the role since is not let in."""
        found = await self._store.session(_hashed(session), self._now())
        return await self._visit(found) if found else BoardRefusal.CLOSED

    async def look(self, rally: Rally) -> Board:
        """The event now."""
        now = self._now()
        facts = await self._store.facts(rally, now)
        people = await self._people.many([member for member, *_ in facts.suspects])
        names = {number: masked(each.name) for number, each in people.items()}
        notices = await self._store.notices(rally.id, now - HOUR)
        return board_of(rally, facts, await self._waits.queues(rally), names, notices, now)

    async def turn_booth(
        self, rally: Rally, code: str, state: BoothState, reason: str | None, by: Member
    ) -> Booth | BoardRefusal:
        """Pause a booth for a reason, or open it again."""
        if state is BoothState.PAUSED:
            found = await self._course.pause(rally.id, code, reason or "", by)
        else:
            found = await self._course.resume(rally.id, code, by)
        booth = found.booth(code) if isinstance(found, Rally) else None
        return booth or BoardRefusal.NO_BOOTH

    async def preview(self, rally: Rally, kind: NoticeKind, code: str | None) -> Preview | BoardRefusal:
        """What a notice would say and to how many it would go."""
        found = await self._tellable(rally, kind, code)
        if isinstance(found, BoardRefusal):
            return found
        heads, spared = await self._audience(rally)
        zh, en = (self._wording.notice(kind, rally, found, language).text for language in Language)
        return Preview(zh, en, len(heads), spared)

    async def tell(self, rally: Rally, kind: NoticeKind, code: str | None, by: Member) -> Notice | BoardRefusal:
        """Let a notice leave in a minute, to everybody nearby once, and to nobody more often than the hour allows."""
        await self._store.lock(rally.id)
        found = await self._tellable(rally, kind, code)
        if isinstance(found, BoardRefusal):
            return found
        heads, _ = await self._audience(rally)
        if not heads:
            return BoardRefusal.NOBODY
        now = self._now()
        made = Notice(0, rally.id, code, kind, now, now + GRACE, len(heads))
        number = await self._store.add_notice(made, found.id if found else None, by.id, heads)
        await self._trail.note(by.id, "tell_visitors", f"{rally.code} {kind} {code or ''} {len(heads)}")
        people = await self._people.many(heads)
        texts = {language: self._wording.notice(kind, rally, found, language) for language in Language}
        await self._outbox.add(
            *(
                Draft(
                    _campaign(number),
                    "notice",
                    each.id,
                    texts[each.language],
                    Kind.SERVICE,
                    made.leaves_at,
                    made.leaves_at + NOTICE_LIVES,
                )
                for each in people.values()
            )
        )
        return Notice(number, rally.id, code, kind, now, made.leaves_at, len(heads))

    async def take_back(self, rally: Rally, notice_id: int) -> int | BoardRefusal:
        """Cancel a notice that has not left; returns to how many it does not go."""
        await self._store.lock(rally.id)
        now = self._now()
        placed = {each.id: each for each in await self._store.notices(rally.id, now - HOUR)}
        found = may_take_back(placed.get(notice_id), rally.id, now)
        if isinstance(found, BoardRefusal):
            return found
        await self._store.cancel_notice(found.id, now)
        return await self._outbox.cancel(_campaign(found.id))

    async def mute(self, rally_id: int, member_id: int) -> bool:
        """No more notices of this event for somebody; whether they take part in it."""
        return await self._store.mute(rally_id, member_id)

    async def _tellable(self, rally: Rally, kind: NoticeKind, code: str | None) -> Booth | BoardRefusal | None:
        now = self._now()
        placed: Sequence[Notice] = await self._store.notices(rally.id, now - HOUR)
        return may_tell(rally, kind, code, placed, now)

    async def _audience(self, rally: Rally) -> tuple[list[int], int]:
        now = self._now()
        return await self._store.audience(rally.id, now - NEARBY, now - HOUR, NOTICES_AN_HOUR)

    async def _visit(self, found: tuple[int, int]) -> Visit | BoardRefusal:
        rally_id, member_id = found
        rally, member = await self._rallies.find(rally_id), await self._people.get(member_id)
        if rally is None or member is None or not may_steer(rally, member):
            return BoardRefusal.FORBIDDEN
        return Visit(rally, member)

    async def _key(self, rally_id: int, member_id: int, life: timedelta, *, is_link: bool) -> str:
        word = secrets.token_urlsafe(KEY_BYTES)
        ends_at = self._now() + life
        await self._store.add_key(_hashed(word), rally_id, member_id, is_link=is_link, ends_at=ends_at)
        return word


def may_steer(rally: Rally, member: Member) -> bool:
    """Whether this is somebody's event to steer: staff's who run it, or lead them."""
    return may(member.roles, Action.STEER_EVENTS) and may_run(rally, member)


def _hashed(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()


def _campaign(notice_id: int) -> str:
    return f"rally_notice:{notice_id}"
