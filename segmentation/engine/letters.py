"""Letters for many millions: four prototypes in one expression, block by block or as a statement of the engine.

Both give the very letters of `segmentation.classes.assign`, with its margin, its unknown values and its dimensions.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.classes import BLOCK, NOBODY, Letters, Space, affinities, build_space
from segmentation.dimensions import DIMENSIONS, LETTERS, Matrix
from segmentation.policy import SegmentationPolicy
from segmentation.reasons import REASONS
from segmentation.scaler import Scaler

THREADS = 2
Places = npt.NDArray[np.int8]
Columns = Mapping[str, npt.NDArray[np.float64]]


def letters(features: pd.DataFrame, policy: SegmentationPolicy, previous: Letters | None = None) -> Places:
    """Places in "ABCD" of every customer, as `assign` gives them; `previous` as there.

    Nothing but the letters is kept, so ten million customers need ten megabytes beside their features.

    Raises:
        PolicyError: as `build_space`.
    """
    space, scaler = build_space(features, policy), policy.scaler
    assert scaler is not None
    columns = {code: features[DIMENSIONS[code].feature].to_numpy(dtype=float) for code in space.codes}
    found = np.empty(len(features), dtype=np.int8)

    def work(start: int) -> None:
        rows = slice(start, start + BLOCK)
        affinity = affinities(_standard({code: column[rows] for code, column in columns.items()}, scaler), space).T
        found[rows] = _held(affinity, None if previous is None else previous[rows], policy.margin)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(0, len(features), BLOCK)))
    return found


def _standard(columns: Columns, scaler: Scaler) -> Matrix:
    """As `Scaler.standardise`, column by column."""
    found = np.empty((len(columns), len(next(iter(columns.values())))))
    for at, (code, column) in enumerate(columns.items()):
        np.subtract(DIMENSIONS[code].shape(column), scaler.centre[code], out=found[at])
        found[at] /= scaler.spread[code]
    return found.T


def _held(affinity: Matrix, previous: Letters | None, margin: float) -> Places:
    """The letter of the greatest affinity (letters × customers), or the earlier one within the margin."""
    best, nearest = affinity[0].copy(), np.zeros(affinity.shape[1], dtype=np.int8)
    for place in range(1, len(LETTERS)):
        nearer = affinity[place] > best
        np.copyto(best, affinity[place], where=nearer)
        nearest[nearer] = place
    if previous is None:
        return nearest
    kept = np.where(previous == NOBODY, nearest, previous)
    lead = best - affinity[kept, np.arange(len(kept))]
    return np.where(lead > margin, nearest, kept).astype(np.int8)


@dataclass(frozen=True)
class _Terms:
    """The pieces of the statement that speak of one run's space."""

    space: Space
    scaler: Scaler

    def places(self) -> str:
        """Every dimension's place in the standardised space, null where unknown."""
        return ", ".join(f"{self._place(code)} AS z_{code}" for code in self.space.codes)

    def _place(self, code: str) -> str:
        dimension = DIMENSIONS[code]
        value = f"CAST({dimension.feature} AS DOUBLE)"
        shaped = f"LN(1 + {value} / {_number(dimension.knee)})" if dimension.knee else value
        return f"({shaped} - {_number(self.scaler.centre[code])}) / {_number(self.scaler.spread[code])}"

    def affinities(self) -> str:
        """Every letter's affinity; an unknown coordinate counts for no letter."""
        return ", ".join(f"{self._affinity(at)} AS near_{letter}" for at, letter in enumerate(LETTERS))

    def _affinity(self, letter: int) -> str:
        return " + ".join(
            f"COALESCE(z_{code} * {_number(self.space.slopes[letter, at])}"
            f" - {_number(self.space.offsets[letter, at])}, 0)"
            for at, code in enumerate(self.space.codes)
        )

    def terms(self) -> str:
        """What each dimension brings to the gap, without its sign and rounded as reasons are."""
        return ", ".join(
            f"ROUND(ABS(COALESCE(z_{code} * ({_of('letter', self.space.slopes[:, at])}"
            f" - {_of('runner_up', self.space.slopes[:, at])})"
            f" - ({_of('letter', self.space.offsets[:, at])} - {_of('runner_up', self.space.offsets[:, at])}), 0)), 6)"
            f" AS term_{code}"
            for at, code in enumerate(self.space.codes)
        )

    def ranks(self) -> str:
        """How many dimensions say more than this one; equal ones in the order of their codes."""
        return ", ".join(f"{self._rank(at)} AS rank_{code}" for at, code in enumerate(self.space.codes))

    def _rank(self, at: int) -> str:
        mine = f"term_{self.space.codes[at]}"
        before = [f"CASE WHEN term_{code} >= {mine} THEN 1 ELSE 0 END" for code in self.space.codes[:at]]
        after = [f"CASE WHEN term_{code} > {mine} THEN 1 ELSE 0 END" for code in self.space.codes[at + 1 :]]
        return " + ".join([*before, *after]) or "0"

    def reasons(self) -> str:
        """The codes of the strongest dimensions; null where there are fewer."""
        return ", ".join(
            "CASE " + " ".join(f"WHEN rank_{code} = {rank} THEN '{code}'" for code in self.space.codes) + " END"
            f" AS reason_{rank + 1}"
            for rank in range(REASONS)
        )


