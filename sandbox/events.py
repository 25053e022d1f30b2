"""Everything that happens in the world, in one numbered row, for the web chat's live view."""

from collections import deque
from dataclasses import dataclass
from itertools import islice

from sandbox.model import JsonObject

KEPT = 20_000


@dataclass(frozen=True)
class Event:
    """One happening; `chat_key` empty means everybody, `only` narrows it to one person."""

    seq: int
    chat_key: str
    only: int | None
    body: JsonObject


class Events:
    """The last 20,000 events."""

    def __init__(self) -> None:
        self._kept: deque[Event] = deque(maxlen=KEPT)

    def add(self, event: Event) -> None:
        """Append an event; numbers only grow."""
        self._kept.append(event)

    def after(self, seq: int) -> list[Event]:
        """Return the kept events with a higher number, oldest first."""
        fresh = 0
        for event in reversed(self._kept):
            if event.seq <= seq:
                break
            fresh += 1
        return list(islice(self._kept, len(self._kept) - fresh, None))
