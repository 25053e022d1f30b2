"""What a customer would see of a simulated channel: a pop-up of the bank's app, an article of its official account."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaigns.channels.model import Channel, ChannelMessage
from handlers.wording.channels import PAGE

ROOM = Path(__file__).parent / "templates"


def shown_page(message: ChannelMessage, bank: str) -> str:
    """The message as a page of its own, which loads nothing; a pop-up closes by one tap (Advertising Law art. 44)."""
    name = "popup.html" if message.channel is Channel.POPUP else "account.html"
    return _templates().get_template(name).render(message=message, bank=bank, words=PAGE)


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(ROOM), undefined=StrictUndefined, autoescape=True)
