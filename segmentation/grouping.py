"""The challenger to the letters: free clustering, which answers "is there a fifth group?" and names no class."""

import math
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from segmentation.averages import mean_of, median_of
from segmentation.classes import Letters, Space
from segmentation.dimensions import LETTERS, Matrix
from segmentation.findings import Cluster, GroupCount, Grouping
from segmentation.policy import SegmentationPolicy
from segmentation.stability import adjusted_rand

FEWEST, MOST = 2, 8
SAMPLE = 6_000  # customers that the clusterings see
SEEN_BY_SILHOUETTE = 2_000  # its cost grows with the square
LEAST = 50 * MOST  # customers below which groups are accidents
BETTER = 0.02  # by how much a silhouette must be higher; less is the luck of the draw
REPEATS = 0.8  # the adjusted Rand index between two halves from which a grouping is the same one
STARTS = 4
SEED = 1
NARROWEST = 1e-9


@dataclass(frozen=True)
class _Tried:
    count: GroupCount
    places: Letters


def find_groups(
    features: pd.DataFrame, letters: Letters, space: Space, policy: SegmentationPolicy, seed: int = SEED
) -> Grouping | None:
    """K-means with 2 to 8 groups in the standardised space of the letters; None for too few customers.

    `letters` are places in "ABCD" by the rows of `features`. Unknown coordinates stand in the middle, and dimensions
    weigh as the policy weighs them. The same customers and seed give the same groups.
    """
    if policy.scaler is None or len(features) < LEAST:
        return None
    draw = np.random.default_rng(seed)
    drawn = np.sort(draw.permutation(len(features))[:SAMPLE])
    weights = np.sqrt([policy.weights[code] for code in space.codes])
    standard = np.nan_to_num(policy.scaler.standardise(features.iloc[drawn], space.codes)) * weights
    halves = np.array_split(draw.permutation(len(drawn)), 2)
    with threadpool_limits(1):  # So few customers are done before threads agree on who does what.
        found = [_try(groups, standard, letters[drawn], halves, seed) for groups in range(FEWEST, MOST + 1)]
    counts = tuple(each.count for each in found)
    line = max(count.silhouette for count in counts) - BETTER
    best = max(found, key=lambda each: (each.count.silhouette >= line, each.count.repeats))
    return Grouping(
        dimensions=space.codes,
        sample=len(drawn),
        seed=seed,
        tried=counts,
        chosen=best.count.groups,
        lowest_bic=min(counts, key=lambda count: count.bic).groups,
        answer=answer(counts),
        clusters=_profiles(features.iloc[drawn], letters[drawn], best.places),
    )


def answer(tried: tuple[GroupCount, ...]) -> str:
    """Is there a fifth group: "yes", "weak" or "no", as `Grouping` says."""
    line = max(count.silhouette for count in tried if count.groups <= len(LETTERS))
    more = [count for count in tried if count.groups > len(LETTERS) and count.silhouette >= line + BETTER]
    if not more:
        return "no"
    return "yes" if any(count.repeats >= REPEATS for count in more) else "weak"


def _try(groups: int, standard: Matrix, letters: Letters, halves: list[Letters], seed: int) -> _Tried:
    model = _fit(groups, standard, seed)
    places = model.predict(standard)
    first, second = (_fit(groups, standard[half], seed).predict(standard) for half in halves)
    seen = places[:SEEN_BY_SILHOUETTE]
    silhouette = silhouette_score(standard[: len(seen)], seen) if len(np.unique(seen)) > 1 else 0.0
    return _Tried(
        GroupCount(
            groups=groups,
            bic=round(information(standard, places, float(model.inertia_)), 1),
            silhouette=round(float(silhouette), 4),
            repeats=round(adjusted_rand(first, second), 4),
            rand=round(adjusted_rand(places, letters), 4),
        ),
        places,
    )


def information(standard: Matrix, places: Letters, inertia: float) -> float:
    """The BIC of a clustering as round normal distributions of one width (D. Pelleg and A. Moore, X-means, ICML 2000).

    −2 log-likelihood + parameters × ln n: lower is better.
    """
    customers, dimensions = standard.shape
    sizes = np.unique(places, return_counts=True)[1]
    variance: float = max(inertia / (dimensions * max(customers - len(sizes), 1)), NARROWEST)
    mixing = float((sizes * np.log(sizes / customers)).sum())
    spread = customers * dimensions / 2 * math.log(2 * math.pi * variance) + inertia / (2 * variance)
    found: float = 2 * (spread - mixing) + len(sizes) * (dimensions + 1) * math.log(customers)
    return found


def _fit(groups: int, standard: Matrix, seed: int) -> KMeans:
    """One clustering; customers who are all alike make fewer groups than were asked for, which is no news."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return KMeans(groups, n_init=STARTS, random_state=seed).fit(standard)


def _profiles(customers: pd.DataFrame, letters: Letters, places: Letters) -> tuple[Cluster, ...]:
    """The groups, the largest first."""
    sizes = np.bincount(places)
    order = [int(place) for place in np.argsort(-sizes, kind="stable") if sizes[place]]
    return tuple(
        _profile(at, customers[places == of], letters[places == of], len(places)) for at, of in enumerate(order, 1)
    )


def _profile(place: int, members: pd.DataFrame, letters: Letters, customers: int) -> Cluster:
    counts = np.bincount(letters, minlength=len(LETTERS))
    most = int(counts.argmax())
    return Cluster(
        place=place,
        customers=len(members),
        share=round(len(members) / customers, 4),
        assets_median_fen=int(members["assets"].median()),
        assets_fen=int(members["assets"].sum()),
        transfers_median=median_of(members["transfers"]),
        logins_median=median_of(members["logins"]),
        age_median=median_of(members["age"]),
        counter_share_mean=mean_of(members["counter_share"]),
        letters={letter: int(heads) for letter, heads in zip(LETTERS, counts, strict=True)},
        mostly=LETTERS[most],
        mostly_share=round(float(counts[most] / len(members)), 4),
    )
