"""The migration between two runs: a Sankey picture 桑基图 and a heat map of the matrix (study, S-8)."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from campaigns.customers.class_lists import ABSENT, Migration
from campaigns.customers.model import Letter
from handlers.pictures import colours
from handlers.pictures.drawing import draw, place
from handlers.wording.pictures import CLASS_NAMES, MIGRATION, both
from segmentation.dimensions import LETTERS

TOP, HEIGHT, GAP = 86.0, 320.0, 12.0
INSIDE = (104.0, 256.0)  # Where ribbons leave the bars on the left and reach those on the right.
BAR = 9.0
APART = 27.0  # Least distance of two labels.
SIDES = (*LETTERS, ABSENT)


class Node(NamedTuple):
    """A bar of one side: where it begins, how high it is, and where its label stands."""

    letter: str
    zh: str
    en: str
    customers: int
    top: float
    height: float
    label: float
    colour: str


class Ribbon(NamedTuple):
    """A flow from a bar on the left to one on the right, as an SVG path."""

    path: str
    colour: str
    moved: bool


def sankey_svg(found: Migration) -> str:
    """Who stayed, moved, came and left, with widths by customers."""
    flows = {(a, b): found.matrix.get(a, {}).get(b, 0) for a in SIDES for b in SIDES}
    before = {a: sum(flows[a, b] for b in SIDES) for a in SIDES}
    after = {b: sum(flows[a, b] for a in SIDES) for b in SIDES}
    bars = max(sum(1 for heads in side.values() if heads) for side in (before, after))
    unit = (HEIGHT - GAP * max(bars - 1, 0)) / max(sum(flows.values()), 1)
    left, right = _nodes(before, unit, MIGRATION["came"].zh, "came"), _nodes(after, unit, MIGRATION["left"].zh, "left")
    return draw(
        "sankey",
        words=MIGRATION,
        found=found,
        sides=((left, INSIDE[0] - BAR, 6, "end"), (right, INSIDE[1], -6, "start")),
        bar=BAR,
        ribbons=_ribbons(flows, left, right, unit),
    )


def matrix_svg(found: Migration) -> str:
    """Rows before, columns now; the darker a cell, the larger its share of the row."""
    rows = []
    for a in SIDES:
        heads = [found.matrix.get(a, {}).get(b, 0) for b in SIDES]
        total = sum(heads)
        shares = [(b, n, n / total if total else 0.0) for b, n in zip(SIDES, heads, strict=True)]
        rows.append((_name(a, "came"), a, shares))
    return draw("matrix", words=MIGRATION, found=found, rows=rows, columns=[_name(b, "left") for b in SIDES])


def _name(letter: str, absent: str) -> tuple[str, str]:
    return both(MIGRATION[absent] if letter == ABSENT else CLASS_NAMES[Letter(letter)])


def _nodes(heads: Mapping[str, int], unit: float, zh: str, en: str) -> dict[str, Node]:
    """Bars from the top downwards, without the empty ones."""
    tops, top = {}, TOP
    for letter in SIDES:
        if heads[letter]:
            tops[letter] = top
            top += heads[letter] * unit + GAP
    labels = spread([tops[letter] + heads[letter] * unit / 2 for letter in tops])
    return {
        letter: Node(
            letter,
            *_name(letter, en),
            heads[letter],
            tops[letter],
            heads[letter] * unit,
            label,
            colours.CLASSES.get(letter, colours.ABSENT),
        )
        for letter, label in zip(tops, labels, strict=True)
    }


def spread(wished: Iterable[float]) -> list[float]:
    """Places of labels, each at least 27 below the one before, as near to the wished ones as the picture's end lets."""
    placed: list[float] = []
    for wish in wished:
        placed.append(max(wish, placed[-1] + APART) if placed else wish)
    limit = TOP + HEIGHT
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = min(placed[at], limit)
        limit = placed[at] - APART
    return placed


def _ribbons(
    flows: Mapping[tuple[str, str], int], left: Mapping[str, Node], right: Mapping[str, Node], unit: float
) -> list[Ribbon]:
    """Those who stayed first, so that movers lie above them."""
    starts, ends = ({letter: node.top for letter, node in side.items()} for side in (left, right))
    found = []
    for (a, b), heads in flows.items():
        if heads:
            thick = heads * unit
            found.append(Ribbon(_path(starts[a], ends[b], thick), left[a].colour, a != b))
            starts[a] += thick
            ends[b] += thick
    return sorted(found, key=lambda ribbon: ribbon.moved)


def _path(start: float, end: float, thick: float) -> str:
    """A band between both sides, level where it leaves and where it arrives."""
    x1, x2, middle = (place(x) for x in (*INSIDE, sum(INSIDE) / 2))
    a, b, c, d = (place(y) for y in (start, end, end + thick, start + thick))
    there = f"M{x1} {a}C{middle} {a} {middle} {b} {x2} {b}"
    return f"{there}V{c}C{middle} {c} {middle} {d} {x1} {d}Z"
