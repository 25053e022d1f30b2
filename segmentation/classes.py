"""Classes A–D: the letter is the nearest of four fixed prototypes, and how near each is is explained to the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.dimensions import DIMENSIONS, LETTERS, Matrix
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.reasons import Reasons, strongest

VERSION = "prototypes-1"
AXIS = "letter"
NOBODY = -1  # Stands for the previous letter of a customer who had none.
BLOCK = 32_768  # Customers looked at together: their figures stay in the processor's cache.
Letters = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Space:
    """The dimensions of one run, and the prototypes in them; `left_out` says why a dimension is not among them.

    `slopes` and `offsets` (letters × dimensions) make the affinity slope · z − offset, summed over what is known: a
    prototype's squared distance without the part that all four share. The nearest prototype has the greatest affinity.
    """

    codes: tuple[str, ...]
    slopes: Matrix
    offsets: Matrix
    known_weight: float
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Assignment:
    """Letters and runners-up as places in "ABCD", with everything that explains them; one row per customer.

    `gap` is how much nearer, in squared distance, the letter's prototype is than the runner-up's; below 0 the letter
    is held by the margin. `standard` is the place in the standardised space, NaN where unknown.
    """

    space: Space
    letters: Letters
    runners_up: Letters
    gap: Matrix
    affinity: Matrix
    standard: Matrix

    def terms(self) -> Matrix:
        """What each dimension brings to the gap: the difference of squared distances, which add up to it exactly."""
        slopes, offsets = self.space.slopes, self.space.offsets
        steeper = slopes[self.letters] - slopes[self.runners_up]
        further = offsets[self.letters] - offsets[self.runners_up]
        return np.nan_to_num(self.standard * steeper - further)

    def reasons(self, features: pd.DataFrame) -> Reasons:
        """The strongest terms, with the values of their features."""
        codes = self.space.codes
        values = features[[DIMENSIONS[code].feature for code in codes]].to_numpy(dtype=float)
        return strongest(AXIS, codes, values, self.terms())

    def names(self) -> npt.NDArray[np.str_]:
        """The letters themselves."""
        return np.array(list(LETTERS))[self.letters]


def known_shares(features: pd.DataFrame) -> pd.Series:
    """The share of the customers of whom each feature is known, 0–1; 1 where there are no customers."""
    return features.notna().mean() if len(features) else pd.Series(1.0, index=features.columns)


def build_space(features: pd.DataFrame, policy: SegmentationPolicy, known: pd.Series | None = None) -> Space:
    """The dimensions that the policy weighs, the scaler knows, and enough customers of this run have.

    `known` are the known shares of the whole run, where `features` are some of its customers.

    Raises:
        PolicyError: the policy has no scaler, or nothing at all can be compared.
    """
    if policy.scaler is None:
        raise PolicyError("A policy without a scaler measures nothing: fit one first.")
    left_out: dict[str, str] = {}
    shares = known_shares(features[[each.feature for each in DIMENSIONS.values()]]) if known is None else known
    for code, dimension in DIMENSIONS.items():
        share = float(shares[dimension.feature])
        if policy.weights[code] == 0:
            left_out[code] = "no_weight"
        elif share < policy.known_share or share == 0:
            left_out[code] = "not_delivered"
        elif code not in policy.scaler.centre:
            left_out[code] = "not_in_scaler"
    codes = tuple(code for code in DIMENSIONS if code not in left_out)
    if "assets" not in codes:
        raise PolicyError(
            "The assets of these customers do not differ, so there are no classes: import a larger delivery."
        )
    weights = np.array([policy.weights[code] for code in codes])
    places = np.array([[policy.prototypes[letter][code] for code in codes] for letter in LETTERS])
    known_weight = float(weights.sum() / sum(policy.weights.values()))
    return Space(codes, 2 * weights * places, weights * places**2, known_weight, left_out)


def assign(
    features: pd.DataFrame,
    policy: SegmentationPolicy,
    previous: Letters | None = None,
    known: pd.Series | None = None,
) -> Assignment:
    """The letter of every customer; `previous` holds the places of earlier letters, or NOBODY; `known` as above.

    An earlier letter is kept unless another prototype is nearer by more than the policy's margin. A customer's letter
    depends on no other customer but through the frozen scaler.
    """
    space = build_space(features, policy, known)
    assert policy.scaler is not None
    standard = policy.scaler.standardise(features, space.codes)
    affinity = affinities(standard, space)
    letters = affinity.argmax(axis=1)
    rows = np.arange(len(letters))
    if previous is not None:
        kept = np.where(previous == NOBODY, letters, previous)
        nearer = affinity[rows, letters] - affinity[rows, kept]
        letters = np.where(nearer > policy.margin, letters, kept)
    others = affinity.copy()
    others[rows, letters] = -np.inf
    runners_up = others.argmax(axis=1)
    gap = affinity[rows, letters] - affinity[rows, runners_up]
    return Assignment(space, letters, runners_up, gap, affinity, standard)


def affinities(standard: Matrix, space: Space) -> Matrix:
    """Customers × letters; an unknown coordinate counts for no letter.

    Written out as sums, block by block, so that a customer's figure is the same bit for bit beside any others.
    """
    found = np.empty((len(LETTERS), len(standard)))
    for start in range(0, len(standard), BLOCK):
        rows = slice(start, start + BLOCK)
        columns = [np.ascontiguousarray(column) for column in standard[rows].T]
        unknown = [mask if mask.any() else None for mask in map(np.isnan, columns)]
        term = np.empty(len(standard[rows]))
        for letter in range(len(LETTERS)):
            total = found[letter, rows]
            total[:] = 0
            for at, column in enumerate(columns):
                np.multiply(column, space.slopes[letter, at], out=term)
                term -= space.offsets[letter, at]
                if (mask := unknown[at]) is not None:
                    np.copyto(term, 0, where=mask)
                total += term
    return found.T
