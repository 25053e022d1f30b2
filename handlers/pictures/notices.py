"""Printed notices of branches: one customer's words with a code, eight on a page of A4; PDF."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from handlers.pictures.drawing import WIDTH, draw
from handlers.pictures.posters import A4_PIXELS, QUIET_ZONE, modules_path, wrapped
from handlers.pictures.raster import png_of
from handlers.wording.channels import NOTICE

HEIGHT = WIDTH * A4_PIXELS[1] / A4_PIXELS[0]
COLUMNS, ROWS = 2, 4
SIDE, MOST_LINES, SIZE = 46.0, 7, 7.5
DOTS_PER_INCH = 300


@dataclass(frozen=True)
class Notice:
    """What one customer is handed: a title, the words, and the code that the counter asks for."""

    title: str
    text: str
    code: str


def notices_svg(notices: Sequence[Notice], bank: str) -> str:
    """One page of at most eight notices as SVG text with A4's sides."""
    import segno

    wide, high = WIDTH / COLUMNS, HEIGHT / ROWS
    cells = []
    for at, notice in enumerate(notices[: COLUMNS * ROWS]):
        matrix = segno.make(notice.code, error="m", micro=False).matrix
        lines = list(islice(wrapped(notice.text, (wide - 20) / SIZE), MOST_LINES))
        left, top = wide * (at % COLUMNS), high * (at // COLUMNS)
        cells.append((left, top, notice, lines, modules_path(matrix), len(matrix) + 2 * QUIET_ZONE))
    return draw(
        "notices", words=NOTICE, bank=bank, height=HEIGHT, cells=cells, wide=wide, high=high, side=SIDE, size=SIZE
    )


def notices_pdf(notices: Sequence[Notice], bank: str) -> bytes:
    """All notices as one PDF."""
    from PIL import Image

    size = COLUMNS * ROWS
    pages = [notices_svg(notices[at : at + size], bank) for at in range(0, len(notices), size)]
    drawn = [Image.open(io.BytesIO(png_of(page, A4_PIXELS[0] / WIDTH))).convert("L") for page in pages]
    written = io.BytesIO()
    drawn[0].save(written, "PDF", save_all=True, append_images=drawn[1:], resolution=DOTS_PER_INCH)
    return written.getvalue()
