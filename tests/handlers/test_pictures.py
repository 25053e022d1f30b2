"""Pictures: their size, the classes' colours, and Chinese characters that are characters."""

import io
import subprocess
import sys
from collections import Counter
from datetime import date

from PIL import Image

from campaigns.customers.report import Quadrant, QuadrantPoint
from handlers.pictures.colours import CLASSES
from handlers.pictures.fonts import subset_font
from handlers.pictures.quadrants import quadrant_png, quadrant_svg
from handlers.pictures.raster import png_of

DAY = date(2019, 9, 30)
POINTS = tuple(
    QuadrantPoint(float(at % 50), float(at * 7 % 100), letter) for at in range(30) for letter in ("A", "B", "C")
)
QUADRANT = Quadrant(
    50, 35, 69_126, len(POINTS), POINTS,
    {"A": 30_000, "B": 20_000, "C": 19_126, "D": 0},
    {"A": 1_000_000_00, "B": 9_000_000_000_00, "C": 5, "D": 0},
)  # fmt: skip


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def colour(of: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(of.removeprefix("#")))


def test_the_quadrants_show_every_class_in_its_colour_at_a_phones_width() -> None:
    picture = opened(quadrant_png(QUADRANT, DAY))
    assert picture.width == 1080
    seen = Counter(picture.get_flattened_data())
    assert all(seen[colour(CLASSES[letter])] > 400 for letter in "ABCD")


def test_the_quadrants_say_sizes_shares_and_assets_and_that_a_class_is_empty() -> None:
    svg = quadrant_svg(QUADRANT, DAY)
    for part in ("30,000 位 · 43.4%", "90 亿元 · 100.0%", "100 万元", "0 元", "本类没有客户", "2019-09-30", "69,126"):
        assert part in svg
    assert svg.count('r="1.7"') == len(POINTS)


def test_of_very_many_members_a_regular_sample_is_drawn() -> None:
    many = Quadrant(50, 35, 9_000, 9_000, POINTS * 100, QUADRANT.sizes, QUADRANT.assets_fen)
    assert 1_000 < quadrant_svg(many, DAY).count('r="1.7"') <= 1_500


def glyph(character: str) -> bytes:
    paper = '<rect width="40" height="40" fill="#fff"/>'
    words = f'<text x="5" y="30" font-size="24" font-family="Noto Sans CJK SC">{character}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{paper}{words}</svg>'
    return opened(png_of(svg)).tobytes()


def test_chinese_characters_are_no_boxes() -> None:
    drawn = [glyph(character) for character in "成长培育潜力般\U000fffff"]
    assert len(set(drawn)) == len(drawn)


def test_a_page_carries_only_the_characters_that_it_shows() -> None:
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(subset_font("成长期"))) as font:
        known = font.getBestCmap()
    assert {ord(character) for character in "成长期ABCD0123"} <= set(known)
    assert ord("龙") not in known


def test_drawing_needs_neither_a_browser_nor_frames() -> None:
    code = "import sys, handlers.pictures.quadrants as q; print({'pandas', 'numpy', 'vl_convert'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
