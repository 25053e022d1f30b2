"""How well next products are ranked: a hidden holding found again within one day, or what was really taken up later."""

from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.action_rules import PRODUCTS
from segmentation.dimensions import Matrix
from segmentation.next_products import (
    HOLDABLE,
    RANKED,
    Flags,
    Neighbours,
    Places,
    groups_of,
    holdings,
    learn,
)
from segmentation.policy import SegmentationPolicy
from segmentation.standing import bands

ONE_DAY = (
    "One day only: counted on half of the customers; in the other half each held product was hidden in turn, the band "
    "taken from what was left. The letter still knows the hidden assets, and holding is not taking up."
)
TWO_DAYS = "Ranked on the earlier day alone, against what customers held on the later day and not before."
COLUMNS = np.array([HOLDABLE.index(code) for code in PRODUCTS])
BINS = 10
Z95 = 1.96


class Hits(NamedTuple):
    """How often what was wanted came first, and among the first three."""

    first: int = 0
    in_three: int = 0


@dataclass(frozen=True)
class Trial:
    """A trial's cases with how many of them each ranking has among its first three; rates with Wilson's interval."""

    how: str
    cases: int
    alike: Hits
    popular: Hits
    calibration_error: float

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        rankings = {
            name: {**_rate(found.in_three, self.cases), "first": found.first}
            for name, found in (("alike", self.alike), ("popular", self.popular))
        }
        error = round(self.calibration_error, 4)
        return {"how": self.how, "cases": self.cases, **rankings, "calibration_error": error}


def hide_and_find(features: pd.DataFrame, letters: pd.Series, policy: SegmentationPolicy) -> Trial:
    """Within one day: learn on every other customer, hide each product that one of the rest holds, and look for it."""
    held = holdings(features, policy.actions.held_from_fen)
    groups = groups_of(letters, pd.Series(bands(features, policy)))
    taught = np.arange(len(held)) % 2 == 0
    found = learn(held[taught], groups[taught], policy.actions.shrink)
    rest = features[~taught]
    cases, hits = 0, np.zeros((2, 2), dtype=int)
    for place in range(len(PRODUCTS)):
        holders = held[~taught][:, COLUMNS[place]]
        left = rest[holders].copy()
        left["assets"] -= left[tuple(PRODUCTS)[place]]
        hidden = held[~taught][holders].copy()
        hidden[:, COLUMNS[place]] = False
        places = groups_of(letters[~taught][holders], pd.Series(bands(left, policy)))
        cases += int(holders.sum())
        hits += _hits(found, hidden, places, np.full(len(left), place))
    error = calibration_error(found.likely(held[~taught], groups[~taught])[:, COLUMNS], held[~taught][:, COLUMNS])
    return Trial(ONE_DAY, cases, Hits(*hits[0].tolist()), Hits(*hits[1].tolist()), error)


def taken_up(before: pd.DataFrame, letters: pd.Series, after: pd.DataFrame, policy: SegmentationPolicy) -> Trial:
    """Over two days: rank for everybody on the earlier one, and count what was new on the later one."""
    held = holdings(before, policy.actions.held_from_fen)
    groups = groups_of(letters, pd.Series(bands(before, policy)))
    found = learn(held, groups, policy.actions.shrink)
    both = before.index.isin(after.index)
    later = holdings(after.reindex(before.index[both]), policy.actions.held_from_fen)
    new = later[:, COLUMNS] & ~held[both][:, COLUMNS]
    who, what = np.nonzero(new)
    hits = _hits(found, held[both][who], groups[both][who], what)
    error = calibration_error(found.likely(held, groups)[:, COLUMNS], held[:, COLUMNS])
    return Trial(TWO_DAYS, len(who), Hits(*hits[0].tolist()), Hits(*hits[1].tolist()), error)


def calibration_error(shares: Matrix, held: Flags) -> float:
    """The mean distance between shares and what is held, over ten bins; equal shares stay together."""
    flat, truth = shares.ravel(), held.ravel()
    if not len(flat):
        return 0.0
    edges = np.unique(np.quantile(flat, np.arange(1, BINS) / BINS))
    bins = np.searchsorted(edges, flat, side="right")
    return float(sum(abs((flat - truth)[bins == each].sum()) for each in np.unique(bins)) / len(flat))


def _hits(found: Neighbours, held: Flags, groups: Places, wanted: Places) -> npt.NDArray[np.int_]:
    """How often the wanted product is first and among three, by those alike and by popularity."""
    if not len(held):
        return np.zeros((2, 2), dtype=int)
    lacking = ~held[:, COLUMNS]
    popular = np.broadcast_to(found.popularity[COLUMNS], lacking.shape)
    rankings = (found.likely(held, groups)[:, COLUMNS], popular)
    return np.array([_among_first(np.where(lacking, shares, -1.0), wanted) for shares in rankings])


def _among_first(shares: Matrix, wanted: Places) -> tuple[int, int]:
    found = np.argsort(-shares, axis=1, kind="stable")[:, :RANKED] == wanted[:, None]
    return int(found[:, 0].sum()), int(found.any(axis=1).sum())


def _rate(hits: int, cases: int) -> dict[str, Any]:
    """A share with Wilson's 95 % interval; cases of one customer are taken as independent."""
    if not cases:
        return {"hits": 0, "rate": 0.0, "interval": [0.0, 1.0]}
    rate, weight = hits / cases, Z95**2 / cases
    middle, half = rate + weight / 2, Z95 * sqrt(rate * (1 - rate) / cases + weight / (4 * cases))
    interval = [round((middle - half) / (1 + weight), 4), round((middle + half) / (1 + weight), 4)]
    return {"hits": hits, "rate": round(rate, 4), "interval": interval}
