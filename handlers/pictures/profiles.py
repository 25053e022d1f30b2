"""Each class by its share of the customers and its share of the assets."""

from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.customers.model import Letter
from handlers.pictures.drawing import draw
from handlers.wording.pictures import CLASS_NAMES, SHARES, both, money


def shares_svg(classes: Iterable[Mapping[str, Any]]) -> str:
    """Two bars per class; `classes` are the entries of a run's summary."""
    entries = list(classes)
    total = max(sum(entry["assets_fen"] for entry in entries), 1)
    rows = [
        {
            "letter": entry["letter"],
            "name": both(CLASS_NAMES[Letter(entry["letter"])]),
            "customers": f"{entry['customers']:,}",
            "share": entry["share"],
            "assets": money(entry["assets_fen"]),
            "assets_share": entry["assets_fen"] / total,
        }
        for entry in entries
    ]
    widest = max((max(row["share"], row["assets_share"]) for row in rows), default=1.0)
    return draw("shares", words=SHARES, rows=rows, widest=max(widest, 0.01))
