"""The public page of a topic in one edition: what is asked, the local words, what people told by masked names."""

from functools import cache
from pathlib import Path

from jinja2 import Environment

from campaigns.topics.model import PublicTopic
from handlers.pages.templates import templates_in
from handlers.wording import topics as words

ROOM = Path(__file__).parent / "templates"


def topic_page(found: PublicTopic, username: str) -> str:
    """The page as HTML; it loads its own style and nothing from anywhere else."""
    local = found.local
    return (
        _templates()
        .get_template("topic.html")
        .render(
            topic=local.topic,
            edition=local.topic.edition(local.number),
            told=found.told,
            link=words.start_link(username, local),
        )
    )


@cache
def style() -> str:
    """The page's style."""
    return (ROOM / "topic.css").read_text("utf-8")


@cache
def _templates() -> Environment:
    return templates_in(ROOM, words)
