"""Use cases of slips: issue them to a screen or for print, take them in once, in whatever order they come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.rallies.model import Booth, Rally, StampWay
from campaigns.slips.codes import claimed, heard, is_genuine, mint
from campaigns.slips.model import KEPT, Conflict, Giver, Slip, SlipOutcome, SlipResult, SlipUse, Supply
from campaigns.slips.rules import check_batch, earned_at, use
from campaigns.stamps.model import Award, Stamped, StampOutcome
from campaigns.stamps.ports import Rallies, Trail
from campaigns.stamps.service import StampService

AS_SLIP = {
    StampOutcome.STAMPED: SlipOutcome.COUNTED,
    StampOutcome.ALREADY: SlipOutcome.HAD_IT,
    StampOutcome.VOIDED: SlipOutcome.VOIDED,
    StampOutcome.OTHER_ACCOUNT: SlipOutcome.OTHER_ACCOUNT,
}
Person = tuple[int, UUID | None]


@dataclass(frozen=True)
class Told:
    """A use with who has the visitor's number that was typed."""

    use: SlipUse
    person: Person | None


class SlipStore(Protocol):
    """Slips in one transaction."""

    async def issue(self, booth_id: int, device_id: int | None, count: int, now: datetime) -> list[int]:
        """Store so many new slips as one batch; returns their serial numbers."""
        ...

    async def unused_of(self, booth_id: int, device_id: int) -> list[int]:
        """The serial numbers that a screen was given and that nobody has used yet."""
        ...

    async def lock(self, booth_id: int, serials: Sequence[int]) -> Mapping[int, Slip]:
        """Slips by serial number, locked in their order."""
        ...

    async def take(self, booth_id: int, slips: Sequence[Slip], device_id: int | None, now: datetime) -> None:
        """Store who used these slips up."""
        ...

    async def visitors(self, rally_id: int, numbers: Sequence[int]) -> Mapping[int, Person]:
        """Who has these visitors' numbers, and the customer behind."""
        ...

    async def keep_conflict(self, conflict: Conflict, device_id: int | None) -> None:
        """Keep a use that could not count; the same one again changes nothing."""
        ...

    async def conflicts(self, rally_id: int) -> list[Conflict]:
        """What could not count in a rally, the latest first."""
        ...

    async def supply(self, booth_id: int) -> Supply:
        """How a booth's slips stand."""
        ...

    async def void(self, booth_id: int, serial: int, reason: str, now: datetime) -> bool:
        """Let the whole batch of a slip count no more; False where there is none or it is void already."""
        ...


