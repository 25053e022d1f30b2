"""Telling members, three days before, which of their points end."""

from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.points.model import Ending
from campaigns.points.service import PointsService


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class ReminderWording(Protocol):
    """The sentence of the reminder."""

    def ending(self, member: Member, ending: Ending) -> Message:
        """What somebody reads whose points end soon."""
        ...


class PointsReminders:
    """Reminders of points that end, inside one unit of work: one per member and day."""

    def __init__(self, points: PointsService, people: People, outbox: Outbox, wording: ReminderWording) -> None:
        self._points = points
        self._people = people
        self._outbox = outbox
        self._wording = wording

    async def tick(self) -> int:
        """Remind those whose points end soon; returns how many."""
        found = await self._points.ending()
        known = await self._people.many([ending.member_id for ending in found])
        for ending in found:
            words = self._wording.ending(known[ending.member_id], ending)
            await self._outbox.tell("points:ending", str(ending.ends_on), ending.member_id, words)
        return len(found)
