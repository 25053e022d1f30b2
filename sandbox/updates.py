"""The update queue of each bot: what waits, what was delivered and confirmed, who polls."""

from collections import deque
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.errors import BotApiError
from sandbox.model import JsonObject
from sandbox.signals import Bells

LIFE_SECONDS = 86_400.0
KEPT_CONFIRMED = 5_000
ON_REQUEST_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class QueuedUpdate:
    """One update on its way to a bot; `lane` orders webhook deliveries (a chat, or a user who pressed a button)."""

    update_id: int
    at: float
    kind: str
    lane: str
    body: JsonObject
    delivered: int = 0
    confirmed: bool = False

    def whole(self) -> JsonObject:
        """Return Telegram's Update."""
        return {"update_id": self.update_id, self.kind: self.body}


@dataclass
class Webhook:
    """Where a bot wants its updates posted."""

    url: str
    secret_token: str | None = None
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass
class UpdateQueue:
    """The queue of one bot; `allowed` None means everything that needs no explicit request."""

    next_id: int
    allowed: list[str] | None = None
    webhook: Webhook | None = None
    pending: deque[QueuedUpdate] = field(default_factory=deque)
    done: deque[QueuedUpdate] = field(default_factory=deque)

    def wants(self, kind: str) -> bool:
        """Whether updates of this kind are delivered to the bot."""
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST_ONLY

    def confirm(self, update: QueuedUpdate) -> None:
        """Take the update out of the row for good."""
        update.confirmed = True
        self.pending.remove(update)
        self.done.append(update)
        while len(self.done) > KEPT_CONFIRMED:
            self.done.popleft()

    def confirm_below(self, offset: int) -> list[QueuedUpdate]:
        """Confirm what stands before this offset (a negative one counts from the end); return what was confirmed."""
        if offset < 0:
            offset = self.pending[offset].update_id if -offset <= len(self.pending) else 0
        confirmed = []
        while self.pending and self.pending[0].update_id < offset:
            confirmed.append(self.pending[0])
            self.confirm(self.pending[0])
        return confirmed

    def drop_older_than(self, timestamp: float) -> None:
        """Forget updates that nobody fetched in their life of 24 hours."""
        while self.pending and self.pending[0].at < timestamp:
            self.done.append(self.pending.popleft())


class Updates:
    """The queues of all bots; polls are woken by the bell of their bot."""

    def __init__(self, queues: dict[int, UpdateQueue], clock: Clock, bells: Bells) -> None:
        self.queues = queues
        self._clock = clock
        self._bells = bells
        self._polls: dict[int, int] = {}
        self._repeats: dict[int, list[QueuedUpdate]] = {}

    def queue(self, bot_id: int) -> UpdateQueue:
        """Return the bot's queue, without what has outlived its day."""
        queue = self.queues[bot_id]
        queue.drop_older_than(self._clock.timestamp() - LIFE_SECONDS)
        return queue

    def add(self, bot_id: int, kind: str, body: JsonObject, lane: str) -> None:
        """Queue an update for the bot, unless the bot did not ask for this kind."""
        queue = self.queues[bot_id]
        if not queue.wants(kind):
            return
        queue.pending.append(QueuedUpdate(queue.next_id, self._clock.timestamp(), kind, lane, body))
        queue.next_id += 1
        self._bells.ring(("updates", bot_id) if queue.webhook is None else "webhooks")

    def repeat(self, bot_id: int, updates: list[QueuedUpdate]) -> None:
        """Deliver confirmed updates once more with the bot's next answer."""
        self._repeats.setdefault(bot_id, []).extend(updates)

    async def poll(self, bot_id: int, limit: int, seconds: float) -> list[JsonObject]:
        """Answer a long poll; an older poll that still waits ends with Telegram's 409."""
        ticket = self._polls[bot_id] = self._polls.get(bot_id, 0) + 1
        self._bells.ring(("updates", bot_id))
        await self._bells.wait_for(("updates", bot_id), lambda: self._ready(bot_id, ticket), seconds)
        if self._polls[bot_id] != ticket:
            raise BotApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return self._take(bot_id, limit)

    def _ready(self, bot_id: int, ticket: int) -> bool:
        return bool(self.queue(bot_id).pending) or self._polls[bot_id] != ticket or bot_id in self._repeats

    def _take(self, bot_id: int, limit: int) -> list[JsonObject]:
        batch = [*self._repeats.pop(bot_id, []), *self.queue(bot_id).pending]
        for update in batch[:limit]:
            update.delivered += 1
        return [update.whole() for update in batch[:limit]]
