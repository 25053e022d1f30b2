"""Values: the main figures of results that were concluded, read back from what is kept of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.promotions.model import Measure
from campaigns.results.model import HELD_OUT, Aim, Outcome
from segmentation.experiments.model import Interval


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
    return Conclusion(version, at, by, told, () if is_blocked else _arms(found["outcomes"]), p, is_blocked)


def _arms(outcomes: list[dict[str, Any]]) -> tuple[ArmFigure, ...]:
    readings: list[dict[str, Any]] = next(
        (each["variants"] for each in outcomes if each["outcome"] == Outcome.CONVERTED), []
    )
    return tuple(
        ArmFigure(each["variant"], each["n"] + each["missing"], each["difference"], _interval(each["interval"]))
        for each in readings
        if each["variant"] != HELD_OUT
    )


def _interval(ends: list[float] | None) -> Interval | None:
    return Interval(*ends) if ends else None
