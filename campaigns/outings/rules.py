"""Pure rules of outings: reading a plan and a report, the free place, when to remind."""

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.compliance.hours import next_allowed
from campaigns.compliance.model import GatePolicy
from campaigns.outings.model import OutingKind, OutingPlan, Told
from campaigns.publicity.model import PublicistKind
from campaigns.publicity.rules import kind_of
from campaigns.staff.model import Role

LONGEST_PLACE, LONGEST_BRINGS, MOST_SEATS, MOST_TOLD = 60, 120, 100, 100_000
REMINDED_AT = time(18)  # On the day before.
TELLS_FOR = timedelta(days=14)
_NUMBER = re.compile(r"\d+")


def read_plan(kind: OutingKind, text: str) -> OutingPlan | None:
    """Read "place | what to bring | places for volunteers"; None for what cannot be read."""
    parts = [part.strip() for part in text.replace("｜", "|").split("|")]
    if len(parts) != 3 or not parts[2].isdecimal():
        return None
    place, brings, seats = parts[0], parts[1], int(parts[2])
    fits = 0 < len(place) <= LONGEST_PLACE and 0 < len(brings) <= LONGEST_BRINGS and 1 <= seats <= MOST_SEATS
    return OutingPlan(kind, place, brings, seats) if fits else None


def read_told(text: str) -> Told | None:
    """Read the two numbers of "到场 120 发放 80": people reached, then pieces handed out; None for anything else."""
    found = [int(each) for each in _NUMBER.findall(text)]
    return Told(*found) if len(found) == 2 and max(found) <= MOST_TOLD else None


def free_seat(seats: int, taken: Collection[int]) -> int | None:
    """The lowest place that nobody has; None when all are taken."""
    return next((seat for seat in range(1, seats + 1) if seat not in taken), None)


def is_of_the_bank(roles: Collection[Role]) -> bool:
    """Whether somebody with these roles may volunteer: staff of the bank, no partner and no property manager."""
    return kind_of(roles) is PublicistKind.BANK


def reminder_at(starts_at: datetime, now: datetime, zone: ZoneInfo, policy: GatePolicy) -> datetime | None:
    """The evening before, outside the quiet hours; None where that has passed: who signs up then has just read it."""
    day = starts_at.astimezone(zone).date() - timedelta(days=1)
    moment = next_allowed(datetime.combine(day, REMINDED_AT, zone), zone, policy)
    return moment if now < moment < starts_at else None


def may_tell(starts_at: datetime, now: datetime) -> bool:
    """Whether what happened may be told: from its beginning, for two weeks."""
    return starts_at <= now < starts_at + TELLS_FOR
