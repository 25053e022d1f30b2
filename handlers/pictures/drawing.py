"""From plain values to SVG text, by templates of this room."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handlers.pictures import colours
from handlers.pictures.fonts import FAMILY

WIDTH = 360


def draw(template: str, **facts: object) -> str:
    """The picture as SVG text, 360 units wide: a phone's width, which scales up for print."""
    return _templates().get_template(f"{template}.svg").render(**facts)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    found.globals |= {"colours": colours, "family": FAMILY, "width": WIDTH}
    found.filters["at"] = place
    return found


def place(number: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
