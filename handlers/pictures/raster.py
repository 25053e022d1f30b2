"""SVG text as PNG bytes; no browser, no network."""

from functools import cache
from types import ModuleType

from handlers.pictures.fonts import font_folder

SCALE = 3.0


def png_of(svg: str, scale: float = SCALE) -> bytes:
    """The picture as PNG, 1,080 pixels wide unless scaled otherwise."""
    drawn: bytes = _converter().svg_to_png(svg, scale=scale)
    return drawn


@cache
def _converter() -> ModuleType:
    """The converter, with the wheel's font: the machine need not have a Chinese one."""
    import vl_convert

    vl_convert.register_font_directory(str(font_folder()))
    return vl_convert
