"""Seeded days for scoring: a market with parties, haste, late scans and cheats; and a rehearsed event with queues."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from campaigns.rallies.model import RallyPlan
from campaigns.rallies.reading import read_rally
from campaigns.rehearsals.course import course_of
from campaigns.rehearsals.model import Course, Manner, Verb
from campaigns.rehearsals.visitors import crowd
from campaigns.stamps.codes import LIFE, SKEW, next_code_at, slot_of
from campaigns.suspicions.model import Seen, Spot

EXAMPLE = Path(__file__).resolve().parents[1] / "campaigns" / "rallies" / "example.yaml"
OPENS = datetime(2026, 12, 5, 2, tzinfo=UTC)
HOURS = 5
PARTIES, WEIGHTS = (1, 2, 3, 4, 5, 6, 8), (45, 30, 12, 8, 3, 2, 0.3)
LATE, OLD, RUNS, AT_ONCE = 0.03, 0.003, 0.01, 0.25


@dataclass(frozen=True)
class Market:
    """What was seen on the day, and who cheated; hunters use pictures of codes, most of them dead."""

    seen: Sequence[Seen]
    spots: dict[int, Spot]
    honest: frozenset[int]
    ring: frozenset[int]
    hunters: frozenset[int]


def market(
    seed: int,
    visitors: int,
    *,
    booths: int = 12,
    ring: int = 10,
    ring_booths: int = 8,
    hunters: int = 3,
    hours: float = HOURS,
) -> Market:
    """A day with a ring that sends pictures round, and hunters who use the pictures of others at far booths."""
    dice = random.Random(seed)
    spots = {each: Spot(dice.uniform(0, 200), dice.uniform(0, 120)) for each in range(1, booths + 1)}
    seen: list[Seen] = []
    members = iter(range(1, 10**9))
    honest = set[int]()
    while len(honest) < visitors:
        party = [next(members) for _ in range(min(dice.choices(PARTIES, WEIGHTS)[0], visitors - len(honest)))]
        honest |= set(party)
        seen += _walk(dice, party, spots, hours)
    cheats = [next(members) for _ in range(ring)]
    seen += _ring(dice, cheats, spots, min(ring_booths, booths))
    far = [next(members) for _ in range(hunters)]
    for hunter in far:
        seen += _hunt(dice, hunter, spots)
    seen.sort(key=lambda each: each.at)
    return Market(seen, spots, frozenset(honest), frozenset(cheats), frozenset(far))


def _walk(dice: random.Random, party: Sequence[int], spots: dict[int, Spot], hours: float) -> Iterator[Seen]:
    """A party strolls from booth to booth, waits there, and scans one after the other, or all at once."""
    at = OPENS + timedelta(seconds=dice.uniform(0, (hours - 1) * 3600))
    pace, is_at_once = dice.uniform(0.5, 1.4), dice.random() < AT_ONCE
    here = Spot(dice.uniform(0, 200), 0)
    for booth in dice.sample(sorted(spots), dice.randint(3, len(spots))):
        there = spots[booth]
        speed = dice.uniform(2.5, 3.6) if dice.random() < RUNS else pace
        at += timedelta(seconds=_metres(here, there) / speed + dice.expovariate(1 / 60))
        for member in dice.sample(list(party), len(party)):
            at += timedelta(seconds=dice.uniform(0, 1) if is_at_once else dice.uniform(2, 4) + dice.expovariate(1 / 5))
            yield from _scan(dice, member, booth, at)
        here = there
        at += timedelta(seconds=dice.uniform(10, 90))


def _scan(dice: random.Random, member: int, booth: int, at: datetime) -> Iterator[Seen]:
    """Mostly at once; now and then too late, and then again."""
    if dice.random() < LATE:
        yield use(member, booth, at - timedelta(seconds=dice.uniform(33, 80)), at)
    if dice.random() < OLD:
        yield use(member, booth, at - timedelta(minutes=dice.uniform(2, 30)), at)
    yield use(member, booth, at - timedelta(seconds=dice.uniform(1, 12)), at)


def _ring(dice: random.Random, members: Sequence[int], spots: dict[int, Spot], booths: int) -> Iterator[Seen]:
    """One walks the market and sends each code round; all others use it within seconds."""
    at = OPENS + timedelta(hours=1)
    here = Spot(0, 0)
    for booth in dice.sample(sorted(spots), booths):
        at += timedelta(seconds=_metres(here, spots[booth]) / 1.2 + 40)
        for member in members:
            yield use(member, booth, at - timedelta(seconds=5), at + timedelta(seconds=dice.uniform(0, 7)))
        here = spots[booth]


def _hunt(dice: random.Random, member: int, spots: dict[int, Spot]) -> Iterator[Seen]:
    """Sits at home with pictures of several booths' codes: fresh ones in one minute, and old ones that give nothing."""
    at = OPENS + timedelta(minutes=dice.uniform(60, 200))
    for booth in sorted(spots, key=lambda each: -spots[each].x):
        yield use(member, booth, at - timedelta(seconds=8), at)
        yield use(member, booth, at - timedelta(minutes=9), at)
        at += timedelta(seconds=3)


def use(member: int, booth: int, shown: datetime, at: datetime) -> Seen:
    """A scan of the code that was on a booth's screen at `shown`, as it is stored."""
    at = at.replace(microsecond=0)
    made = next_code_at(shown) - timedelta(seconds=15)
    return Seen(member, at, booth, f"{slot_of(shown):x}", made, is_stamp=at < made + LIFE + SKEW)


def _metres(one: Spot, other: Spot) -> float:
    return float(((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5)


def example_plan() -> RallyPlan:
    """The event that the product brings as its example."""
    return read_rally(EXAMPLE.read_text("utf-8"), datetime(2030, 1, 1, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


def rehearsed(plan: RallyPlan, visitors: int, seed: int, pace: float = 1.0) -> Market:
    """The day as a rehearsal plays it, with queues; `pace` times as many people a minute pass each booth.

    A ring that got no code at a second booth did nothing yet, and is not in `ring`.
    """
    booths = [replace(each, seconds_per_visitor=max(1, round(each.seconds_per_visitor / pace))) for each in plan.booths]
    day = course_of(replace(plan, booths=tuple(booths)), crowd(plan, visitors, seed), seed)
    numbers = {each.code: number for number, each in enumerate(booths, 1)}
    metres = plan.map_metres / 100
    spots = {numbers[each.code]: Spot(each.x * metres, each.y * metres) for each in booths}
    seen = list(_used(day, numbers))
    stamps = Counter(each.member_id for each in seen if each.is_stamp)
    honest = frozenset(each.number for each in day.visitors if each.manner.is_honest)
    ring = frozenset(each.number for each in day.visitors if each.manner is Manner.RING and stamps[each.number] > 1)
    return Market(seen, spots, honest, ring, frozenset())


def _used(day: Course, numbers: dict[str, int]) -> Iterator[Seen]:
    """Uses of codes as the product stores them; the second at a booth is no stamp."""
    stamped = set[tuple[int, str]]()
    for step in day.steps:
        if step.verb is Verb.FORGE:
            yield Seen(step.visitor, step.at)
        elif step.code_at is not None:
            used = use(step.visitor, numbers[step.booth], step.code_at, step.at)
            is_stamp = used.is_stamp and (step.visitor, step.booth) not in stamped
            stamped |= {(step.visitor, step.booth)} if is_stamp else set()
            yield replace(used, is_stamp=is_stamp)
