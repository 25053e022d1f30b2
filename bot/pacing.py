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


BOT = Limit(28, timedelta(seconds=1))
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
        return all(self._within(now, span) + (spare if most > spare else 0) < most for most, span in self._limits)

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

    def _within(self, now: datetime, span: timedelta) -> int:
        """Calls within the span; after a clock was turned back, those of the future count as long gone."""
        return sum(timedelta(0) <= now - left < span for left in self._left)


class Pacer:
    """The windows of one bot; in domain time, which the sandbox's limiter shares."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._bot = Window((BOT,))
        self._chats: dict[tuple[int, Family], Window] = {}

    def take(self, chat_id: int, method: str, *, spare: int = 0) -> bool:
        """Take a place for one call if the pace allows it now; pins and the like take none of a chat's places."""
        now = self._now()
        family = family_of(method)
        window = self._window(chat_id, family) if family else None
        if not self._bot.fits(now) or (window and not window.fits(now, spare)):
            return False
        self._bot.note(now)
        if window:
            window.note(now)
        return True

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
