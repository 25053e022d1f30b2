"""From a file of assignments and outcomes to everything that it says about the experiment."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
from scipy import stats
from statsmodels.stats.multitest import multipletests

from segmentation.engine.session import open_engine
from segmentation.experiments import effects
from segmentation.experiments.balance import check_sample_ratio
from segmentation.experiments.effects import METHODS, PER, X, Y
from segmentation.experiments.files import open_source
from segmentation.experiments.looks import read_looks
from segmentation.experiments.model import (
    Control,
    Evaluation,
    ExperimentError,
    Look,
    OutcomeReading,
    Question,
    VariantReading,
)
from segmentation.experiments.moments import Group, Values
from segmentation.experiments.naming import find_control
from segmentation.experiments.power import smallest_effect
from segmentation.experiments.sequences import TUNED_TO
from segmentation.experiments.units import COMBINING, Units, outcome_columns, ratio_parts, read_units, wanted_columns
from segmentation.experiments.uplift import read_uplift
from segmentation.experiments.verdicts import blocks, cautions, untaught, verdict

MOST_LOOKS = 1_000


def evaluate(question: Question) -> Evaluation:
    """Read the file and judge the experiment. The first outcome decides; further ones are secondary.

    Raises:
        ExperimentError: a file, a column or a question that cannot be used.
    """
    check_question(question)
    check_numbers(question)
    rows, units = read_file(question)
    control = find_control(units.variants, question.control)
    counts = units.counts()
    if not all(counts.values()):
        empty = next(name for name, count in counts.items() if not count)
        raise ExperimentError(f'The variant "{empty}" has no unit of its own: all of them stand in other variants too.')
    ratio = check_sample_ratio(counts, question.shares)
    readings = tuple(_outcome(units, outcome, control, question) for outcome in question.outcomes)
    blocked = blocks(ratio)
    uplift = tuple(read_uplift(units, control.name, readings)) if question.features else ()
    warned = (*cautions(units, control, readings, ratio), *(untaught(readings, uplift) if question.features else ()))
    return Evaluation(
        file=question.file.name,
        rows=rows,
        units=len(units.codes),
        unit=question.unit,
        variant=question.variant,
        control=control,
        left_out=units.left_out,
        sample_ratio=ratio,
        outcomes=readings,
        uplift=uplift,
        blocked=blocked,
        verdict=verdict(readings[0], control, blocked),
        cautions=warned,
        notes=units.notes,
    )


def read_file(question: Question) -> tuple[int, Units]:
    """The file's rows, counted, and its units; the engine's memory is given back before anything is computed.

    Raises:
        ExperimentError: the file cannot be read, or holds no experiment.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="experiment-") as folder, open_engine(Path(folder) / "spill") as engine:
            source = open_source(engine, question.file, wanted_columns(question), Path(folder))
            return source.rows, read_units(engine, source, question)
    except duckdb.Error as error:
        said = str(error).splitlines()[0]
        raise ExperimentError(f"{question.file.name} cannot be read: {said}") from error


def check_question(question: Question) -> None:
    """Refuse columns that contradict each other before a large file is read.

    Raises:
        ExperimentError: says which.
    """
    outcomes = outcome_columns(question)
    if question.unit == question.variant or question.variant in outcomes or question.unit in outcomes:
        raise ExperimentError("Unit, variant and outcomes must be different columns.")
    if len(set(question.outcomes)) < len(question.outcomes):
        raise ExperimentError("An outcome is named twice.")
    taken = {question.unit, question.variant, *outcomes}
    for name in (*question.features, *question.pre.values()):
        if name in taken:
            raise ExperimentError(f'"{name}" is the unit, the variant or an outcome: it is not known before.')
    if any(ratio_parts(outcome) for outcome in question.pre):
        raise ExperimentError("--pre is for plain outcomes, not for ratios.")


def check_numbers(question: Question) -> None:
    """Refuse numbers and words that no reading can follow.

    Raises:
        ExperimentError: says which.
    """
    if question.repeated not in {"auto", *COMBINING}:
        raise ExperimentError(f'--repeated is auto, {", ".join(COMBINING)}, not "{question.repeated}".')
    if not 0 <= question.looks <= MOST_LOOKS:
        raise ExperimentError(f"--looks is a number from 1 to {MOST_LOOKS:,}.")
    if question.planned is not None and question.planned < 2:
        raise ExperimentError("--planned is the number of units of the whole experiment, at least 2.")


