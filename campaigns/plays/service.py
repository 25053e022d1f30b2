"""Use cases of games at booths: a quiz's answer, a turn of the wheel, a picture, a clerk's word on it (S-83)."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.games.entry import PlayStore
from campaigns.games.model import Attempt, GameKind, GameRefusal, Move, Play
from campaigns.games.rules import answer, confirm, hand_in, send_back, spin
from campaigns.members.model import Language, Member
from campaigns.plays.model import HandedIn, Played
from campaigns.rallies.medals import campaign
from campaigns.rallies.model import Booth, Rally, RallyState, StampWay
from campaigns.stamps.model import Award, Stamped

WAYS = {GameKind.QUIZ: StampWay.QUIZ, GameKind.SPIN: StampWay.SPIN, GameKind.PHOTO: StampWay.PHOTO}


class Rallies(Protocol):
    """The events, as their own store knows them."""

    async def at_booth(self, booth_id: int) -> Rally | None:
        """The rally that a booth belongs to."""
        ...

    async def staff_of(self, booth_id: int) -> frozenset[int]:
        """Who stands at a booth."""
        ...


class Stamps(Protocol):
    """Where stamps come from."""

    async def award(self, rally: Rally, awards: Sequence[Award]) -> list[Stamped]:
        """Stamps that were earned; one outcome each."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class PlayWording(Protocol):
    """The sentences that plays put into the ledger."""

    def to_judge(self, found: HandedIn, language: Language) -> Message:
        """What a clerk reads of a picture that waits."""
        ...

    def judged(self, found: Played, language: Language) -> Message:
        """What the visitor reads of the clerk's word."""
        ...


@dataclass(frozen=True)
class Table:
    """A booth of a running rally with somebody's attempt at its game, locked."""

    rally: Rally
    booth: Booth
    play: Play


