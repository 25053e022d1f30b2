"""How public pages are made of their templates: escaped, strict about what is missing, with their words."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def templates_in(room: Path, words: object) -> Environment:
    """The templates of a folder, which find their words under `words`."""
    made = Environment(
        loader=FileSystemLoader(room), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    made.globals |= {"words": words}
    return made
