"""Tags from figures: every rule looked at for everybody, at every run (S-157, S-218)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.json_columns import objects_of
from segmentation.tag_rules import Term, Terms


@dataclass(frozen=True)
class DerivedTags:
    """Who has which tag, customers × tags, with the figure of the rule's first term; `unknown` lacks its figures."""

    codes: tuple[str, ...]
    held: npt.NDArray[np.bool_]
    evidence: npt.NDArray[np.float64]
    unknown: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Customers by tag."""
        return {code: int(heads) for code, heads in zip(self.codes, self.held.sum(axis=0), strict=True)}

    def as_json(self) -> pa.StringArray:
        """Per customer a JSON object of its tags with their figures."""
        return objects_of(
            [
                pc.binary_join_element_wise(f'"{code}":', _figures(self.evidence[:, at], self.held[:, at]), "")
                for at, code in enumerate(self.codes)
            ]
        )


def derive_tags(features: pd.DataFrame, table: pd.DataFrame, rules: Mapping[str, Terms]) -> DerivedTags:
    """Look at every rule; one whose figures no department delivers gives nobody a tag and is named as unknown.

    `table` is that of the portraits.
    """
    known = _known(features, table)
    codes = tuple(code for code, terms in rules.items() if all(_names(term) <= known for term in terms))
    held = np.ones((len(features), len(codes)), dtype=bool)
    evidence = np.empty((len(features), len(codes)))
    for at, code in enumerate(codes):
        for place, term in enumerate(rules[code]):
            figures = _figure(features, table, term)
            held[:, at] &= _within(figures, term)
            if place == 0:
                evidence[:, at] = figures
    return DerivedTags(codes, held, evidence, tuple(code for code in rules if code not in codes))


def _within(figures: npt.NDArray[np.float64], term: Term) -> npt.NDArray[np.bool_]:
    """Comparisons with NaN are false, so the unknown fulfils no term."""
    least = np.ones(len(figures), dtype=bool) if term.at_least is None else figures >= term.at_least
    return np.asarray(least if term.below is None else least & (figures < term.below))


def _figure(features: pd.DataFrame, table: pd.DataFrame, term: Term) -> npt.NDArray[np.float64]:
    total = sum(_column(features, table, name) for name in term.figure.split("+"))
    if term.per is None:
        return np.asarray(total, dtype=float)
    divisor = _column(features, table, term.per)
    found = np.full(len(features), np.nan)
    np.divide(total, divisor, out=found, where=divisor > 0)
    return found


def _column(features: pd.DataFrame, table: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    source = features if name in features else table
    return np.asarray(source[name].to_numpy(dtype=float))


def _names(term: Term) -> set[str]:
    return {*term.figure.split("+"), *([term.per] if term.per else [])}


def _known(features: pd.DataFrame, table: pd.DataFrame) -> set[str]:
    """The figures that somebody has."""
    return {*features.columns[features.notna().any()], *table.columns}


def _figures(values: npt.NDArray[np.float64], held: npt.NDArray[np.bool_]) -> pa.StringArray:
    """Figures as JSON takes them, null where the tag is not held; what never happened counts as 0."""
    return pc.cast(pa.array(np.nan_to_num(values.round(4), posinf=0.0), mask=~held), pa.string())
