"""Emergency sheets: a booth's printed slips, 24 codes on a page of A4, for when no screen works; PNG or PDF."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.pictures.drawing import WIDTH, draw
from handlers.pictures.posters import A4_PIXELS, QUIET_ZONE, modules_path
from handlers.pictures.raster import png_of
from handlers.wording.booths import SHEET

HEIGHT = WIDTH * A4_PIXELS[1] / A4_PIXELS[0]
COLUMNS, ROWS = 4, 6
TOP, FOOT, MARGIN = 46.0, 31.0, 12.0
SIDE = 58.0
DOTS_PER_INCH = 300


@dataclass(frozen=True)
class SlipSheet:
    """One page: the event, the booth, and up to 24 slips as serial numbers and links."""

    title: str
    booth: str
    page: str
    slips: Sequence[tuple[int, str]]


def sheet_svg(sheet: SlipSheet) -> str:
    """The page as SVG text with A4's sides."""
    import segno

    wide, high = (WIDTH - 2 * MARGIN) / COLUMNS, (HEIGHT - TOP - FOOT) / ROWS
    cells = []
    for at, (serial, link) in enumerate(sheet.slips[: COLUMNS * ROWS]):
        matrix = segno.make(link, error="m", micro=False).matrix
        left, top = MARGIN + wide * (at % COLUMNS), TOP + high * (at // COLUMNS)
        cells.append((left, top, serial, modules_path(matrix), len(matrix) + 2 * QUIET_ZONE))
    return draw("slip_sheet", words=SHEET, sheet=sheet, height=HEIGHT, cells=cells, wide=wide, high=high, side=SIDE)


def sheet_png(sheet: SlipSheet) -> bytes:
    """The page as PNG, 2,480 × 3,508: A4 at 300 dots an inch."""
    return png_of(sheet_svg(sheet), A4_PIXELS[0] / WIDTH)


def sheets_pdf(sheets: Sequence[SlipSheet]) -> bytes:
    """All pages as one PDF."""
    from PIL import Image

    pages = [Image.open(io.BytesIO(sheet_png(each))).convert("L") for each in sheets]
    written = io.BytesIO()
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=DOTS_PER_INCH)
    return written.getvalue()
