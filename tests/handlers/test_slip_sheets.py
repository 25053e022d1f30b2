"""Emergency sheets: every code of a page is read by a camera's program, on A4, as picture and as PDF."""

import io

import zxingcpp
from PIL import Image

from handlers.pictures.posters import A4_PIXELS
from handlers.pictures.slip_sheets import SlipSheet, sheet_png, sheets_pdf

SLIPS = [(at, f"https://t.me/welfare_bot?start=l_{at:032d}") for at in range(1, 25)]
SHEET = SlipSheet("冬日市集 Winter fair", "B3 老王牛肉面 Wang's Noodles", "1/1", SLIPS)


def test_all_24_slips_of_a_printed_page_are_read_again() -> None:
    picture = Image.open(io.BytesIO(sheet_png(SHEET)))
    assert picture.size == A4_PIXELS
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == {link for _, link in SLIPS}


def test_pages_become_one_pdf() -> None:
    made = sheets_pdf([SHEET, SHEET])
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page>>") + made.count(b"/Type /Page ") >= 2
