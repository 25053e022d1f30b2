"""Extremely randomised trees beside the boosted ones: grown by scikit-learn, kept and walked in the same way."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import ExtraTreesClassifier

from segmentation.outlook.boosting import CLASSES, FIELDS, Arrays, BrokenTreesError, Floats, check_nodes, walk

SHARES = ("fell", "rose")
KINDS = {name: "<f4" if name == "num_threshold" else kind for name, kind in FIELDS.items() if name != "value"}
TREES = 60
LEAST_IN_LEAF = 15
MOST_LEAVES = 20_000  # per tree: places of nodes are kept in two bytes
FARTHEST = float(np.finfo(np.float32).max)  # scikit-learn's forests read numbers in four bytes
TRIED = 0.6  # of the indicators at every node
LEAST = 1e-4  # an outcome is never said to be impossible


@dataclass(frozen=True)
class Forest:
    """Trees whose leaves hold shares of two outcomes, the third is the rest; nodes of all trees in a row."""

    starts: npt.NDArray[np.int64]
    nodes: Arrays
    shares: Floats
    indicators: int

    def log_odds(self, values: Floats) -> Floats:
        """Log-probabilities, one row per customer and one column per outcome."""
        places = {**self.nodes, "value": np.arange(int(self.starts[-1]), dtype=np.float64)}
        found = np.zeros((len(values), len(SHARES)))

        def add(block: slice, _: int, reached: Floats) -> None:
            found[block] += self.shares[reached.astype(np.intp)]

        walk(self.starts, places, self.indicators, values, add)
        fell, rose = (found / (len(self.starts) - 1)).T
        shares = np.column_stack([fell, 1 - fell - rose, rose])
        told: Floats = np.log(np.clip(shares, LEAST, 1))
        return told

    def arrays(self) -> Arrays:
        """Plain arrays for a file."""
        shares = {name: self.shares[:, at].astype(np.float32) for at, name in enumerate(SHARES)}
        return {"starts": self.starts, **self.nodes, **shares}


def least_in_leaf(customers: int) -> int:
    """How many customers stand in every leaf at least."""
    return max(LEAST_IN_LEAF, -(-customers // MOST_LEAVES))


def plant(values: Floats, outcomes: npt.NDArray[np.int64], seed: int) -> Forest:
    """Learn; the same values, outcomes and seed give the same trees."""
    least = least_in_leaf(len(values))
    model = ExtraTreesClassifier(TREES, min_samples_leaf=least, max_features=TRIED, random_state=seed)
    model.fit(np.clip(values, -FARTHEST, FARTHEST).astype(np.float32), outcomes)
    grown = [tree.tree_ for tree in model.estimators_]
    columns: Arrays = {
        "feature_idx": np.concatenate([np.maximum(tree.feature, 0) for tree in grown]),
        "num_threshold": np.concatenate([tree.threshold for tree in grown]),
        "missing_go_to_left": np.concatenate([tree.missing_go_to_left for tree in grown]),
        "left": np.concatenate([np.maximum(tree.children_left, 0) for tree in grown]),
        "right": np.concatenate([np.maximum(tree.children_right, 0) for tree in grown]),
        "is_leaf": np.concatenate([tree.children_left < 0 for tree in grown]),
    }
    shares = np.concatenate([tree.value[:, 0, :] for tree in grown])[:, [0, CLASSES - 1]]
    starts = np.cumsum([0, *(tree.node_count for tree in grown)], dtype=np.int64)
    kept: Arrays = {name: columns[name].astype(kind) for name, kind in KINDS.items()}
    return Forest(starts, kept, shares.astype(np.float32).astype(np.float64), values.shape[1])


def forest_of(arrays: Mapping[str, npt.NDArray[np.generic]], indicators: int) -> Forest:
    """A forest from a file's arrays, after the same checks as boosted trees.

    Raises:
        BrokenTreesError: they are no such trees.
    """
    kinds = {"starts": "<i8", **KINDS, **dict.fromkeys(SHARES, "<f4")}
    if set(arrays) != set(kinds) or any(arrays[name].dtype != np.dtype(kind) for name, kind in kinds.items()):
        raise BrokenTreesError
    if any(found.ndim != 1 for found in arrays.values()) or len(arrays["starts"]) < 2:
        raise BrokenTreesError
    starts, nodes = arrays["starts"].astype(np.int64), {name: arrays[name] for name in KINDS}
    check_nodes(starts, nodes, indicators)
    if any(len(arrays[name]) != starts[-1] for name in SHARES):
        raise BrokenTreesError
    shares = np.column_stack([arrays[name].astype(np.float64) for name in SHARES])
    if not np.isfinite(shares).all() or shares.min() < 0 or shares.max() > 1:
        raise BrokenTreesError
    return Forest(starts, nodes, shares, indicators)
