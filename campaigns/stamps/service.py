"""Use cases of stamps: codes that arrive together, stamps earned in other ways, member codes, voiding."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from campaigns.games.model import Move, Scan
from campaigns.rallies.model import Booth, Rally, StampWay, Visit
from campaigns.rallies.targets import reached_of
from campaigns.stamps.codes import Code, CodeRefusal, check, claimed
from campaigns.stamps.model import Award, Holding, StampClaim, Stamped, StampOutcome, Title, Use
from campaigns.stamps.ports import Follower, Games, Place, Rallies, StampStore, Trail
from campaigns.stamps.rules import MEMBER_CODE_LIFE, REFUSED, hashed, new_member_code, typed, why_no_stamp

TRIES = 5
NOTHING = Holding(frozenset(), frozenset())


class StampDesk(Protocol):
    """Where handlers bring codes: those of the same moment are decided together."""

    async def claim(self, claimed: int, claim: StampClaim) -> Stamped:
        """Decide one claim."""
        ...


@dataclass(frozen=True)
class Judged:
    """A claim with what its code says; `outcome` is None while nothing speaks against the stamp."""

    claim: StampClaim
    outcome: StampOutcome | None
    code: Code | None = None
    rally: Rally | None = None
    booth: Booth | None = None


@dataclass(frozen=True)
class Event:
    """A rally with the key that signs its codes."""

    rally: Rally
    secret: bytes


class StampService:
    """Stamps inside one unit of work."""

    def __init__(
        self,
        store: StampStore,
        rallies: Rallies,
        games: Games,
        followers: Sequence[Follower],
        trail: Trail,
        now: Callable[[], datetime],
        on_medals: Sequence[Follower] = (),
    ) -> None:
        """`on_medals` follow only a stamp that reaches a target; they come before the others."""
        self._on_medals = on_medals
        self._store = store
        self._rallies = rallies
        self._games = games
        self._followers = followers
        self._trail = trail
        self._now = now

    async def decide(self, claims: Sequence[StampClaim]) -> list[Stamped]:
        """What comes of codes that arrived together, one outcome each, in their order (requirement S-83)."""
        events = await self._events(claims)
        judged = [_judge(claim, events) for claim in claims]
        judged = await self._seen_before(judged)
        judged = [await self._played(each) for each in judged]
        stamped = await self._stamp(judged)
        await self._store.keep_uses(
            [_use(each, found) for each, found in zip(judged, stamped, strict=True)], self._now()
        )
        return stamped

    async def award(self, rally: Rally, awards: Sequence[Award]) -> list[Stamped]:
        """Stamps that were earned otherwise: by a passed game, a clerk's word or a slip; one outcome each.

        Whether the booth was open is asked for the moment at which a stamp was earned; who passed a game is not held
        up by a pause that came after the scan.
        """
        stamped = await self._award(rally, awards)
        uses = [
            Use(award.member_id, award.way, award.at, found.outcome, rally.id, award.booth_id, award.nonce)
            for award, found in zip(awards, stamped, strict=True)
        ]
        await self._store.keep_uses(uses, self._now())
        return stamped

    async def void(self, rally: Rally, booth: Booth, member_id: int, reason: str, actor_id: int) -> bool:
        """Let a stamp count no more, with a reason that is kept; medals that were given stay for a person to judge."""
        done = await self._store.void(rally.id, (booth.id, member_id), reason, actor_id, self._now())
        if done:
            await self._trail.note(actor_id, "void_stamp", f"{rally.code} {booth.code} {member_id}: {reason}")
        return done

    async def member_code(self, member_id: int) -> tuple[str, datetime]:
        """A fresh code for the member to show to a clerk, and when it ends; the one before is dead."""
        ends_at = self._now() + MEMBER_CODE_LIFE
        for _ in range(TRIES):
            code = new_member_code()
            if await self._store.set_member_code(member_id, hashed(code), ends_at):
                return code, ends_at
        raise RuntimeError("No free member code was found in several draws: far too many are open.")

    async def confirm(self, rally: Rally, booth: Booth, text: str, device_id: int | None, clerk_id: int) -> Stamped:
        """A clerk's word for whoever's code this is: the stamp, whatever the booth's game."""
        now = self._now()
        refusal = why_no_stamp(rally, booth, now)
        if refusal:
            return _answer(refusal, 0, rally, booth)
        code = typed(text)
        found = await self._store.take_member_code(hashed(code), now) if code else None
        if found is None:
            return _answer(StampOutcome.UNKNOWN_PERSON, 0, rally, booth)
        member_id, customer_id = found
        made = Award(booth.id, member_id, customer_id, StampWay.STAFF, now, device_id=device_id, given_by=clerk_id)
        return (await self.award(rally, [made]))[0]

    async def _events(self, claims: Sequence[StampClaim]) -> Mapping[int, Event]:
        """The rallies of all booths that the codes claim, by booth."""
        events: dict[int, Event] = {}
        for claim in claims:
            code = claimed(claim.code)
            if code is None or code.booth_id in events:
                continue
            rally = await self._rallies.at_booth(code.booth_id)
            if rally is not None:
                event = Event(rally, await self._rallies.secret(rally))
                events |= {booth.id: event for booth in rally.booths}
        return events

    async def _seen_before(self, judged: Sequence[Judged]) -> list[Judged]:
        """Stamps that are there already are told as such, before any game is begun again."""
        places = {_place(each) for each in judged if each.outcome is None}
        standing = await self._store.standing(places)
        return [
            replace(each, outcome=_again(standing[_place(each)]))
            if each.outcome is None and _place(each) in standing
            else each
            for each in judged
        ]

    async def _played(self, judged: Judged) -> Judged:
        """A booth with a game: the scan begins it, unless it alone is worth the stamp."""
        if judged.outcome is not None or judged.booth is None or judged.code is None:
            return judged
        scan = Scan(judged.claim.at, judged.code.nonce.hex())
        attempt = await self._games.begin(judged.booth.id, judged.booth.game, judged.claim.member_id, scan)
        return judged if attempt.state is Move.PASSED else replace(judged, outcome=StampOutcome.GAME)

    async def _stamp(self, judged: Sequence[Judged]) -> list[Stamped]:
        """Stamps for those against whom nothing speaks, rally by rally; the same answer for the rest as was judged."""
        found: dict[int, Stamped] = {}
        for rally in {each.rally.id: each.rally for each in judged if each.rally}.values():
            mine = [at for at, each in enumerate(judged) if each.rally and each.rally.id == rally.id]
            earned = [at for at in mine if judged[at].outcome is None]
            found |= dict(zip(earned, await self._award(rally, [_award(judged[at]) for at in earned]), strict=True))
            others = [at for at in mine if judged[at].outcome is not None]
            holdings = await self._store.holdings(rally.id, {judged[at].claim.member_id for at in others})
            found |= {at: _refused(judged[at], holdings) for at in others}
        return [found.get(at) or _refused(each, {}) for at, each in enumerate(judged)]

    async def _award(self, rally: Rally, awards: Sequence[Award]) -> list[Stamped]:
        """Insert what is new, let the followers act on it, and count."""
        if not awards:
            return []
        now, booths = self._now(), {booth.id: booth for booth in rally.booths}
        members = {award.member_id for award in awards}
        newcomers = await self._store.lock_members(rally.id, members, awards[0].way, now)
        fresh = await self._store.insert(rally.id, awards, now)
        before = await self._store.holdings(rally.id, members)
        after = await self._followed(rally, booths, fresh, before)
        standing = dict(await self._store.standing({(award.booth_id, award.member_id) for award in awards} - fresh))
        stamped = []
        for award in awards:
            place, member_id = (award.booth_id, award.member_id), award.member_id
            outcome = _again(standing[place]) if place in standing else StampOutcome.OTHER_ACCOUNT
            answer = _answer(outcome, member_id, rally, booths[award.booth_id], after[member_id])
            if place in fresh:
                fresh.remove(place)  # Twice in one batch: the first of them is new.
                standing[place] = True
                medals = _titles(rally, after[member_id].medals - before[member_id].medals)
                is_new = member_id in newcomers
                answer = replace(answer, outcome=StampOutcome.STAMPED, medals=medals, is_newcomer=is_new)
            stamped.append(answer)
        return stamped

    async def _followed(
        self, rally: Rally, booths: Mapping[int, Booth], fresh: Collection[Place], found: Mapping[int, Holding]
    ) -> Mapping[int, Holding]:
        """Let the followers act on new stamps, those of medals where a target is newly reached; what is had then."""
        visits = [Visit(member_id, booths[booth_id]) for booth_id, member_id in sorted(fresh)]
        winners = {each for _, each in fresh if reached_of(rally.targets, found[each].booths) - found[each].medals}
        won = [visit for visit in visits if visit.member_id in winners]
        for followers, theirs in ((self._on_medals, won), (self._followers, visits)):
            for follower in followers if theirs else ():
                await follower.stamped(rally, theirs)
        return {**found, **await self._store.holdings(rally.id, winners)}


