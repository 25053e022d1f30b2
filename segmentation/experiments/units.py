"""From rows to units: one value per unit and outcome, who stands in two variants, who has no variant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segmentation.experiments.cells import MISSING, Cells, listed, read_cells, text_of
from segmentation.experiments.files import GIVEN, Source, one_row
from segmentation.experiments.model import ExperimentError, Question

MOST_VARIANTS = 20
COMBINING = {"sum": "sum", "mean": "avg", "max": "max", "min": "min"}
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Units:
    """Every unit that counts: `codes` points into `variants`, values are NaN where missing; all arrays run alike.

    A ratio's name leads to the numerator, and in `per` to the denominator. Categories of a feature are text. `order`
    runs through the units as the file names them first, `mixed` is a hash of each unit; both only where needed.
    """

    variants: tuple[str, ...]
    codes: npt.NDArray[np.int8]
    values: Mapping[str, Values]
    per: Mapping[str, Values]
    pre: Mapping[str, Values]
    features: Mapping[str, npt.NDArray[Any]]
    order: npt.NDArray[np.int64] | None
    mixed: npt.NDArray[np.uint64] | None
    left_out: Mapping[str, int]
    notes: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Units by variant."""
        counted = np.bincount(self.codes, minlength=len(self.variants))
        return {name: int(count) for name, count in zip(self.variants, counted, strict=True)}


def ratio_parts(outcome: str) -> tuple[str, str] | None:
    """Numerator and denominator of an outcome "a/b"; None for a plain column."""
    above, slash, below = (part.strip() for part in outcome.partition("/"))
    return (above, below) if above and slash and below else None


def outcome_columns(question: Question) -> list[str]:
    """The columns that the outcomes are made of."""
    return [part for outcome in question.outcomes for part in (ratio_parts(outcome) or (outcome,))]


def wanted_columns(question: Question) -> list[str]:
    """The columns to read, each once, in a fixed order."""
    unit = [question.unit] if question.unit is not None else []
    given = [*unit, question.variant, *outcome_columns(question), *question.pre.values(), *question.features]
    return list(dict.fromkeys(given))


def read_units(engine: duckdb.DuckDBPyConnection, source: Source, question: Question) -> Units:
    """Read the file's units.

    Raises:
        ExperimentError: no two variants, far too many, cells that are no numbers, an unknown way to combine rows.
    """
    variants = _variants(engine, text_of(source.column(question.variant)), question.variant)
    names = dict.fromkeys([*outcome_columns(question), *question.pre.values()])
    numbers = {name: read_cells(engine, source, name) for name in names}
    features = {name: _feature(engine, source, name) for name in question.features}
    plan = _Plan(source, question, variants, numbers, _binary(engine, numbers), features)
    engine.execute(f"SET preserve_insertion_order = {question.unit is None}")
    return _units(plan, engine.sql(_statement(plan)).to_arrow_table())


@dataclass(frozen=True)
class _Plan:
    """How each column of a file is read; `features` without cells are categories."""

    source: Source
    question: Question
    variants: tuple[str, ...]
    numbers: Mapping[str, Cells]
    binary: Mapping[str, bool]
    features: Mapping[str, Cells | None]

    def combining(self, name: str) -> str:
        """The aggregate that makes one value of a unit's rows: a yes stays a yes, amounts are added up."""
        if name not in outcome_columns(self.question):
            return "avg"
        if self.question.repeated != "auto":
            return COMBINING[self.question.repeated]
        return "max" if self.binary[name] and name in self.question.outcomes else "sum"


def _variants(engine: duckdb.DuckDBPyConnection, label: str, name: str) -> tuple[str, ...]:
    found = engine.sql(
        f"SELECT {label} AS v FROM {GIVEN} GROUP BY 1 HAVING v IS NOT NULL ORDER BY 1 LIMIT {MOST_VARIANTS + 1}"
    ).fetchall()
    variants = tuple(row[0] for row in found)
    if len(variants) > MOST_VARIANTS:
        raise ExperimentError(f'"{name}" has more than {MOST_VARIANTS} different values: it names no variants.')
    if len(variants) < 2:
        only = f'only "{variants[0]}"' if variants else "no value"
        raise ExperimentError(f'"{name}" has {only}: an experiment has at least two variants.')
    return variants


