"""Stages of a group-buy: how many people unlock what, and what a number of people has reached (S-73, S-207)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MOST_STAGES = 5
MOST_PEOPLE = 500
LONGEST_BENEFIT = 60


@dataclass(frozen=True)
class Stage:
    """`size` people unlock `benefit` for each of them; a higher stage adds to the lower ones."""

    size: int
    benefit: str


class LeaderRule(StrEnum):
    """What happens when the leader (团长), who is the first in the list, leaves."""

    NEXT = "next"
    ENDS = "ends"


class GroupbuyState(StrEnum):
    """Running until the deadline, or the top stage where that ends it; then formed or failed for good."""

    RUNNING = "running"
    FORMED = "formed"
    FAILED = "failed"


@dataclass(frozen=True)
class Groupbuy:
    """One group's part of a group-buy; `id` is the campaign's, `token` is in the invitations to this group's part.

    `formed` is the size of the highest stage that was reached when it formed.
    """

    id: int
    stages: tuple[Stage, ...]
    token: str = field(default="", repr=False)
    leader_rule: LeaderRule = LeaderRule.NEXT
    ends_at_top: bool = False
    state: GroupbuyState = GroupbuyState.RUNNING
    formed: int | None = None
    extended_at: datetime | None = None

    @property
    def lowest(self) -> Stage:
        """The stage that forms the group-buy."""
        return self.stages[0]

    @property
    def top(self) -> Stage:
        """The highest stage."""
        return self.stages[-1]


class StageFault(StrEnum):
    """What is wrong with stages that somebody wants to set."""

    NO_STAGE = "no_stage"
    MANY_STAGES = "many_stages"
    BAD_SIZE = "bad_size"
    SAME_SIZE = "same_size"
    BEYOND_PLACES = "beyond_places"
    NO_BENEFIT = "no_benefit"
    LONG_BENEFIT = "long_benefit"


def check_stages(stages: Sequence[Stage], places: int) -> tuple[Stage, ...] | StageFault:
    """The stages in rising order, or the first thing wrong with them; even the top one must fit into the places."""
    ordered = tuple(sorted((Stage(each.size, " ".join(each.benefit.split())) for each in stages), key=_size))
    if not ordered:
        return StageFault.NO_STAGE
    if len(ordered) > MOST_STAGES:
        return StageFault.MANY_STAGES
    if any(not 2 <= each.size <= MOST_PEOPLE for each in ordered):
        return StageFault.BAD_SIZE
    if len({each.size for each in ordered}) < len(ordered):
        return StageFault.SAME_SIZE
    if ordered[-1].size > places:
        return StageFault.BEYOND_PLACES
    if any(not each.benefit for each in ordered):
        return StageFault.NO_BENEFIT
    return StageFault.LONG_BENEFIT if any(len(each.benefit) > LONGEST_BENEFIT for each in ordered) else ordered


def reached(stages: Sequence[Stage], people: int) -> tuple[Stage, ...]:
    """What so many people have unlocked, the lowest first."""
    return tuple(each for each in stages if each.size <= people)


def next_stage(stages: Sequence[Stage], people: int) -> Stage | None:
    """What one more could work towards; None when everything is unlocked."""
    return next((each for each in stages if each.size > people), None)


def _size(stage: Stage) -> int:
    return stage.size
