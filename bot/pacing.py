"""Telegram's published pace, kept before the platform has to refuse: per bot, per chat, per group.

Source: core.telegram.org/bots/faq, "My bot is hitting limits": 30 messages/s, 1/s in one chat with short bursts,
20 messages a minute in one group; edits in a group are held to about as many.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

SMALL_TALK = 8  # Places a minute that immediate answers in a group leave to what must arrive.


class Family(StrEnum):
    """Calls that share a limit in one chat."""

    SEND = "send"
    EDIT = "edit"


class Limit(NamedTuple):
    """At most `most` calls in any stretch of `span`."""

    most: int
    span: timedelta


PER_SECOND = 30  # What Telegram takes of one bot; it sells more to those who pay for broadcasts.
LAG = 0.995  # Of that pace, so that two clocks which differ a little never meet.
LIMITS = {
    (False, Family.SEND): (Limit(3, timedelta(seconds=3)),),
    (False, Family.EDIT): (Limit(3, timedelta(seconds=3)),),
    (True, Family.SEND): (Limit(3, timedelta(seconds=3)), Limit(20, timedelta(minutes=1))),
    (True, Family.EDIT): (Limit(1, timedelta(seconds=3)),),
}


class Window:
    """When calls left; answers whether one more fits."""

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        self._limits = limits
        self._left: deque[datetime] = deque(maxlen=max(limit.most for limit in limits))
        self._not_before: datetime | None = None

    def fits(self, now: datetime, spare: int = 0) -> bool:
        """Whether a call may leave now and `spare` more places stay free for others."""
        if self._not_before is not None and now < self._not_before:
            return False
        return all(self._has_place(now, most - (spare if most > spare else 0), span) for most, span in self._limits)

    def places(self, now: datetime) -> int:
        """How many calls may leave now."""
        return min(most - sum(timedelta(0) <= now - left < span for left in self._left) for most, span in self._limits)

    def note(self, now: datetime) -> None:
        """A call leaves."""
        self._left.append(now)

    def block(self, until: datetime) -> None:
        """Nothing leaves before this moment: the platform said so."""
        self._not_before = until

    def is_idle(self, now: datetime) -> bool:
        """Whether everything it remembers is too old to matter."""
        newest = self._left[-1] if self._left else None
        longest = max(limit.span for limit in self._limits)
        blocked = self._not_before is not None and now < self._not_before
        return not blocked and (newest is None or now - newest >= longest)

    def _has_place(self, now: datetime, most: int, span: timedelta) -> bool:
        """Whether the call before the last `most` is out of sight; of a clock turned back, those of the future are."""
        return len(self._left) < most or not timedelta(0) <= now - self._left[-most] < span


class Bucket:
    """Places that come back one by one: a late look finds those of the time that it missed, up to `size` of them."""

    def __init__(self, per_second: float, size: float) -> None:
        self._rate, self._size = per_second, size
        self._level = size
        self._at: datetime | None = None

    def places(self, now: datetime) -> int:
        """How many calls may leave now."""
        passed = (now - self._at).total_seconds() if self._at else 0.0
        self._level, self._at = min(self._size, self._level + max(0.0, passed) * self._rate), now
        return int(self._level)

    def note(self) -> None:
        """A call leaves."""
        self._level -= 1

    def half_after(self, now: datetime) -> timedelta:
        """How long until half of its places are free; what comes back beyond all of them is lost."""
        self.places(now)
        return timedelta(seconds=max(0.0, self._size / 2 - self._level) / self._rate)


class Pacer:
    """The windows of one bot; in domain time, which the sandbox's limiter shares.

    The bot's own pace is kept twice: never more than `per_second` in any second, and evenly, in handfuls of a third of
    a second's calls, so that a platform that counts a little differently has room for what arrives late or early.
    """

    def __init__(self, now: Callable[[], datetime], per_second: int = PER_SECOND) -> None:
        self._now = now
        self.per_second = per_second
        self._second = Window((Limit(per_second, timedelta(seconds=1)),))
        self._evenly = Bucket(per_second * LAG, max(1.0, per_second / 3))
        self._chats: dict[tuple[int, Family], Window] = {}

    def take(self, chat_id: int, method: str, *, spare: int = 0) -> bool:
        """Take a place for one call if the pace allows it now; pins and the like take none of a chat's places."""
        now = self._now()
        family = family_of(method)
        window = self._window(chat_id, family) if family else None
        if not self._second.fits(now) or not self._evenly.places(now) or (window and not window.fits(now, spare)):
            return False
        self._second.note(now)
        self._evenly.note()
        if window:
            window.note(now)
        return True

    def places(self) -> int:
        """How many calls of this bot may leave now, whatever the chats."""
        now = self._now()
        return min(self._second.places(now), self._evenly.places(now))

    def handful_after(self) -> timedelta:
        """How long, in domain time, until a handful of places is free again."""
        return self._evenly.half_after(self._now())

    def penalise(self, chat_id: int, method: str, wait: timedelta) -> None:
        """After a 429: this chat waits at least so long."""
        self._window(chat_id, family_of(method) or Family.SEND).block(self._now() + wait)

    def cooling(self, family: Family) -> list[int]:
        """Chats in which no call of this family may leave right now; chats at rest are forgotten."""
        now = self._now()
        for key in [key for key, window in self._chats.items() if window.is_idle(now)]:
            del self._chats[key]
        return [chat for (chat, kind), window in self._chats.items() if kind is family and not window.fits(now)]

    def _window(self, chat_id: int, family: Family) -> Window:
        return self._chats.setdefault((chat_id, family), Window(LIMITS[chat_id < 0, family]))


def family_of(method: str) -> Family | None:
    """Which of a chat's limits a method counts against."""
    if method.startswith("edit"):
        return Family.EDIT
    return Family.SEND if method.startswith(("send", "copy", "forward")) else None
