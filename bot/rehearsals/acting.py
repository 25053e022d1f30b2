"""Visitors act through the services alone: every rule and every row, no chat, no messages."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.rehearsals.codes import Screens
from bot.rehearsals.desks import collect, confirm, play
from bot.rehearsals.world import World
from campaigns.games.model import GameKind
from campaigns.members.model import Introduction, Language
from campaigns.rehearsals.model import Course, Step, Verb
from campaigns.rehearsals.report import Messages, Way
from campaigns.stamps.model import StampClaim, StampOutcome
from campaigns.suspicions.service import EVERY
from storage.rehearsals import make_customers

TOGETHER = 64
FIRST_ID = 1_000
TICK = EVERY  # As often as the product looks for cheats.
RIGHT = 0.7  # The share of visitors who know a quiz's answer at once.


class Acting(Protocol):
    """A way to play an event's steps."""

    way: Way
    beat: timedelta  # Steps of so long a stretch are played at the same moment.

    async def begin(self, course: Course) -> None:
        """Make everybody ready."""
        ...

    async def act(self, steps: Sequence[Step], now: datetime) -> None:
        """Play steps that fall into one beat, which ends now."""
        ...

    async def end(self, now: datetime) -> Messages | None:
        """Let everything settle; what was sent, where something was."""
        ...


class ServiceActing:
    """Acts by use cases, in transactions as the batcher of the bot makes them."""

    way = Way.SERVICES
    beat = timedelta(seconds=60)

    def __init__(self, world: World, screens: Screens, seed: int) -> None:
        self._world = world
        self._screens = screens
        self._chance = random.Random(seed)  # noqa: S311 - a simulation that must come out the same again.
        self._ticks_at = world.plan.starts_at

    async def begin(self, course: Course) -> None:
        """Everybody has met the bot, and is a customer where gifts want that; the event opens."""
        people = [
            (each.number, Introduction(FIRST_ID + each.number, f"访客{each.number}", Language.ZH, is_private=True))
            for each in course.visitors
        ]
        await self._world.meet(people)
        await bind(self._world)
        self._world.turn_clock(self._world.plan.starts_at)
        await self._tick()

    async def act(self, steps: Sequence[Step], now: datetime) -> None:
        """Scans together, then games and gifts one after the other; then what the clock asks."""
        self._world.turn_clock(now)
        scans = [step for step in steps if step.verb is not Verb.COLLECT]
        for some in chunks(scans):
            await self._scan(some)
        for step in steps:
            if step.verb is Verb.COLLECT:
                await collect(self._world, step)
        if now >= self._ticks_at:
            self._ticks_at = now + TICK
            await self._tick()

    async def end(self, now: datetime) -> Messages | None:
        """The event is over; nothing was sent."""
        self._world.turn_clock(now)
        await self._tick()
        return None

    async def _tick(self) -> None:
        """What the clock asks of an event: to open, to end, to look for cheats."""
        async with self._world.turn() as services:
            await services.rally_course.tick(services.setbacks)
            await services.suspicions.tick()

    async def _scan(self, steps: Sequence[Step]) -> None:
        claims = []
        for step in steps:
            member = self._world.members[step.visitor]
            claims.append(StampClaim(member.id, member.customer_id, self._screens.code(step), step.at))
        async with self._world.turn() as services:
            found = await services.stamps.decide(claims)
        for step, stamped in zip(steps, found, strict=True):
            if stamped.outcome is StampOutcome.GAME:
                await self._play(step)

    async def _play(self, step: Step) -> None:
        if self._world.booth(step.booth).game.kind is GameKind.STAFF:
            await confirm(self._world, step)
        else:
            await play(self._world, step, right=self._chance.random() < RIGHT)


async def bind(world: World) -> None:
    """Let every visitor be a customer of the bank where the event's gifts want a real name (S-203)."""
    if not world.plan.needs_real_name:
        return
    async with world.app.database.unit_of_work() as uow:
        await make_customers(uow, [member.id for member in world.members.values()])
        people = await world.app.services(uow).people.many([member.id for member in world.members.values()])
    world.members = {number: people[member.id] for number, member in world.members.items()}


def chunks(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """As many together as the bot decides at once; nobody twice in one of them."""
    some: list[Step] = []
    for step in steps:
        if len(some) == TOGETHER or any(step.visitor == each.visitor for each in some):
            yield some
            some = []
        some.append(step)
    if some:
        yield some
