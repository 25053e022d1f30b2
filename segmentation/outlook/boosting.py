"""Boosted trees: grown by scikit-learn, kept as plain arrays that are checked before they are walked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

# Private, since scikit-learn has no public way to walk trees that it did not unpickle; the lock pins the version, and
# a test compares with predict_proba.
from sklearn.ensemble._hist_gradient_boosting.predictor import PREDICTOR_RECORD_DTYPE, TreePredictor
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from segmentation.outlook.outcomes import LABELS

Floats = npt.NDArray[np.float64]
Arrays = dict[str, npt.NDArray[np.generic]]
CLASSES = len(LABELS)
BLOCK = 2_048  # customers walked at once: as many as the processor keeps at hand, which is three times faster
FIELDS = {
    "feature_idx": "<i2",
    "num_threshold": "<f8",
    "missing_go_to_left": "u1",
    "left": "<u2",
    "right": "<u2",
    "value": "<f8",
    "is_leaf": "u1",
}
NO_CATEGORIES = np.zeros((0, 8), dtype=np.uint32)
SETTINGS = {
    "learning_rate": 0.1,
    "max_iter": 130,
    "max_leaf_nodes": 31,
    "min_samples_leaf": 100,
    "l2_regularization": 20.0,
    "max_features": 0.3,
    "early_stopping": False,
}
SLOW_SETTINGS = {
    **SETTINGS,
    "learning_rate": 0.05,
    "max_iter": 220,
    "max_leaf_nodes": 48,
    "min_samples_leaf": 40,
    "max_features": 0.1,
}
SMALL_SETTINGS = {**SETTINGS, "learning_rate": 0.1, "max_iter": 80, "max_leaf_nodes": 15}


class BrokenTreesError(ValueError):
    """The arrays are no trees over these indicators."""


@dataclass(frozen=True)
class Trees:
    """Trees for three classes: nodes of all trees in a row, `starts` of each tree, one more at the end."""

    baseline: Floats
    starts: npt.NDArray[np.int64]
    nodes: Arrays
    indicators: int

    def log_odds(self, values: Floats) -> Floats:
        """Unnormalised log-probabilities, one row per customer and one column per class."""
        found = np.tile(self.baseline, (len(values), 1))

        def add(block: slice, at: int, said: Floats) -> None:
            found[block, at % CLASSES] += said

        walk(self.starts, self.nodes, self.indicators, values, add)
        return found

    def arrays(self) -> Arrays:
        """Plain arrays for a file."""
        return {"baseline": self.baseline, "starts": self.starts, **self.nodes}


def walk(
    starts: npt.NDArray[np.int64],
    columns: Arrays,
    indicators: int,
    values: Floats,
    add: Callable[[slice, int, Floats], None],
) -> None:
    """Lead every customer to a leaf of every tree; `add` is told the block, the tree and the leaves' `value`."""
    values = np.ascontiguousarray(values, dtype=np.float64)
    nodes = np.zeros(int(starts[-1]), dtype=PREDICTOR_RECORD_DTYPE)
    for name, column in columns.items():
        nodes[name] = column
    trees = [TreePredictor(nodes[start:end], NO_CATEGORIES, NO_CATEGORIES) for start, end in pairwise(starts)]
    no_map = np.zeros(indicators, dtype=np.uint32)
    for first in range(0, len(values), BLOCK):
        block = slice(first, first + BLOCK)
        for at, tree in enumerate(trees):
            add(block, at, tree.predict(values[block], NO_CATEGORIES, no_map, 1))


def grow(values: Floats, outcomes: npt.NDArray[np.int64], seed: int, settings: Mapping[str, float] = SETTINGS) -> Trees:
    """Learn; the same values, outcomes and seed give the same trees."""
    # One thread per model: folds grow side by side, and OpenMP's threads wait for each other on a busy machine.
    with threadpool_limits(1, user_api="openmp"):
        model = HistGradientBoostingClassifier(**settings, random_state=seed).fit(values, outcomes)
    grown = [tree.nodes for step in model._predictors for tree in step]
    nodes = np.concatenate(grown)
    starts = np.cumsum([0, *(len(tree) for tree in grown)], dtype=np.int64)
    kept: Arrays = {name: nodes[name].astype(kind) for name, kind in FIELDS.items()}
    return Trees(np.ravel(model._baseline_prediction).astype(np.float64), starts, kept, values.shape[1])


def trees_of(arrays: Mapping[str, npt.NDArray[np.generic]], indicators: int) -> Trees:
    """Trees from a file's arrays, after a check that walking them stays inside them and comes to an end.

    Raises:
        BrokenTreesError: they are no such trees.
    """
    if set(arrays) != {"baseline", "starts", *FIELDS}:
        raise BrokenTreesError
    baseline, starts = arrays["baseline"], arrays["starts"]
    nodes: Arrays = {name: arrays[name] for name in FIELDS}
    kinds = {"baseline": "<f8", "starts": "<i8", **FIELDS}
    if any(arrays[name].dtype != np.dtype(kind) or arrays[name].ndim != 1 for name, kind in kinds.items()):
        raise BrokenTreesError
    if len(baseline) != CLASSES or len(starts) < 1 + CLASSES or (len(starts) - 1) % CLASSES:
        raise BrokenTreesError
    found = Trees(baseline.astype(np.float64), starts.astype(np.int64), nodes, indicators)
    check_nodes(found.starts, nodes, indicators)
    if not np.isfinite(np.concatenate([found.baseline, nodes["value"].astype(np.float64)])).all():
        raise BrokenTreesError
    return found


def check_nodes(starts: npt.NDArray[np.int64], nodes: Arrays, indicators: int) -> None:
    """Refuse nodes over which a walk could leave its tree or never end.

    Raises:
        BrokenTreesError: one of them could.
    """
    sizes = np.diff(starts)
    count = len(nodes["is_leaf"])
    if starts[0] or starts[-1] != count or sizes.min() < 1 or any(len(column) != count for column in nodes.values()):
        raise BrokenTreesError
    place = np.arange(count) - np.repeat(starts[:-1], sizes)
    branch = nodes["is_leaf"] == 0
    left, right = nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)
    feature = nodes["feature_idx"].astype(np.int64)
    # A child lies behind its parent and inside its tree: every walk ends, and ends inside.
    forward = (np.minimum(left, right) > place) & (np.maximum(left, right) < np.repeat(sizes, sizes))
    inside = (feature >= 0) & (feature < indicators)
    if not (forward & inside)[branch].all() or np.isnan(nodes["num_threshold"]).any():
        raise BrokenTreesError