def _judge(claim: StampClaim, events: Mapping[int, Event]) -> Judged:
    """What a code says at the time of its update, and whether its booth gave stamps then."""
    told = claimed(claim.code)
    if told is None:
        return Judged(claim, StampOutcome.MALFORMED)
    event = events.get(told.booth_id)
    if event is None:
        return Judged(claim, StampOutcome.FORGED)
    code = check(event.secret, claim.code, claim.at)
    booth = next(each for each in event.rally.booths if each.id == told.booth_id)
    if isinstance(code, CodeRefusal):
        genuine = None if code is CodeRefusal.FORGED else told
        return Judged(claim, REFUSED[code], genuine, event.rally, booth if genuine else None)
    return Judged(claim, why_no_stamp(event.rally, booth, claim.at), code, event.rally, booth)


def _titles(rally: Rally, targets: Collection[str]) -> tuple[Title, ...]:
    return tuple(Title(each.title_zh, each.title_en) for each in rally.targets if each.code in targets)


def _award(judged: Judged) -> Award:
    assert judged.booth is not None
    assert judged.code is not None
    claim = judged.claim
    nonce = judged.code.nonce.hex()
    return Award(judged.booth.id, claim.member_id, claim.customer_id, StampWay.CODE, claim.at, nonce)


def _place(judged: Judged) -> tuple[int, int]:
    assert judged.booth is not None
    return judged.booth.id, judged.claim.member_id


