"""Hours and days in a person's own zone: when an offer may arrive, and the first day with room under the caps."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.compliance.model import GatePolicy

WEEK, MONTH = 7, 30  # Local calendar days running.


def zone_of(name: str | None, policy: GatePolicy) -> ZoneInfo:
    """The person's zone; the bank's where the person set none or one that nobody knows."""
    try:
        return ZoneInfo(name or policy.zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(policy.zone)


def is_quiet(moment: datetime, zone: ZoneInfo, policy: GatePolicy) -> bool:
    """Whether the wall clock of the zone stands in the quiet hours; their end itself is allowed."""
    wall = moment.astimezone(zone).time()
    start, end = policy.quiet_from, policy.quiet_until
    return start <= wall < end if start <= end else wall >= start or wall < end


def next_allowed(moment: datetime, zone: ZoneInfo, policy: GatePolicy) -> datetime:
    """The first moment from here on outside the quiet hours.

    Wall times that a clock change leaves out become the moment after it, so a candidate is looked at again.
    """
    if not is_quiet(moment, zone, policy):
        return moment
    today = moment.astimezone(zone).date()
    ends = (_at(today + timedelta(days), policy.quiet_until, zone) for days in range(WEEK + 2))
    return next(end for end in ends if end > moment and not is_quiet(end, zone, policy))


def next_quiet(moment: datetime, zone: ZoneInfo, policy: GatePolicy) -> datetime | None:
    """When quiet hours begin next, after this moment; None where there are none."""
    if policy.quiet_from == policy.quiet_until:
        return None
    today = moment.astimezone(zone).date()
    begins = (_at(today + timedelta(days), policy.quiet_from, zone) for days in range(WEEK + 2))
    return next(begin for begin in begins if begin > moment)


def first_day_with_room(
    offered_at: Sequence[datetime],
    shown_at: Sequence[datetime],
    zone: ZoneInfo,
    policy: GatePolicy,
    now: datetime,
) -> date | None:
    """The first local calendar day, from today, on which one more offer fits; None when the caps allow none ever.

    `shown_at` is what the person's groups were shown: it adds to the pressure of a week alone.
    """
    today = now.astimezone(zone).date()
    offered = Counter(moment.astimezone(zone).date() for moment in offered_at)
    seen = offered + Counter(moment.astimezone(zone).date() for moment in shown_at)
    days = (today + timedelta(ahead) for ahead in range(MONTH + 1))
    return next((day for day in days if _has_room(day, offered, seen, policy)), None)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    return _at(day, time(0), zone)


def _has_room(day: date, offered: Counter[date], seen: Counter[date], policy: GatePolicy) -> bool:
    return (
        offered[day] < policy.per_day
        and _within(offered, day, WEEK) < policy.per_week
        and _within(offered, day, MONTH) < policy.per_month
        and _within(seen, day, WEEK) < policy.pressure_per_week
    )


def _within(counted: Counter[date], day: date, days: int) -> int:
    """How many on a day and those before it, `days` in all."""
    return sum(count for on, count in counted.items() if 0 <= (day - on).days < days)


def _at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
