"""The quality of an outlook's parts with their 95 % intervals."""

from collections.abc import Mapping
from typing import Any

from handlers.pictures.drawing import draw
from handlers.wording.pictures import QUALITY, part_name

LOWEST = 0.5
MEASURES = ("macro_auc", "auc_fell")


def quality_svg(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """Both areas under the curve per part on a scale from 0.5, which is chance, to 1."""
    rows = [
        (part_name(name), [(QUALITY[measure], found[measure]) for measure in MEASURES if measure in found])
        for name, found in parts.items()
    ]
    return draw("quality", words=QUALITY, rows=rows, lowest=LOWEST)
