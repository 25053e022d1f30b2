"""Who comes to a rehearsal: so many people with their patience, pace and manners, the same for the same seed."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from campaigns.rallies.model import RallyPlan
from campaigns.rehearsals.model import Manner, Visitor

RING = 10
LONERS = {Manner.PHOTOGRAPHER: 0.01, Manner.REPLAYER: 0.01, Manner.FORGER: 0.01, Manner.DOUBLE: 0.01}
FEWEST_FOR_A_RING = 40
PEOPLE_PER_RING = 1000
HONEST = {Manner.PATIENT: 0.5, Manner.HURRIED: 0.3, Manner.FAMILY: 0.2}
PATIENCE_MINUTES = {Manner.PATIENT: (12, 30), Manner.HURRIED: (3, 8), Manner.FAMILY: (8, 18)}
RING_PATIENCE_MINUTES = (60, 120)  # Whoever walks for ten gifts waits for them.
PACE = {Manner.PATIENT: (1.0, 1.4), Manner.HURRIED: (1.2, 1.7), Manner.FAMILY: (0.6, 1.0)}  # Metres a second.
LAST_ARRIVAL = 0.85  # Of the event's window.
BUSIEST = 0.35
EASY = 0.7  # The share of those who want the first target of the file.


def crowd(plan: RallyPlan, count: int, seed: int) -> tuple[Visitor, ...]:
    """So many visitors, cheats among them: a hundredth of each kind, at least one, and a ring of ten per thousand."""
    chance = random.Random(seed)  # noqa: S311 - a simulation that must come out the same again.
    manners = _manners(count)
    arrivals = _arrivals(plan, count, chance)
    honest = [number for number, manner in enumerate(manners) if manner.is_honest]
    found = [
        _visitor(plan, number, manner, at, chance)
        for number, (manner, at) in enumerate(zip(manners, arrivals, strict=True))
    ]
    return tuple(_leaning(found, honest, chance))


def _manners(count: int) -> list[Manner]:
    """Cheats at the end of the list, rings whole."""
    rings = max(1, count // PEOPLE_PER_RING) if count >= FEWEST_FOR_A_RING else 0
    cheats = [Manner.RING] * (rings * RING)
    for manner, share in LONERS.items():
        cheats += [manner] * max(1, round(count * share))
    honest = max(1, count - len(cheats))
    ways = [manner for manner, share in HONEST.items() for _ in range(round(honest * share))]
    ways = (ways + [Manner.PATIENT] * honest)[:honest]
    return (ways + cheats)[:count]


def _arrivals(plan: RallyPlan, count: int, chance: random.Random) -> list[datetime]:
    """Moments over the event with one hump, as at a market."""
    window = (plan.ends_at - plan.starts_at) * LAST_ARRIVAL
    return [plan.starts_at + window * chance.triangular(0, 1, BUSIEST) for _ in range(count)]


def _visitor(plan: RallyPlan, number: int, manner: Manner, at: datetime, chance: random.Random) -> Visitor:
    like = manner if manner.is_honest else Manner.PATIENT
    target = plan.targets[0] if chance.random() < EASY else chance.choice(plan.targets)
    minutes = RING_PATIENCE_MINUTES if manner is Manner.RING else PATIENCE_MINUTES[like]
    patience = timedelta(minutes=chance.uniform(*minutes))
    return Visitor(number, manner, at, chance.uniform(*PACE[like]), patience, target.code)


def _leaning(found: list[Visitor], honest: list[int], chance: random.Random) -> Iterator[Visitor]:
    """Cheats with whom they lean on: a ring on its first, the others on somebody who visits honestly."""
    in_rings = 0
    for each in found:
        if each.manner is Manner.RING:
            ring, first = in_rings // RING, each.number - in_rings % RING
            in_rings += 1
            leads = first == each.number
            yield _with(each, found[first].arrives_at, found[first].wants, None if leads else first, ring)
        elif each.manner in (Manner.PHOTOGRAPHER, Manner.DOUBLE):
            partner = found[chance.choice(honest)]
            yield _with(each, partner.arrives_at, partner.wants, partner.number, None)
        else:
            yield each


def _with(each: Visitor, at: datetime, wants: str, partner: int | None, ring: int | None) -> Visitor:
    return Visitor(each.number, each.manner, at, each.metres_a_second, each.patience, wants, partner, ring)
