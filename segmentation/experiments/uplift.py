"""Whom a treatment changes: a two-model learner per variant, judged out of sample, beside the model of the response."""

from collections.abc import Iterator, Sequence

import numpy as np

from segmentation.experiments.learners import FOLDS, LEARNER, feature_matrix, two_model_scores
from segmentation.experiments.model import OutcomeReading, UpliftReading
from segmentation.experiments.qini import rank
from segmentation.experiments.units import Units

MOST_UNITS = 500_000  # Beyond these, a random part learns and is judged: intervals are narrow enough.


def read_uplift(units: Units, control: str, readings: Sequence[OutcomeReading]) -> Iterator[UpliftReading]:
    """Each variant against the control, for each outcome that is no ratio and from which something can be learnt."""
    for reading in readings:
        if reading.kind == "ratio":
            continue
        for name in units.variants:
            if name != control and (found := _read(units, control, name, reading)) is not None:
                yield found


def _read(units: Units, control: str, variant: str, reading: OutcomeReading) -> UpliftReading | None:
    codes = [units.variants.index(name) for name in (control, variant)]
    chosen = np.nonzero(np.isin(units.codes, codes) & ~np.isnan(units.values[reading.outcome]))[0]
    assert units.mixed is not None
    # By a hash of the unit: the same file gives the same folds, whatever the order of its rows.
    chosen = chosen[np.argsort(units.mixed[chosen], kind="stable")][:MOST_UNITS]
    outcome, treated = units.values[reading.outcome][chosen], units.codes[chosen] == codes[1]
    matrix, categories = feature_matrix({name: values[chosen] for name, values in units.features.items()})
    binary = reading.kind == "binary"
    folds = np.arange(len(chosen)) % FOLDS
    scores = two_model_scores(matrix, categories, outcome, treated, folds, binary=binary)
    if scores is None:
        return None
    two_model = rank(outcome, scores.uplift, treated, binary=binary)
    return UpliftReading(
        outcome=reading.outcome,
        variant=variant,
        units=len(chosen),
        features=tuple(units.features),
        learner=LEARNER,
        two_model=two_model,
        response=rank(outcome, scores.treated, treated, binary=binary),
        worth_using=two_model.area_interval.low > 0,
    )
