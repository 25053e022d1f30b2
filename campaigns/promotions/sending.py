"""When a promotion's messages can leave: quiet hours in each person's zone, Telegram's pace in private chats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.channels.model import AT_ONCE, Channel
from campaigns.compliance.hours import is_quiet, next_allowed, next_quiet, zone_of
from campaigns.compliance.model import GatePolicy

PER_SECOND = 30  # Messages that one bot may send; Telegram's limit for all chats together.
HELD_BY_HOURS = AT_ONCE | {Channel.PRIVATE}  # A task or a printed sheet interrupts nobody.
NOBODY = 0.01  # What is left of a head by reckoning in parts.


@dataclass(frozen=True)
class Sending:
    """What becomes of everything that is due at `starts_at`, caps apart: each person's are known when it leaves.

    `held` wait for the end of quiet hours in their zone, `too_late` are those whom the window's end meets first.
    `last_at` is when the last one could leave; None where nothing could.
    """

    starts_at: datetime
    held: int = 0
    too_late: int = 0
    last_at: datetime | None = None


def foretell(
    heads: Mapping[tuple[Channel, str | None], int], starts_at: datetime, closes_at: datetime, policy: GatePolicy
) -> Sending:
    """What the gate will say of these heads by channel and zone, as it says it when a message leaves."""
    private: dict[ZoneInfo, float] = {}
    held = late = 0
    moments: list[datetime] = []
    for (channel, name), count in heads.items():
        zone = zone_of(name, policy)
        if channel not in HELD_BY_HOURS:
            continue
        held += count if is_quiet(starts_at, zone, policy) else 0
        if channel is Channel.PRIVATE:
            private[zone] = private.get(zone, 0) + count
        elif (leaves := next_allowed(starts_at, zone, policy)) < closes_at:
            moments.append(leaves)
        else:
            late += count
    last = _paced(private, starts_at, closes_at, policy)
    ends = [*moments, *([last] if last else [])]
    return Sending(starts_at, held, late + round(sum(private.values())), max(ends, default=None))


def _paced(
    left: dict[ZoneInfo, float], starts_at: datetime, closes_at: datetime, policy: GatePolicy
) -> datetime | None:
    """When the last private message leaves; takes out of `left` whoever is reached before the window ends.

    Whoever may be written to at a moment shares the pace; it goes on to the next moment at which that changes.
    """
    now, last = starts_at, None
    while left and now < closes_at:
        opens = {zone: next_allowed(now, zone, policy) for zone in left}
        free = [zone for zone, at in opens.items() if at <= now]
        waiting = [at for at in opens.values() if at > now]
        if not free:
            now = min(waiting)
            continue
        heads = sum(left[zone] for zone in free)
        quiet = [begin for zone in free if (begin := next_quiet(now, zone, policy))]
        done = now + timedelta(seconds=heads / PER_SECOND)
        upto = min([done, closes_at, *waiting, *quiet])
        share = 1 - (upto - now) / (done - now)
        for zone in free:
            left[zone] *= share
            if left[zone] < NOBODY:
                del left[zone]
        now = last = upto
    return last
