"""Plays an event's course, beat by beat, and reports what the product made of it."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bot.rehearsals.acting import Acting
from bot.rehearsals.world import World
from campaigns.rehearsals.model import Course, Step
from campaigns.rehearsals.report import Rehearsed, report
from storage.rehearsals import outcomes

Watch = Callable[[int, int, str], None]
LAST = timedelta(minutes=1)


async def rehearse(world: World, acting: Acting, course: Course, seed: int, watch: Watch) -> Rehearsed:
    """The whole day; `watch` hears how many acts of how many are done, and what the event's clock shows."""
    await acting.begin(course)
    begin = time.monotonic()
    acts = 0
    for now, steps in beats(course.steps, world.plan.starts_at, acting.beat):
        await acting.act(steps, now)
        acts += len(steps)
        watch(acts, len(course.steps), f"{now.astimezone(world.app.zone):%H:%M}")
    last = course.steps[-1].at if course.steps else world.plan.ends_at
    messages = await acting.end(max(world.plan.ends_at, last) + LAST)
    seconds = time.monotonic() - begin
    visitors = {member.id: number for number, member in world.members.items()}
    async with world.app.database.unit_of_work() as uow:
        found = await outcomes(uow, world.rally.id, visitors)
    return report(world.plan, course, found, acting.way, seed, seconds, messages)


def beats(steps: Sequence[Step], begin: datetime, beat: timedelta) -> Iterator[tuple[datetime, list[Step]]]:
    """Steps by their stretch of time, each with its end; stretches without steps are left out."""
    for number, some in groupby(steps, key=lambda step: (step.at - begin) // beat):
        yield begin + (number + 1) * beat, list(some)
