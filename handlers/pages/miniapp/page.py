"""The Mini App's page and the files that it loads, each under an address that changes with its content."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handlers.wording import miniapp as words

ROOM = Path(__file__).parent
FOLDERS = (ROOM / "scripts", ROOM / "styles", ROOM / "vendor")
TYPES = {".js": "text/javascript", ".css": "text/css", ".txt": "text/plain; charset=utf-8"}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent, plain and as gzip."""

    content: bytes
    zipped: bytes
    media_type: str


@cache
def app_page(username: str) -> str:
    """The page as HTML; it loads its own files and nothing from anywhere else."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"), autoescape=True, trim_blocks=True, undefined=StrictUndefined
    )
    return made.get_template("app.html").render(words=words, username=username, version=version())


@cache
def assets() -> dict[str, Asset]:
    """Every file that may be asked for, by name."""
    files = [file for folder in FOLDERS for file in sorted(folder.iterdir()) if file.suffix in TYPES]
    return {file.name: read_asset(file) for file in files}


@cache
def version() -> str:
    """A word that changes when any of them does."""
    return sha256(b"".join(found.content for found in assets().values())).hexdigest()[:12]


def read_asset(file: Path) -> Asset:
    """A file of a page as it is sent."""
    content = file.read_bytes()
    return Asset(content, gzip.compress(content, mtime=0), TYPES[file.suffix])
