"""The book of reminders: each with its next times, what became of the last, and the names of its groups."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.reminders.model import Happening, Line, Plan, Reminder, State
from campaigns.reminders.ports import ReminderStore
from campaigns.reminders.rules import upcoming
from campaigns.reminders.schedule import Before

SHOWN_TIMES = 3
COMING = frozenset({State.DRAFT, State.ON})


class ReminderBook:
    """Looks at reminders inside one unit of work."""

    def __init__(self, store: ReminderStore, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._store = store
        self._now = now
        self._zone = zone

    async def lines(self, owners: Sequence[int] = ()) -> list[Line]:
        """What is on, paused or in review, of these owners; of everybody where none is given."""
        return [await self.line(each) for each in await self._store.of_owners(owners)]

    async def line(self, found: Reminder) -> Line:
        """One reminder; a version that is not in force yet shows the times that it would have."""
        plan, now = found.shown, self._now()
        happenings = await self._happenings(plan, now) if found.state in COMING else []
        times = upcoming(plan, happenings, now, self._zone, SHOWN_TIMES) if found.state in COMING else []
        groups = await self._store.groups(plan.audience.groups)
        titles = tuple(groups[number].title for number in plan.audience.groups if number in groups)
        return Line(found, tuple(times), await self._store.last(found.id), titles)

    async def _happenings(self, plan: Plan, now: datetime) -> list[Happening]:
        if not isinstance(plan.timing, Before):
            return []
        return await self._store.happenings(plan.timing.thing, plan.audience.groups, now)
