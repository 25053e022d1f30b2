"""A promotion's results as one HTML page: its picture, styles and the needed part of the font stand inside it."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from campaigns.members.model import Language
from campaigns.results.model import HELD_OUT, Outcome, Result
from handlers.pages.reports.page import with_font
from handlers.pictures import colours
from handlers.pictures.fonts import FAMILY
from handlers.pictures.results import results_svg
from handlers.wording import results as words
from handlers.wording.channels import CHANNELS


def result_page(found: Result) -> str:
    """The whole page; it loads nothing and runs no script."""
    return with_font(compose_page(found))


def compose_page(found: Result) -> str:
    """The page without its font."""
    picture = Markup(results_svg(found))  # noqa: S704 - our own template, which escapes.
    return _templates().get_template("results.html").render(found=found, picture=picture)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals |= {
        "words": words,
        "channels": {channel.value: name for channel, name in CHANNELS.items()},
        "outcomes": {outcome.value: words.OUTCOMES[outcome] for outcome in Outcome},
        "zh": Language.ZH,
        "en": Language.EN,
        "held_out": HELD_OUT,
        "colours": colours,
        "family": FAMILY,
    }
    return made
