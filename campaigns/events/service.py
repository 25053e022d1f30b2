"""Use cases of events: take a bank's file in, whole or not at all, and find out what the product knows by itself."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.events.model import BadLine, Event, EventLine, ImportReport, LineFault

OF_A_BANK_FILE = "file"
AT_A_TIME = 5_000


class EventStore(Protocol):
    """What events need of the database."""

    async def customers(self, numbers: Collection[str]) -> Mapping[str, UUID]:
        """Customers by the bank's number."""
        ...

    async def add(self, events: Sequence[Event], now: datetime) -> Mapping[str, Event]:
        """Keep events whose key is new; returns by key those that were there before, as they are kept."""
        ...

    async def look(self, now: datetime) -> int:
        """Keep what the product itself knows has happened; returns how many events were new. Cheap when repeated."""
        ...


class EventService:
    """Events inside one unit of work."""

    def __init__(self, store: EventStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def take_in(self, lines: Iterable[EventLine | BadLine]) -> ImportReport:
        """Keep every line that is an event; the same file again changes nothing."""
        found = list(lines)
        bad = [each for each in found if isinstance(each, BadLine)]
        good = [each for each in found if isinstance(each, EventLine)]
        new = known = 0
        for at in range(0, len(good), AT_A_TIME):
            fresh, same, refused = await self._take(good[at : at + AT_A_TIME])
            new, known, bad = new + fresh, known + same, [*bad, *refused]
        return ImportReport(new, known, tuple(sorted(bad, key=lambda each: each.line)))

    async def look(self) -> int:
        """Find out what happened in the product since the last look; returns how many events were new."""
        return await self._store.look(self._now())

    async def _take(self, lines: Sequence[EventLine]) -> tuple[int, int, list[BadLine]]:
        known = await self._store.customers({each.number for each in lines})
        first: dict[str, Event] = {}
        bad: list[BadLine] = []
        taken: list[tuple[EventLine, Event]] = []
        for line in lines:
            if line.number not in known:
                bad.append(BadLine(line.line, LineFault.UNKNOWN_CUSTOMER, line.number))
                continue
            event = _event(line, known[line.number])
            taken.append((line, event))
            first.setdefault(event.key, event)
        before = await self._store.add(list(first.values()), self._now())
        kept = {**first, **before}
        other = [line for line, event in taken if not _is_same(event, kept[event.key])]
        bad += [BadLine(line.line, LineFault.OTHER_EVENT_OF_KEY, line.key) for line in other]
        fresh = len(first.keys() - before.keys())
        return fresh, len(taken) - len(other) - fresh, bad


def _event(line: EventLine, customer_id: UUID) -> Event:
    return Event(
        line.kind,
        line.at,
        OF_A_BANK_FILE,
        f"{OF_A_BANK_FILE}:{line.key}",
        customer_id=customer_id,
        amount=line.amount,
        payload=line.payload,
    )


def _is_same(one: Event, other: Event) -> bool:
    """Whether two lines of one key tell the same; a moment of today may have been cut to the hour of the import."""
    return (one.kind, one.customer_id, one.amount) == (other.kind, other.customer_id, other.amount)
