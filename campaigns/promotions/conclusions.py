"""Values: the main figures of results that were concluded, read back from what is kept of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.promotions.model import Measure
from segmentation.experiments.model import Interval


@dataclass(frozen=True)
class Aim:
    """A target beside what came: shares as fractions, money in fen a month; `value` is None where nothing is known."""

    measure: Measure
    target: float
    value: float | None
    interval: Interval | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the target was reached."""
        return None if self.value is None else self.value >= self.target


@dataclass(frozen=True)
class ArmFigure:
    """One arm's conversion beside the held-out, as a share with its 95 % interval; None where nothing can be told."""

    arm: str
    units: int
    difference: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Conclusion:
    """A version's targets, its arms and the check of the sample ratio; `p` is None where nothing was compared.

    `arms` are empty where units did not fall as planned: no difference is believed then.
    """

    version: int
    at: datetime
    by: str
    aims: tuple[Aim, ...]
    arms: tuple[ArmFigure, ...] = ()
    p: float | None = None
    is_blocked: bool = False


def read_conclusion(version: int, at: datetime, by: str, body: Mapping[str, Any]) -> Conclusion:
    """The main figures out of a result's JSON (`Result.as_json`)."""
    told = tuple(
        Aim(Measure(each["measure"]), each["target"], each["value"], _interval(each["interval"]))
        for each in body["aims"]
    )
    found = body["evaluation"]
    if found is None:
        return Conclusion(version, at, by, told)
    p, is_blocked = found["sample_ratio"]["p"], bool(found["blocked"])
    return Conclusion(version, at, by, told, () if is_blocked else _arms(found), p, is_blocked)


def _arms(found: Mapping[str, Any]) -> tuple[ArmFigure, ...]:
    """The arms in the first outcome, which decides."""
    readings: list[dict[str, Any]] = found["outcomes"][0]["variants"]
    return tuple(
        ArmFigure(each["variant"], each["n"] + each["missing"], each["difference"], _interval(each["interval"]))
        for each in readings
        if each["variant"] != found["control"]["name"]
    )


def _interval(ends: list[float] | None) -> Interval | None:
    return Interval(*ends) if ends else None