def letters_statement(source: str, space: Space, policy: SegmentationPolicy) -> str:
    """One statement over `source`, a relation with `customer`, `previous` and the features' columns, null for unknown.

    `previous` is an earlier firm letter or null. Per customer: `letter`, `runner_up`, `gap`, `provisional` and the
    codes `reason_1` to `reason_3`, as `assign` and its reasons say. The statement keeps to what engines have in common.
    """
    assert policy.scaler is not None
    say = _Terms(space, policy.scaler)
    near = ", ".join(f"near_{letter}" for letter in LETTERS)
    others = ", ".join(f"CASE WHEN letter <> '{letter}' THEN near_{letter} END" for letter in LETTERS)
    runner_up = " ".join(f"WHEN letter <> '{letter}' AND near_{letter} = second THEN '{letter}'" for letter in LETTERS)
    nearest = " ".join(f"WHEN near_{letter} = most THEN '{letter}'" for letter in LETTERS)
    return f"""
WITH placed AS (SELECT customer, previous, tenure_days, {say.places()} FROM {source}
), near AS (SELECT *, {say.affinities()} FROM placed
), most AS (SELECT *, GREATEST({near}) AS most FROM near
), nearest AS (SELECT *, CASE {nearest} END AS nearest FROM most
), held AS (
    SELECT *, CASE WHEN previous IS NULL OR most - {_own("previous")} > {_number(policy.margin)}
        THEN nearest ELSE previous END AS letter
    FROM nearest
), second AS (SELECT *, GREATEST({others}) AS second FROM held
), apart AS (
    SELECT *, CASE {runner_up} END AS runner_up, {_own("letter")} - second AS gap FROM second
), terms AS (SELECT *, {say.terms()} FROM apart
), ranked AS (SELECT *, {say.ranks()} FROM terms)
SELECT customer, letter, runner_up, gap, COALESCE(tenure_days < {policy.new_days}, FALSE) AS provisional,
    {say.reasons()}
FROM ranked
"""  # noqa: S608 - the relation and all names are this program's, the rest are numbers.


def _own(letter: str) -> str:
    """The affinity of the letter that a column names."""
    return f"CASE {letter} " + " ".join(f"WHEN '{each}' THEN near_{each}" for each in LETTERS) + " END"


def _of(letter: str, numbers: Matrix) -> str:
    """The number of the letter that a column names."""
    choices = zip(LETTERS, numbers, strict=True)
    return f"CASE {letter} " + " ".join(f"WHEN '{each}' THEN {_number(number)}" for each, number in choices) + " END"


def _number(value: float) -> str:
    """A double to the last bit; without an exponent engines would read a decimal."""
    return f"{value:.17e}"
