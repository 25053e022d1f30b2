"""Pure scoring of visitors from the uses of codes that are stored anyway (requirement S-202).

A sign alone never reaches the bar unless it is repeated: honest people run, lend their phone or scan late, once. The
weights were set on the seeded simulation of `bench/suspicions.py`; they decide whether a GIFT waits for a person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from math import hypot
from statistics import median

from campaigns.rallies.model import Target
from campaigns.rallies.targets import reached_of
from campaigns.suspicions.model import Reason, Remaining, Seen, Sign, Spot, Suspicion
from campaigns.suspicions.rings import companions, groups, without

BAR = 60
RUNNING = 4.0  # Metres a second: nobody walks through a market like that.
SLACK = timedelta(seconds=20)  # A scan is sent when the phone has network, and seconds are whole.
STALE = timedelta(seconds=90)  # Three lives of a code: whoever uses it then was sent a picture of it.
PARTY, RING = 4, 9  # Friends scan together too, up to eight of them: a party is a sign, a ring is held.
LINKS = 6  # Companions that everybody in a ring has in it: nearly all, not all, since some scans fail.
BURST, TIMES_USUAL = 12, 5
POINTS = {
    Sign.TOO_FAST: 25,
    Sign.STALE_CODES: 20,
    Sign.SHARED_CODE: 15,
    Sign.FORGED_CODES: 25,
    Sign.RING: 60,
    Sign.PARTY: 30,
    Sign.UNEARNED: 60,
}
NOBODY: Mapping[int, int] = {}
MOST = {Sign.TOO_FAST: 80, Sign.STALE_CODES: 80, Sign.SHARED_CODE: 45, Sign.FORGED_CODES: 80, Sign.UNEARNED: 60}


def score(
    seen: Sequence[Seen], spots: Mapping[int, Spot], without_stamps: Mapping[int, int] = NOBODY
) -> list[Suspicion]:
    """Everybody against whom anything speaks, the highest score first; `spots` are the booths' places in metres.

    `without_stamps` tells how many medals of a member lost their stamps, since staff took some back.
    """
    found: dict[int, list[Reason]] = defaultdict(list)
    counted = {member_id: Counter(_own_signs(uses, spots)) for member_id, uses in _by_member(seen).items()}
    for member_id, times in bursts(seen).items():
        counted[member_id][Sign.SHARED_CODE] = times
    for member_id, times in without_stamps.items():
        counted.setdefault(member_id, Counter())[Sign.UNEARNED] = times
    for member_id, signs in counted.items():
        found[member_id] += [_reason(sign, times) for sign, times in signs.items() if times > 0]
    for sign, group in together(seen):
        for member_id in group:
            others = tuple(sorted(group - {member_id}))
            found[member_id].append(Reason(sign, POINTS[sign], len(others), others))
    made = [_suspicion(member_id, reasons) for member_id, reasons in found.items() if reasons]
    return sorted(made, key=lambda each: (-each.score, each.member_id))


def unearned(targets: Iterable[Target], left: Remaining) -> frozenset[str]:
    """The medals, by target code, that the stamps which still count do not reach."""
    return left.medals - reached_of(targets, left.stamped)


def held(found: Iterable[Suspicion]) -> list[Suspicion]:
    """Those whose gift waits for a person."""
    return [each for each in found if each.score >= BAR]


def too_fast(uses: Sequence[Seen], spots: Mapping[int, Spot]) -> int:
    """How often somebody was at two booths sooner than running takes; `uses` are one member's."""
    stamps = sorted(
        (each for each in uses if each.is_stamp and each.booth_id in spots),
        key=lambda each: (each.at, each.booth_id or 0),  # Two at one moment: whichever way they were read.
    )
    return sum(
        (later.at - sooner.at + SLACK).total_seconds() * RUNNING < _metres(sooner, later, spots)
        for sooner, later in pairwise(stamps)
    )


def bursts(seen: Sequence[Seen]) -> Counter[int]:
    """How often somebody used a code that far more people used than codes of that booth usually see."""
    users: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for each in seen:
        if each.nonce is not None and each.booth_id is not None:
            users[each.booth_id][each.nonce].add(each.member_id)
    found: Counter[int] = Counter()
    for codes in users.values():
        usual = median(len(members) for members in codes.values())
        for members in codes.values():
            if len(members) > max(BURST, TIMES_USUAL * usual):
                found.update(members)
    return found


def together(seen: Sequence[Seen]) -> list[tuple[Sign, frozenset[int]]]:
    """Rings, nine and more who share codes at nearly every booth, then parties of four and more; nobody is in two."""
    near = companions(seen)
    rings = [group for group in groups(near, LINKS) if len(group) >= RING]
    parties = groups(without(near, frozenset().union(*rings)), PARTY - 1)
    return [*((Sign.RING, group) for group in rings), *((Sign.PARTY, group) for group in parties)]


def _own_signs(uses: Sequence[Seen], spots: Mapping[int, Spot]) -> dict[Sign, int]:
    """What speaks against one member from the own uses alone; one old code is nobody's fault."""
    stale = sum(each.made_at is not None and each.at - each.made_at > STALE for each in uses)
    forged = sum(each.booth_id is None for each in uses)
    return {Sign.TOO_FAST: too_fast(uses, spots), Sign.STALE_CODES: stale - 1, Sign.FORGED_CODES: forged}


def _reason(sign: Sign, times: int) -> Reason:
    return Reason(sign, min(POINTS[sign] * times, MOST[sign]), times)


def _by_member(seen: Sequence[Seen]) -> Mapping[int, list[Seen]]:
    found: dict[int, list[Seen]] = defaultdict(list)
    for each in seen:
        found[each.member_id].append(each)
    return found


def _metres(one: Seen, other: Seen, spots: Mapping[int, Spot]) -> float:
    here, there = spots[one.booth_id or 0], spots[other.booth_id or 0]
    return hypot(here.x - there.x, here.y - there.y)


def _suspicion(member_id: int, reasons: Sequence[Reason]) -> Suspicion:
    ordered = tuple(sorted(reasons, key=lambda each: (-each.points, each.sign)))
    return Suspicion(member_id, sum(each.points for each in ordered), ordered)
