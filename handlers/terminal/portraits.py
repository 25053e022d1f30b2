"""One customer on the terminal: the portrait in words."""

from rich.console import Console

from campaigns.customers.portraits import Portrait
from campaigns.members.model import Language
from handlers.wording.portraits import portrait_lines


def print_portrait(found: Portrait, language: Language, console: Console) -> None:
    """The portrait for a person."""
    for line in portrait_lines(found, language):
        console.print(line, markup=False, highlight=False)
