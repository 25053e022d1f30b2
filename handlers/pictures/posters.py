"""The poster of one join code: what, where, when, who stands behind it, and a QR code; for phones and for A4 print."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.pictures.drawing import WIDTH, draw
from handlers.pictures.raster import png_of
from handlers.wording.publicity import POSTER

A4_PIXELS = (2480, 3508)  # 210 × 297 mm at 300 dots an inch.
HEIGHT = WIDTH * A4_PIXELS[1] / A4_PIXELS[0]
SIDE, FOOT = 148.0, 62.0
TOP = HEIGHT - FOOT - 18 - SIDE
LINE = WIDTH - 48
TITLE_SIZES, TITLE_LINES = (29, 24, 20), 2
BENEFITS_SIZES, LEADING = (22, 19, 17, 15, 13.5, 12), 1.42
QUIET_ZONE = 4  # Modules; ISO/IEC 18004.


@dataclass(frozen=True)
class Poster:
    """What stands on a poster; `moment` in words, `link` in the QR code, `bot` for who types the code."""

    title: str
    merchant: str
    benefits: str
    moment: str
    bank: str
    complaints: str
    code: str
    link: str
    bot: str


def poster_png(poster: Poster, *, for_print: bool = False) -> bytes:
    """The poster as PNG: 1,080 pixels wide for a phone, 2,480 × 3,508 for A4 at 300 dots an inch."""
    return png_of(poster_svg(poster), A4_PIXELS[0] / WIDTH) if for_print else png_of(poster_svg(poster))


def poster_svg(poster: Poster) -> str:
    """The poster as SVG text with A4's sides; what is long is set smaller, nothing is cut."""
    import segno

    matrix = segno.make(poster.link, error="m", micro=False).matrix
    title, large = _fitting(poster.title, TITLE_SIZES, lambda lines, _: lines <= TITLE_LINES)
    band = 92 + 1.25 * large * len(title)
    room = TOP - 22 - band
    benefits, small = _fitting(poster.benefits, BENEFITS_SIZES, lambda lines, size: lines * size * LEADING <= room)
    return draw(
        "poster",
        words=POSTER,
        poster=poster,
        height=HEIGHT,
        band=band,
        title=[(line, 44 + 1.25 * large * at) for at, line in enumerate(title, start=1)],
        title_size=large,
        benefits=[(line, band + 8 + small * LEADING * at) for at, line in enumerate(benefits, start=1)],
        benefits_size=small,
        bot_size=min(11.0, (WIDTH - 84 - SIDE) / (0.6 * len(poster.bot))),
        left=WIDTH - 36 - SIDE,
        top=TOP,
        side=SIDE,
        modules=len(matrix) + 2 * QUIET_ZONE,
        dots=modules_path(matrix),
    )


def _fitting(text: str, sizes: Sequence[float], fits: Callable[[int, float], bool]) -> tuple[list[str], float]:
    """The text in lines, and the largest size in which so many of them fit; the smallest one where none does."""
    for size in sizes:
        lines = wrapped(text, LINE / size)
        if fits(len(lines), size):
            return lines, size
    return wrapped(text, LINE / sizes[-1]), sizes[-1]


def modules_path(matrix: tuple[bytearray, ...]) -> str:
    """The dark modules as one path, a row's neighbours in one stroke."""
    strokes = []
    for y, row in enumerate(matrix):
        start = None
        for x, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                strokes.append(f"M{start + QUIET_ZONE} {y + QUIET_ZONE}h{x - start}v1h{start - x}z")
                start = None
    return "".join(strokes)


def wrapped(text: str, width: float) -> list[str]:
    """Lines of at most this many Chinese characters' width; words of letters stay whole where they can."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _width(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
        while _width(line) > width:
            cut = next(at for at in range(len(line), 0, -1) if at == 1 or _width(line[:at]) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """What may not be broken: a word of letters with its space, or a character with the stop behind it."""
    pieces: list[str] = []
    for character in " ".join(text.split()):
        sticks = _narrow(character) and bool(pieces) and _narrow(pieces[-1][-1]) and not pieces[-1].endswith(" ")
        if sticks or (pieces and unicodedata.category(character) in {"Po", "Pe", "Pf"}):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _narrow(character: str) -> bool:
    return unicodedata.east_asian_width(character) not in "WF"


def _width(text: str) -> float:
    return sum(0.6 if _narrow(character) else 1.0 for character in text)
