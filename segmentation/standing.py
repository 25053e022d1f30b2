"""Where a customer stands beside the letter: band by assets, stage of life with the bank, quadrant, sub-score of C."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.bands import band_places
from segmentation.classes import Assignment
from segmentation.dimensions import LETTERS, Matrix
from segmentation.policy import SegmentationPolicy

BANDS = ("high_net_worth", "middle", "small")
STAGES = ("new", "growing", "mature", "churn_warning")
Words = npt.NDArray[np.str_]


def bands(features: pd.DataFrame, policy: SegmentationPolicy) -> Words:
    """The three bands by assets, near a line also by behaviour and credit; a line belongs to the band above it."""
    return np.array(BANDS)[band_places(features, (policy.high_net_worth_fen, policy.gate_fen), policy.banding)]


def is_new(features: pd.DataFrame, policy: SegmentationPolicy) -> npt.NDArray[np.bool_]:
    """Customers known to be with the bank for less than `new_days`; an unknown tenure makes nobody new."""
    return (features["tenure_days"] < policy.new_days).to_numpy()


def stages(features: pd.DataFrame, churn: pd.Series, policy: SegmentationPolicy) -> Words:
    """New goes before a churn warning, that before growing; everybody else is mature."""
    warned = (churn >= policy.churn_line).to_numpy()
    growing = (features["deposit_change"] >= policy.growing_change).to_numpy()
    return np.select([is_new(features, policy), warned, growing], [STAGES[0], STAGES[3], STAGES[1]], STAGES[2])


def quadrants(current: pd.Series, potential: pd.Series, policy: SegmentationPolicy) -> Words:
    """The study's quadrant of both scores: A low and high, B high and high, C high and low, D low and low."""
    high, promising = current >= policy.current_line, potential >= policy.potential_line
    return np.where(high, np.where(promising, "B", "C"), np.where(promising, "A", "D"))


def confidence(assigned: Assignment, provisional: npt.NDArray[np.bool_], policy: SegmentationPolicy) -> Matrix:
    """How far a letter can be trusted, 0–1.

    The share of the policy's weights that is known of the customer, halved at a border between classes, and cut for
    a provisional letter.
    """
    weights = np.array([policy.weights[code] for code in assigned.space.codes])
    known = ~np.isnan(assigned.standard) @ weights / sum(policy.weights.values())
    clear = np.clip(assigned.gap / policy.clear, 0, 1)
    trust = np.where(provisional, policy.provisional_trust, 1.0)
    return np.asarray((known * (0.5 + 0.5 * clear) * trust).round(3))


def development(assigned: Assignment, potential: pd.Series, policy: SegmentationPolicy) -> Matrix:
    """Who of class C is worth developing, 0–100: the potential score and the nearness to B; NaN for other classes.

    Nearness is 100 where B is as near as C and 0 where C leads by four times the gap of a sure letter.
    """
    b, c = LETTERS.index("B"), LETTERS.index("C")
    lead = assigned.affinity[:, c] - assigned.affinity[:, b]
    closeness = 100 * (1 - np.clip(lead / (4 * policy.clear), 0, 1))
    weights = policy.development
    found = weights["potential"] * potential.to_numpy() + weights["closeness"] * closeness
    return np.where(assigned.letters == c, found.round(2), np.nan)
