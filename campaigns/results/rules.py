"""Pure rules of results: targets beside what came, what one more account cost, what the next version does and why."""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from campaigns.promotions.conclusions import Aim
from campaigns.promotions.model import BENCHMARKS, Measure, Plan
from campaigns.results.model import HELD_OUT, Course, Gain, Outcome, Proposal, Step, Why, Window
from segmentation.experiments.model import Evaluation, Interval, OutcomeReading, VariantReading

SIGNIFICANT = 0.05
BLOCKS_BELOW = 0.001
Z = 1.959963984540054  # The normal quantile of a 95 % interval.
UNREACHED_ABOVE = 0.10
DEAR_ABOVE = 0.5


def targets(plan: Plan) -> dict[Measure, float]:
    """The version's targets, the benchmarks where it names none: shares as fractions, money in fen a month."""
    given = {
        measure: value if measure is Measure.AUM_GROWTH else value / 10_000 for measure, value in plan.targets.items()
    }
    return {**BENCHMARKS, **given}


def shares(plan: Plan) -> dict[str, float]:
    """The planned shares of the arms and of the held-out, for the sample-ratio check."""
    whole = sum(copy.weight for copy in plan.copies)
    held = plan.hold_out / 10_000
    return {**{copy.arm: (1 - held) * copy.weight / whole for copy in plan.copies}, HELD_OUT: held}


