"""Telegram's published pace, kept before the platform has to refuse: per bot, per chat, per group.

Source: core.telegram.org/bots/faq, "My bot is hitting limits": 30 messages/s, 1/s in one chat with short bursts,
20 messages a minute in one group; edits in a group are held to about as many.
"""

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
LAG = 0.995  # Of that pace, so that a platform whose clock differs a little never meets us.
BURST = 1 / 6  # Of a second's calls that leave at once after a rest.
AHEAD = timedelta(seconds=0.25)  # How far ahead places are booked, so that a look at the ledger costs no pace.
SOON = 2 * AHEAD  # How far ahead an answer's place lies at most: behind those of the ledger, before its next ones.
ANSWERS = 2 / 3  # Of a second's places that answers of a crowd may book; the rest is left to the ledger.
SECOND = timedelta(seconds=1)
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
        self._blocked: tuple[datetime, datetime] | None = None

    def fits(self, now: datetime, spare: int = 0) -> bool:
        """Whether a call may leave now and `spare` more places stay free for others."""
        return not self._is_blocked(now) and all(
            self._has_place(now, most - (spare if most > spare else 0), span) for most, span in self._limits
        )

    def note(self, now: datetime) -> None:
        """A call leaves."""
        self._left.append(now)

    def block(self, now: datetime, wait: timedelta) -> None:
        """Nothing leaves for so long: the platform said so."""
        self._blocked = now, now + wait

    def is_idle(self, now: datetime) -> bool:
        """Whether everything it remembers is too old to matter."""
        newest = self._left[-1] if self._left else None
        longest = max(limit.span for limit in self._limits)
        return not self._is_blocked(now) and (newest is None or now - newest >= longest)

    def _is_blocked(self, now: datetime) -> bool:
        """Whether the platform's word still holds; one that was said in the future belongs to a clock turned back."""
        return self._blocked is not None and self._blocked[0] - SECOND < now < self._blocked[1]

    def _has_place(self, now: datetime, most: int, span: timedelta) -> bool:
        """Whether the call before the last `most` is out of sight; of a clock turned back, those of the future are."""
        return len(self._left) < most or not -SECOND < now - self._left[-most] < span


class Pace:
    """The calls of one bot: `per_second` in any second at most, and evenly, so that no late one crowds the next.

    Places are booked a little ahead. What leaves at once, such as the answer to a tap, goes before what is booked where
    the second has a place left, and else before what the ledger books next: a campaign of hours holds no answer up.
    """

    def __init__(self, per_second: int) -> None:
        self._most = per_second
        self._gap = SECOND / (per_second * LAG)
        self._burst = self._gap * max(1, round(per_second * BURST))
        self._handful = max(1, round(per_second * BURST / 2))
        self._places: list[datetime] = []  # In their order, those of the last second and ahead.
        self._answers: deque[datetime] = deque(maxlen=max(1, int(per_second * ANSWERS)))
        self._even = datetime.fromtimestamp(0, UTC)

    def soon(self, now: datetime) -> datetime | None:
        """The place of an answer: now, or shortly; None where answers have their share of the second already."""
        self._forget(now)
        if self._full_until(now) <= now:
            return now
        place = self.next(now)
        share_is_taken = len(self._answers) == self._answers.maxlen and abs(place - self._answers[0]) < SECOND
        return None if share_is_taken or place > now + SOON else place

    def next(self, now: datetime) -> datetime:
        """The next place."""
        self._forget(now)
        return max(now, self._even - self._burst, self._full_until(now))

    def take(self, place: datetime) -> None:
        """A call leaves then."""
        insort(self._places, place)
        self._even = max(self._even, place) + self._gap

    def answer(self, place: datetime) -> None:
        """An answer leaves then."""
        self.take(place)
        self._answers.append(place)

    def room(self, now: datetime) -> int:
        """How many may be booked now; 0 until it is a handful, since each look costs as much for one."""
        room = (now + AHEAD - self.next(now)) // self._gap + 1
        return room if room >= self._handful else 0

    def room_after(self, now: datetime) -> timedelta:
        """How long until there is room for a handful."""
        return max(timedelta(0), self.next(now) + self._gap * (self._handful - 1) - AHEAD - now)

    def _full_until(self, now: datetime) -> datetime:
        """When the second has a place again, what is booked ahead counted in."""
        return self._places[-self._most] + SECOND if len(self._places) >= self._most else now

    def _forget(self, now: datetime) -> None:
        """Drop what is out of sight; after a clock was turned back, everything."""
        if self._places and self._places[-1] > now + SECOND:
            self._places, self._even = [], now
        del self._places[: max(0, bisect_right(self._places, now - SECOND) - self._most)]


class Pacer:
    """The limits of one bot; in domain time, which the sandbox's limiter shares."""

    def __init__(self, now: Callable[[], datetime], per_second: int = PER_SECOND) -> None:
        self._now = now
        self.per_second = per_second
        self._pace = Pace(per_second)
        self._chats: dict[tuple[int, Family], Window] = {}

    def take(self, chat_id: int, method: str, *, spare: int = 0) -> datetime | None:
        """Take a place for an answer, now or within half a second; pins and the like take none of a chat's places.

        None where the chat, or a crowd of answers, leaves no place.
        """
        place = self._pace.soon(self._now())
        if place is None or not self._enter(chat_id, method, place, spare):
            return None
        self._pace.answer(place)
        return place

    def book(self, chat_id: int, method: str) -> datetime | None:
        """The moment at which one call may leave, at most a quarter of a second from now; None when it may not."""
        now = self._now()
        place = self._pace.next(now)
        if place > now + AHEAD or not self._enter(chat_id, method, place):
            return None
        self._pace.take(place)
        return place

    def room(self) -> int:
        """How many places of the bot may be booked now, whatever the chats."""
        return self._pace.room(self._now())

    def room_after(self) -> timedelta:
        """How long, in domain time, until there is room again."""
        return self._pace.room_after(self._now())

    def _enter(self, chat_id: int, method: str, at: datetime, spare: int = 0) -> bool:
        """Take a place in the chat, if there is one; most calls that post nothing need none."""
        family = family_of(method)
        if family is None:
            return True
        window = self._window(chat_id, family)
        if not window.fits(at, spare):
            return False
        window.note(at)
        return True

    def penalise(self, chat_id: int, method: str, wait: timedelta) -> None:
        """After a 429: this chat waits at least so long."""
        self._window(chat_id, family_of(method) or Family.SEND).block(self._now(), wait)

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
