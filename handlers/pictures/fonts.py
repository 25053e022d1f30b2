"""The font of pictures and pages: Noto Sans CJK SC out of its wheel."""

import io
from pathlib import Path

from noto_cjk_sans_otc import FONT_PATH

FAMILY = "Noto Sans CJK SC"
SIMPLIFIED_CHINESE = 2
ALWAYS = "".join(map(chr, range(0x20, 0x7F)))


def font_folder() -> Path:
    """The folder that holds the font's file."""
    return Path(FONT_PATH).parent


def subset_font(text: str) -> bytes:
    """The font with the characters of `text` and ASCII alone, as WOFF: a page carries it along in some 100 KB."""
    from fontTools.subset import Options, Subsetter, save_font
    from fontTools.ttLib import TTFont

    options = Options(flavor="woff", layout_features=[], notdef_outline=True, hinting=False)
    options.drop_tables += ["VORG", "vhea", "vmtx"]
    written = io.BytesIO()
    with TTFont(FONT_PATH, fontNumber=SIMPLIFIED_CHINESE, lazy=True) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=text + ALWAYS)
        subsetter.subset(font)
        save_font(font, written, options)
    return written.getvalue()
