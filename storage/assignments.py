"""Assignment by hash inside a statement: the same places and arms as `campaigns.experiments.rules.assign` gives."""

from collections.abc import Callable
from typing import Any

from campaigns.experiments.model import Experiment, GlobalControl, Place
from campaigns.experiments.rules import arm_lines, prefix_of, share_line

UNIT_LENGTH = 36  # Units are customers' ids as text.


def place_sql(experiment: Experiment, everywhere: GlobalControl, unit: str, bind: Callable[[Any], str]) -> str:
    """Where a unit stands, as text; `unit` is a uuid's expression, `bind` keeps a parameter and returns its place."""
    control = _before("global", everywhere.salt, unit, share_line(everywhere.parts), bind)
    held_out = _before("hold-out", experiment.salt, unit, share_line(experiment.hold_out), bind)
    before = f"WHEN {control} THEN '{Place.GLOBAL_CONTROL}' WHEN {held_out} THEN '{Place.HELD_OUT}'"
    return f"CASE {before} ELSE '{Place.ARM}' END"


def arm_sql(experiment: Experiment, unit: str, bind: Callable[[Any], str]) -> str:
    """The arm of a unit that is not held out."""
    names = [f"{bind(arm.name)}::text" for arm in experiment.arms]
    if len(names) == 1:
        return names[0]
    spot = _spot("arm", experiment.salt, unit, bind)
    lines = arm_lines([arm.weight for arm in experiment.arms])
    cases = " ".join(
        f"WHEN {spot} < {_bytes(line, bind)} THEN {name}" for line, name in zip(lines, names, strict=False)
    )
    return f"CASE {cases} ELSE {names[-1]} END"


def _before(purpose: str, salt: str, unit: str, line: int, bind: Callable[[Any], str]) -> str:
    return f"{_spot(purpose, salt, unit, bind)} < {_bytes(line, bind)}"


def _spot(purpose: str, salt: str, unit: str, bind: Callable[[Any], str]) -> str:
    """The first eight bytes of the hash; bytes compare as the numbers that they are, the highest first."""
    question = bind(prefix_of(purpose, salt, UNIT_LENGTH))
    return f"substr(sha256(convert_to({question}::text || {unit}::text, 'UTF8')), 1, 8)"


def _bytes(line: int, bind: Callable[[Any], str]) -> str:
    return f"{bind(line.to_bytes(8, 'big'))}::bytea"
