"""An experiment's plan: its arms with their shares, and whom it holds out."""

from dataclasses import dataclass, field
from enum import StrEnum

PARTS = 10_000  # Shares are whole parts of these: a hundredth of a percent is fine enough, and adds up exactly.
DEFAULT_HOLD_OUT = 1_000


class Place(StrEnum):
    """Where an experiment puts a unit."""

    ARM = "arm"
    HELD_OUT = "held_out"  # By this experiment: it hears nothing of this campaign.
    GLOBAL_CONTROL = "global_control"  # By the one global control: it hears of no campaign at all.


class ExperimentPlanError(ValueError):
    """A plan that cannot be carried out; the message says why."""


@dataclass(frozen=True)
class Arm:
    """One way of treating those who are not held out; its weight counts beside the other arms' weights."""

    name: str
    weight: int = 1


@dataclass(frozen=True)
class GlobalControl:
    """The one group that no campaign writes to; its salt is the bank's for a period, `parts` of 10,000 are in it."""

    salt: str
    parts: int

    def __post_init__(self) -> None:
        if not self.salt or not 0 <= self.parts < PARTS:
            raise ExperimentPlanError(f"A global control has a salt and from 0 to {PARTS - 1:,} parts of {PARTS:,}.")


@dataclass(frozen=True)
class Experiment:
    """A plan; a tenth is held out unless it says otherwise. The salt is its own: another salt, another assignment.

    Raises:
        ExperimentPlanError: no salt, no arm, an arm twice or without weight, or nobody left to write to.
    """

    salt: str
    arms: tuple[Arm, ...] = field(default=(Arm("treated"),))
    hold_out: int = DEFAULT_HOLD_OUT

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        if not self.salt:
            raise ExperimentPlanError("An experiment has a salt of its own.")
        if not names or len(set(names)) < len(names) or not all(names):
            raise ExperimentPlanError("An experiment has at least one arm, each with a name of its own.")
        if min(arm.weight for arm in self.arms) < 1:
            raise ExperimentPlanError("Each arm has a weight of at least 1.")
        if not 0 <= self.hold_out < PARTS:
            raise ExperimentPlanError(f"From 0 to {PARTS - 1:,} parts of {PARTS:,} are held out.")


@dataclass(frozen=True)
class Assignment:
    """Where a unit stands; `arm` is None for those who hear nothing."""

    place: Place
    arm: str | None = None
