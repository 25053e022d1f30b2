"""The mean potential score per tenure band: a young bank's scores can live on the age of accounts alone."""

from collections.abc import Sequence

from handlers.pictures.drawing import draw
from handlers.wording.pictures import TENURE, tenure_name
from segmentation.findings import TenureBand


def tenures_svg(bands: Sequence[TenureBand]) -> str:
    """A bar per band from 0 to 100, with each class's mean below it; bands without customers are left out."""
    rows = [
        {
            "name": tenure_name(found.band),
            "customers": f"{found.customers:,}",
            "mean": found.potential_mean,
            "letters": [(letter, mean) for letter, mean in found.potential_by_letter.items() if mean is not None],
        }
        for found in bands
        if found.customers
    ]
    return draw("tenures", words=TENURE, rows=rows)
