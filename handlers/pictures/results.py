"""A promotion's results as a picture: targets beside what came, and each arm's conversion beside the held-out."""

from typing import Any

from campaigns.members.model import Language
from campaigns.results.model import Outcome, Result
from campaigns.results.rules import deciding
from handlers.pictures import colours
from handlers.pictures.drawing import draw
from handlers.pictures.raster import png_of
from handlers.wording import results as words

LEFT, LONG, ROW = 12.0, 225.0, 42.0
TOP = 70.0


def results_png(found: Result) -> bytes:
    """The results as PNG, 1,080 pixels wide."""
    return png_of(results_svg(found))


def results_svg(found: Result) -> str:
    """Bars of the three targets, then the differences with their 95 % intervals."""
    arms = [_arm(each) for each in deciding(found.evaluation) if each.difference is not None and each.interval]
    widest = max((abs(end) for arm in arms for end in (arm["low"], arm["high"])), default=1.0) or 1.0
    below = TOP + ROW * len(found.aims) + 24
    return draw(
        "results",
        words=words,
        zh=Language.ZH,
        outcome=words.OUTCOMES[Outcome.CONVERTED],
        beside=f"{found.code} v{found.version}",
        aims=[_aim(each) for each in found.aims],
        arms=arms,
        scale=LONG / 2 / widest,
        middle=LEFT + 100 + LONG / 2,
        left=LEFT,
        long=LONG,
        row=ROW,
        top=TOP,
        below=below,
        high=below + ROW * max(len(arms), 1) + 24,
    )


def _aim(each: Any) -> dict[str, Any]:
    value = max(each.value or 0.0, 0.0)
    widest = max(value, each.target) * 1.1 or 1.0
    return {
        "name": words.MEASURES[each.measure],
        "bar": value / widest,
        "mark": each.target / widest,
        "said": f"{words.measured(each.measure, each.value)} / {words.measured(each.measure, each.target)}",
        "colour": colours.CLASSES["A"] if each.is_met else colours.WARNING,
    }


def _arm(each: Any) -> dict[str, Any]:
    return {"name": each.variant, "low": each.interval.low, "high": each.interval.high, "difference": each.difference}
