"""Everything that a run says of every customer: letter, reasons, steps, values, band, stage, churn, what is missing."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.classes import Assignment, Letters, assign
from segmentation.dimensions import DIMENSIONS, LETTERS
from segmentation.policy import SegmentationPolicy
from segmentation.reasons import Reasons, strongest
from segmentation.scoring import Indicator, Scores, against_line, against_unknown, axis_points, score, total
from segmentation.scoring_maps import told_qualities
from segmentation.standing import bands, confidence, development, is_new, quadrants, stages
from segmentation.steps import Steps, find_steps
from segmentation.values import value_parts

DEPOSITS = "deposits"


@dataclass(frozen=True)
class Portraits:
    """One run's word on all customers; the rows of everything stand in the order of `table`.

    `table` has by customer id: letter, runner_up, gap, confidence, provisional, current and potential (0–100),
    current_value (fen a year), quadrant, band, lifecycle, churn (0–100), development (0–100, class C only).
    """

    assigned: Assignment
    table: pd.DataFrame
    parts: pd.DataFrame
    reasons: Reasons
    potential_reasons: Reasons
    churn_reasons: Reasons
    steps: Steps
    missing: list[list[str]]


def portray(
    features: pd.DataFrame,
    policy: SegmentationPolicy,
    previous: Letters | None = None,
    known: pd.Series | None = None,
) -> Portraits:
    """Judge every customer; `previous` and `known` as in `assign`."""
    assigned = assign(features, policy, previous, known)
    parts = value_parts(features, policy.value)
    told = told_qualities(features, policy.known_share, known)
    potential_by, churn_by = policy.indicators("potential", told), policy.indicators("churn", told)
    potential = axis_points(features, potential_by)
    churn = axis_points(features, churn_by)
    return Portraits(
        assigned=assigned,
        table=_table(features, policy, assigned, parts.sum(axis=1), total(potential), total(churn)),
        parts=parts,
        reasons=assigned.reasons(features),
        potential_reasons=_score_reasons(
            "potential", features, potential_by, against_line(potential, potential_by, policy.potential_line)
        ),
        churn_reasons=_score_reasons("churn", features, churn_by, against_unknown(churn, churn_by)),
        steps=find_steps(assigned, features, policy),
        missing=missing_departments(features, assigned, known),
    )


def _table(
    features: pd.DataFrame,
    policy: SegmentationPolicy,
    assigned: Assignment,
    value: pd.Series,
    potential: pd.Series,
    churn: pd.Series,
) -> pd.DataFrame:
    current = pd.Series(
        score(value / 100, Indicator("current_value", 1.0, policy.value_points, scale="log")), index=features.index
    ).round(2)
    provisional = is_new(features, policy)
    return pd.DataFrame(
        {
            "letter": assigned.names(),
            "runner_up": np.array(list(LETTERS))[assigned.runners_up],
            "gap": assigned.gap.round(4),
            "confidence": confidence(assigned, provisional, policy),
            "provisional": provisional,
            "current": current,
            "current_value": value,
            "potential": potential,
            "quadrant": quadrants(current, potential, policy),
            "band": bands(features, policy),
            "lifecycle": stages(features, churn, policy),
            "churn": churn,
            "development": development(assigned, potential, policy),
        },
        index=features.index,
    )


def _score_reasons(axis: str, features: pd.DataFrame, indicators: tuple[Indicator, ...], pushes: Scores) -> Reasons:
    codes = tuple(indicator.code for indicator in indicators)
    return strongest(axis, codes, features[list(codes)].to_numpy(dtype=float), pushes)


def missing_departments(
    features: pd.DataFrame, assigned: Assignment, known: pd.Series | None = None
) -> list[list[str]]:
    """The departments that say something of others and nothing of this customer.

    What no department delivers for anybody is said once for the run (`Space.left_out`).
    """
    gaps: dict[str, npt.NDArray[np.bool_]] = {}
    for at, code in enumerate(assigned.space.codes):
        department = DIMENSIONS[code].department
        gap = np.isnan(assigned.standard[:, at])
        gaps[department] = gaps.get(department, gap) | gap
    growth = features["deposit_growth"].isna().to_numpy()
    if not growth.all() if known is None else known["deposit_growth"] > 0:
        gaps[DEPOSITS] = growth
    patterns = sum(
        (gap.astype(np.intp) << bit for bit, gap in enumerate(gaps.values())), np.zeros(len(growth), np.intp)
    )
    named = [[name for bit, name in enumerate(gaps) if pattern >> bit & 1] for pattern in range(1 << len(gaps))]
    return [named[pattern] for pattern in patterns.tolist()]
