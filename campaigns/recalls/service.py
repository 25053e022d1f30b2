"""Use cases of recalls: what would be touched, recall a campaign, take its messages back one by one."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language
from campaigns.recalls.model import Reach, Recall, Recalled, RecallRefusal, RecallState, Way
from campaigns.recalls.rules import DELETABLE, SPARE, after, call_for
from campaigns.setbacks.ports import Setbacks

CHUNK = 30  # Messages a second, as many as the platform takes.
MOST_TRIES = 300  # In the ledger at once.
TAKEN_AT_ONCE = 50_000  # Rows of the ledger that one transaction looks through.
SHOWN = 8
LATELY = timedelta(days=30)


class RecallStore(Protocol):
    """What recalls need of the database."""

    async def reach(self, campaign: str) -> Reach:
        """What a recall would touch now; what was recalled before is left out."""
        ...

    async def sent_lately(self, since: datetime, limit: int) -> list[Reach]:
        """The campaigns whose marketing messages arrived last, newest first."""
        ...

    async def add(self, campaign: str, reason: str, made_by: str, now: datetime) -> Recall:
        """Keep a recall."""
        ...

    async def take(self, deletable_since: datetime, zh: str, en: str, size: int) -> bool:
        """Put what arrived, or may yet, and is in no recall into the oldest recall that has a rest.

        It looks through `size` rows of the ledger and returns whether there was such a recall.
        """
        ...

    async def open(self, limit: int, most: int, now: datetime) -> list[Recalled]:
        """Messages whose way back is to be begun, or whose try has ended, and that do not rest; ours alone."""
        ...

    async def save(self, recalled: Recalled, way: Way, state: RecallState, now: datetime) -> None:
        """Keep how one message stands."""
        ...

    async def latest(self, limit: int) -> list[Recall]:
        """The last recalls with their counts, newest first."""
        ...


class Staff(Protocol):
    """The record of what staff do."""

    async def note(self, actor: int | None, action: str, subject: str) -> None:
        """Keep it."""
        ...


class Wording(Protocol):
    """The sentences."""

    def correction(self, language: Language) -> str:
        """What stands in the place of a message that was taken back, or follows it."""
        ...


class RecallService:
    """Recalls of one unit of work."""

    def __init__(
        self, store: RecallStore, outbox: Outbox, staff: Staff, wording: Wording, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._staff = staff
        self._wording = wording
        self._now = now

    async def reach(self, campaign: str) -> Reach | RecallRefusal:
        """What a recall would touch, before it is confirmed."""
        found = await self._store.reach(campaign.strip())
        return found if found.arrived or found.waiting or found.doubtful else RecallRefusal.NOTHING_SENT

    async def sent_lately(self) -> list[Reach]:
        """What could be recalled."""
        return await self._store.sent_lately(self._now() - LATELY, SHOWN)

    async def latest(self) -> list[Recall]:
        """What was recalled, and how far it is."""
        return await self._store.latest(SHOWN)

    async def recall(self, campaign: str, reason: str, by: str, member_id: int | None = None) -> Recall | RecallRefusal:
        """Cancel what waits of a campaign and take back what arrived; a message in a recall is in no other."""
        campaign, reason = campaign.strip(), reason.strip()
        if not reason:
            return RecallRefusal.NO_REASON
        reach = await self._store.reach(campaign)
        if not reach.arrived and not reach.waiting:
            return RecallRefusal.NOTHING_SENT
        await self._outbox.cancel(campaign)
        made = await self._store.add(campaign, reason, by, self._now())
        await self._take()
        await self._staff.note(member_id, "recall", f"{campaign}: {reason}")
        return made

    async def tick(self, setbacks: Setbacks) -> int:
        """Take in more of a large recall, begin the next ways back and settle those that ended; returns how many."""
        await self._take()
        found = await self._store.open(CHUNK, MOST_TRIES, self._now())
        await setbacks.apart("recalls", found, self._work_all, lambda each: each.delivery_id)
        return len(found)

    async def _work_all(self, found: Sequence[Recalled]) -> None:
        for each in found:
            await self._work(each)

    async def _take(self) -> None:
        since = self._now() - DELETABLE + SPARE
        zh, en = (self._wording.correction(each) for each in (Language.ZH, Language.EN))
        await self._store.take(since, zh, en, TAKEN_AT_ONCE)

    async def _work(self, recalled: Recalled) -> None:
        """What nobody knows the number of can only be followed by the correction."""
        way, state = recalled.way, RecallState.PENDING
        if recalled.arrived is not None:
            way, state = after(way, arrived=recalled.arrived)
        if state is RecallState.PENDING and recalled.message_id is None:
            way = Way.CORRECT
        await self._store.save(recalled, way, state, self._now())
        if state is RecallState.PENDING:
            await self._plan(recalled, way)

    async def _plan(self, recalled: Recalled, way: Way) -> None:
        """Put one try into the ledger, once."""
        campaign, step = f"recall:{recalled.recall_id}", f"{way}:{recalled.delivery_id}"
        if way is Way.CORRECT:
            await self._outbox.tell(campaign, step, recalled.recipient, Message(recalled.correction))
            return
        assert recalled.message_id is not None
        method, payload = call_for(way, recalled.method, recalled.message_id, recalled.correction)
        await self._outbox.run(campaign, step, recalled.recipient, method, **payload)
