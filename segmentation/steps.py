"""The way to the next class: the smallest change of assets alone after which a customer's letter changes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.classes import Assignment
from segmentation.dimensions import DIMENSIONS, FEN, LETTERS, Matrix
from segmentation.json_columns import lists_of
from segmentation.policy import SegmentationPolicy

NO_STEP = -1
LARGEST = float(2**53)  # Beyond this many fen a float no longer holds every fen, and nobody owns as much.


@dataclass(frozen=True)
class Steps:
    """Per customer the letter that more assets lead to and the letter that fewer lead to, with the change in fen.

    A letter of NO_STEP means that no change of assets alone leads anywhere.
    """

    up: npt.NDArray[np.intp]
    up_fen: npt.NDArray[np.int64]
    down: npt.NDArray[np.intp]
    down_fen: npt.NDArray[np.int64]

    def as_json(self) -> pa.StringArray:
        """Per customer a JSON list of {letter, change_fen}, more assets first."""
        return lists_of((_texts(self.up, self.up_fen), _texts(self.down, self.down_fen)))

    def part(self, rows: slice) -> "Steps":
        """The steps of some of the customers."""
        return Steps(self.up[rows], self.up_fen[rows], self.down[rows], self.down_fen[rows])

    def of(self, at: int) -> list[dict[str, Any]]:
        """The steps of one customer."""
        found = ((self.up[at], self.up_fen[at]), (self.down[at], self.down_fen[at]))
        return [{"letter": LETTERS[letter], "change_fen": int(fen)} for letter, fen in found if letter != NO_STEP]


def find_steps(assigned: Assignment, features: pd.DataFrame, policy: SegmentationPolicy) -> Steps:
    """The exact steps, in whole yuan, just past the point where another prototype is nearer by more than the margin.

    Along the assets every pair's affinity differs by a straight line, so the first line that crosses is the answer.
    """
    assets = features["assets"].to_numpy(dtype=float)
    up, richer = _first_crossing(assigned, policy, upward=True)
    down, poorer = _first_crossing(assigned, policy, upward=False)
    up_fen = (np.floor((richer - assets) / FEN) + 1) * FEN
    down_fen = (np.ceil((poorer - assets) / FEN) - 1) * FEN
    has_up = np.isfinite(up_fen) & (assets + up_fen < LARGEST)
    has_down = np.isfinite(down_fen) & (assets + down_fen >= 0)
    return Steps(
        np.where(has_up, up, NO_STEP),
        np.where(has_up, up_fen, 0).astype(np.int64),
        np.where(has_down, down, NO_STEP),
        np.where(has_down, down_fen, 0).astype(np.int64),
    )


def _first_crossing(
    assigned: Assignment, policy: SegmentationPolicy, *, upward: bool
) -> tuple[npt.NDArray[np.intp], Matrix]:
    """The letter that overtakes first as assets change, and the assets in fen where it does; infinite for never."""
    assert policy.scaler is not None
    at = assigned.space.codes.index("assets")
    slopes = assigned.space.slopes[:, at]
    rows = np.arange(len(assigned.letters))
    steeper = slopes[None, :] - slopes[assigned.letters][:, None]
    lead = assigned.affinity[rows, assigned.letters][:, None] - assigned.affinity + policy.margin
    overtakes = steeper > 0 if upward else steeper < 0
    way = np.where(overtakes, lead / np.where(overtakes, steeper, 1), np.inf if upward else -np.inf)
    letter = way.argmin(axis=1) if upward else way.argmax(axis=1)
    place = assigned.standard[:, at] + way[rows, letter]
    shaped = place * policy.scaler.spread["assets"] + policy.scaler.centre["assets"]
    return letter, DIMENSIONS["assets"].unshape(shaped)


def _texts(letters: npt.NDArray[np.intp], fen: npt.NDArray[np.int64]) -> pa.StringArray:
    """A step as JSON, null where there is none."""
    starts = pa.array([f'{{"letter":"{letter}","change_fen":' for letter in LETTERS])
    places = pa.array(letters, mask=letters == NO_STEP)
    return pc.binary_join_element_wise(starts.take(places), pc.cast(pa.array(fen), pa.string()), "}", "")
