"""Training of an outlook: every part is judged on customers that it never saw, and calibrated on them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from segmentation.outlook.boosting import CLASSES, SETTINGS, SMALL_SETTINGS, Floats, Trees, grow
from segmentation.outlook.calibration import fit_calibration
from segmentation.outlook.delivered import Delivered
from segmentation.outlook.evaluation import Quality, SingleColumn, judge, judge_column, macro_auc
from segmentation.outlook.indicators import IndicatorSet, build, fitting
from segmentation.outlook.model import OutlookModel, Part
from segmentation.outlook.outcomes import LEAST, Outcomes
from segmentation.outlook.snapshot import tenure

FOLDS = 5
WORKERS = 2
FALLBACKS = ("balances", "activity")
COLUMNS = ("assets", "net_assets", "loans", "logins", "transfers", "net_flow", "deposit_products", "growth", "is_new")
HELD_OUT = (
    f"inside one quarter: {FOLDS}-fold cross-validation by customer, stratified by outcome, calibration from the other "
    "folds; this flatters, since the next quarter differs"
)
Folds = list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Training:
    """A model with what it is worth: quality by set, the logistic regression, and single columns."""

    model: OutlookModel
    customers: int
    parts: dict[str, Quality]
    logistic: Quality
    logistic_on: str
    columns: tuple[SingleColumn, ...]
    tenure: tuple[tuple[str, int, float], ...]

    def as_json(self) -> dict[str, Any]:
        """The model card in JSON's types."""
        return {
            "profile": self.model.profile,
            "as_of": self.model.as_of.isoformat(),
            "customers": self.customers,
            "shares": dict(zip(("fell", "same", "rose"), self.model.shares, strict=True)),
            "held_out": HELD_OUT,
            "parts": {
                name: {"indicators": len(self.model.parts[name].indicators), **found.as_json()}
                for name, found in self.parts.items()
            },
            "logistic": {"set": self.logistic_on, **self.logistic.as_json()},
            "columns": [vars(column) for column in self.columns],
            "tenure": [{"band": name, "customers": count, "macro_auc": auc} for name, count, auc in self.tenure],
        }


def train(delivered: Delivered, outcomes: Outcomes, seed: int = 1, tell: Tell = lambda _: None) -> Training:
    """Train every part that the delivery can fill; the same files and seed give the same model, bit for bit."""
    told = outcomes.values()
    chosen = fitting(delivered)
    values = {found.name: build(delivered, found).loc[outcomes.classes.index] for found in chosen}
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(told, told))
    parts: dict[str, Part] = {}
    qualities: dict[str, Quality] = {}
    held_out = np.empty((len(told), CLASSES))
    for found in chosen:
        tell(f"{found.title} ({values[found.name].shape[1]} indicators)")
        parts[found.name], held_out = _part(found, values[found.name], told, folds, seed)
        qualities[found.name] = judge(held_out, told)
        parts[found.name] = replace(parts[found.name], quality=qualities[found.name].as_json())
    richest = chosen[-1].name
    tell("logistic regression and single columns")
    logistic = judge(_logistic(values[richest], told, folds, seed), told)
    columns = [judge_column(name, _column(values[richest], name), told) for name in COLUMNS if name in values[richest]]
    shares = tuple((np.bincount(told, minlength=CLASSES) / len(told)).round(6).tolist())
    model = OutlookModel(delivered.profile.name, delivered.as_of, seed, shares, parts)
    bands = _by_tenure(tenure(delivered).loc[outcomes.classes.index], held_out, told)
    return Training(model, len(told), qualities, logistic, richest, tuple(columns), bands)


def _part(
    found: IndicatorSet, values: pd.DataFrame, told: npt.NDArray[np.int64], folds: Folds, seed: int
) -> tuple[Part, Floats]:
    """The part, and the probabilities of customers whom neither trees nor calibration had seen."""
    table = values.to_numpy(dtype=np.float64)
    settings = SMALL_SETTINGS if found.name in FALLBACKS else SETTINGS
    with ThreadPoolExecutor(WORKERS) as pool:
        jobs = [pool.submit(grow, table[seen], told[seen], seed + at, settings) for at, (seen, _) in enumerate(folds)]
        trees: tuple[Trees, ...] = tuple(job.result() for job in jobs)
    log_odds = np.empty((len(table), CLASSES))
    for grown, (_, unseen) in zip(trees, folds, strict=True):
        log_odds[unseen] = grown.log_odds(table[unseen])
    part = Part(tuple(values.columns), trees, fit_calibration(log_odds, told), {})
    return part, _calibrated(log_odds, told, folds)


def _calibrated(log_odds: Floats, told: npt.NDArray[np.int64], folds: Folds) -> Floats:
    """Probabilities whose calibration was learnt without the customers it is judged on."""
    found = np.empty_like(log_odds)
    for seen, unseen in folds:
        found[unseen] = fit_calibration(log_odds[seen], told[seen]).probabilities(log_odds[unseen])
    return found


def _by_tenure(days: pd.Series, held_out: Floats, told: npt.NDArray[np.int64]) -> tuple[tuple[str, int, float], ...]:
    """Customers of late and those of before the first statement apart: by tenure alone any model can look good."""
    late = days.notna().to_numpy()
    bands = {"new since the first statement": late, "longer, or not known": ~late}
    if any(np.bincount(told[chosen], minlength=CLASSES).min() < LEAST for chosen in bands.values()):
        return ()
    return tuple((name, int(chosen.sum()), macro_auc(held_out[chosen], told[chosen])) for name, chosen in bands.items())


def _logistic(values: pd.DataFrame, told: npt.NDArray[np.int64], folds: Folds, seed: int) -> Floats:
    """The plain statistical model on ranks, as a yardstick; unknown values stand in the middle."""
    table = values.fillna(values.median()).fillna(0.0).to_numpy(dtype=np.float64)
    found = np.empty((len(table), CLASSES))
    for seen, unseen in folds:
        ranks = QuantileTransformer(n_quantiles=min(200, len(seen)), output_distribution="normal", random_state=seed)
        model = make_pipeline(ranks, LogisticRegression(C=0.1, max_iter=300, tol=0.01)).fit(table[seen], told[seen])
        found[unseen] = model.predict_proba(table[unseen])
    return found


def _column(values: pd.DataFrame, name: str) -> Floats:
    found: Floats = values[name].to_numpy(dtype=np.float64)
    return found
