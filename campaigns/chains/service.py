"""Use cases of chains: open, claim, remind, close; each loads, decides, saves and says what must be sent."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from campaigns.chains.claims import act_of, barred, decide
from campaigns.chains.eligibility import Standing
from campaigns.chains.model import (
    Act,
    Chain,
    ChainState,
    Claim,
    ClaimCode,
    ClaimOutcome,
    CloseRefusal,
    Entry,
    OpenRefusal,
    Plan,
    Verb,
)
from campaigns.chains.rules import extend, moved, remind_at
from campaigns.chains.stages import GroupbuyState
from campaigns.chains.waitlist import lapse, lapsed, offered
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.members.model import Member
from campaigns.setbacks.ports import Setbacks


class ChainStore(Protocol):
    """What chains' use cases need."""

    async def create(self, group: Group, plan: Plan, leader_id: int, now: datetime, remind: datetime) -> Chain | None:
        """Store a new open chain; None when the group has an open one for the same product."""
        ...

    async def find(self, chain_id: int) -> Chain | None:
        """Load a chain with its entries."""
        ...

    async def lock(self, chain_id: int) -> Chain | None:
        """Load a chain with its entries, locked until the transaction ends."""
        ...

    async def save_entries(self, before: Chain, after: Chain, now: datetime) -> None:
        """Store who came, went, moved up or changed something between two states of a chain."""
        ...

    async def acts(self, chain_id: int, member_ids: Sequence[int]) -> dict[int, Act]:
        """The latest change of each of these members that can still be undone."""
        ...

    async def save_acts(self, chain_id: int, acts: Mapping[int, Act | None]) -> None:
        """Remember the latest change of each member; None where nothing is left to undo."""
        ...

    async def close(self, chain: Chain, now: datetime) -> None:
        """Mark a chain closed."""
        ...

    async def extend(self, chain: Chain, now: datetime, remind: datetime) -> bool:
        """Store a new deadline and the open state; False when the group has another one open for the product."""
        ...

    async def due_for_lapse(self, now: datetime) -> list[int]:
        """Chains with a place that was offered and not confirmed in time."""
        ...

    async def mark_reminded(self, chain: Chain, now: datetime) -> None:
        """Remember that the reminder is planned."""
        ...

    async def open_in_chat(self, chat_id: int) -> list[Chain]:
        """The open chains of one group."""
        ...

    async def of_manager(self, manager_id: int) -> list[Chain]:
        """The latest chains of a manager's groups."""
        ...

    async def due_for_reminder(self, now: datetime) -> list[int]:
        """Chains whose reminder's time has come."""
        ...

    async def due_for_closing(self, now: datetime) -> list[int]:
        """Open chains past their deadline."""
        ...

    async def names(self, chain: Chain) -> dict[int, str]:
        """Full names of a chain's members, for the manager only."""
        ...

    async def missing(self, chain: Chain) -> dict[int, str]:
        """Full names of the group's members who are in the list in no way, by id; its staff is not asked."""
        ...


class ChainWording(Protocol):
    """The sentences that chains need."""

    def card(self, chain: Chain, now: datetime) -> Message:
        """The group's card, with masked names."""
        ...

    def reminder(self, chain: Chain, now: datetime) -> Message:
        """The group's reminder before the deadline."""
        ...

    def ended(self, chain: Chain) -> Message:
        """What the leader hears when the chain is over."""
        ...

    def offered(self, chain: Chain, entry: Entry) -> Message:
        """What a candidate hears in private whose turn has come."""
        ...

    def lapsed(self, chain: Chain, entry: Entry) -> Message:
        """What a candidate hears in private who did not confirm in time."""
        ...


class ClaimDesk(Protocol):
    """Takes claims that arrive together and decides them in one transaction."""

    async def claim(self, chain_id: int, claim: Claim) -> ClaimOutcome:
        """Decide one claim; a repeated update gets the outcome that was stored."""
        ...


class EntryFollower(Protocol):
    """What goes on with an entry beyond the chain, in the same transaction."""

    async def entered(self, chain: Chain, member_ids: Sequence[int]) -> None:
        """These members hold a place now and held none before, in their order."""
        ...

    async def left(self, chain: Chain, member_ids: Sequence[int]) -> None:
        """These members hold no place any more."""
        ...


class Course(Protocol):
    """What goes on with a chain beyond its list, in the same transaction: who may enter, and a group-buy's course."""

    async def standings(self, chain: Chain, member_ids: Sequence[int]) -> Mapping[int, Standing]:
        """How these members stand to the chain's conditions."""
        ...

    def advance(self, before: Chain, after: Chain) -> Chain:
        """The chain after one claim, closed where that claim brought it to its end."""
        ...

    async def changed(self, before: Chain, after: Chain) -> None:
        """The list was changed and stored."""
        ...

    async def ended(self, chain: Chain) -> GroupbuyState | None:
        """The chain is over: formed, failed, or None where it is no group-buy."""
        ...