class PlayService:
    """Games inside one unit of work."""

    def __init__(
        self,
        store: PlayStore,
        rallies: Rallies,
        stamps: Stamps,
        people: People,
        outbox: Outbox,
        wording: PlayWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._rallies = rallies
        self._stamps = stamps
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def standing(self, booth_id: int, member: Member) -> Played | GameRefusal:
        """How far somebody is with a booth's game."""
        table = await self._table(booth_id, member.id)
        if isinstance(table, GameRefusal):
            return table
        return Played(table.rally, table.booth, table.play.attempt)

    async def answer(self, booth_id: int, member: Member, option: int, turn: int) -> Played | GameRefusal:
        """Answer a quiz by the number of the option; `turn` is how many tries were used when it was shown."""
        table = await self._turn(booth_id, member.id, turn)
        if isinstance(table, GameRefusal):
            return table
        return await self._settle(table, answer(table.booth.game, table.play.attempt, option), member)

    async def spin(self, booth_id: int, member: Member, turn: int) -> Played | GameRefusal:
        """Turn the wheel; the number is drawn here, where nobody can see it coming."""
        table = await self._turn(booth_id, member.id, turn)
        if isinstance(table, GameRefusal):
            return table
        drawn = secrets.randbelow(max(table.booth.game.tries, 1))
        return await self._settle(table, spin(table.booth.game, table.play.attempt, drawn), member)

    async def awaits_picture(self, member: Member) -> int | None:
        """The booth whose task waits for a picture of somebody; None where none does."""
        for play in await self._store.unfinished(member.id):
            table = await self._table(play.booth_id, member.id)
            if isinstance(table, Table) and table.booth.game.kind is GameKind.PHOTO:
                return play.booth_id
        return None

    async def hand_in(self, booth_id: int, member: Member, picture: str) -> Played | GameRefusal:
        """Give a picture to the booth's clerks; `picture` is the platform's file id."""
        table = await self._table(booth_id, member.id)
        if isinstance(table, GameRefusal):
            return table
        moved = hand_in(table.booth.game, table.play.attempt)
        if isinstance(moved, GameRefusal):
            return moved
        play = replace(table.play, attempt=moved, picture=picture, moved_at=self._now())
        await self._store.save(play)
        await self._ask_clerks(HandedIn(table.rally, table.booth, play))
        return Played(table.rally, table.booth, moved)

    async def picture(self, booth_id: int, member_id: int, clerk: Member) -> HandedIn | GameRefusal:
        """A picture for a clerk to look at."""
        table = await self._judging(booth_id, member_id, clerk)
        if isinstance(table, GameRefusal):
            return table
        return HandedIn(table.rally, table.booth, table.play) if table.play.picture else GameRefusal.NOT_BEGUN

    async def judge(self, booth_id: int, member_id: int, clerk: Member, *, accepted: bool) -> Played | GameRefusal:
        """A clerk's word on a picture: the stamp, or another try; the visitor is told."""
        table = await self._judging(booth_id, member_id, clerk)
        if isinstance(table, GameRefusal):
            return table
        judge = confirm if accepted else send_back
        visitor = (await self._people.many([member_id]))[member_id]
        played = await self._settle(table, judge(table.booth.game, table.play.attempt), visitor, clerk.id)
        if isinstance(played, Played):
            step = f"judged:{table.booth.code}:{played.attempt.tries}"
            words = self._wording.judged(played, visitor.language)
            await self._outbox.tell(campaign(table.rally), step, member_id, words)
        return played

    async def _table(self, booth_id: int, member_id: int) -> Table | GameRefusal:
        rally = await self._rallies.at_booth(booth_id)
        play = await self._store.lock(booth_id, member_id)
        if rally is None or play is None:
            return GameRefusal.NOT_BEGUN
        if rally.state is not RallyState.RUNNING:
            return GameRefusal.NOT_NOW
        return Table(rally, next(booth for booth in rally.booths if booth.id == booth_id), play)

    async def _turn(self, booth_id: int, member_id: int, turn: int) -> Table | GameRefusal:
        """The attempt, unless it has moved since its buttons were shown: a double tap uses up one try."""
        table = await self._table(booth_id, member_id)
        if isinstance(table, Table) and table.play.attempt.state is Move.AGAIN and table.play.attempt.tries != turn:
            return GameRefusal.TAKEN_ALREADY
        return table

    async def _judging(self, booth_id: int, member_id: int, clerk: Member) -> Table | GameRefusal:
        table = await self._table(booth_id, member_id)
        if isinstance(table, GameRefusal):
            return table
        if clerk.id == member_id:
            return GameRefusal.NOT_YOURSELF
        clerks = await self._rallies.staff_of(booth_id) | {table.rally.organiser_id}
        return table if clerk.id in clerks else GameRefusal.NOT_ON_DUTY

    async def _settle(
        self, table: Table, moved: Attempt | GameRefusal, visitor: Member, clerk_id: int | None = None
    ) -> Played | GameRefusal:
        """Keep the move; a passed game earns the stamp in the same transaction."""
        if isinstance(moved, GameRefusal):
            return moved
        await self._store.save(replace(table.play, attempt=moved, moved_at=self._now()), clerk_id)
        stamped = await self._stamp(table, visitor, clerk_id) if moved.state is Move.PASSED else None
        return Played(table.rally, table.booth, moved, stamped)

    async def _stamp(self, table: Table, visitor: Member, clerk_id: int | None) -> Stamped:
        scan, way = table.play.scan, WAYS.get(table.booth.game.kind, StampWay.STAFF)
        award = Award(
            table.booth.id,
            visitor.id,
            visitor.customer_id,
            way,
            self._now(),
            scan.code_nonce,
            scan.device_id,
            clerk_id,
        )
        return (await self._stamps.award(table.rally, [award]))[0]

    async def _ask_clerks(self, found: HandedIn) -> None:
        """Whoever stands at the booth looks; where nobody does, the organiser."""
        clerks = await self._rallies.staff_of(found.booth.id) - {found.play.member_id}
        people = await self._people.many(sorted(clerks or {found.rally.organiser_id}))
        step = f"photo:{found.booth.code}:{found.play.member_id}:{found.play.attempt.tries}"
        for clerk in people.values():
            words = self._wording.to_judge(found, clerk.language)
            await self._outbox.tell(campaign(found.rally), step, clerk.id, words)
