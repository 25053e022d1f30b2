"""Does a score rank what really followed, and better than a plainer one: concordance, with intervals over customers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.outlook.boosting import CLASSES, Floats
from segmentation.outlook.evaluation import ROUNDS, Estimate, Outcomes, Ranking
from segmentation.outlook.outcomes import LEAST

OUTLOOK, HEURISTIC = "outlook", "heuristic"
TURNABLE = frozenset({"assets", "tenure"})


@dataclass(frozen=True)
class Comparison:
    """How the potential of an outlook ranks what followed, beside plainer scores of the same customers.

    `concordance`: of two customers with different outcomes, the chance that the score puts the better outcome higher,
    equal scores counting half. `lead`: the outlook's concordance less the other's, drawn together. Assets and tenure
    stand in the better of their two directions, which flatters them.
    """

    customers: int
    concordance: Mapping[str, Estimate]
    lead: Mapping[str, Estimate]

    @property
    def beats_heuristic(self) -> bool:
        """Whether the whole interval of the lead over the documented heuristic lies above 0."""
        return self.lead[HEURISTIC].low > 0

    def as_json(self) -> dict[str, Any]:
        """The same in JSON's types, four digits."""
        plain = {name: _rounded(getattr(self, name)) for name in ("concordance", "lead")}
        return {"customers": self.customers, **plain, "beats_heuristic": self.beats_heuristic}


@dataclass(frozen=True)
class TenureBand:
    """The same customers by how long they have been with the bank, and what the outlook is worth among them."""

    band: str
    customers: int
    macro_auc: Estimate
    auc_fell: Estimate


def potential(probabilities: Floats) -> Floats:
    """The potential that an outlook gives, 0–100: 50 where falling and rising are as likely."""
    found: Floats = 50 * (1 + probabilities[:, CLASSES - 1] - probabilities[:, 0])
    return found


def compare(scores: Mapping[str, Floats], outcomes: Outcomes, seed: int = 0) -> Comparison:
    """Compare `scores[OUTLOOK]` with every other one; unknown values stand in the middle of their score."""
    orders = {name: _Order(_known(values), outcomes) for name, values in scores.items()}
    values = {name: order.concordance() for name, order in orders.items()}
    turned = {name: name in TURNABLE and value < 0.5 for name, value in values.items()}
    draw = np.random.default_rng(seed)
    rounds = []
    for _ in range(ROUNDS):
        weights = draw.poisson(1.0, len(outcomes)).astype(np.float64)
        rounds.append({name: order.concordance(weights) for name, order in orders.items()})
    drawn = pd.DataFrame([values, *rounds])
    for name in [name for name, is_turned in turned.items() if is_turned]:
        drawn[name] = 1 - drawn[name]
    leads = drawn.rsub(drawn[OUTLOOK], axis=0).drop(columns=OUTLOOK)
    return Comparison(len(outcomes), _estimates(drawn), _estimates(leads))


def by_tenure(days: pd.Series, probabilities: Floats, outcomes: Outcomes) -> tuple[TenureBand, ...]:
    """Those who came between two statements and all others apart; empty where a band has too few of an outcome."""
    late = days.notna().to_numpy()
    bands = {"new since the first statement": late, "longer, or not known": ~late}
    if any(np.bincount(outcomes[chosen], minlength=CLASSES).min() < LEAST for chosen in bands.values()):
        return ()
    return tuple(_band(name, probabilities[chosen], outcomes[chosen]) for name, chosen in bands.items())


class _Order:
    """One score's rankings of each pair of outcomes."""

    def __init__(self, scores: Floats, outcomes: Outcomes) -> None:
        self._pairs = []
        for worse, better in combinations(range(CLASSES), 2):
            chosen = np.flatnonzero((outcomes == worse) | (outcomes == better))
            self._pairs.append((chosen, outcomes == better, Ranking(scores[chosen], outcomes[chosen] == better)))

    def concordance(self, weights: Floats | None = None) -> float:
        """Each pair of outcomes counts as often as such two customers meet."""
        total, met = 0.0, 0.0
        for chosen, better, ranking in self._pairs:
            weight = np.ones(len(chosen)) if weights is None else weights[chosen]
            heads = float(weight[better[chosen]].sum()) * float(weight[~better[chosen]].sum())
            if heads:
                total, met = total + heads * ranking.auc(weight), met + heads
        return total / met


def _band(name: str, probabilities: Floats, outcomes: Outcomes, seed: int = 0) -> TenureBand:
    orders = [Ranking(probabilities[:, at], outcomes == at) for at in range(CLASSES)]
    draw = np.random.default_rng(seed)
    drawn = []
    for at in range(1 + ROUNDS):
        weights = draw.poisson(1.0, len(outcomes)).astype(np.float64) if at else np.ones(len(outcomes))
        aucs = [order.auc(weights) for order in orders]
        drawn.append({"macro": float(np.mean(aucs)), "fell": aucs[0]})
    found = _estimates(pd.DataFrame(drawn))
    return TenureBand(name, len(outcomes), found["macro"], found["fell"])


def _estimates(drawn: pd.DataFrame) -> dict[str, Estimate]:
    """The first row is the value, the others are draws."""
    low, high = drawn.iloc[1:].quantile(0.025).to_list(), drawn.iloc[1:].quantile(0.975).to_list()
    found = zip(drawn.columns, drawn.iloc[0].to_list(), low, high, strict=True)
    return {str(name): Estimate(*figures) for name, *figures in found}


def _known(values: Floats) -> Floats:
    known: npt.NDArray[np.bool_] = ~np.isnan(values)
    middle = float(np.median(values[known])) if known.any() else 0.0
    return np.where(known, values, middle)


def _rounded(found: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    return {
        name: {part: round(value, 4) for part, value in asdict(estimate).items()} for name, estimate in found.items()
    }
