"""Pictures: their size, the classes' colours, and Chinese characters that are characters."""

import io
import math
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from campaigns.customers.class_lists import Migration
from campaigns.customers.report import DriftReport, Quadrant, QuadrantPoint
from handlers.pictures.colours import CLASSES
from handlers.pictures.drift import drift_svg
from handlers.pictures.fonts import subset_font
from handlers.pictures.migrations import APART, HEIGHT, TOP, matrix_svg, sankey_svg, spread
from handlers.pictures.models import quality_svg
from handlers.pictures.profiles import shares_svg
from handlers.pictures.quadrants import quadrant_png, quadrant_svg
from handlers.pictures.raster import png_of
from handlers.pictures.tenures import tenures_svg
from segmentation.findings import IndicatorDrift, TenureBand

DAY = date(2019, 9, 30)
POINTS = tuple(
    QuadrantPoint(float(at % 50), float(at * 7 % 100), letter) for at in range(30) for letter in ("A", "B", "C")
)
QUADRANT = Quadrant(
    50, 35, 69_126, len(POINTS), POINTS,
    {"A": 30_000, "B": 20_000, "C": 19_126, "D": 0},
    {"A": 1_000_000_00, "B": 9_000_000_000_00, "C": 5, "D": 0},
)  # fmt: skip


MIGRATION = Migration(
    date(2019, 6, 30),
    DAY,
    {
        "A": {"A": 900, "B": 50, "C": 0, "D": 40, "–": 10},
        "B": {"A": 0, "B": 500, "C": 0, "D": 0, "–": 0},
        "C": dict.fromkeys("ABCD–", 0),
        "D": {"A": 1, "B": 0, "C": 0, "D": 299, "–": 0},
        "–": {"A": 25, "B": 0, "C": 0, "D": 0, "–": 0},
    },
    0.949,
)
# How dichromats see linear light: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, IEEE TVCG 15(6), 2009.
SIGHTS = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.28, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "no blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


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
    for part in ("30,000 位 · 43.4%", "90.0 亿元 · 100.0%", "100 万元", "0 元", "本类没有客户", "2019-09-30", "69,126"):
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


def test_migration_is_drawn_with_widths_by_customers() -> None:
    svg = sankey_svg(MIGRATION)
    for part in ("1,000 growth", "926 growth", "25 came", "10 left", "94.9%"):
        assert part in svg
    assert "潜力" not in svg  # Nobody was in class C or came into it.
    ribbons = re.findall(r"M104 ([\d.]+)C\S+ \S+ \S+ \S+ 256 ([\d.]+)V([\d.]+)C", svg)
    thick = sorted((float(end) - float(start) for _, start, end in ribbons), reverse=True)
    assert len(ribbons) == 8
    assert thick[0] / thick[1] == pytest.approx(900 / 500, rel=0.01)
    assert opened(png_of(svg)).width == 1080


@given(st.lists(st.floats(0, 300), max_size=5).map(sorted))
def test_labels_never_lie_on_each_other(wished: list[float]) -> None:
    placed = spread([TOP + wish for wish in wished])
    assert all(below - above >= APART - 1e-6 for above, below in pairwise(placed))
    assert all(place <= TOP + HEIGHT for place in placed)


def test_the_matrix_has_heads_and_shares_of_every_row() -> None:
    svg = matrix_svg(MIGRATION)
    for part in (">900<", ">90.0%<", ">299<", ">99.7%<", "新到", "离开"):
        assert part in svg


def test_drift_is_marked_in_words_and_an_empty_one_says_so() -> None:
    moved = IndicatorDrift("assets", 1.7, 0.01, "alarm", 0, 0, 1, 2)
    calm = IndicatorDrift("logins", 0.02, 0.01, "calm", 0, 0, 1, 1)
    svg = drift_svg(DriftReport(DAY, DAY, (moved, calm)))
    for part in ("→ 1.70 报警", "0.02", "资产", "手机银行登录", "报警 0.25"):
        assert part in svg
    assert "没有可比较的指标" in drift_svg(DriftReport(DAY, DAY, ()))


def test_tenure_bands_without_customers_are_left_out_and_small_ones_show_no_mean() -> None:
    svg = tenures_svg(
        [
            TenureBand("under_180_days", 0, None, {}, {}),
            TenureBand("under_1_year", 12, None, {}, {}),
            TenureBand("over_10_years", 900, 44.25, {"A": 900}, {"A": 44.25, "B": None}),
        ]
    )
    assert "不满 180 天" not in svg
    for part in ("人数太少", "44.2", "10 年以上"):
        assert part in svg


def test_model_quality_and_shares_name_their_figures() -> None:
    estimate = {"value": 0.79, "low": 0.78, "high": 0.8}
    assert "三种结果平均 AUC 0.790" in quality_svg({"quarter": {"macro_auc": estimate, "auc_fell": estimate}})
    svg = shares_svg([{"letter": "A", "customers": 3, "share": 0.75, "assets_fen": 100_00}])
    assert "75.0% · 3" in svg
    assert "100.0% · 100 元" in svg


@pytest.mark.parametrize("sight", SIGHTS)
def test_colour_blind_people_tell_the_classes_apart(sight: str) -> None:
    seen = [lab(tuple(sum(a * b for a, b in zip(row, linear(hexa), strict=True)) for row in SIGHTS[sight]))
            for hexa in CLASSES.values()]  # fmt: skip
    assert min(math.dist(one, other) for one, other in combinations(seen, 2)) > 24


def linear(of: str) -> tuple[float, ...]:
    parts = [part / 255 for part in colour(of)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def lab(light: tuple[float, ...]) -> tuple[float, float, float]:
    """CIELAB of linear sRGB."""
    r, g, b = (min(max(part, 0.0), 1.0) for part in light)
    sums = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in sums)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
