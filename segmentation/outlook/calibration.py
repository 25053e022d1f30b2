"""Calibration: three probabilities that mean what they say and add up to 1, and how far they are off."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from segmentation.outlook.boosting import CLASSES, Floats

BINS = 15


@dataclass(frozen=True)
class Calibration:
    """Platt's scaling for three classes: log-odds × `weights` + `offsets`, then softmax."""

    weights: Floats
    offsets: Floats

    def probabilities(self, log_odds: Floats) -> Floats:
        """One row per customer, adding up to 1."""
        return softmax(centred(log_odds) @ self.weights.T + self.offsets)


def fit_calibration(log_odds: Floats, outcomes: npt.NDArray[np.int64]) -> Calibration:
    """Learn it from log-odds of customers that their model never saw."""
    model = LogisticRegression(C=10.0, max_iter=500).fit(centred(log_odds), outcomes)
    return Calibration(model.coef_.astype(np.float64), model.intercept_.astype(np.float64))


def expected_calibration_error(probabilities: Floats, outcomes: npt.NDArray[np.int64]) -> float:
    """Mean over the three outcomes of |said − happened| in 15 bins of equal width, weighted by customers, 0–1."""
    return float(np.mean([_error(probabilities[:, at], outcomes == at) for at in range(CLASSES)]))


def top_calibration_error(probabilities: Floats, outcomes: npt.NDArray[np.int64]) -> float:
    """The same for the likeliest outcome alone."""
    return _error(probabilities.max(axis=1), probabilities.argmax(axis=1) == outcomes)


def softmax(values: Floats) -> Floats:
    """Probabilities of log-odds."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    found: Floats = powers / powers.sum(axis=1, keepdims=True)
    return found


def centred(log_odds: Floats) -> Floats:
    """Log-odds are known up to a constant per customer; this takes it out."""
    found: Floats = log_odds - log_odds.mean(axis=1, keepdims=True)
    return found


def _error(said: Floats, happened: npt.NDArray[np.bool_]) -> float:
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, said, BINS) - np.bincount(bins, happened, BINS)
    return float(np.abs(gaps).sum() / len(said))
