"""The public page of a draw and the JSON that its script computes from; both say the same."""

from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment

from campaigns.draws.hosting import PublicDraw
from handlers.pages.templates import templates_in
from handlers.wording import draw_pages as words
from handlers.wording.announcements import day_and_hour

ROOM = Path(__file__).parent / "templates"


def draw_page(found: PublicDraw, zone: ZoneInfo) -> str:
    """The page as HTML; it loads its own script and style and nothing from anywhere else."""
    page = templates().get_template("draw.html")
    return page.render(
        draw=found.draw,
        announcement=found.announcement,
        published=found.published,
        closes=day_and_hour(found.draw.closes_at, zone),
    )


def draw_json(found: PublicDraw) -> dict[str, Any]:
    """All that is public of a draw: while it is open the rules and the promise, then the secret and all tickets."""
    draw, published, told = found.draw, found.published, found.announcement
    rules = told and {
        "version": told.version,
        "digest": told.digest,
        "configuration": told.configuration,
        "text_zh": told.text_zh,
        "text_en": told.text_en,
    }
    shown: dict[str, Any] = {
        "id": draw.id,
        "kind": draw.kind,
        "title": {"zh": draw.title_zh, "en": draw.title_en},
        "prizes": [
            {
                "name": {"zh": prize.title_zh, "en": prize.title_en},
                "points": prize.points,
                "odds_per_million": prize.odds,
                "stock": prize.stock,
            }
            for prize in draw.prizes
        ],
        "opens_at": draw.opens_at.isoformat(),
        "closes_at": draw.closes_at.isoformat(),
        "commitment": draw.commitment,
        "rules": rules,
        "state": draw.state,
    }
    if published is not None:
        shown |= {
            "secret": published.secret,
            "drawn": draw.drawn,
            "head": draw.head,
            "tickets": [
                {"number": each.number, "name": each.masked_name, "prize": each.prize, "receipt": each.receipt}
                for each in published.tickets
            ],
        }
    return shown


@cache
def templates() -> Environment:
    """The page's templates, with its words."""
    return templates_in(ROOM, words)


@cache
def asset(name: str) -> str:
    """The page's script or style."""
    return (ROOM / name).read_text("utf-8")
