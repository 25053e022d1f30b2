"""The risk watch: one look a day, compliance is told, campaigns and customers over a line are held."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.halts.model import Aim, HaltRefusal, Held, Scope
from campaigns.members.model import Language, Member
from campaigns.staff.model import Role
from campaigns.watches.model import CampaignCounts, CodeCounts, Finding, Look, Outflow, Unquiet, WatchPolicy
from campaigns.watches.rules import judge_campaign, judge_code, judge_outflows, look_due

TOLD = (Role.COMPLIANCE,)
CAMPAIGN = "watch"


class WatchStore(Protocol):
    """What the risk watch needs of the database."""

    async def policy(self) -> WatchPolicy:
        """The newest lines."""
        ...

    async def begin(self, day: date, now: datetime) -> bool:
        """Begin a day's look; False when it was begun before."""
        ...

    async def campaigns(self, now: datetime) -> list[CampaignCounts]:
        """Every campaign that reached somebody in the last seven days."""
        ...

    async def codes(self, now: datetime) -> list[CodeCounts]:
        """Every voucher that was redeemed in the last day."""
        ...

    async def outflows(self, least_fen: int) -> list[Outflow]:
        """Whose assets fell by so much between the two latest deliveries."""
        ...

    async def unquiet(self, refusals: int, now: datetime) -> list[Unquiet]:
        """Customers with an open complaint, or who refused so often in thirty days."""
        ...

    async def suspend(self, found: Sequence[Unquiet], now: datetime) -> tuple[int, int]:
        """Keep messages from these and let those go whom an earlier look kept; returns how many of each."""
        ...

    async def keep(self, findings: Sequence[Finding], now: datetime) -> list[Finding]:
        """Keep what was not found in the last seven days; returns that."""
        ...

    async def found(self, at: datetime) -> list[Finding]:
        """What the look of this moment found, what holds first."""
        ...

    async def staff(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        ...


class Halts(Protocol):
    """What holds campaigns."""

    async def stop(self, aim: Aim, reason: str, name: str) -> Held | HaltRefusal:
        """Stop it at once."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class WatchWording(Protocol):
    """The sentences of the risk watch."""

    def alert(self, look: Look, language: Language) -> Message:
        """What compliance reads of a look."""
        ...

    def reason(self, finding: Finding) -> str:
        """Why a campaign is held, for the stop."""
        ...

    def name(self) -> str:
        """By whom."""
        ...


class WatchService:
    """The risk watch inside one unit of work."""

    def __init__(
        self,
        store: WatchStore,
        halts: Halts,
        people: People,
        outbox: Outbox,
        wording: WatchWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._halts = halts
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def tick(self) -> Look | None:
        """The day's look, once; None when there is none to do."""
        now = self._now()
        day = look_due(now, self._zone)
        return await self.look() if day and await self._store.begin(day, now) else None

    async def look(self) -> Look:
        """Look now: hold what is over a line, and tell compliance what is new."""
        now, policy = self._now(), await self._store.policy()
        found = [
            *(each for counts in await self._store.campaigns(now) for each in judge_campaign(counts, policy)),
            *(each for counts in await self._store.codes(now) for each in judge_code(counts, policy)),
            *judge_outflows(await self._store.outflows(policy.outflow_fen), policy),
        ]
        fresh = await self._store.keep(found, now)
        for each in fresh:
            if each.holds:
                await self._halts.stop(
                    Aim(Scope.CAMPAIGN, each.subject), self._wording.reason(each), self._wording.name()
                )
        unquiet = await self._store.unquiet(policy.refusals_of_customer, now)
        suspended, released = await self._store.suspend(unquiet, now)
        look = Look(now, tuple(fresh), suspended, released)
        if fresh or suspended:
            await self._tell(look)
        return look

    async def found(self, at: datetime) -> list[Finding]:
        """What the look of this moment found, what holds first."""
        return await self._store.found(at)

    async def _tell(self, look: Look) -> None:
        told = await self._people.many(await self._store.staff(TOLD))
        step = look.at.isoformat(timespec="seconds")
        for member in told.values():
            await self._outbox.tell(CAMPAIGN, step, member.id, self._wording.alert(look, member.language))
