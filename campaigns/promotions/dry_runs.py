"""A dry run: how many of whom on which channel, why not the others, cost, time, what runs out, what it can show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from campaigns.audiences.model import Sampled
from campaigns.catalogue.model import Class
from campaigns.channels.model import Channel, Touch
from campaigns.compliance.model import GatePolicy
from campaigns.experiments.model import Place
from campaigns.promotions.faults import CheckFault
from campaigns.promotions.model import WHOLE, Plan, Version, Way
from campaigns.promotions.recipients import Exclusion, Heads, choose
from campaigns.promotions.sending import PER_SECOND, Sending, foretell
from campaigns.promotions.supplies import RunOut
from segmentation.experiments.power import smallest_lift


@dataclass(frozen=True)
class Row:
    """The recipients of one class on its channel: those who are written to, by arm, and what their contacts cost."""

    standing: Class
    channel: Channel
    touch: Touch | None
    arms: Mapping[str, int]
    held_out: int
    global_control: int
    cost_fen: int

    @property
    def treated(self) -> int:
        """How many are written to."""
        return sum(self.arms.values())


@dataclass(frozen=True)
class DryRun:
    """What sending would do now. `smallest_lift` is the least difference that its size can show, as a share, or None.

    `transaction_fen` is per 10,000 yuan invested and no part of `cost_fen` (S-30). `run_out` is how far what it hands
    out lasts, None where it hands out nothing.
    """

    version: Version
    audience: int
    undecided: int
    rows: tuple[Row, ...]
    excluded: Mapping[Exclusion, int]
    sample: tuple[Sampled, ...]
    smallest_lift: float | None
    transaction_fen: Mapping[Way, int]
    sending: Sending
    run_out: RunOut | None = None

    @property
    def treated(self) -> int:
        """How many are written to."""
        return sum(row.treated for row in self.rows)

    @property
    def held_out(self) -> int:
        """How many this promotion holds out."""
        return sum(row.held_out for row in self.rows)

    @property
    def global_control(self) -> int:
        """How many the one global control keeps back."""
        return sum(row.global_control for row in self.rows)

    @property
    def cost_fen(self) -> int:
        """What all contacts cost."""
        return sum(row.cost_fen for row in self.rows)

    @property
    def private(self) -> int:
        """How many messages leave in private chats."""
        return sum(row.treated for row in self.rows if row.channel is Channel.PRIVATE)

    @property
    def seconds(self) -> int:
        """How long Telegram's limit makes them take."""
        return ceil(self.private / PER_SECOND)


@dataclass(frozen=True)
class Check:
    """What looking a version over found; without a fault it can be submitted."""

    faults: tuple[CheckFault, ...]
    dry_run: DryRun | None = None


@dataclass
class _Tally:
    arms: Counter[str] = field(default_factory=Counter)
    held_out: int = 0
    global_control: int = 0


def reckon(
    version: Version,
    heads: Sequence[Heads],
    barred: frozenset[Class],
    undecided: int,
    sample: tuple[Sampled, ...],
    policy: GatePolicy,
    now: datetime,
) -> DryRun:
    """What the counted heads come to, by the gate's policy as of now."""
    plan, excluded = version.plan, Counter[Exclusion]()
    tallies: dict[tuple[Class, Channel], _Tally] = {}
    due: Counter[tuple[Channel, str | None]] = Counter()
    for each in heads:
        choice = choose(plan, barred, each.facts)
        if isinstance(choice, Exclusion) or each.facts.standing is None:
            excluded[choice if isinstance(choice, Exclusion) else Exclusion.NO_CLASS] += each.count
        else:
            _count(tallies.setdefault((each.facts.standing, choice), _Tally()), each)
            due[choice, each.zone] += each.count if each.place is Place.ARM else 0
    rows = tuple(_row(plan, *key, tally) for key, tally in tallies.items())
    treated, withheld = sum(row.treated for row in rows), sum(row.held_out for row in rows)
    base = plan.base_rate / WHOLE
    lift = smallest_lift(withheld, treated, base) if withheld and treated else None
    everybody = sum(each.count for each in heads)
    sending = foretell(+due, max(plan.send_at, now), plan.closes_at, policy)
    return DryRun(version, everybody, undecided, rows, dict(excluded), sample, lift, plan.costs.transaction, sending)


def _count(tally: _Tally, heads: Heads) -> None:
    match heads.place:
        case Place.ARM:
            tally.arms[heads.arm or ""] += heads.count
        case Place.HELD_OUT:
            tally.held_out += heads.count
        case Place.GLOBAL_CONTROL:
            tally.global_control += heads.count


def _row(plan: Plan, standing: Class, channel: Channel, tally: _Tally) -> Row:
    touch = plan.touch_of(standing)
    cost = sum(tally.arms.values()) * plan.costs.of(channel, touch)
    is_task = touch if channel is Channel.TASK else None
    return Row(standing, channel, is_task, dict(tally.arms), tally.held_out, tally.global_control, cost)
