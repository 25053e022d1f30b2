"""What may be said of an experiment: what blocks its result, what to mind, and the verdict in a sentence."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import stats

from segmentation.experiments.balance import BLOCKS_BELOW
from segmentation.experiments.model import Control, OutcomeReading, SampleRatio, UpliftReading, VariantReading
from segmentation.experiments.naming import ASSUMED
from segmentation.experiments.units import Units
from segmentation.experiments.uplift import MOST_UNITS

SIGNIFICANT = 0.05
FEW = 30


def blocks(ratio: SampleRatio) -> tuple[str, ...]:
    """Why no variant may be called a winner, as sentences; empty where nothing stands against it."""
    if ratio.passed:
        return ()
    counted = ", ".join(f"{name} {count:,}" for name, count in ratio.counts.items())
    said = f"Units did not fall as planned ({counted}; {ratio.plan}; p = {ratio.p:.2g} < {BLOCKS_BELOW})"
    if ratio.fits is None:
        return (f"{said}: assignment or logging is broken, so differences may be made by it.",)
    shares = ",".join(f"{name}={parts}" for name, parts in ratio.fits.items())
    return (f"{said}. If other shares were planned, say them: --shares {shares}.",)


def verdict(reading: OutcomeReading, control: Control, blocked: Sequence[str]) -> str:
    """One sentence on the first outcome."""
    if blocked:
        return f"Blocked: {blocked[0]}"
    sure = [each for each in reading.variants if each.p_adjusted is not None and each.p_adjusted < SIGNIFICANT]
    if sure:
        return "; ".join(_said(each, reading.outcome, control) for each in sure) + "."
    if all(each.p is None for each in reading.variants):
        return f"Nothing can be told of {reading.outcome}: it does not vary, or a group has too few units."
    shown = [each.smallest_effect for each in reading.variants if each.smallest_effect is not None]
    power = f" Effects from {min(shown):.3g} upwards would have been found with 80 % power." if shown else ""
    return f'No variant differs from "{control.name}" in {reading.outcome} by more than chance.{power}'


def _said(each: VariantReading, outcome: str, control: Control) -> str:
    assert each.difference is not None
    way = "higher" if each.difference > 0 else "lower"
    span = f", 95 % interval {each.interval.low:.4g} to {each.interval.high:.4g}" if each.interval else ""
    figures = f"difference {each.difference:.4g}{span}, corrected p = {each.p_adjusted:.2g}"
    return f'"{each.variant}" is {way} than "{control.name}" in {outcome} ({figures})'


def cautions(units: Units, control: Control, readings: Sequence[OutcomeReading], ratio: SampleRatio) -> Iterator[str]:
    """What a reader must know before believing the figures."""
    if control.how == ASSUMED:
        yield f'No name says which variant is the control: "{control.name}" is taken. --control NAME takes another.'
    if ratio.passed and ratio.plan != "given" and ratio.p < SIGNIFICANT:
        yield "Shares were assumed to be equal; the counts fit that only just."
    torn = units.left_out["units_in_several_variants"]
    if torn:
        share = torn / (torn + len(units.codes))
        yield f"{torn:,} units ({share:.2%}) stand in several variants and are left out: assignment leaked."
    for reading in readings:
        yield from _about(reading)
    yield from _before(units)
    yield from _features(units)
    if len(readings) > 1:
        first = readings[0].outcome
        yield f"{first} decides; other outcomes are secondary: p is corrected over variants, not over outcomes."


def _about(reading: OutcomeReading) -> Iterator[str]:
    name = reading.outcome
    if reading.missing_p is not None and reading.missing_p < BLOCKS_BELOW:
        p = f"p = {reading.missing_p:.2g}"
        yield f"{name} is missing more often in one variant than in another ({p}): who is left is no random part."
    small = [each.variant for each in reading.variants if each.n < FEW]
    if small:
        yield f"{name}: fewer than {FEW} units in {', '.join(small)}; little can be said."
    if any(each.mean_interval is not None and each.p is None for each in reading.variants[1:]):
        yield f"{name} does not vary, or a group has a single unit: no interval and no p can be given."
    if reading.heavy_tailed:
        yield f"{name} has heavy tails: few units carry the sum and the interval; read `capped` beside it."


def _before(units: Units) -> Iterator[str]:
    for outcome, pre in units.pre.items():
        known = ~np.isnan(pre)
        if not known.all():
            missing = int((~known).sum())
            yield f"The column known before {outcome} is missing for {missing:,} units, which count with its mean."
        groups = [pre[known & (units.codes == at)] for at in range(len(units.variants))]
        if _apart(groups):
            yield (
                f"The column known before {outcome} differs between the variants: it was not recorded before the "
                "assignment, or assignment was not random."
            )


def untaught(readings: Sequence[OutcomeReading], uplift: Sequence[UpliftReading]) -> Iterator[str]:
    """Where the features were asked for and nothing could be learnt."""
    known = {(found.outcome, found.variant) for found in uplift}
    for reading in readings:
        for each in reading.variants[1:]:
            if (reading.outcome, each.variant) not in known:
                yield f"Uplift of {each.variant} on {reading.outcome}: a ratio, or too few units or too rare an answer."


def _features(units: Units) -> Iterator[str]:
    if units.features and len(units.codes) > MOST_UNITS:
        yield f"Uplift is learnt and judged on a random {MOST_UNITS:,} units of each comparison at most."
    for name, values in units.features.items():
        if values.dtype != object:
            numbers = values.astype(np.float64)
            known = ~np.isnan(numbers)
            if _apart([numbers[known & (units.codes == at)] for at in range(len(units.variants))]):
                yield f"The feature {name} differs between the variants: leave it out if it was recorded afterwards."


def _apart(groups: Sequence[np.ndarray[tuple[int], np.dtype[np.float64]]]) -> bool:
    """Whether means differ beyond p = 0.001 (analysis of variance)."""
    if min(len(group) for group in groups) < 2 or not any(np.var(group) for group in groups):
        return False
    return float(stats.f_oneway(*groups).pvalue) < BLOCKS_BELOW
