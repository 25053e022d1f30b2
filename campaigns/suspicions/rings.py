"""Groups that use each other's codes: who is beside whom at nearly every booth, more often than chance can make it.

Two people are beside each other at a booth where they used the same code, or stamped within `TOGETHER`. Honest
visitors come independently of each other: given that two stamp at one booth within the same half hour, they are beside
each other with a chance of (2 · 8 s + 15 s of one code) / 30 min. A crowd comes in waves, so where the share of the
strangers around a visitor who were beside that visitor is more, it is taken. The times that a pair is beside each other
among n stamps are then binomial, and the number of strangers who are it often enough by accident is Poisson with the
mean (people around) · P(Binomial(n, chance) ≥ times), as sums of rare, nearly independent events are (Arratia,
Goldstein and Gordon, Ann. Probab. 1989). Companions whom the tail of that explains, over all visitors at once
(Bonferroni), are accidents: a denser crowd asks for more booths before it speaks of anybody.

What is left is no accident, but friends stay together too. A ring differs by its form: it is large, and nearly
everybody is beside nearly everybody, because one picture goes round. So a group is the k-core of the graph of
companions (Seidman, Social Networks 1983): everybody in it has at least k companions in it. This is lockstep in the
sense of CopyCatch (Beutel et al., WWW 2013), for a market instead of a social network.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from campaigns.stamps.codes import LIFE, SLOT
from campaigns.suspicions.model import Seen

TOGETHER = timedelta(seconds=8)
AROUND = timedelta(minutes=15)
CHANCE = (2 * TOGETHER + SLOT) / (2 * AROUND)
BOOTHS = 2  # Once beside each other is nobody's doing.
SHARE = 0.8
DENSEST = 0.49
ACCIDENTS = 0.001  # Visitors a day, of all, whose companions may be accidents.


class Crowd(NamedTuple):
    """What one visitor moved in: the most people around, and a stranger's chance to be beside at a booth of both."""

    around: int
    chance: float


Companions = Mapping[int, frozenset[int]]


def companions(seen: Sequence[Seen]) -> Companions:
    """Whom everybody is beside at two booths or more, and at nearly all of the own and theirs, if it is no accident."""
    booths = _stamps_by_booth(seen)
    counts = Counter(member_id for stamps in booths for member_id in {each.member_id for each in stamps})
    beside, near = Counter[int](), defaultdict[int, dict[int, int]](dict)
    for (one, other), times in Counter(pair for stamps in booths for pair in set(_beside(stamps))).items():
        beside.update({one: times, other: times})
        if times >= _enough(max(counts[one], counts[other])):
            near[one][other] = near[other][one] = times
    around = _around(booths, near)
    meant = {
        each: others.keys()
        for each, others in near.items()
        if _accident(len(others), counts[each], _crowd(beside[each], others.values(), around[each])) * len(counts)
        <= ACCIDENTS
    }
    return {each: frozenset(others & meant.keys()) for each, others in meant.items()}


def groups(near: Companions, links: int) -> list[frozenset[int]]:
    """Groups in which everybody has at least so many companions."""
    return [frozenset(group) for group in _connected(_core(near, links))]


def without(near: Companions, members: Collection[int]) -> Companions:
    """The same among all others."""
    return {each: others.difference(members) for each, others in near.items() if each not in members}


def _enough(stamps: int) -> int:
    """At how many of so many stamps two are beside each other who belong together."""
    return max(BOOTHS, math.ceil(SHARE * stamps))


def _crowd(beside: int, companions: Iterable[int], around: Sequence[int]) -> Crowd:
    """The crowd about one visitor without the companions: at two booths that leaves chance / (1 + chance) of it."""
    own = sum(companions)
    share = min((beside - own) / max(sum(around) - own, 1), DENSEST)
    return Crowd(max(around), max(CHANCE, share / (1 - share)))


def _accident(found: int, stamps: int, crowd: Crowd) -> float:
    """The probability that so many of those around are companions by accident."""
    return _poisson_tail(found, crowd.around * _binomial_tail(_enough(stamps), stamps, crowd.chance))


def _binomial_tail(least: int, of: int, chance: float) -> float:
    """P(X >= least) of Binomial(of, chance)."""
    return sum(math.comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(least, of + 1))


def _poisson_tail(least: int, mean: float) -> float:
    """P(X >= least) of Poisson(mean) where that is above the mean, else 1; terms fall from there, small ones exact."""
    if least <= mean:
        return 1.0
    term = math.exp(least * math.log(mean) - mean - math.lgamma(least + 1))
    return term / (1 - mean / (least + 1))  # Bounded by the geometric series with the first ratio.


def _stamps_by_booth(seen: Iterable[Seen]) -> list[list[Seen]]:
    """The stamps of each booth in order of time."""
    booths: dict[int, list[Seen]] = defaultdict(list)
    for each in seen:
        if each.is_stamp and each.booth_id is not None:
            booths[each.booth_id].append(each)
    return [sorted(stamps, key=lambda each: (each.at, each.member_id)) for stamps in booths.values()]


def _beside(stamps: Sequence[Seen]) -> Iterable[tuple[int, int]]:
    """Pairs beside each other at one booth; only neighbours in time are compared, so that work grows with visitors."""
    window: list[Seen] = []
    for each in stamps:
        window = [other for other in window if each.at - other.at <= LIFE]
        for other in window:
            if _is_beside(other, each):
                one, two = sorted((each.member_id, other.member_id))
                yield one, two
        window.append(each)


def _is_beside(sooner: Seen, later: Seen) -> bool:
    """Two people, within seconds or with one code."""
    is_one_code = later.nonce is not None and later.nonce == sooner.nonce
    return later.member_id != sooner.member_id and (is_one_code or later.at - sooner.at <= TOGETHER)


def _around(booths: Iterable[Sequence[Seen]], members: Collection[int]) -> Mapping[int, list[int]]:
    """How many others stamped within a quarter of an hour, at each stamp of these members."""
    found: dict[int, list[int]] = defaultdict(list)
    for stamps in booths:
        moments: list[datetime] = [each.at for each in stamps]
        for each in stamps:
            if each.member_id in members:
                many = bisect_right(moments, each.at + AROUND) - bisect_left(moments, each.at - AROUND) - 1
                found[each.member_id].append(many)
    return found


def _core(near: Companions, least: int) -> dict[int, set[int]]:
    """The k-core: whoever has fewer companions leaves, and then whoever has fewer for that."""
    kept = {each: set(others) for each, others in near.items()}
    leaving = [each for each, others in kept.items() if len(others) < least]
    while leaving:
        each = leaving.pop()
        for other in kept.pop(each, ()):
            kept[other].discard(each)
            if len(kept[other]) == least - 1:
                leaving.append(other)
    return kept


def _connected(near: Mapping[int, set[int]]) -> Iterable[set[int]]:
    """The groups that pairs connect."""
    left = set(near)
    while left:
        group, edge = set[int](), {left.pop()}
        while edge:
            member = edge.pop()
            group.add(member)
            edge |= near[member] - group
        left -= group
        yield group