def _outcome(units: Units, outcome: str, control: Control, question: Question) -> OutcomeReading:
    """One outcome in all variants, the control first."""
    present = ~np.isnan(units.values[outcome])
    if outcome in units.per:
        present &= ~np.isnan(units.per[outcome])
    if not present.any():
        raise ExperimentError(f'The column "{outcome}" has no value.')
    kind = _kind(units, outcome, present)
    groups = {name: _group(units, outcome, present, at) for at, name in enumerate(units.variants)}
    heavy = effects.is_heavy(kind, list(groups.values()))
    names = [control.name, *(name for name in units.variants if name != control.name)]
    counts = units.counts()
    readings = [
        _variant(kind, heavy, name, counts[name], groups, control.name, question.planned, len(units.codes))
        for name in names
    ]
    return OutcomeReading(
        outcome,
        kind,
        METHODS[kind] + (effects.HEAVY if heavy else ""),
        tuple(_corrected(readings)),
        _missing_p(units, present),
        heavy,
        _looks(units, outcome, kind, present, control.name, question) if question.looks else None,
    )


def _kind(units: Units, outcome: str, present: npt.NDArray[np.bool_]) -> str:
    if outcome in units.per:
        return "ratio"
    values = units.values[outcome][present]
    return "binary" if bool(((values == 0) | (values == 1)).all()) else "continuous"


def _group(units: Units, outcome: str, present: npt.NDArray[np.bool_], at: int) -> Group:
    chosen = present & (units.codes == at)
    columns: dict[str, Values] = {Y: units.values[outcome][chosen]}
    if outcome in units.per:
        columns[PER] = units.per[outcome][chosen]
    if outcome in units.pre:
        pre = units.pre[outcome]
        known = ~np.isnan(pre)
        # Nobody's earlier value is guessed by variant: the overall mean adds no difference.
        columns[X] = np.where(known, pre, pre[known].mean() if known.any() else 0.0)[chosen]
    return Group(columns)


def _variant(
    kind: str,
    heavy: bool,
    name: str,
    units: int,
    groups: Mapping[str, Group],
    control: str,
    planned: int | None,
    total: int,
) -> VariantReading:
    group, base = groups[name], groups[control]
    mean, sd, interval = effects.level(kind, group)
    reading = VariantReading(name, group.n, units - group.n, mean, sd, interval)
    if name == control:
        return reading
    found = effects.compare(kind, base, group)
    if heavy:
        found = effects.careful(found, kind, base, group)
    tuned_to = TUNED_TO
    if planned is not None and min(base.n, group.n):
        tuned_to = planned / total * base.n * group.n / (base.n + group.n)
    deviation = _deviation(kind, base, group)
    return replace(
        reading,
        difference=found.difference,
        interval=found.interval,
        p=found.p,
        relative=found.relative,
        relative_interval=found.relative_interval,
        always_valid=effects.any_time(found, kind, base, group, tuned_to),
        cuped=effects.adjust(base, group) if X in group.columns else None,
        capped=effects.compare_capped(base, group) if heavy and kind == "continuous" else None,
        smallest_effect=smallest_effect(base.n, group.n, deviation) if deviation else None,
    )


def _deviation(kind: str, base: Group, group: Group) -> float:
    """What a unit deviates by in both groups together; 0 where that cannot be said."""
    deviations = [(each.n, effects.level(kind, each)[1]) for each in (base, group)]
    known = [(n, sd) for n, sd in deviations if n and sd is not None]
    if len(known) < 2:
        return 0.0
    return float(np.sqrt(sum(n * sd**2 for n, sd in known) / sum(n for n, _ in known)))


def _corrected(readings: Sequence[VariantReading]) -> Iterator[VariantReading]:
    """Holm's correction over the variants of one outcome."""
    at = [place for place, each in enumerate(readings) if each.p is not None]
    if not at:
        yield from readings
        return
    adjusted = multipletests([readings[place].p for place in at], method="holm")[1]
    found = dict(zip(at, adjusted, strict=True))
    for place, each in enumerate(readings):
        yield replace(each, p_adjusted=float(found[place])) if place in found else each


def _missing_p(units: Units, present: npt.NDArray[np.bool_]) -> float | None:
    """Whether outcomes are missing more often in one variant than in another; None where none is missing."""
    if present.all():
        return None
    size = len(units.variants)
    table = [np.bincount(units.codes[chosen], minlength=size) for chosen in (present, ~present)]
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def _looks(
    units: Units, outcome: str, kind: str, present: npt.NDArray[np.bool_], control: str, question: Question
) -> dict[str, tuple[Look, ...]] | None:
    if kind == "ratio" or units.order is None:
        return None
    base = units.variants.index(control)
    found = {}
    for at, name in enumerate(units.variants):
        if at != base:
            chosen = units.order[(present & np.isin(units.codes, (at, base)))[units.order]]
            treated = units.codes[chosen] == at
            values = units.values[outcome][chosen]
            found[name] = read_looks(values, treated, question.looks, binary=kind == "binary")
    return found