class SlipService:
    """Slips inside one unit of work, on the stamps of the same one."""

    def __init__(
        self,
        store: SlipStore,
        rallies: Rallies,
        stamps: StampService,
        trail: Trail,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._rallies = rallies
        self._stamps = stamps
        self._trail = trail
        self._now = now

    async def issue(self, rally: Rally, booth: Booth, device_id: int | None, count: int, actor_id: int) -> list[str]:
        """New slips for a screen, or for print without one; who asked for them is kept.

        Raises:
            SlipError: too many, or an event that is over.
        """
        check_batch(count, rally)
        serials = await self._store.issue(booth.id, device_id, count, self._now())
        first, last = serials[0], serials[-1]
        await self._trail.note(
            actor_id, "issue_slips", f"{rally.code} {booth.code} {first}-{last} {device_id or 'print'}"
        )
        return await self._codes(rally, booth, serials)

    async def refill(self, rally: Rally, booth: Booth, device_id: int, wanted: int, actor_id: int) -> list[str]:
        """All unused slips of a screen, after new ones made up for what it lacks."""
        unused = await self._store.unused_of(booth.id, device_id)
        if len(unused) < wanted:
            await self.issue(rally, booth, device_id, wanted - len(unused), actor_id)
            unused = await self._store.unused_of(booth.id, device_id)
        return await self._codes(rally, booth, unused)

    async def sync(self, rally: Rally, booth: Booth, giver: Giver, uses: Sequence[SlipUse]) -> list[SlipResult]:
        """What a booth's page did without network, one result for each use: in any order, however often sent."""
        secret = await self._rallies.secret(rally)
        numbers = [number for number in (heard(each.said) for each in uses) if number is not None]
        people = await self._store.visitors(rally.id, numbers)
        told = [Told(each, people.get(heard(each.said) or 0)) for each in uses if _is_of(each.code, booth, secret)]
        settled = await self._settle(rally, booth, giver, told)
        results = iter(settled)
        return [
            next(results) if _is_of(each.code, booth, secret) else SlipResult(each.code, SlipOutcome.FORGED)
            for each in uses
        ]

    async def take(self, code: str, person: Person, at: datetime) -> tuple[SlipResult, Rally | None, Booth | None]:
        """A printed slip that a visitor scanned: counts once, for the first who does."""
        place = claimed(code)
        rally = await self._rallies.at_booth(place[0]) if place else None
        if place is None or rally is None or not is_genuine(await self._rallies.secret(rally), code):
            return SlipResult(code, SlipOutcome.FORGED), None, None
        booth = next(each for each in rally.booths if each.id == place[0])
        told = Told(SlipUse(code, f"member {person[0]}", at), person)
        return (await self._settle(rally, booth, Giver(), [told]))[0], rally, booth

    async def conflicts(self, rally_id: int) -> list[Conflict]:
        """What could not count in a rally, the latest first."""
        return await self._store.conflicts(rally_id)

    async def supply(self, booth_id: int) -> Supply:
        """How a booth's slips stand."""
        return await self._store.supply(booth_id)

    async def void(self, rally: Rally, booth: Booth, serial: int, reason: str, actor_id: int) -> bool:
        """A sheet or a screen was lost: nothing of its batch counts any more; what was used before stays."""
        done = await self._store.void(booth.id, serial, reason, self._now())
        if done:
            await self._trail.note(actor_id, "void_slips", f"{rally.code} {booth.code} {serial}: {reason}")
        return done

    async def _settle(self, rally: Rally, booth: Booth, giver: Giver, told: Sequence[Told]) -> list[SlipResult]:
        """Judge uses in the order of their moments, give the stamps together, keep what could not count."""
        now, serials = self._now(), sorted({_serial(each.use.code) for each in told})
        locked = await self._store.lock(booth.id, serials)
        slips = {each.serial: each for each in locked.values() if giver.device_id is not None or each.is_printed}
        refused: dict[int, SlipOutcome] = {}
        earned: dict[int, Award] = {}
        for place, each in sorted(enumerate(told), key=lambda pair: (pair[1].use.at, pair[1].use.code)):
            slip = slips.get(_serial(each.use.code))
            at = earned_at(slip, each.use.at, now) if slip else now
            outcome = use(slip, rally, each.person[0] if each.person else None, at) if slip else SlipOutcome.FORGED
            if outcome is not None or slip is None or each.person is None:
                refused[place] = outcome or SlipOutcome.UNKNOWN_VISITOR
                continue
            slips[slip.serial] = replace(slip, member_id=each.person[0], at=at)
            nonce = f"slip:{slip.serial}"
            earned[place] = Award(booth.id, *each.person, StampWay.SLIP, at, nonce, giver.device_id, giver.clerk_id)
        used = [slips[_serial(told[place].use.code)] for place in earned]
        await self._store.take(booth.id, used, giver.device_id, now)
        stamped = dict(zip(earned, await self._stamps.award(rally, list(earned.values())), strict=True))
        results = [_result(each, refused.get(place), stamped.get(place)) for place, each in enumerate(told)]
        for each, result in zip(told, results, strict=True):
            await self._keep(booth, giver, each, result)
        return results

    async def _keep(self, booth: Booth, giver: Giver, told: Told, result: SlipResult) -> None:
        """What a person must look at."""
        if result.outcome in KEPT:
            made = self._now()
            serial, said = _serial(told.use.code), told.use.said
            kept = Conflict(booth.id, serial, said, result.outcome, result.member_id, min(told.use.at, made), made)
            await self._store.keep_conflict(kept, giver.device_id)

    async def _codes(self, rally: Rally, booth: Booth, serials: Sequence[int]) -> list[str]:
        secret = await self._rallies.secret(rally)
        return [mint(secret, booth.id, serial) for serial in serials]


def _result(told: Told, refused: SlipOutcome | None, stamped: Stamped | None) -> SlipResult:
    outcome = AS_SLIP[stamped.outcome] if stamped else refused
    assert outcome is not None
    return SlipResult(told.use.code, outcome, told.person[0] if told.person else None, stamped.stamps if stamped else 0)


def _is_of(code: str, booth: Booth, secret: bytes) -> bool:
    told = claimed(code)
    return told is not None and told[0] == booth.id and is_genuine(secret, code)


def _serial(code: str) -> int:
    told = claimed(code)
    return told[1] if told else 0
