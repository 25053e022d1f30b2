"""Assignment by hash: the same unit and salt give the same place for ever, on every machine, with nothing stored."""

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256
from itertools import accumulate

from campaigns.deliveries.model import Kind
from campaigns.experiments.model import PARTS, Assignment, Experiment, GlobalControl, Place

SPACE = 2**64


def assign(experiment: Experiment, unit: str, everywhere: GlobalControl | None = None) -> Assignment:
    """Where a unit, named by its stable number, stands: the global control first, then the hold-out, then the arms.

    Salts differ, so places in one experiment tell nothing of those in another.
    """
    if everywhere is not None and in_global_control(everywhere, unit):
        return Assignment(Place.GLOBAL_CONTROL)
    if _spot("hold-out", experiment.salt, unit) < share_line(experiment.hold_out):
        return Assignment(Place.HELD_OUT)
    lines = arm_lines([arm.weight for arm in experiment.arms])
    at = bisect_right(lines, _spot("arm", experiment.salt, unit))
    return Assignment(Place.ARM, experiment.arms[at].name)


def in_global_control(everywhere: GlobalControl, unit: str) -> bool:
    """Whether no campaign writes to this unit."""
    return _spot("global", everywhere.salt, unit) < share_line(everywhere.parts)


def arm_lines(weights: Sequence[int]) -> list[int]:
    """Where in 0 … 2⁶⁴ each arm but the first begins: each has its share of that space, to a single place."""
    total = sum(weights)
    return [_line(part, total) for part in accumulate(weights[:-1])]


def withholds(assignment: Assignment, kind: Kind) -> bool:
    """Whether this message is not sent: offers alone are withheld, never a service reminder or a card.

    A benefit whose published conditions are met is no message and never asks here.
    """
    return assignment.place is not Place.ARM and kind is Kind.MARKETING


def _spot(purpose: str, salt: str, unit: str) -> int:
    """A place in 0 … 2⁶⁴ − 1; lengths stand before the words, so that no two questions read alike."""
    question = f"{prefix_of(purpose, salt, len(unit))}{unit}"
    return int.from_bytes(sha256(question.encode()).digest()[:8], "big")


def prefix_of(purpose: str, salt: str, length: int) -> str:
    """What stands before a unit of so many characters where its place is asked for."""
    return f"{len(purpose)}:{purpose}{len(salt)}:{salt}{length}:"


def share_line(parts: int) -> int:
    """Where in 0 … 2⁶⁴ a share of so many parts of 10,000 ends."""
    return _line(parts, PARTS)


def _line(part: int, whole: int) -> int:
    return SPACE * part // whole
