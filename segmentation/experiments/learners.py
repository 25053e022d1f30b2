"""A two-model learner: one model of the treated, one of the control, each unit scored by models that never saw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from segmentation.experiments.moments import Values

FOLDS = 5
SEED = 7
MOST_CATEGORIES = 100
FEWEST = 10  # Units of each outcome, or of each group, below which nothing can be learnt.
LEARNER = (
    "two models (treated, control) of histogram gradient boosting, 120 trees of 6 leaves; "
    "5 folds by a hash of the unit, each scored by models that never saw it"
)


@dataclass(frozen=True)
class Scores:
    """Out of sample, per unit: what the outcome would be with and without the treatment."""

    treated: Values
    control: Values

    @property
    def uplift(self) -> Values:
        """The difference by which units are ranked."""
        return self.treated - self.control


def feature_matrix(
    features: Mapping[str, npt.NDArray[Any]],
) -> tuple[npt.NDArray[np.float64], list[bool]]:
    """Features side by side, categories as codes by falling frequency (rare ones share a code), and which they are."""
    columns, categories = [], []
    for values in features.values():
        is_category = values.dtype == object
        columns.append(_codes(values) if is_category else values.astype(np.float64))
        categories.append(is_category)
    return np.column_stack(columns), categories


def two_model_scores(
    matrix: npt.NDArray[np.float64],
    categories: list[bool],
    outcome: Values,
    treated: npt.NDArray[np.bool_],
    folds: npt.NDArray[np.int64],
    *,
    binary: bool,
) -> Scores | None:
    """Cross-fitted scores; None where a group is too small, or one answer too rare, to learn from."""
    if not all(_can_learn(outcome[group], binary) for group in (treated, ~treated)):
        return None
    found = {True: np.empty(len(outcome)), False: np.empty(len(outcome))}
    for fold in range(FOLDS):
        held = folds == fold
        if not held.any():
            continue
        for with_it in (True, False):
            learnt = ~held & (treated == with_it)
            found[with_it][held] = _predict(matrix, categories, outcome, learnt, held, binary)
    return Scores(found[True], found[False])


def _can_learn(outcome: Values, binary: bool) -> bool:
    yes = float(outcome.sum()) if binary else len(outcome)
    return min(yes, len(outcome) - yes if binary else yes) >= FEWEST


def _predict(
    matrix: npt.NDArray[np.float64],
    categories: list[bool],
    outcome: Values,
    learnt: npt.NDArray[np.bool_],
    held: npt.NDArray[np.bool_],
    binary: bool,
) -> Values:
    answers = outcome[learnt]
    if not len(answers) or answers.min() == answers.max():
        return np.full(int(held.sum()), float(answers[0]) if len(answers) else 0.0)
    settings: dict[str, Any] = {
        "max_iter": 120,
        "learning_rate": 0.05,
        "max_leaf_nodes": 6,
        "min_samples_leaf": max(10, min(200, len(answers) // 50)),
        "l2_regularization": 1.0,
        "categorical_features": categories,
        "early_stopping": False,
        "random_state": SEED,
    }
    with threadpool_limits(
        1, user_api="openmp"
    ):  # On a busy machine threads wait for each other longer than they work.
        if binary:
            model = HistGradientBoostingClassifier(**settings).fit(matrix[learnt], answers.astype(np.int8))
            chances: Values = model.predict_proba(matrix[held])[:, 1]
            return chances
        amounts: Values = HistGradientBoostingRegressor(**settings).fit(matrix[learnt], answers).predict(matrix[held])
        return amounts


def _codes(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Codes from 0 by falling frequency, NaN where missing; beyond MOST_CATEGORIES all share the last."""
    given = np.array([value is not None for value in values])
    names, places, counts = np.unique(values[given].astype(str), return_inverse=True, return_counts=True)
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(names))
    codes = np.full(len(values), np.nan)
    codes[given] = np.minimum(rank[places], MOST_CATEGORIES)
    return codes
