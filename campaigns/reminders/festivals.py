"""What a festival proposes to a manager ahead of it: whom, by which steps, a reminder of the groups (S-33, S-181)."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Protocol

from campaigns.bankdays.feasts import Festival
from campaigns.members.model import Language, Member
from campaigns.reminders.model import Audience, Plan, Preview, ReminderRefusal
from campaigns.reminders.reading import Request, Whom
from campaigns.reminders.schedule import Festive
from campaigns.reminders.service import Drafted, ReminderService

AHEAD = 21  # Days: a week each to prepare, to have it approved, and to run.
AT = time(9, 30)
LATE = timedelta(days=7)
GROUPS_AHEAD, GROUPS_AT = 3, time(10)


@dataclass(frozen=True)
class Idea:
    """A festival with the audience that it speaks to, as a line of the audiences' language."""

    festival: Festival
    line: str


IDEAS = {
    idea.festival: idea
    for idea in (
        Idea(Festival.SPRING, "所有客户"),
        Idea(Festival.LANTERN, "所有客户"),
        Idea(Festival.WOMEN, "性别 = 女"),
        Idea(Festival.DRAGON_BOAT, "所有客户"),
        Idea(Festival.MID_AUTUMN, "所有客户"),
        Idea(Festival.NATIONAL, "所有客户"),
        Idea(Festival.DOUBLE_NINTH, "年龄 >= 60"),
    )
}


class FestivalWording(Protocol):
    """The sentences that festivals propose with."""

    def idea(self, idea: Idea, days: int, language: Language) -> str:
        """What the manager reads ahead of it."""
        ...

    def invitation(self, festival: Festival) -> str:
        """What groups read some days before; the manager changes it at will."""
        ...


class FestivalPlans:
    """Festivals in a manager's book of reminders, inside one unit of work."""

    def __init__(self, reminders: ReminderService, wording: FestivalWording) -> None:
        self._reminders = reminders
        self._wording = wording

    async def follow(self, by: Member) -> int | ReminderRefusal:
        """Propose every festival of the year ahead of it, from now on; returns how many are new in the book."""
        known = {each.reminder.shown.timing for each in await self._reminders.lines(by)}
        new = [idea for idea in IDEAS.values() if proposed(idea) not in known]
        for idea in new:
            words = self._wording.idea(idea, AHEAD, by.language)
            drafted = await self._reminders.draft(Request(proposed(idea), Whom.ME, "", words, LATE), by)
            if isinstance(drafted, ReminderRefusal):
                return drafted
            assert isinstance(drafted, Preview), "words to oneself are asked of no gate"
            await self._reminders.confirm(drafted.line.reminder.id, by)
        return len(new)

    async def invite(self, festival: Festival, by: Member) -> Drafted:
        """A draft that reminds all own groups some days before the festival."""
        timing = Festive(festival, GROUPS_AHEAD, GROUPS_AT)
        return await self._reminders.draft(Request(timing, Whom.ALL_GROUPS, "", self._wording.invitation(festival)), by)


def proposed(idea: Idea) -> Festive:
    """When a festival is proposed."""
    return Festive(idea.festival, AHEAD, AT)


def proposal_of(plan: Plan, owner: int) -> Festival | None:
    """The festival that a reminder to its own owner proposes; None for every other reminder."""
    if not isinstance(plan.timing, Festive) or plan.audience != Audience(member_id=owner):
        return None
    idea = IDEAS.get(plan.timing.festival)
    return idea.festival if idea and plan.timing == proposed(idea) else None
