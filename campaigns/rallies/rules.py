"""Pure decisions of rallies: how one moves from state to state, whose it is, where its booths stand (S-82, S-211)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from campaigns.members.model import Member
from campaigns.rallies.model import Booth, BoothState, Rally, RallyRefusal, RallyState
from campaigns.staff.model import Role


class Step(StrEnum):
    """What moves a rally on."""

    ANNOUNCE = "announce"
    OPEN = "open"
    CLOSE = "close"
    SETTLE = "settle"


TRANSITIONS: Mapping[tuple[RallyState, Step], RallyState] = {
    (RallyState.DRAFT, Step.ANNOUNCE): RallyState.ANNOUNCED,
    (RallyState.ANNOUNCED, Step.OPEN): RallyState.RUNNING,
    (RallyState.RUNNING, Step.CLOSE): RallyState.ENDED,
    (RallyState.ENDED, Step.SETTLE): RallyState.SETTLED,
}
PUBLIC = frozenset({RallyState.ANNOUNCED, RallyState.RUNNING})


def move(state: RallyState, step: Step) -> RallyState | RallyRefusal:
    """The state that a step leads to; whatever is not in the table is refused."""
    return TRANSITIONS.get((state, step), RallyRefusal.WRONG_STATE)


def may_run(rally: Rally, member: Member) -> bool:
    """Whether somebody may move a rally: its organiser, or a team lead."""
    return rally.organiser_id == member.id or Role.TEAM_LEAD in member.roles


def due_step(rally: Rally, now: datetime) -> Step | None:
    """What the clock asks of a rally: to open at its start, to close at its end."""
    if rally.state is RallyState.ANNOUNCED and rally.starts_at <= now:
        return Step.OPEN
    return Step.CLOSE if rally.state is RallyState.RUNNING and rally.ends_at <= now else None


def may_join(rally: Rally | None) -> RallyRefusal | None:
    """Why nobody can take part in a rally now; None from its announcement to its end."""
    if rally is None or rally.state is RallyState.DRAFT:
        return RallyRefusal.NO_RALLY
    return None if rally.state in PUBLIC else RallyRefusal.OVER


def is_open(booth: Booth, now: datetime) -> bool:
    """Whether a booth of a running rally gives stamps at a moment."""
    return booth.state is BoothState.OPEN and booth.opens_at <= now < booth.closes_at


def open_booths(rally: Rally, now: datetime) -> tuple[Booth, ...]:
    """The booths that give stamps now, in the order of the plan."""
    return tuple(booth for booth in rally.booths if rally.state is RallyState.RUNNING and is_open(booth, now))


def why_not_replaced(standing: Rally | None) -> RallyRefusal | None:
    """Why another plan can no longer take the place of one."""
    is_over = standing is not None and standing.state in {RallyState.ENDED, RallyState.SETTLED}
    return RallyRefusal.OVER if is_over else None
