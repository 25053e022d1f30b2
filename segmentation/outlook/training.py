"""Training of an outlook: every part is judged on customers that it never saw, and calibrated on them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from segmentation.outlook.boosting import CLASSES, SLOW_SETTINGS, SMALL_SETTINGS, Floats, Trees, grow
from segmentation.outlook.calibration import fit_calibration
from segmentation.outlook.comparison import OUTLOOK, Comparison, TenureBand, by_tenure, compare, potential
from segmentation.outlook.delivered import Delivered
from segmentation.outlook.evaluation import Outcomes, Quality, SingleColumn, judge, judge_column
from segmentation.outlook.forest import Forest, plant
from segmentation.outlook.indicators import IndicatorSet, build, fitting
from segmentation.outlook.model import OutlookModel, Part
from segmentation.outlook.outcomes import Outcomes as ToldOutcomes
from segmentation.outlook.snapshot import plain_scores, tenure

FOLDS = 5
WORKERS = 2
FORESTED = frozenset({"months"})  # where slower boosting and a forest beside the first ensemble pay for their size
FALLBACKS = ("balances", "activity")
FEW = 5_000  # customers, below which large ensembles learn noise
COLUMNS = ("assets", "net_assets", "loans", "logins", "transfers", "net_flow", "deposit_products", "growth", "is_new")
HELD_OUT = (
    f"inside one quarter: {FOLDS}-fold cross-validation by customer, stratified by outcome, calibration from the other "
    "folds; this flatters, since the next quarter differs"
)
Folds = list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]
Learner = Callable[[Floats, Outcomes, int], Trees | Forest]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Training:
    """A model with what it is worth: quality by set, the logistic regression, single columns, and plainer scores."""

    model: OutlookModel
    customers: int
    parts: dict[str, Quality]
    logistic: Quality
    logistic_on: str
    columns: tuple[SingleColumn, ...]
    comparison: Comparison
    tenure: tuple[TenureBand, ...]

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
            "comparison": self.comparison.as_json(),
            "tenure": [asdict(band) for band in self.tenure],
        }


def train(delivered: Delivered, outcomes: ToldOutcomes, seed: int = 1, tell: Tell = lambda _: None) -> Training:
    """Train every part that the delivery can fill; the same files and seed give the same model, bit for bit."""
    told, index = outcomes.values(), outcomes.classes.index
    chosen = fitting(delivered)
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(told, told))
    parts: dict[str, Part] = {}
    qualities: dict[str, Quality] = {}
    held_out = np.empty((len(told), CLASSES))
    for found in chosen:
        values = build(delivered, found).loc[index]
        tell(f"{found.title} ({values.shape[1]} indicators)")
        tables = [values.to_numpy(dtype=np.float64), *_other_windows(delivered, found, index)]
        parts[found.name], held_out = _part(found, tables, tuple(values.columns), told, folds, seed)
        qualities[found.name] = judge(held_out, told)
        parts[found.name] = replace(parts[found.name], quality=qualities[found.name].as_json())
    tell("logistic regression, single columns and plainer scores")
    values = build(delivered, chosen[-1]).loc[index]
    logistic = judge(_logistic(values, told, folds, seed), told)
    columns = [judge_column(name, _column(values, name), told) for name in COLUMNS if name in values]
    shares = tuple((np.bincount(told, minlength=CLASSES) / len(told)).round(6).tolist())
    plain = {name: found.loc[index].to_numpy(dtype=np.float64) for name, found in plain_scores(delivered).items()}
    return Training(
        model=OutlookModel(delivered.profile.name, delivered.as_of, seed, shares, parts),
        customers=len(told),
        parts=qualities,
        logistic=logistic,
        logistic_on=chosen[-1].name,
        columns=tuple(columns),
        comparison=compare({OUTLOOK: potential(held_out), **plain}, told),
        tenure=by_tenure(tenure(delivered).loc[index], held_out, told),
    )


def _other_windows(delivered: Delivered, chosen: IndicatorSet, index: pd.Index) -> list[Floats]:
    """The customers as their growth over each shorter window shows them.

    How long ago the earlier statement was differs from quarter to quarter; a part that learnt from several windows
    reads a new one well too (docs/benchmarks.md).
    """
    if chosen.name != "since":
        return []
    return [
        build(shorter, chosen).loc[index].to_numpy(dtype=np.float64) for shorter in delivered.with_shorter_windows()
    ]


def _part(
    chosen: IndicatorSet, tables: Sequence[Floats], names: tuple[str, ...], told: Outcomes, folds: Folds, seed: int
) -> tuple[Part, Floats]:
    """The part, and the probabilities of customers whom neither trees nor calibration had seen.

    `tables` show the same customers over several windows; they are learnt from together and judged on the first.
    """
    is_small = chosen.name in FALLBACKS or len(told) < FEW
    learners = _learners(chosen.name, is_small)
    jobs = [
        (seen, seed + 100 * at + fold, learn)
        for fold, (seen, _) in enumerate(folds)
        for at, learn in enumerate(learners)
    ]
    with ThreadPoolExecutor(WORKERS) as pool:
        grown = list(pool.map(lambda job: _grow(tables, told, *job), jobs))
    log_odds = np.empty((len(told), CLASSES))
    for at, (_, unseen) in enumerate(folds):
        committee = grown[at * len(learners) : (at + 1) * len(learners)]
        log_odds[unseen] = np.mean([trees.log_odds(tables[0][unseen]) for trees in committee], axis=0)
    part = Part(names, _middle(tables[0]), tuple(grown), fit_calibration(log_odds, told), {})
    return part, _calibrated(log_odds, told, folds)


def _learners(name: str, is_small: bool) -> list[Learner]:
    """The ensembles of every fold: unlike ones err in unlike places, and their mean errs less."""
    if is_small:
        return [partial(grow, settings=SMALL_SETTINGS)]
    if name in FORESTED:
        slow = partial(grow, settings=SLOW_SETTINGS)
        return [grow, slow, plant, slow]
    return [grow, grow]


def _grow(
    tables: Sequence[Floats], told: Outcomes, seen: npt.NDArray[np.intp], seed: int, learn: Learner
) -> Trees | Forest:
    values = np.concatenate([table[seen] for table in tables])
    return learn(values, np.tile(told[seen], len(tables)), seed)


def _middle(table: Floats) -> tuple[float, ...]:
    """The middle customer of every indicator; 0 where nobody has it."""
    found = pd.DataFrame(table).median().fillna(0.0)
    return tuple(found.to_list())


def _calibrated(log_odds: Floats, told: Outcomes, folds: Folds) -> Floats:
    """Probabilities whose calibration was learnt without the customers it is judged on."""
    found = np.empty_like(log_odds)
    for seen, unseen in folds:
        found[unseen] = fit_calibration(log_odds[seen], told[seen]).probabilities(log_odds[unseen])
    return found


def _logistic(values: pd.DataFrame, told: Outcomes, folds: Folds, seed: int) -> Floats:
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