def _binary(engine: duckdb.DuckDBPyConnection, numbers: Mapping[str, Cells]) -> dict[str, bool]:
    """Which columns hold nothing but 1 and 0, row by row."""
    tests = ", ".join(f"COALESCE(bool_and(({cells.expression}) IN (0, 1)), FALSE)" for cells in numbers.values())
    found = one_row(engine, f"SELECT {tests} FROM {GIVEN}")
    return dict(zip(numbers, found, strict=True))


def _feature(engine: duckdb.DuckDBPyConnection, source: Source, name: str) -> Cells | None:
    try:
        return read_cells(engine, source, name)
    except ExperimentError:
        return None


def _statement(plan: _Plan) -> str:
    """One row per unit; without a unit's column one per row of the file."""
    question, column = plan.question, plan.source.column
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in plan.variants)
    values = {
        f"n{at}": (cells.expression, plan.combining(name)) for at, (name, cells) in enumerate(plan.numbers.items())
    }
    for at, (name, found) in enumerate(plan.features.items()):
        text = f"trim(CAST({column(name)} AS VARCHAR))"
        category = f"CASE WHEN lower({text}) NOT IN {listed(MISSING)} THEN {text} END"
        values[f"f{at}"] = (f"TRY_CAST({found.expression} AS FLOAT)" if found else category, "min")
    unit = "place" if question.unit is None else text_of(column(question.unit))
    code = f"COALESCE(list_position([{names}], {text_of(column(question.variant))}) - 1, -1)::TINYINT"
    cells = "".join(f", {expression} AS {name}" for name, (expression, _) in values.items())
    inner = f"SELECT {unit} AS unit, place, {code} AS code{cells} FROM {GIVEN}"
    order = ", {} AS first" if question.looks else ""
    mixed = ", hash(unit) AS mixed" if question.features else ""
    if question.unit is None:
        single = f"SELECT TRUE AS known, code AS low, code AS high, 1 AS times{order.format('place')}{mixed}"
        return f"{single}{''.join(f', {name}' for name in values)} FROM ({inner}) rows"
    combined = "".join(f", {how}({name}) AS {name}" for name, (_, how) in values.items())
    return (
        "SELECT unit IS NOT NULL AS known, COALESCE(min(code) FILTER (code >= 0), -1) AS low, max(code) AS high, "
        f"count(*) AS times{order.format('min(place)')}{mixed}{combined} FROM ({inner}) rows GROUP BY unit"
    )


def _units(plan: _Plan, rows: pa.Table) -> Units:
    question = plan.question
    known, low, high, times = (rows[name].to_numpy() for name in ("known", "low", "high", "times"))
    torn = known & (low != high)
    take = known & (low >= 0) & ~torn
    columns = {name: _numbers(rows, f"n{at}", take) for at, name in enumerate(plan.numbers)}
    pairs = {outcome: ratio_parts(outcome) for outcome in question.outcomes}
    features = {name: rows[f"f{at}"].to_numpy()[take] for at, name in enumerate(plan.features)}
    left_out = {
        "rows_without_unit": int(times[~known].sum()),
        "units_without_variant": int((known & (low < 0)).sum()),
        "units_in_several_variants": int(torn.sum()),
    }
    return Units(
        plan.variants,
        low[take],
        {outcome: columns[pair[0] if pair else outcome] for outcome, pair in pairs.items()},
        {outcome: columns[pair[1]] for outcome, pair in pairs.items() if pair},
        {outcome: columns[name] for outcome, name in question.pre.items()},
        features,
        np.argsort(rows["first"].to_numpy()[take], kind="stable") if question.looks else None,
        rows["mixed"].to_numpy()[take] if question.features else None,
        left_out,
        (
            *plan.source.notes,
            *(note for cells in plan.numbers.values() for note in cells.notes),
            *_repeats(plan, times[known]),
        ),
    )


def _numbers(rows: pa.Table, name: str, take: npt.NDArray[np.bool_]) -> Values:
    found: Values = rows[name].to_numpy()[take].astype(np.float64)
    return found


def _repeats(plan: _Plan, times: npt.NDArray[np.int64]) -> tuple[str, ...]:
    """What was done with units that have several rows."""
    several = int((times > 1).sum())
    if not several:
        return (
            () if plan.question.unit is not None else ("No unit's column was named: every row is a unit of its own.",)
        )
    words = {
        "sum": "by their sum",
        "avg": "by their mean",
        "max": "by the largest (a yes in any row is a yes)",
        "min": "by the least",
    }
    said = "; ".join(f"{name} {words[plan.combining(name)]}" for name in plan.numbers)
    return (f"{several:,} units have several rows and count once: {said}.",)
