"""The operator's door: what commands print, tables for people and JSON for programs."""

from rich.console import Console

PAGE_WIDTH = 120


def page() -> Console:
    """Standard output: as wide as the terminal, or wide enough for a table where it goes to a file."""
    console = Console()
    return console if console.is_terminal else Console(width=PAGE_WIDTH)
