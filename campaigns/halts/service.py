"""Use cases of stops: ask, confirm, lift, cancel what is held; everybody concerned is told once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.halts.model import Aim, Halt, HaltRefusal, HaltState, Held, Sending
from campaigns.halts.rules import confirm, lift, read_reason, standing
from campaigns.members.model import Language, Member
from campaigns.staff.model import Role

TOLD = (Role.TEAM_LEAD, Role.COMPLIANCE)
CHUNK = 20_000


class HaltStore(Protocol):
    """What stops need of the database."""

    async def add(self, aim: Aim, reason: str, made_by: str, member_id: int | None, now: datetime) -> Halt:
        """Keep a stop that waits for its confirmation."""
        ...

    async def lock(self, halt_id: int) -> Halt | None:
        """One stop; nobody else changes any until the transaction ends."""
        ...

    async def lock_all(self) -> None:
        """Let nobody else begin or end a stop until the transaction ends."""
        ...

    async def save(self, halt: Halt) -> None:
        """Keep how it stands."""
        ...

    async def standing(self) -> list[Halt]:
        """The stops that hold messages, oldest first."""
        ...

    async def waiting(self, aim: Aim) -> int:
        """How many marketing messages wait of what is aimed at."""
        ...

    async def sending(self, limit: int) -> list[Sending]:
        """The campaigns with the most marketing messages that wait."""
        ...

    async def cancel(self, aim: Aim, now: datetime) -> int:
        """Cancel for good what waits; returns how many."""
        ...

    async def concerned(self, aim: Aim, roles: Sequence[Role]) -> list[int]:
        """Who wrote the campaigns that are held, and everybody with one of these roles."""
        ...

    async def set_aside(self, now: datetime, limit: int) -> int:
        """Take held rows out of the sender's way, and lifted ones back; returns how many."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int | None, action: str, subject: str) -> None:
        """Append to the audit trail."""
        ...


class HaltWording(Protocol):
    """The sentences that stops put into the ledger."""

    def stopped(self, held: Held, language: Language) -> Message:
        """What is stopped, by whom and why."""
        ...

    def lifted(self, halt: Halt, language: Language) -> Message:
        """That it goes on."""
        ...

    def cancelled(self, held: Held, by: str, language: Language) -> Message:
        """That what was held is cancelled for good."""
        ...


class HaltService:
    """Stops inside one unit of work; the sender asks for them at every claim."""

    def __init__(
        self,
        store: HaltStore,
        people: People,
        trail: Trail,
        outbox: Outbox,
        wording: HaltWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._people = people
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def ask(self, aim: Aim, reason: str, by: Member) -> Held | HaltRefusal:
        """Keep what somebody wants to stop and why, with how much it holds; nothing is stopped yet."""
        said = read_reason(reason)
        if isinstance(said, HaltRefusal):
            return said
        if any(each.aim == aim for each in await self._store.standing()):
            return HaltRefusal.STANDS_ALREADY
        halt = await self._store.add(aim, said, by.name, by.id, self._now())
        return Held(halt, await self._store.waiting(aim))

    async def confirm(self, halt_id: int, by: Member) -> Held | HaltRefusal:
        """Stop it: the sender's next claim leaves it out."""
        found = await self._store.lock(halt_id)
        stands = found is not None and any(each.aim == found.aim for each in await self._store.standing())
        outcome = confirm(found, by.id, self._now(), stands=stands)
        return outcome if isinstance(outcome, HaltRefusal) else await self._begin(outcome)

    async def stop(self, aim: Aim, reason: str, name: str) -> Held | HaltRefusal:
        """Stop it at once, by an operator's hand."""
        said = read_reason(reason)
        if isinstance(said, HaltRefusal):
            return said
        await self._store.lock_all()
        if any(each.aim == aim for each in await self._store.standing()):
            return HaltRefusal.STANDS_ALREADY
        now = self._now()
        made = await self._store.add(aim, said, name, None, now)
        return await self._begin(Halt(made.id, aim, said, name, now, HaltState.STANDING, stopped_at=now))

    async def lift(self, halt_id: int, by: Member | str) -> Halt | HaltRefusal:
        """Let what is held go on."""
        outcome = lift(await self._store.lock(halt_id), _name(by), self._now())
        if isinstance(outcome, HaltRefusal):
            return outcome
        await self._store.save(outcome)
        await self._trail.note(_actor(by), "lift_halt", _subject(outcome))
        await self._tell(outcome, "lifted", by, lambda language: self._wording.lifted(outcome, language))
        return outcome

    async def cancel(self, halt_id: int, by: Member | str, at_most: int | None = None) -> Held | HaltRefusal:
        """End for good what is held now, unless that is more than was asked about; what comes later is held."""
        outcome = standing(await self._store.lock(halt_id))
        if isinstance(outcome, HaltRefusal):
            return outcome
        if at_most is not None and await self._store.waiting(outcome.aim) > at_most:
            return HaltRefusal.MORE_HELD
        told = await self._store.concerned(outcome.aim, TOLD)
        ended = Held(outcome, await self._store.cancel(outcome.aim, self._now()))
        if not ended.waiting:
            return HaltRefusal.NOTHING_HELD
        now = self._now()
        await self._trail.note(_actor(by), "cancel_held", f"{_subject(outcome)} {ended.waiting}")
        step = f"cancelled:{now.timestamp():.0f}"
        await self._tell(outcome, step, by, lambda to: self._wording.cancelled(ended, _name(by), to), told)
        return ended

    async def in_force(self) -> list[Halt]:
        """Every stop that holds messages; nothing is counted, so that the tick may ask."""
        return await self._store.standing()

    async def standing(self) -> list[Held]:
        """Every stop that holds messages, with how many."""
        return [Held(each, await self._store.waiting(each.aim)) for each in await self._store.standing()]

    async def sending(self, limit: int) -> list[Sending]:
        """What could be stopped: the campaigns with the most that waits."""
        return await self._store.sending(limit)

    async def tick(self) -> int:
        """Keep held rows out of the sender's way, so that reminders and answers pass them at full speed."""
        return await self._store.set_aside(self._now(), CHUNK)

    async def _begin(self, halt: Halt) -> Held:
        await self._store.save(halt)
        held = Held(halt, await self._store.waiting(halt.aim))
        await self._trail.note(halt.member_id, "stop_sending", _subject(halt))
        by = halt.member_id or halt.made_by
        await self._tell(halt, "stopped", by, lambda language: self._wording.stopped(held, language))
        return held

    async def _tell(
        self,
        halt: Halt,
        step: str,
        by: Member | str | int,
        words: Callable[[Language], Message],
        to: Sequence[int] | None = None,
    ) -> None:
        """Everybody concerned, but who did it."""
        ids = await self._store.concerned(halt.aim, TOLD) if to is None else to
        doer = by.id if isinstance(by, Member) else by
        people = await self._people.many([each for each in ids if each != doer])
        await self._outbox.tell_all(
            [(f"halt:{halt.id}", step, each.id, words(each.language)) for each in people.values()]
        )


def _name(by: Member | str) -> str:
    return by.name if isinstance(by, Member) else by


def _actor(by: Member | str) -> int | None:
    return by.id if isinstance(by, Member) else None


def _subject(halt: Halt) -> str:
    return f"{halt.id} {halt.aim.scope} {halt.aim.target}".rstrip()