def _again(counts: bool) -> StampOutcome:
    return StampOutcome.ALREADY if counts else StampOutcome.VOIDED


def _refused(judged: Judged, holdings: Mapping[int, Holding]) -> Stamped:
    assert judged.outcome is not None
    member_id = judged.claim.member_id
    return _answer(judged.outcome, member_id, judged.rally, judged.booth, holdings.get(member_id, NOTHING))


def _answer(
    outcome: StampOutcome, member_id: int, rally: Rally | None, booth: Booth | None, holding: Holding = NOTHING
) -> Stamped:
    if rally is None:
        return Stamped(outcome, member_id)
    is_rally_off = outcome in {StampOutcome.NOT_YET, StampOutcome.OVER} or booth is None
    hours = (rally.starts_at, rally.ends_at) if is_rally_off or booth is None else (booth.opens_at, booth.closes_at)
    return Stamped(
        outcome,
        member_id,
        rally.id,
        booth.id if booth else None,
        Title(booth.name_zh, booth.name_en) if booth else None,
        holding.stamps,
        len(rally.booths),
        reason=booth.reason if booth else None,
        opens_at=hours[0],
        closes_at=hours[1],
    )


def _use(judged: Judged, stamped: Stamped) -> Use:
    code, claim = judged.code, judged.claim
    return Use(
        claim.member_id,
        StampWay.CODE,
        claim.at,
        stamped.outcome,
        judged.rally.id if judged.rally else None,
        judged.booth.id if judged.booth else None,
        code.nonce.hex() if code else None,
        code.made_at if code else None,
    )
