"""The value quadrants 四象限图: members, both lines, and each class with its size, share and assets (study, S-6)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from statistics import fmean

from campaigns.customers.model import Letter
from campaigns.customers.report import Quadrant, QuadrantPoint
from handlers.pictures.drawing import draw
from handlers.pictures.raster import png_of
from handlers.wording.pictures import CLASS_NAMES, QUADRANT, both, money

LEFT, TOP, SIDE, HEIGHT = 38.0, 130.0, 310.0, 286.0
CORNERS = {"A": (12, 56), "B": (184, 56), "D": (12, 460), "C": (184, 460)}
SEEN = 1_500


def quadrant_png(found: Quadrant, as_of: date) -> bytes:
    """The quadrants as PNG, 1,080 pixels wide."""
    return png_of(quadrant_svg(found, as_of))


def quadrant_svg(found: Quadrant, as_of: date) -> str:
    """Current value to the right, potential value upwards; of more than 1,500 points every n-th is drawn."""
    step = max(1, -(-len(found.points) // SEEN))
    return draw(
        "quadrant",
        words=QUADRANT,
        as_of=as_of.isoformat(),
        customers=found.customers,
        plot={"left": LEFT, "top": TOP, "right": LEFT + SIDE, "bottom": TOP + HEIGHT},
        cut={"x": _x(found.current_line), "y": _y(found.potential_line)},
        dots=[(_x(point.current), _y(point.potential), point.letter) for point in found.points[::step]],
        ticks=[(value, _x(value), _y(value)) for value in range(0, 101, 20)],
        cards=[_card(letter, found) for letter in CORNERS],
        means=[(_x(current), _y(potential), letter) for current, potential, letter in _means(found.points)],
    )


def _means(points: Iterable[QuadrantPoint]) -> list[QuadrantPoint]:
    """Where the middle of each class lies in the sample."""
    members = defaultdict(list)
    for point in points:
        members[point.letter].append(point)
    return [
        QuadrantPoint(fmean(each.current for each in found), fmean(each.potential for each in found), letter)
        for letter, found in sorted(members.items())
    ]


def _card(letter: str, found: Quadrant) -> dict[str, object]:
    x, y = CORNERS[letter]
    zh, en = both(CLASS_NAMES[Letter(letter)])
    customers, fen = found.sizes.get(letter, 0), found.assets_fen.get(letter, 0)
    return {
        "letter": letter,
        "x": x,
        "y": y,
        "zh": zh,
        "en": en,
        "customers": customers,
        "share": customers / max(found.customers, 1),
        "assets": money(fen),
        "assets_share": fen / max(sum(found.assets_fen.values()), 1),
    }


def _x(score: float) -> float:
    return LEFT + SIDE * score / 100


def _y(score: float) -> float:
    return TOP + HEIGHT * (1 - score / 100)
