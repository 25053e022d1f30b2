"""The segment report as one HTML page: pictures, styles and the needed part of the font stand inside it."""

import base64
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from campaigns.customers.class_lists import ClassLine
from campaigns.customers.data_quality import DataQuality
from campaigns.customers.model import Band, Letter, Lifecycle
from campaigns.customers.report import SegmentReport
from campaigns.members.model import Language
from handlers.pictures import colours
from handlers.pictures.drift import DRAWN, drift_svg
from handlers.pictures.fonts import FAMILY, subset_font
from handlers.pictures.migrations import matrix_svg, sankey_svg
from handlers.pictures.models import quality_svg
from handlers.pictures.profiles import shares_svg
from handlers.pictures.quadrants import quadrant_svg
from handlers.pictures.tenures import tenures_svg
from handlers.wording import figures
from handlers.wording import pictures as picture_words
from handlers.wording import reports as words
from handlers.wording.fields import FIELDS
from handlers.wording.phrase import Phrase
from handlers.wording.segments import BANDS, DEPARTMENTS, DIMENSIONS, LIFECYCLES, left_out_words, reason_words

ROOM = Path(__file__).parent / "templates"
FONT_SLOT = "/*font*/"
REASONS = 2


def report_page(found: SegmentReport, quality: DataQuality) -> str:
    """The whole page; it loads nothing and runs no script."""
    return with_font(compose_page(found, quality))


def compose_page(found: SegmentReport, quality: DataQuality) -> str:
    """The page without its font."""
    page = _templates().get_template("report.html")
    return page.render(report=found, quality=quality, aged=list(_aged(quality)), pictures=_pictures(found))


def with_font(page: str) -> str:
    """The page with the part of the font that it shows."""
    font = base64.b64encode(subset_font(page)).decode("ascii")
    face = f'@font-face{{font-family:"{FAMILY}";src:url(data:font/woff;base64,{font}) format("woff")}}'
    return page.replace(FONT_SLOT, face, 1)


def _aged(found: DataQuality) -> Iterator[tuple[str, int | None, int | None, int]]:
    """Every field that ages or is told differently: known and stale (None where it does not age), conflicts."""
    ageing = {each.name: each for each in found.fields}
    for name in sorted({*ageing, *found.conflicts}):
        each, conflicts = ageing.get(name), found.conflicts.get(name, 0)
        yield (name, each.known, each.stale, conflicts) if each else (name, None, None, conflicts)


def _pictures(found: SegmentReport) -> dict[str, Markup]:
    """Every picture that the report has figures for, as SVG; each escapes what it shows."""
    drawn = {"quadrant": quadrant_svg(found.quadrant, found.as_of), "shares": shares_svg(found.classes)}
    if found.migration:
        drawn |= {"sankey": sankey_svg(found.migration), "matrix": matrix_svg(found.migration)}
    if found.drift and found.drift.indicators:
        drawn["drift"] = drift_svg(found.drift)
    if found.model and found.model.parts:
        drawn["quality"] = quality_svg(found.model.parts)
    if any(band.customers for band in found.fairness.tenure):
        drawn["tenures"] = tenures_svg(found.fairness.tenure)
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - our own templates, which escape.


def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(ROOM), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    made.globals |= {
        "words": words,
        "nothing": figures.NOTHING,
        "names": {letter.value: picture_words.CLASS_NAMES[letter] for letter in Letter},
        "bands": {band.value: BANDS[band] for band in Band},
        "dimensions": DIMENSIONS,
        "levels": picture_words.LEVELS,
        "quadrant_kinds": {
            letter.value: Phrase(f"{words.BESIDE['quadrant'].zh} {letter}", letter) for letter in Letter
        },
        "stages": {stage.value: LIFECYCLES[stage] for stage in Lifecycle},
        "colours": colours,
        "family": FAMILY,
        "drawn": DRAWN,
        "fields": FIELDS,
        "departments": DEPARTMENTS,
        "indicator_name": picture_words.indicator_name,
        "part_name": picture_words.part_name,
        "left_out": lambda codes: list(zip(*(left_out_words(codes, each) for each in Language), strict=True)),
        "style": Markup((ROOM / "report.css").read_text("utf-8")),  # noqa: S704 - our own file.
    }
    made.filters |= {
        "figure": lambda value, measure: figures.figure(measure, value),
        "count": figures.count,
        "median": figures.median,
        "why": why,
    }
    return made


def why(line: ClassLine, of: str = "letter") -> list[tuple[str, str]]:
    """The two reasons that speak most for what a customer is listed for, in Chinese and in English."""
    given = line.churn_reasons if of == "churn" else line.reasons
    found = tuple(reason for reason in given if reason.points > 0)[:REASONS] or given[:1]
    return [(reason_words(reason, Language.ZH), reason_words(reason, Language.EN)) for reason in found]
