"""Bands by assets first; behaviour and credit, where both are told, move a customer near a line by one band (S-118)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.intake.subjects import CREDIT_GRADES

Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class BandRule:
    """When the line of assets alone does not decide.

    Behaviour votes +1 from `active_transfers` a quarter on and -1 up to `dormant_transfers`; credit votes +1 for good
    and excellent, -1 for poor; what nobody told does not vote. With `votes` votes a customer up to the share `reach`
    below a line is in the band above, and with as many against, one up to `reach` over it is in the band below. The
    default of two needs both departments, so bands are by assets alone where one of them says nothing.
    """

    reach: float = 0.2
    votes: int = 2
    active_transfers: int = 15
    dormant_transfers: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.reach < 1:
            raise ValueError("banding.reach must be at least 0 and below 1.")
        if self.votes not in (1, 2):
            raise ValueError("banding.votes must be 1 or 2: there are two who vote.")
        if not 0 <= self.dormant_transfers < self.active_transfers:
            raise ValueError("banding.dormant_transfers must be at least 0 and below banding.active_transfers.")


def band_places(features: pd.DataFrame, lines: tuple[int, int], rule: BandRule) -> Places:
    """0 for the highest band, 1, 2 for the lowest; `lines` in fen, the higher first. Nobody moves by more than one."""
    assets = features["assets"].to_numpy(dtype=float)
    votes = _votes(features, rule)
    places = _by_assets(assets, lines)
    lifted = np.maximum(_by_assets(assets / (1 - rule.reach), lines), places - 1)
    lowered = np.minimum(_by_assets(assets / (1 + rule.reach), lines), places + 1)
    return np.where(votes >= rule.votes, lifted, np.where(votes <= -rule.votes, lowered, places))


def _by_assets(assets: npt.NDArray[np.float64], lines: tuple[int, int]) -> Places:
    return np.select([assets >= line for line in lines], [0, 1], 2)


def _votes(features: pd.DataFrame, rule: BandRule) -> Places:
    """The votes of behaviour and credit together, -2 to 2."""
    transfers = features["transfers"].to_numpy(dtype=float)
    behaviour = np.where(transfers >= rule.active_transfers, 1, np.where(transfers <= rule.dormant_transfers, -1, 0))
    if "credit_grade" not in features:
        return behaviour
    grade = features["credit_grade"].to_numpy(dtype=float)
    poor, good = CREDIT_GRADES.index("poor"), CREDIT_GRADES.index("good")
    return behaviour + np.where(grade >= good, 1, np.where(grade <= poor, -1, 0))
