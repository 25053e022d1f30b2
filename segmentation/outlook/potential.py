"""The potential value from an outlook: the model says who stands before whom, the heuristic's scale says how high."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from segmentation.foretold import Foretold
from segmentation.outlook.boosting import Floats
from segmentation.outlook.comparison import potential
from segmentation.outlook.delivered import Delivered
from segmentation.outlook.indicators import build
from segmentation.outlook.model import OutlookModel, Part, fitting_part
from segmentation.outlook.respects import RESPECTS
from segmentation.reasons import strongest


def foretell(model: OutlookModel, delivered: Delivered, features: pd.DataFrame, heuristic: pd.Series) -> Foretold:
    """The potential of every customer of a day, and the respects that lift or lower it most.

    The customer whom the model ranks k-th gets the k-th highest score that the policy's indicators give that day, so
    that lines, terciles and quadrants keep their meaning and their sizes. A reason's points are told by the model's
    first ensemble, exactly: by how much its potential would be lower if the customer were, in this one respect, like
    the middle customer of the training and everything else stayed (ablation to a reference). Asking all ensembles
    would cost a scoring per respect. Effects of several respects together do not add up.

    Raises:
        DeliveryRefusedError: the model says nothing of such a delivery.
    """
    chosen, part = fitting_part(model, delivered)
    values = build(delivered, chosen)[list(part.indicators)]
    said = potential(part.probabilities(values))
    scale = np.sort(heuristic.to_numpy(dtype=np.float64)), np.sort(said)
    found = _on(scale, said)
    respects = {code: names for code, names in RESPECTS.items() if not set(names).isdisjoint(part.indicators)}
    voice = part.first_voice()
    alone = _on(scale, potential(voice.probabilities(values)))
    pushes = [
        alone - _on(scale, potential(voice.probabilities(_like_middle(values, part, names))))
        for names in respects.values()
    ]
    shown = features.reindex(columns=list(respects)).to_numpy(dtype=np.float64)
    reasons = strongest("potential", tuple(respects), shown, np.column_stack(pushes))
    return Foretold(pd.Series(found, index=values.index).round(2), reasons)


def _on(scale: tuple[Floats, Floats], said: Floats) -> Floats:
    """Place by place from what the model said to what the heuristic says."""
    heuristic, model = scale
    found: Floats = np.interp(said, model, heuristic)
    return found


def _like_middle(values: pd.DataFrame, part: Part, names: tuple[str, ...]) -> pd.DataFrame:
    """Everybody with the reference's values in these indicators."""
    middle: Mapping[str, float] = dict(zip(part.indicators, part.reference, strict=True))
    return values.assign(**{name: middle[name] for name in names if name in middle})
