"""A booth's page and its files, each under an address that changes with the content of any of them."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaigns.members.model import Language
from handlers.pages.miniapp.page import Asset, read_asset
from handlers.wording import booths as words

ROOM = Path(__file__).parent
FOLDERS = (ROOM / "scripts", ROOM / "styles")
ELEMENTS = ROOM.parent / "miniapp" / "scripts" / "element.js"  # The Mini App builds its elements the same way.
WORKER = "worker.js"


@cache
def booth_page() -> str:
    """The page as HTML with every word of both languages; it loads its own files and nothing from anywhere else."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"), autoescape=True, trim_blocks=True, undefined=StrictUndefined
    )
    spoken = {str(language): words.page_words(language) for language in Language}
    told = json.dumps(spoken, ensure_ascii=False).replace("<", "\\u003c")
    return made.get_template("booth.html").render(words=words, version=version(), spoken=told)


@cache
def assets() -> dict[str, Asset]:
    """Every file that may be asked for, by name."""
    own = [file for folder in FOLDERS for file in sorted(folder.iterdir()) if file.suffix in {".js", ".css"}]
    return {file.name: read_asset(file) for file in (*own, ELEMENTS) if file.name != WORKER}


@cache
def version() -> str:
    """A word that changes when any of them does."""
    return sha256(b"".join(found.content for found in assets().values())).hexdigest()[:12]


@cache
def worker() -> str:
    """The service worker with the list of what it keeps."""
    kept = ["/booth", *(f"/booth/files/{version()}/{name}" for name in assets())]
    body = (ROOM / "scripts" / WORKER).read_text("utf-8")
    page = sha256(booth_page().encode()).hexdigest()[:12]
    return f"const EDITION = {json.dumps(f'booth-{version()}-{page}')};\nconst KEPT = {json.dumps(kept)};\n{body}"