OFFERED = "offered:"  # What the step of a message begins with that offers a place for a while.


def campaign(chain_id: int) -> str:
    """The name of a chain in the delivery ledger."""
    return f"chain:{chain_id}"


def until(step: str, chain: Chain) -> str:
    """A step that comes once for each deadline of a chain, since an extended one reminds and ends again."""
    return f"{step}:{chain.deadline.timestamp():.0f}"


class ChainService:
    """Group-buy chains inside one unit of work."""

    def __init__(
        self,
        store: ChainStore,
        outbox: Outbox,
        wording: ChainWording,
        now: Callable[[], datetime],
        followers: Sequence[EntryFollower] = (),
        *,
        course: Course,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._followers = followers
        self._course = course

    async def open(self, group: Group | None, leader: Member, plan: Plan) -> Chain | OpenRefusal:
        """Open a chain in a group and show its card there."""
        if group is None:
            return OpenRefusal.NO_GROUP
        if group.manager_id != leader.id:
            return OpenRefusal.NOT_YOUR_GROUP
        now = self._now()
        if plan.deadline <= now:
            return OpenRefusal.PAST_DEADLINE
        chain = await self._store.create(group, plan, leader.id, now, remind_at(now, plan.deadline))
        if chain is None:
            return OpenRefusal.SAME_PRODUCT_OPEN
        await self._show(chain)
        return chain

    async def decide(self, chain_id: int, claims: Sequence[Claim]) -> list[ClaimOutcome]:
        """Decide claims in their order of arrival under one lock, and refresh the card once."""
        now = self._now()
        before = await self._store.lock(chain_id)
        if before is None:
            return [ClaimOutcome(ClaimCode.NO_CHAIN) for _ in claims]
        undoing = [claim.member_id for claim in claims if claim.verb is Verb.UNDO]
        acts: dict[int, Act | None] = {**await self._store.acts(chain_id, undoing)} if undoing else {}
        standings = await self._course.standings(before, list({claim.member_id: None for claim in claims}))
        outcomes = []
        chain = before
        for claim in claims:
            decided, outcome = decide(chain, claim, now, acts.get(claim.member_id))
            if refusal := barred(chain, decided, claim, standings):
                decided, outcome = lapse(chain, now), refusal
            if outcome.code is ClaimCode.UNDONE:
                acts[claim.member_id] = None
            elif act := act_of(chain, decided, claim, now):
                acts[claim.member_id] = act
            chain = self._course.advance(chain, decided)
            outcomes.append(outcome)
        if chain != before:
            await self._save(before, chain, now)
            await self._store.save_acts(chain_id, acts)
        if chain.state is ChainState.CLOSED and before.state is ChainState.OPEN:
            await self._end(chain)
        return outcomes

    async def close(self, chain_id: int, by: Member) -> Chain | CloseRefusal:
        """Close a chain by its leader's word."""
        chain = await self._store.lock(chain_id)
        if chain is None:
            return CloseRefusal.NO_CHAIN
        if chain.leader_id != by.id:
            return CloseRefusal.NOT_YOURS
        if chain.state is ChainState.CLOSED:
            return CloseRefusal.CLOSED_ALREADY
        return await self._end(chain)

    async def extend(self, chain_id: int, by: Member, deadline: datetime) -> Chain | CloseRefusal:
        """Let a chain run until a later moment by its leader's word, one that is over too; who waits moves up."""
        chain, now = await self._store.lock(chain_id), self._now()
        if chain is None:
            return CloseRefusal.NO_CHAIN
        if chain.leader_id != by.id:
            return CloseRefusal.NOT_YOURS
        if chain.groupbuy is not None:
            return CloseRefusal.IS_GROUPBUY
        if deadline <= max(now, chain.deadline if chain.state is ChainState.OPEN else now):
            return CloseRefusal.PAST_DEADLINE
        longer = replace(chain, state=ChainState.OPEN, deadline=deadline)
        if not await self._store.extend(longer, now, remind_at(now, deadline)):
            return CloseRefusal.SAME_PRODUCT_OPEN
        extended = extend(chain, deadline, now)
        await self._outbox.cancel(campaign(chain.id), until("reminder", chain))
        await self._save(chain, extended, now)
        return extended

    async def run_until(self, chain: Chain, deadline: datetime) -> None:
        """Let a locked chain that is open run until a later moment; who may say so, the caller has decided."""
        now = self._now()
        extended = extend(chain, deadline, now)
        await self._store.extend(extended, now, remind_at(now, deadline))
        await self._save(chain, extended, now)

    async def tick(self, setbacks: Setbacks) -> int:
        """Plan the reminders, lapses and endings whose time has come; returns how many chains were touched."""
        now = self._now()
        late = await self._store.due_for_lapse(now)
        await setbacks.apart("chain_lapses", late, partial(self._each, self._lapse))
        ended = await self._store.due_for_closing(now)
        reminded = [chain_id for chain_id in await self._store.due_for_reminder(now) if chain_id not in ended]
        await setbacks.apart("chain_endings", ended, partial(self._each, self._end))
        await setbacks.apart("chain_reminders", reminded, partial(self._each, self._remind))
        return len(late) + len(ended) + len(reminded)

    async def _each(self, work: Callable[[Chain], Awaitable[object]], chain_ids: Sequence[int]) -> None:
        """Do something with each of these chains, locked."""
        for chain_id in chain_ids:
            if chain := await self._store.lock(chain_id):
                await work(chain)

    async def _lapse(self, chain: Chain) -> None:
        now = self._now()
        await self._save(chain, lapse(chain, now), now)

    async def find(self, chain_id: int) -> Chain | None:
        """One chain as it is."""
        return await self._store.find(chain_id)

    async def lock(self, chain_id: int) -> Chain | None:
        """One chain, locked until the transaction ends."""
        return await self._store.lock(chain_id)

    async def open_in(self, chat_id: int) -> list[Chain]:
        """The open chains of a group."""
        return await self._store.open_in_chat(chat_id)

    async def show_again(self, chat_id: int) -> None:
        """Bring the cards of a group's open chains up to date: in a chat that has moved, they are posted anew."""
        for chain in await self._store.open_in_chat(chat_id):
            if locked := await self._store.lock(chain.id):
                await self._show(locked)

    async def of(self, manager: Member) -> list[Chain]:
        """A manager's latest chains."""
        return await self._store.of_manager(manager.id)

    async def names(self, chain: Chain) -> dict[int, str]:
        """Full names by member, for the manager's private list."""
        return await self._store.names(chain)

    async def missing(self, chain: Chain) -> dict[int, str]:
        """Who of the group has no entry, for the manager alone: full names by member."""
        return await self._store.missing(chain)

    async def _save(self, before: Chain, after: Chain, now: datetime) -> None:
        """Store a change, and say what must be said of it."""
        await self._store.save_entries(before, after, now)
        for entry in offered(before, after):
            assert entry.confirm_by is not None
            step = f"{OFFERED}{entry.sequence}:{entry.confirm_by.timestamp():.0f}"
            await self._tell(after, step, entry, self._wording.offered(after, entry), entry.confirm_by)
        for entry in lapsed(before, now):
            await self._tell(after, f"lapsed:{entry.sequence}", entry, self._wording.lapsed(after, entry))
        await self._follow(before, after)
        await self._course.changed(before, after)
        await self._show(after)

    async def _tell(
        self, chain: Chain, step: str, entry: Entry, words: Message, expires_at: datetime | None = None
    ) -> None:
        """Tell a candidate in private; who cannot be written to is asked in the group to open the chat."""
        now = self._now()
        draft = Draft(
            campaign(chain.id),
            step,
            entry.member_id,
            words,
            Kind.SERVICE,
            now,
            expires_at=expires_at,
            origin_chat=chain.chat_id,
        )
        await self._outbox.add(draft)

    async def _follow(self, before: Chain, after: Chain) -> None:
        came, gone = moved(before, after)
        for follower in self._followers:
            if came:
                await follower.entered(after, came)
            if gone:
                await follower.left(after, gone)

    async def _remind(self, chain: Chain) -> None:
        now = self._now()
        words = self._wording.reminder(chain, now)
        step = until("reminder", chain)
        draft = Draft(campaign(chain.id), step, chain.chat_id, words, Kind.SERVICE, now, expires_at=chain.deadline)
        await self._outbox.add(draft)
        await self._store.mark_reminded(chain, now)
        await self._show(chain)

    async def _end(self, chain: Chain) -> Chain:
        await self._store.close(chain, self._now())
        if await self._course.ended(chain) is GroupbuyState.FAILED:
            await self._follow(chain, replace(chain, entries=(), waiting=()))
        closed = await self._store.lock(chain.id)
        assert closed is not None
        await self._outbox.cancel(campaign(chain.id), until("reminder", chain))
        await self._show(closed)
        await self._outbox.unpin_card(campaign(chain.id), chain.chat_id)
        words = self._wording.ended(closed)
        await self._outbox.tell(campaign(chain.id), until("ended", chain), chain.leader_id, words)
        return closed

    async def _show(self, chain: Chain) -> None:
        card = self._wording.card(chain, self._now())
        await self._outbox.show_card(campaign(chain.id), chain.chat_id, card, pin=True)
