"""The course of group-buys beside their chains: who may enter, who leads, what is missing, how they end."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.chains.eligibility import Standing
from campaigns.chains.model import Chain
from campaigns.chains.service import campaign
from campaigns.chains.stages import GroupbuyState, Stage
from campaigns.compliance.hours import next_allowed
from campaigns.compliance.model import GatePolicy
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groupbuys.model import Benefit
from campaigns.groupbuys.rules import after_claim, benefits_of, missing_one, new_leader, people_of, settled
from campaigns.members.model import Language, Member


class CourseStore(Protocol):
    """What the course of a group-buy needs of the database."""

    async def hold(self, chain: Chain) -> None:
        """Lock the campaign until the transaction ends, so that nobody enters two groups of it at once."""
        ...

    async def standings(self, chain: Chain, member_ids: Sequence[int]) -> dict[int, Standing]:
        """How these members stand to a chain's conditions, in one query."""
        ...

    async def save_seats(
        self, chain: Chain, came: Mapping[int, UUID | None], gone: Sequence[int], now: datetime
    ) -> None:
        """Note who takes part in this group of the campaign, by which customer of the bank, and who does no more."""
        ...

    async def customers(self, chain: Chain) -> dict[int, UUID | None]:
        """The customer of the bank behind each member who takes part in a chain."""
        ...

    async def settle(self, chain: Chain, now: datetime) -> None:
        """Store what became of a group-buy; who failed is free to join another group."""
        ...

    async def save_benefits(self, benefits: Sequence[Benefit], now: datetime) -> None:
        """Write down what entries earned, each once."""
        ...


class CourseWording(Protocol):
    """The sentences that the course of a group-buy puts into the ledger."""

    def formed(self, chain: Chain) -> Message:
        """What the group reads once when it formed."""
        ...

    def failed(self, chain: Chain, *, leader_left: bool) -> Message:
        """What the group reads once when it did not, and what happens next."""
        ...

    def one_missing(self, chain: Chain, stage: Stage) -> Message:
        """What the group reads once for a stage when one person is missing."""
        ...

    def leads_now(self, chain: Chain, language: Language) -> Message:
        """What the next in order reads in private when the leader left."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class GroupbuyCourse:
    """Implements `campaigns.chains.service.Course` inside one unit of work; a plain chain passes through untouched."""

    def __init__(
        self,
        store: CourseStore,
        people: People,
        outbox: Outbox,
        wording: CourseWording,
        policy: Callable[[], Awaitable[GatePolicy]],
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._policy = policy
        self._now = now
        self._zone = zone
        self._standings: dict[int, Standing] = {}

    async def standings(self, chain: Chain, member_ids: Sequence[int]) -> Mapping[int, Standing]:
        """How claimants stand to the conditions; nobody is looked at where there are none."""
        if not chain.conditions:
            return {}
        await self._store.hold(chain)
        self._standings = await self._store.standings(chain, member_ids)
        return self._standings

    def advance(self, before: Chain, after: Chain) -> Chain:
        """Close at once what one claim brought to its end."""
        return after_claim(before, after)

    async def changed(self, before: Chain, after: Chain) -> None:
        """Follow a list that changed: seats, the leader, who is missing."""
        if after.groupbuy is None:
            return
        had, has = _members(before), _members(after)
        nobody = Standing()
        came = {each: self._standings.get(each, nobody).customer_id for each in has if each not in had}
        await self._store.save_seats(after, came, [each for each in had if each not in has], self._now())
        if after.groupbuy.state is GroupbuyState.RUNNING:
            await self._hand_over(before, after)
            await self._nudge(before, after)
        if before.groupbuy and before.groupbuy.state is GroupbuyState.FORMED:
            await self._write_down(after)

    async def ended(self, chain: Chain) -> GroupbuyState | None:
        """Settle a group-buy that is over, tell the group once, write down what was earned; None for a plain chain."""
        if chain.groupbuy is None:
            return None
        leader_left = chain.groupbuy.state is GroupbuyState.FAILED
        over = replace(chain, groupbuy=settled(chain.groupbuy, len(people_of(chain))))
        assert over.groupbuy is not None
        await self._store.settle(over, self._now())
        await self._write_down(over)
        for stage in over.groupbuy.stages:
            await self._outbox.cancel(campaign(chain.id), _missing(stage))
        formed = over.groupbuy.state is GroupbuyState.FORMED
        words = self._wording.formed(over) if formed else self._wording.failed(over, leader_left=leader_left)
        await self._outbox.tell(campaign(chain.id), "settled", chain.chat_id, words)
        return over.groupbuy.state

    async def _write_down(self, chain: Chain) -> None:
        if benefits := benefits_of(chain, await self._store.customers(chain)):
            await self._store.save_benefits(benefits, self._now())

    async def _hand_over(self, before: Chain, after: Chain) -> None:
        """The next in order hears in private of leading; who cannot be written to is asked in the group."""
        leads = new_leader(before, after)
        if leads is None:
            return
        member = (await self._people.many([leads]))[leads]
        words = self._wording.leads_now(after, member.language)
        step = f"leads:{after.entries[0].sequence}"
        now = self._now()
        await self._outbox.add(
            Draft(campaign(after.id), step, leads, words, Kind.SERVICE, now, after.deadline, origin_chat=after.chat_id)
        )

    async def _nudge(self, before: Chain, after: Chain) -> None:
        """One reminder per stage when one person is missing, never at night, none that came too late."""
        assert after.groupbuy is not None
        for stage in after.groupbuy.stages:
            if len(people_of(before)) < stage.size <= len(people_of(after)):
                await self._outbox.cancel(campaign(after.id), _missing(stage))
        stage_near = missing_one(before, after)
        if stage_near is None:
            return
        due = next_allowed(self._now(), self._zone, await self._policy())
        if due < after.deadline:
            words = self._wording.one_missing(after, stage_near)
            await self._outbox.add(
                Draft(campaign(after.id), _missing(stage_near), after.chat_id, words, Kind.SERVICE, due, after.deadline)
            )


def _members(chain: Chain) -> list[int]:
    """Everybody with a place, offered or held, or on the waitlist."""
    return list(dict.fromkeys(entry.member_id for entry in (*chain.entries, *chain.waiting)))


def _missing(stage: Stage) -> str:
    return f"missing:{stage.size}"
