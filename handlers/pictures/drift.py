"""The stability of indicators between two days as bars with both alarm lines."""

from campaigns.customers.report import DriftReport
from handlers.pictures import colours
from handlers.pictures.drawing import draw
from handlers.wording.pictures import DRIFT, LEVELS, indicator_name
from segmentation.findings import IndicatorDrift

LEFT, RIGHT, TOP, ROW = 142.0, 288.0, 84.0, 26.0
DRAWN = 16
SHORTEST, LONGEST = 0.4, 1.0
LINES = {"look": 0.1, "alarm": 0.25}
SHADES = {"calm": colours.CALM, "look": colours.WARNING, "alarm": colours.ALARM}


def drift_svg(found: DriftReport) -> str:
    """A bar for each of the 16 indicators that moved most; one beyond 1 ends with an arrow."""
    seen = found.indicators[:DRAWN]
    highest = max((each.psi for each in seen), default=0.0)
    end = min(max(highest, SHORTEST), LONGEST)
    return draw(
        "drift",
        words=DRIFT,
        found=found,
        bars=[_bar(at, each, end) for at, each in enumerate(seen)],
        lines=[(_x(value, end), DRIFT[name], SHADES[name]) for name, value in LINES.items()],
        left=LEFT,
        top=TOP,
        bottom=TOP + ROW * max(len(seen), 1),
    )


def _bar(at: int, found: IndicatorDrift, end: float) -> dict[str, object]:
    zh, en = indicator_name(found.indicator)
    return {
        "zh": zh,
        "en": en,
        "y": TOP + ROW * at,
        "x": _x(found.psi, end),
        "beyond": found.psi > end,
        "psi": found.psi,
        "chance": _x(found.chance, end),
        "shade": SHADES[found.level],
        "level": LEVELS[found.level].zh if found.level != "calm" else "",
    }


def _x(value: float, end: float) -> float:
    return LEFT + (RIGHT - LEFT) * min(value / end, 1.0)
