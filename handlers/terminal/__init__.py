"""The operator's door: what commands print, tables for people and JSON for programs."""

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

PAGE_WIDTH = 120


def page() -> Console:
    """Standard output: as wide as the terminal, or wide enough for a table where it goes to a file."""
    console = Console()
    return console if console.is_terminal else Console(width=PAGE_WIDTH)


def say(sentence: str, console: Console) -> None:
    """One sentence as it is: nothing in it is markup, and no line is broken."""
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def table_of(title: str, *columns: str) -> Table:
    """An empty table of words."""
    made = Table(title=title, box=SIMPLE, padding=(0, 1, 0, 0))
    for column in columns:
        made.add_column(column)
    return made
