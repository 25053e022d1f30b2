"""Entries that end before the end of their path, with what they planned taken back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from campaigns.channels.model import Channel
from campaigns.deliveries.service import Outbox
from campaigns.journeys.course import ended
from campaigns.journeys.model import Entry, Outcome, Plan, Send
from campaigns.journeys.ports import Channels, EngineStore


class Endings:
    """Ends entries, many at once."""

    def __init__(
        self,
        store: EngineStore,
        outbox: Outbox,
        channels: Channels,
        plan_of: Callable[[str, int], Plan],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._channels = channels
        self._plan_of = plan_of
        self._now = now

    async def end(self, leaving: Sequence[tuple[Entry, Outcome]]) -> None:
        """End these with their outcomes; what they planned and has not left is taken back."""
        await self._store.save([ended(entry, outcome, self._now()) for entry, outcome in leaving])
        sends = [
            (entry.ledger, entry.deed(step.id), step.channel)
            for entry, _ in leaving
            for step in self._plan_of(entry.journey, entry.version).steps
            if isinstance(step, Send)
        ]
        await self._outbox.cancel_steps([(campaign, step) for campaign, step, _ in sends])
        for campaign, step, channel in sends:
            if channel is not Channel.PRIVATE:
                await self._channels.cancel(campaign, step)
