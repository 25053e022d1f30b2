"""Tiers of enterprises: strategic, key and general by points, with reasons, the way to the next tier, and needs.

A rule of its own (S-127): the letters A–D are for persons, and no enterprise is ever among them.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.financing import NEEDS
from segmentation.intake.subjects import ENTERPRISE_GRADES, INDUSTRIES
from segmentation.scoring import Indicator, Points, score

FEN = 100
TIERS = ("strategic", "key", "general")
FACTORS = ("business", "settlement", "credit", "industry")
STEP = 10_000 * FEN  # Steps are told in whole ten thousand yuan.
BUSINESS: Points = ((1_000_000, 0), (10_000_000, 25), (50_000_000, 50), (200_000_000, 75), (1_000_000_000, 100))
SETTLEMENT: Points = ((1_000_000, 0), (20_000_000, 30), (100_000_000, 60), (1_000_000_000, 100))
GRADES: Mapping[str, float] = dict(zip(ENTERPRISE_GRADES, (0, 15, 30, 50, 70, 85, 100), strict=True))
# How much a branch wants to grow in a line of business; an assumption to begin with, every bank has its own.
SECTORS: Mapping[str, float] = {
    "manufacturing": 80, "technology": 90, "energy": 70, "trade": 50, "agriculture": 60, "construction": 45,
    "real_estate": 20, "logistics": 60, "healthcare": 80, "services": 50, "other": 40,
}  # fmt: skip
# What a line of business usually needs (S-122, S-128, S-130).
INDUSTRY_NEEDS: Mapping[str, tuple[str, ...]] = {
    "manufacturing": ("supply_chain", "receivables_finance", "long_term_loan"),
    "technology": ("receivables_finance", "long_term_loan"),
    "energy": ("long_term_loan", "risk_management"),
    "trade": ("receivables_finance", "supply_chain", "risk_management"),
    "agriculture": ("supply_chain", "risk_management"),
    "construction": ("receivables_finance", "long_term_loan"),
    "real_estate": ("long_term_loan", "risk_management"),
    "logistics": ("supply_chain", "receivables_finance"),
    "healthcare": ("long_term_loan", "supply_chain"),
    "services": ("receivables_finance",),
    "other": ("risk_management",),
}


@dataclass(frozen=True)
class EnterpriseRule:
    """Points 0–100 by what the enterprise brings, and the lines of the tiers; part of the versioned policy.

    `business` is drawn over loans and deposits together in yuan, `settlement` over a year's volume in yuan, both over
    the logarithm; `credit` and `industries` give points to grades and lines of business. What nobody told scores
    `unknown`. `needs` are products by line of business, as codes.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {"business": 0.4, "settlement": 0.25, "credit": 0.2, "industry": 0.15}
    )
    business: Points = BUSINESS
    settlement: Points = SETTLEMENT
    credit: Mapping[str, float] = field(default_factory=lambda: GRADES)
    industries: Mapping[str, float] = field(default_factory=lambda: SECTORS)
    unknown: float = 25.0
    strategic_line: float = 70.0
    key_line: float = 45.0
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: INDUSTRY_NEEDS)

    def __post_init__(self) -> None:
        if set(self.weights) != set(FACTORS) or abs(sum(self.weights.values()) - 1) > 1e-9:
            raise ValueError(f"The weights of enterprises, {', '.join(FACTORS)}, must add up to 1.")
        if min(self.weights.values()) <= 0:
            raise ValueError("The weights of enterprises must be above 0.")
        if set(self.credit) != set(ENTERPRISE_GRADES) or set(self.industries) != set(INDUSTRIES):
            raise ValueError("There must be points for every grade and every line of business.")
        points = (*self.credit.values(), *self.industries.values(), self.unknown)
        if not all(0 <= each <= 100 for each in points):
            raise ValueError("Points of enterprises must lie between 0 and 100.")
        if not 0 < self.key_line < self.strategic_line <= 100:
            raise ValueError("key_line must be above 0 and below strategic_line, and that at most 100.")
        odd = {need for needs in self.needs.values() for need in needs} - set(NEEDS)
        if odd or set(self.needs) != set(INDUSTRIES):
            raise ValueError(f"The needs of every line of business must be among {', '.join(NEEDS)}.")
        for line in self.lines().values():
            if any(a > b for (_, a), (_, b) in pairwise(line.points)):
                raise ValueError(f"The points of {line.code} must not fall: more of it never lowers a tier.")

    def lines(self) -> dict[str, Indicator]:
        """The two factors that are figures, as scoring lines."""
        return {
            name: Indicator(name, self.weights[name], getattr(self, name), unknown=self.unknown, scale="log")
            for name in ("business", "settlement")
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Back from JSON's types; what a row of an earlier form does not say has its default."""
        given = dict(found)
        for name in ("business", "settlement"):
            if name in given:
                given[name] = tuple((value, points) for value, points in given[name])
        if "needs" in given:
            given["needs"] = {industry: tuple(needs) for industry, needs in given["needs"].items()}
        return cls(**given)


@dataclass(frozen=True)
class Tiers:
    """One run's word on all enterprises.

    `table` has by customer id: tier, points (0–100), confidence (the share of the weights that is known, 0–1), and as
    JSON text `reasons` ({code, value, points, lift}), `steps` ({code, change_fen or grade}) and `needs`.
    """

    table: pd.DataFrame
    settled: Mapping[str, Mapping[str, int]]

    def summary(self) -> dict[str, Any]:
        """Counts, loans and deposits in fen by tier, for the run's report."""
        return {"customers": len(self.table), "tiers": self.settled}


def judge(enterprises: pd.DataFrame, rule: EnterpriseRule) -> Tiers:
    """Put enterprises into tiers.

    `enterprises` by customer id: `industry`, `credit_grade` (text or missing), `loans`, `deposits`, `settlement_volume`
    in fen (NaN where unknown), `cross_border` (True, False or missing).
    """
    known, values = _values(enterprises)
    points = _points(values, rule)
    total = points.sum(axis=1).round(2)
    tier = np.select([total >= rule.strategic_line, total >= rule.key_line], TIERS[:2], TIERS[2])
    weights = np.array([rule.weights[name] for name in FACTORS])
    rows = list(zip(range(len(values)), total, tier, strict=True))
    table = pd.DataFrame(
        {
            "tier": tier,
            "points": total,
            "confidence": (known.to_numpy() @ weights).round(3),
            "reasons": [_reasons(values.iloc[at], points.iloc[at], rule) for at, _, _ in rows],
            "steps": [json.dumps(steps_up(values.iloc[at], points.iloc[at], rule)) for at, _, _ in rows],
            "needs": [json.dumps(_needs(row, rule)) for row in enterprises[["industry", "cross_border"]].itertuples()],
        },
        index=enterprises.index,
    )
    return Tiers(table, _settled(enterprises, tier))


def _values(enterprises: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What each factor is read from: business and settlement in yuan, grade and line of business as codes."""
    values = pd.DataFrame(
        {
            "business": (enterprises["loans"] + enterprises["deposits"]) / FEN,
            "settlement": enterprises["settlement_volume"].astype(float) / FEN,
            "credit": enterprises["credit_grade"],
            "industry": enterprises["industry"],
        },
        index=enterprises.index,
    )
    return values.notna(), values


def _points(values: pd.DataFrame, rule: EnterpriseRule) -> pd.DataFrame:
    """The points that each factor brings; they add up to the total."""
    lines = rule.lines()
    scores: dict[str, Any] = {name: score(values[name], line) for name, line in lines.items()}
    scores["credit"] = values["credit"].map(dict(rule.credit)).fillna(rule.unknown).to_numpy(dtype=float)
    scores["industry"] = values["industry"].map(dict(rule.industries)).fillna(rule.unknown).to_numpy(dtype=float)
    return pd.DataFrame({name: rule.weights[name] * scores[name] for name in FACTORS}, index=values.index)


def _reasons(values: pd.Series, points: pd.Series, rule: EnterpriseRule) -> str:
    """Every factor, the one that lifts or lowers most against the line of a key customer first."""
    lifts = {name: float(points[name] - rule.weights[name] * rule.key_line) for name in FACTORS}
    ranked = sorted(FACTORS, key=lambda name: (-abs(round(lifts[name], 6)), FACTORS.index(name)))
    return json.dumps(
        [
            {"code": name, "value": _told(values[name]), "points": round(float(points[name]), 2),
             "lift": round(lifts[name], 2)}
            for name in ranked
        ]
    )  # fmt: skip


def _told(value: Any) -> float | str | None:
    if isinstance(value, str):
        return value
    return None if value is None or math.isnan(value) else round(float(value) * FEN)


def steps_up(values: pd.Series, points: pd.Series, rule: EnterpriseRule) -> list[dict[str, Any]]:
    """What leads to the next tier by itself: more business or settlement in fen, or a better grade; empty at the top.

    The smallest change in whole ten thousand yuan; a factor that cannot do it alone is left out.
    """
    total = round(float(points.sum()), 2)
    line = next((line for line in (rule.key_line, rule.strategic_line) if total < line), None)
    if line is None:
        return []
    steps: list[dict[str, Any]] = []
    for name, curve in rule.lines().items():
        found = _rise(values[name], curve, float(points.sum() - points[name]), line)
        steps += [{"code": name, "change_fen": found}] if found is not None else []
    better = [
        grade
        for grade in ENTERPRISE_GRADES
        if round(float(points.sum() - points["credit"]) + rule.weights["credit"] * rule.credit[grade], 2) >= line
    ]
    grade = min(better, key=lambda each: rule.credit[each], default=None)
    return [*steps, {"code": "credit", "grade": grade}] if grade else steps


def _rise(value: float, curve: Indicator, rest: float, line: float) -> int | None:
    """How much more, in fen, brings the total to the line; None where the curve ends before it."""
    needed = (line - rest) / curve.weight
    at, scores = zip(*curve.points, strict=True)
    if needed > scores[-1] or math.isnan(value):
        return None
    place = int(np.searchsorted(np.array(scores, dtype=float), needed))
    low, high = max(place - 1, 0), place
    share = (needed - scores[low]) / (scores[high] - scores[low]) if scores[high] > scores[low] else 0.0
    target = math.exp(math.log(at[low]) + share * (math.log(at[high]) - math.log(at[low])))
    change = math.ceil((target - value) * FEN / STEP) * STEP
    while change > STEP and _reaches(value, change - STEP, curve, rest, line):
        change -= STEP
    while not _reaches(value, change, curve, rest, line):
        change += STEP
    return change


def _reaches(value: float, change: int, curve: Indicator, rest: float, line: float) -> bool:
    risen = score(pd.Series([value + change / FEN]), curve)[0]
    return round(rest + curve.weight * float(risen), 2) >= line


def _needs(row: Any, rule: EnterpriseRule) -> list[str]:
    """Products by line of business; whoever trades across the border needs its settlement too."""
    needs = list(rule.needs.get(row.industry, ()))
    if row.cross_border is True and "cross_border_settlement" not in needs:
        needs.append("cross_border_settlement")
    return needs


def _settled(enterprises: pd.DataFrame, tier: npt.NDArray[np.str_]) -> dict[str, dict[str, int]]:
    found = {}
    for name in TIERS:
        members = enterprises[tier == name]
        sums = {f"{what}_fen": int(members[what].sum()) for what in ("loans", "deposits")}
        found[name] = {"customers": len(members), **sums}
    return found
