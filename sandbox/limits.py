"""Telegram's published rate limits as token buckets on the turnable clock."""

import math
from collections.abc import Hashable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import too_many_requests
from sandbox.model import Chat, JsonObject

SENDING = {"sendMessage", "sendPhoto", "sendDocument", "copyMessage", "forwardMessage", "sendPoll"}
EDITING = {"editMessageText", "editMessageCaption", "editMessageReplyMarkup", "editMessageMedia"}
KEPT_BUCKETS = 50_000


@dataclass(frozen=True)
class Rates:
    """How much one bot may send: per second in all, per second in a chat (with a burst), per minute in a group."""

    bot_per_second: float = 30
    chat_per_second: float = 1
    burst: int = 3
    group_per_minute: float = 20
    group_edits_per_minute: float = 20


@dataclass
class _Bucket:
    left: float
    at: float


class Limiter:
    """Token buckets per bot, chat and group; off when `rates` is None."""

    def __init__(self, clock: Clock, rates: Rates | None = None) -> None:
        self._clock = clock
        self.rates = rates
        self._buckets: dict[Hashable, _Bucket] = {}

    def set(self, wanted: bool | dict[str, Any]) -> None:
        """Turn the limits on, off, or on with other numbers; unknown names raise ValueError."""
        self._buckets.clear()
        if isinstance(wanted, bool):
            self.rates = Rates() if wanted else None
            return
        known = {field.name for field in fields(Rates)}
        if unknown := wanted.keys() - known:
            raise ValueError(f"Unknown limit {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}.")
        self.rates = Rates(**wanted)

    def shown(self) -> JsonObject | bool:
        """Return the rates in force, or False."""
        return asdict(self.rates) if self.rates else False

    def admit(self, method: str, bot_id: int, chat: Chat, *, receiver: int | None = None) -> None:
        """Take a token from every bucket that the call falls in; Telegram's 429 when one is empty."""
        if self.rates is None or method not in SENDING | EDITING:
            return
        buckets = self._asked(self.rates, method, bot_id, chat, receiver)
        now = self._clock.timestamp()
        waits = [self._wait(key, size, rate, now) for key, size, rate in buckets]
        if (wait := max(waits)) > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for key, _, _ in buckets:
            self._buckets[key].left -= 1

    @staticmethod
    def _asked(
        rates: Rates, method: str, bot_id: int, chat: Chat, receiver: int | None
    ) -> list[tuple[Hashable, float, float]]:
        if method in EDITING:
            if chat.is_private:
                return [((bot_id, chat.key, "edit"), rates.burst, rates.chat_per_second)]
            return [((bot_id, chat.key, "edit"), rates.group_edits_per_minute, rates.group_edits_per_minute / 60)]
        chat_key = (bot_id, chat.key, "send", receiver)
        asked: list[tuple[Hashable, float, float]] = [
            ((bot_id, "all"), rates.bot_per_second, rates.bot_per_second),
            (chat_key, rates.burst, rates.chat_per_second),
        ]
        if not chat.is_private and receiver is None:
            asked.append(((bot_id, chat.key, "minute"), rates.group_per_minute, rates.group_per_minute / 60))
        return asked

    def _wait(self, key: Hashable, size: float, rate: float, now: float) -> float:
        """Refill the bucket and return the seconds until it holds a token."""
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= KEPT_BUCKETS:
                self._buckets.clear()
            bucket = self._buckets[key] = _Bucket(size, now)
        bucket.left = min(size, bucket.left + max(0.0, now - bucket.at) * rate)
        bucket.at = now
        return 0.0 if bucket.left >= 1 - 1e-6 else (1 - bucket.left) / rate
