"""A potential that a model foretells, put in the place of the heuristic's; the letter never hangs on it."""

from dataclasses import dataclass, replace

import pandas as pd

from segmentation.policy import SegmentationPolicy
from segmentation.portraits import Portraits
from segmentation.reasons import Reasons
from segmentation.standing import development, quadrants


@dataclass(frozen=True)
class Foretold:
    """A potential of 0–100 by customer, in the order of the day's customers, with the reasons for it."""

    potential: pd.Series
    reasons: Reasons


def retell(portraits: Portraits, foretold: Foretold, policy: SegmentationPolicy) -> Portraits:
    """The same portraits with this potential, and with what hangs on it: reasons, quadrant, class C's sub-score.

    Letters, and all that follows from them, stay: no model ever sets a letter.
    """
    score = foretold.potential.reindex(portraits.table.index)
    table = portraits.table.assign(
        potential=score,
        quadrant=quadrants(portraits.table["current"], score, policy),
        development=development(portraits.assigned, score, policy),
    )
    return replace(portraits, table=table, potential_reasons=foretold.reasons)
