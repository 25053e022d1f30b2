"""Posters: their size, a code that a phone's camera reads, characters that are characters, and room for long words."""

import io

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handlers.pictures.fonts import SIMPLIFIED_CHINESE
from handlers.pictures.posters import A4_PIXELS, Poster, poster_png, poster_svg, wrapped

LINK = "https://t.me/welfare_bot?start=j_AB3DE5GH"
POSTER = Poster(
    "幸福里社区开卡节",
    "幸福里",
    "新户开卡送50元券，亲子手工坊免费参加，现场抽波豆。",
    "12月25日（周五）15:00",
    "A银行",
    "95500",
    "AB3DE5GH",
    LINK,
    "@welfare_bot",
)
LONGEST = Poster(
    "福" * 40,
    "幸福里购物中心",
    "送五十元券，" * 20,
    "12月25日（周五）15:00",
    "A银行",
    "9" * 40,
    "AB3DE5GH",
    LINK,
    f"@{'w' * 32}",
)


@pytest.fixture(scope="module")
def pictures() -> dict[bool, Image.Image]:
    """The poster for a phone and for print."""
    return {large: Image.open(io.BytesIO(poster_png(POSTER, for_print=large))) for large in (False, True)}


def test_a_poster_is_as_wide_as_a_phone_and_fills_a4_at_300_dots_an_inch(pictures: dict[bool, Image.Image]) -> None:
    assert pictures[False].size[0] == 1080
    assert pictures[True].size == A4_PIXELS


@pytest.mark.parametrize("large", [False, True])
def test_a_camera_reads_the_code_off_the_picture(pictures: dict[bool, Image.Image], large: bool) -> None:
    [found] = zxingcpp.read_barcodes(pictures[large])
    assert found.text == LINK


def test_a_photographed_poster_is_read_too(pictures: dict[bool, Image.Image]) -> None:
    grey = pictures[False].convert("L").resize((420, 594)).rotate(7, expand=True, fillcolor=180)
    shrunk = io.BytesIO()
    grey.save(shrunk, "JPEG", quality=40)
    [found] = zxingcpp.read_barcodes(Image.open(shrunk))
    assert found.text == LINK


def test_everything_that_the_law_wants_stands_on_the_poster() -> None:
    svg = poster_svg(POSTER)
    for words in (
        POSTER.title,
        "主办：A银行",
        "咨询与投诉：95500",
        POSTER.code,
        POSTER.bot,
        POSTER.moment,
        "不会索要密码",
    ):
        assert words in svg


def test_every_character_has_a_glyph() -> None:
    from fontTools.ttLib import TTFont
    from noto_cjk_sans_otc import FONT_PATH

    with TTFont(FONT_PATH, fontNumber=SIMPLIFIED_CHINESE, lazy=True) as font:
        known = font.getBestCmap()
    drawn = {each for each in poster_svg(POSTER) if each.isprintable()}
    assert [each for each in drawn if ord(each) not in known] == []


def test_the_longest_words_stay_above_the_code() -> None:
    svg = poster_svg(LONGEST)
    assert "福" * 10 in svg
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(poster_png(LONGEST))))
    assert found.text == LINK


def test_words_that_look_like_markup_are_drawn_as_words() -> None:
    svg = poster_svg(Poster("<b>&节", "里", "券", "今天", "A银行", "95500", "AB3DE5GH", LINK, "@bot"))
    assert "&lt;b&gt;&amp;节" in svg


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=120), st.floats(6, 30))
def test_lines_fit_their_width_and_lose_nothing(text: str, width: float) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(sum(0.6 if ord(each) < 128 else 0.5 for each in line) <= width for line in lines)


def test_words_of_letters_stay_whole() -> None:
    assert wrapped("Happiness Lane opens", 6) == ["Happiness", "Lane opens"]
