"""The strongest reasons of a class or a score: codes, values and points, customer by customer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

REASONS = 3


@dataclass(frozen=True)
class Reasons:
    """The strongest reasons of every customer, strongest first; `picked` points into `codes`.

    A value is NaN where nothing is known and infinite where it never happened.
    """

    axis: str
    codes: tuple[str, ...]
    picked: npt.NDArray[np.intp]
    values: npt.NDArray[np.float64]
    points: npt.NDArray[np.float64]

    def rows(self) -> Iterator[list[dict[str, Any]]]:
        """Per customer a list of {code, axis, value, points}, and known: false where nothing is."""
        for row in self.as_json().to_pylist():
            yield json.loads(row)

    def part(self, rows: slice) -> "Reasons":
        """The reasons of some of the customers."""
        return replace(self, picked=self.picked[rows], values=self.values[rows], points=self.points[rows])

    def as_json(self) -> pa.StringArray:
        """The rows as short JSON text, column by column, because there are several for each of many customers."""
        axis = json.dumps(self.axis)
        starts = [f'{{"code":{json.dumps(code)},"axis":{axis},"value":' for code in self.codes]
        return self._lists(starts, ',"points":', (',"known":false}', "}"))

    def as_stored(self) -> pa.StringArray:
        """The rows as the database keeps them, half as long: lists of [code, value, points], `false` after unknown."""
        return self._lists([f"[{json.dumps(code)}," for code in self.codes], ",", (",false]", "]"))

    def _lists(self, starts: list[str], between: str, ends: tuple[str, str]) -> pa.StringArray:
        """Per customer the list of what is made of every reason; the first end is for what is unknown."""
        columns = [self._column(pa.array(starts), at, between, ends) for at in range(self.picked.shape[1])]
        inner = pc.binary_join_element_wise(*columns, ",") if columns else pa.array([""] * len(self.picked))
        return pc.binary_join_element_wise("[", inner, "]", "")

    def _column(self, starts: pa.StringArray, at: int, between: str, ends: tuple[str, str]) -> pa.StringArray:
        value, points = _numbers(self.values[:, at].round(4)), _numbers(self.points[:, at])
        end = pc.if_else(pa.array(np.isnan(self.values[:, at])), *ends)
        first = starts.take(pa.array(self.picked[:, at]))
        return pc.binary_join_element_wise(first, value, between, points, end, "")


def strongest(
    axis: str, codes: tuple[str, ...], values: npt.NDArray[np.float64], pushes: npt.NDArray[np.float64]
) -> Reasons:
    """The reasons that push furthest, either way; equal ones in the order of their codes."""
    picked = np.argsort(-np.abs(pushes).round(6), axis=1, kind="stable")[:, :REASONS]
    rows = np.arange(len(pushes))[:, None]
    return Reasons(axis, codes, picked, values[rows, picked], pushes[rows, picked].round(3) + 0.0)


def _numbers(values: npt.NDArray[np.float64]) -> pa.StringArray:
    """Numbers as JSON takes them: unknown and never are null."""
    text = pc.cast(pa.array(values), pa.string())
    return pc.if_else(pa.array(np.isfinite(values)), text, "null")