def wilson(yes: int, of: int) -> Interval | None:
    """The 95 % interval of a share (Wilson 1927); None without anybody."""
    if not of:
        return None
    share, square = yes / of, Z * Z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Interval(max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def aims(course: Course, window: Window, wanted: Mapping[Measure, float]) -> tuple[Aim, ...]:
    """The three targets beside what came: who took part of those reached, who of them converted, growth a month.

    Sources: S-190, S-191, S-192, S-193.
    """
    took, reached, converted = course.participants, course.reached, course.participants_converted
    growth = course.growth_fen / window.months if window.months else None
    return (
        Aim(
            Measure.PARTICIPATION,
            wanted[Measure.PARTICIPATION],
            took / reached if reached else None,
            wilson(took, reached),
        ),
        Aim(
            Measure.CONVERSION,
            wanted[Measure.CONVERSION],
            converted / took if took and window.after else None,
            wilson(converted, took) if window.after else None,
        ),
        Aim(Measure.AUM_GROWTH, wanted[Measure.AUM_GROWTH], growth),
    )


def deciding(evaluation: Evaluation | None) -> tuple[VariantReading, ...]:
    """The arms in the outcome that decides, the held-out left away."""
    return tuple(each for each in _reading(evaluation, Outcome.CONVERTED) if each.variant != HELD_OUT)


def gains(evaluation: Evaluation | None, costs: Mapping[str, int]) -> tuple[Gain, ...]:
    """Accounts beyond the held-out by arm, and what one cost; none while the sample-ratio check blocks the result.

    A cost per account is told only where the arm surely brought more than nothing.
    """
    if evaluation is None or evaluation.blocked:
        return ()
    found = []
    for each in deciding(evaluation):
        if each.difference is None or each.interval is None:
            continue
        units = each.n + each.missing
        accounts, cost = each.difference * units, costs.get(each.variant, 0)
        span = Interval(each.interval.low * units, each.interval.high * units)
        found.append(Gain(each.variant, accounts, span, cost, cost / accounts if is_sure(each) == 1 else None))
    return tuple(found)


def is_sure(reading: VariantReading) -> int:
    """1 where an arm is surely above the held-out, -1 where it is below, 0 where chance explains it (Holm, 5 %)."""
    if reading.difference is None or reading.p_adjusted is None or reading.p_adjusted >= SIGNIFICANT:
        return 0
    return 1 if reading.difference > 0 else -1


def emptied(planned: Mapping[str, float], units: Mapping[str, int]) -> float | None:
    """The p with which a planned arm, or the hold-out, has nobody at all by chance, where that is below 0.001.

    The sample-ratio check of a file cannot see an arm that is not in it.
    """
    heads = sum(units.values())
    p = min(((1 - share) ** heads for name, share in planned.items() if not units.get(name)), default=1.0)
    return p if p < BLOCKS_BELOW else None


def propose(
    evaluation: Evaluation | None,
    course: Course,
    window: Window,
    found: Sequence[Aim],
    planned: Mapping[str, float] | None = None,
) -> tuple[Proposal, ...]:
    """What the next version keeps, changes and stops; a blocked result says nothing of the arms."""
    if planned is not None and (p := emptied(planned, course.units)) is not None:
        return (Proposal(Step.STOP, Why.BLOCKED, figures={"p": p}),)
    if HELD_OUT not in course.units:
        return (Proposal(Step.CHANGE, Why.NO_HOLD_OUT), *_of_course(course, found))
    if window.after is None:
        return (Proposal(Step.KEEP, Why.NO_DELIVERY), *_of_course(course, found))
    if evaluation is not None and evaluation.blocked:
        return (Proposal(Step.STOP, Why.BLOCKED, figures={"p": evaluation.sample_ratio.p}),)
    return (*_of_arms(deciding(evaluation)), *_of_course(course, found))


def _of_arms(arms: Sequence[VariantReading]) -> Iterator[Proposal]:
    sure = [each for each in arms if is_sure(each) == 1]
    best = max(sure, key=lambda each: each.difference or 0.0, default=None)
    for each in arms:
        figures = _figures(each)
        match is_sure(each):
            case 1 if each is best:
                yield Proposal(Step.KEEP, Why.ARM_WORKS, each.variant, figures)
            case 1:
                yield Proposal(Step.CHANGE, Why.LESS_THAN_BEST, each.variant, figures)
            case -1:
                yield Proposal(Step.STOP, Why.ARM_HARMS, each.variant, figures)
            case _:
                yield Proposal(Step.CHANGE, Why.NOTHING_FOUND, each.variant, figures)


def _figures(each: VariantReading) -> dict[str, float]:
    known = {
        "difference": each.difference,
        "low": each.interval.low if each.interval else None,
        "high": each.interval.high if each.interval else None,
        "smallest": each.smallest_effect,
    }
    return {name: value for name, value in known.items() if value is not None}


def _of_course(course: Course, found: Sequence[Aim]) -> Iterator[Proposal]:
    """What reach, participation and cost say."""
    by_measure = {each.measure: each for each in found}
    few = {Measure.PARTICIPATION: Why.FEW_TAKE_PART, Measure.CONVERSION: Why.FEW_CONVERT}
    for measure, why in few.items():
        aim = by_measure[measure]
        if aim.value is not None and not aim.is_met:
            yield Proposal(Step.CHANGE, why, figures={"value": aim.value, "target": aim.target})
    if all(each.is_met for each in found):
        yield Proposal(Step.KEEP, Why.TARGETS_MET)
    lost = sum(course.suppressed.values())
    if lost > UNREACHED_ABOVE * (lost + course.reached):
        most = max(course.suppressed, key=lambda reason: course.suppressed[reason])
        yield Proposal(Step.CHANGE, Why.UNREACHED, most, {"share": lost / (lost + course.reached)})
    yield from _dear(course)


def _dear(course: Course) -> Iterator[Proposal]:
    """A channel that takes most of the money for few of the people (S-145)."""
    for each in course.channels:
        share = each.cost_fen / course.cost_fen if course.cost_fen else 0.0
        heads = each.reached / course.reached if course.reached else 0.0
        if share > DEAR_ABOVE > 2 * heads:
            yield Proposal(Step.CHANGE, Why.DEAR_CHANNEL, each.channel, {"cost": share, "reached": heads})


def _reading(evaluation: Evaluation | None, outcome: Outcome) -> tuple[VariantReading, ...]:
    readings: Sequence[OutcomeReading] = evaluation.outcomes if evaluation else ()
    return next((each.variants for each in readings if each.outcome == outcome), ())
