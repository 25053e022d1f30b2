"""The course of a rehearsed day: who walks where, waits how long, gives up, stamps, collects; pure for a seed."""

import heapq
import math
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from campaigns.rallies.model import BoothPlan, RallyPlan
from campaigns.rallies.targets import still_useful
from campaigns.rehearsals.model import Course, Step, Verb, Visit, Visitor
from campaigns.rehearsals.tricks import tricks

DESK_SECONDS = 25
DESKS = 2
LOOK_SECONDS = 20  # To find out where to go next.
SCREEN_AGE = timedelta(seconds=8)  # How old the code on a screen is when somebody scans it.
EARLY = timedelta(minutes=5)  # People queue that long before a booth opens.
TIRED_AFTER = 3  # Queues that were too long, one after the other.


@dataclass(frozen=True, order=True)
class _Event:
    at: datetime
    order: int
    visitor: int
    place: str = field(compare=False)  # A booth's code, DESK, or the empty word: where next?


DESK = "desk"


@dataclass
class _Walker:
    """One visitor on the way."""

    visitor: Visitor
    x: float
    y: float
    stamps: set[str] = field(default_factory=set)
    shunned: set[str] = field(default_factory=set)
    disappointments: int = 0


class Day:
    """Plays one day; a visitor sees how long each queue takes, as the Mini App tells it."""

    def __init__(self, plan: RallyPlan, visitors: tuple[Visitor, ...], seed: int) -> None:
        self._plan = plan
        self._visitors = visitors
        self._chance = random.Random(seed)  # noqa: S311 - a simulation that must come out the same again.
        self._booths = {booth.code: booth for booth in plan.booths}
        self._targets = {target.code: target for target in plan.targets}
        self._free_at = {booth.code: max(booth.opens_at, plan.starts_at) for booth in plan.booths}
        self._desks = [plan.starts_at] * DESKS
        self._walkers = {each.number: _Walker(each, 50, 0) for each in visitors if each.partner is None}
        self._events: list[_Event] = []
        self._order = 0
        self._steps: list[Step] = []
        self._visits: list[Visit] = []
        self._given_up: Counter[str] = Counter()

    def play(self) -> Course:
        """From the first who comes to the last who leaves."""
        for walker in self._walkers.values():
            self._later(walker.visitor.arrives_at, walker, "")
        while self._events:
            event = heapq.heappop(self._events)
            if event.at < self._plan.ends_at:
                self._go_on(self._walkers[event.visitor], event.place, event.at)
        steps = [*self._steps, *tricks(self._visitors, self._steps, self._plan, self._chance)]
        steps.sort(key=lambda step: (step.at, step.visitor, step.verb))
        return Course(self._visitors, tuple(steps), tuple(self._visits), dict(self._given_up))

    def _go_on(self, walker: _Walker, place: str, now: datetime) -> None:
        if place == DESK:
            self._collect(walker, now)
        elif place:
            self._queue(walker, self._booths[place], now)
        else:
            self._choose(walker, now)

    def _choose(self, walker: _Walker, now: datetime) -> None:
        """Walk to what costs least time, the wait included; to the desk once the target is reached; or home."""
        target = self._targets[walker.visitor.wants]
        useful = still_useful(target, walker.stamps)
        if not useful:
            self._walk(walker, DESK, 50, 0, now)
            return
        places = [self._booths[code] for code in sorted(useful - walker.shunned)]  # A set's order is another each time.
        reachable = [booth for booth in places if self._is_open(booth, now)]
        if reachable and walker.disappointments < TIRED_AFTER:
            best = min(reachable, key=lambda booth: self._cost(walker, booth, now))
            self._walk(walker, best.code, best.x, best.y, now)

    def _queue(self, walker: _Walker, booth: BoothPlan, now: datetime) -> None:
        """Wait for the turn and stamp, or give up before a queue that takes longer than the patience."""
        begin = max(now, self._free_at[booth.code])
        done = begin + self._service(booth)
        walker.x, walker.y = booth.x, booth.y
        if begin - now > walker.visitor.patience or done > min(booth.closes_at, self._plan.ends_at):
            self._given_up[booth.code] += 1
            walker.shunned.add(booth.code)
            walker.disappointments += 1
            self._later(now, walker, "")
            return
        walker.disappointments = 0
        walker.shunned.clear()
        self._free_at[booth.code] = done
        self._visits.append(Visit(booth.code, now, begin, done))
        walker.stamps.add(booth.code)
        shown = done - SCREEN_AGE * self._chance.random()
        self._steps.append(Step(done, walker.visitor.number, Verb.SCAN, booth.code, shown))
        self._later(done + timedelta(seconds=LOOK_SECONDS), walker, "")

    def _collect(self, walker: _Walker, now: datetime) -> None:
        """The gift, at the desk that is free first."""
        desk = min(range(DESKS), key=self._desks.__getitem__)
        begin = max(now, self._desks[desk])
        done = begin + timedelta(seconds=DESK_SECONDS * self._chance.uniform(0.6, 1.6))
        self._desks[desk] = done
        if done < self._plan.ends_at:
            self._steps.append(Step(done, walker.visitor.number, Verb.COLLECT, target=walker.visitor.wants))

    def _walk(self, walker: _Walker, place: str, x: float, y: float, now: datetime) -> None:
        metres = math.hypot(x - walker.x, y - walker.y) * self._plan.map_metres / 100
        self._later(now + timedelta(seconds=5 + metres / walker.visitor.metres_a_second), walker, place)

    def _cost(self, walker: _Walker, booth: BoothPlan, now: datetime) -> float:
        """Seconds until the turn, with a taste of one's own."""
        metres = math.hypot(booth.x - walker.x, booth.y - walker.y) * self._plan.map_metres / 100
        waiting = max(0.0, (self._free_at[booth.code] - now).total_seconds())
        return (metres / walker.visitor.metres_a_second + waiting) * self._chance.uniform(0.5, 1.5)

    def _is_open(self, booth: BoothPlan, now: datetime) -> bool:
        return booth.opens_at - EARLY <= now < booth.closes_at

    def _service(self, booth: BoothPlan) -> timedelta:
        """A visitor's time at the booth, around what the file says."""
        return timedelta(seconds=booth.seconds_per_visitor * self._chance.gammavariate(6, 1 / 6))

    def _later(self, at: datetime, walker: _Walker, place: str) -> None:
        self._order += 1
        heapq.heappush(self._events, _Event(at, self._order, walker.visitor.number, place))


def course_of(plan: RallyPlan, visitors: tuple[Visitor, ...], seed: int) -> Course:
    """The day of these visitors."""
    return Day(plan, visitors, seed).play()
