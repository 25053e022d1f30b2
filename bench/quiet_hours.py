"""Fuzzes quiet hours and local days over every zone and every change of its clock; any breach is an exit code of 1.

    python bench/quiet_hours.py [--years 1990 2037] [--policies 4] [--seed 1]

Around each change of each zone of the IANA data, hour by hour, an offer is judged under random quiet hours and caps: it
leaves or waits for a moment that is outside the quiet hours, on a local day with room, and never earlier than asked.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from campaigns.compliance.hours import first_day_with_room, is_quiet, next_allowed, start_of
from campaigns.compliance.model import GatePolicy

HOUR = timedelta(hours=1)


def main() -> None:
    """All zones, a sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, nargs=2, default=(1990, 2037))
    parser.add_argument("--policies", type=int, default=4, help="random policies for each moment")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    dice, cases, breaches = random.Random(given.seed), 0, 0
    zones = sorted(available_timezones() - {"localtime", "Factory"})
    for name in zones:
        zone = ZoneInfo(name)
        for change in changes(zone, *given.years):
            for at in (change + hours * HOUR for hours in range(-3, 28)):
                for _ in range(given.policies):
                    cases += 1
                    breaches += not holds(at, zone, policy(dice), dice)
    print(f"{len(zones)} zones, {cases:,} cases, {breaches} breaches")
    sys.exit(breaches > 0)


def changes(zone: ZoneInfo, first: int, last: int) -> Iterator[datetime]:
    """The days on which a zone's offset changes, and its first day for zones that never do."""
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, tzinfo=UTC)
    yield day
    offset = day.astimezone(zone).utcoffset()
    while day < end:
        day += timedelta(days=1)
        if (now := day.astimezone(zone).utcoffset()) != offset:
            offset = now
            yield day - timedelta(days=1)


def policy(dice: random.Random) -> GatePolicy:
    """Random quiet hours and caps."""
    start, end = (time(dice.randrange(24), dice.choice((0, 15, 30, 45))) for _ in range(2))
    return GatePolicy(quiet_from=start, quiet_until=end, per_day=dice.randint(1, 2), per_week=dice.randint(1, 4))


def holds(at: datetime, zone: ZoneInfo, policy: GatePolicy, dice: random.Random) -> bool:
    """Whether an offer under these caps leaves at a moment that is allowed."""
    offered = [at - timedelta(hours=dice.uniform(0, 24 * 8)) for _ in range(dice.randrange(4))]
    day = first_day_with_room(offered, (), zone, policy, at)
    if day is None:
        return False
    leaves = next_allowed(max(at, start_of(day, zone)), zone, policy)
    on = leaves.astimezone(zone).date()
    that_day = sum(moment.astimezone(zone).date() == on for moment in offered)
    week = sum(0 <= (on - moment.astimezone(zone).date()).days < 7 for moment in offered)
    return leaves >= at and not is_quiet(leaves, zone, policy) and that_day < policy.per_day and week < policy.per_week


if __name__ == "__main__":
    main()
