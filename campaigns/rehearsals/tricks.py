"""What cheats do beside the course of honest visitors: relayed, photographed, replayed and invented codes."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from campaigns.rallies.model import RallyPlan
from campaigns.rehearsals.model import Manner, Step, Verb, Visitor

RELAY_SECONDS = (2.0, 7.0)  # A picture sent to the ring and used at once.
PICTURE_SECONDS = (45.0, 2400.0)  # A picture used from a sofa.
REPLAY_SECONDS = (60.0, 3600.0)
REPLAYS = 6
FORGERIES = 12


def tricks(
    visitors: Sequence[Visitor], steps: Sequence[Step], plan: RallyPlan, chance: random.Random
) -> Iterator[Step]:
    """The cheats' steps, in no order; each leans on what somebody really did."""
    by_visitor: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        by_visitor[step.visitor].append(step)
    for each in visitors:
        own, partner = by_visitor[each.number], by_visitor[each.partner] if each.partner is not None else []
        match each.manner:
            case Manner.RING | Manner.DOUBLE if each.partner is not None:
                yield from _relayed(each, partner, chance)
            case Manner.PHOTOGRAPHER:
                yield from _photographed(each, partner, plan, chance)
            case Manner.REPLAYER:
                yield from _replayed(each, own, plan, chance)
            case Manner.FORGER:
                yield from _forged(each, plan, chance)
            case _:
                continue


def _relayed(each: Visitor, partner: Sequence[Step], chance: random.Random) -> Iterator[Step]:
    """Every code of the partner while it lives, then the same gift."""
    for step in partner:
        later = step.at + timedelta(seconds=chance.uniform(*RELAY_SECONDS))
        if step.verb is Verb.SCAN:
            yield Step(later, each.number, Verb.RELAY, step.booth, step.code_at)
        elif step.verb is Verb.COLLECT:
            yield Step(later + timedelta(minutes=2), each.number, Verb.COLLECT, target=step.target)


def _photographed(each: Visitor, partner: Sequence[Step], plan: RallyPlan, chance: random.Random) -> Iterator[Step]:
    """Every code of the partner once it is dead."""
    for step in partner:
        at = step.at + timedelta(seconds=chance.uniform(*PICTURE_SECONDS))
        if step.verb is Verb.SCAN and at < plan.ends_at:
            yield Step(at, each.number, Verb.PICTURE, step.booth, step.code_at)


def _replayed(each: Visitor, own: Sequence[Step], plan: RallyPlan, chance: random.Random) -> Iterator[Step]:
    """The own codes again: for the same booth, since a code knows its booth."""
    for step in own:
        for _ in range(REPLAYS):
            at = step.at + timedelta(seconds=chance.uniform(*REPLAY_SECONDS))
            if step.verb is Verb.SCAN and at < plan.ends_at:
                yield Step(at, each.number, Verb.REPLAY, step.booth, step.code_at)


def _forged(each: Visitor, plan: RallyPlan, chance: random.Random) -> Iterator[Step]:
    """Codes out of the air, for every booth."""
    for _ in range(FORGERIES):
        at = each.arrives_at + (plan.ends_at - each.arrives_at) * chance.random()
        yield Step(at, each.number, Verb.FORGE, chance.choice(plan.booths).code, at)
