"""The programme report as one HTML page with styles and the needed part of the font inside it."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaigns.members.model import Language
from handlers.pages.reports.page import with_font
from handlers.pictures import colours
from handlers.pictures.fonts import FAMILY
from handlers.wording import programmes as words
from segmentation.programmes import Programme


def programme_page(found: Programme) -> str:
    """The whole page; it loads nothing and runs no script."""
    return with_font(compose_page(found))


def compose_page(found: Programme) -> str:
    """The page without its font."""
    return _templates().get_template("programme.html").render(found=found)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals |= {"words": words, "zh": Language.ZH, "en": Language.EN, "colours": colours, "family": FAMILY}
    return made
