"""The documents name what exists: links, settings, commands, profiles, packages; and nothing of a private machine."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot.settings import Settings
from main import app
from segmentation.intake.profiles import parse_profile

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "THIRD_PARTY.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PICTURE_LIMIT = 300_000
PRIVATE_MACHINE = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|work|tmp|mnt|srv)/[\w.-]+")
REGISTRY = re.compile(r"--(?:extra-)?index-url|--find-links|python" r"hosted|/simple/|/api/py" r"pi/")
ITSELF = Path(__file__).resolve()


def kept_files() -> Iterator[Path]:
    """Every file of the tree that .gitignore does not name."""
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()} | {".git"}
    waiting = [ROOT]
    while waiting:
        for place in waiting.pop().iterdir():
            if place.name in ignored or place.suffix == ".pyc":
                continue
            if place.is_dir():
                waiting.append(place)
            else:
                yield place


def text_of(file: Path) -> str:
    """A file's text; empty for pictures and the like."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def heading_anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), f"{page.name} links to {target}"
        assert ROOT in place.parents, f"{page.name} links outside: {target}"
        assert not anchor or anchor in heading_anchors(place), f"{page.name} links to {target}"


def test_every_document_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        found = {(page.parent / link.partition("#")[0]).resolve() for link in LINK.findall(page.read_text("utf-8"))}
        waiting += [link for link in found if link.suffix == ".md" and link.is_file() and link not in seen]
    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in seen] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_named_place_of_the_code_is_there(page: Path) -> None:
    rooms = "bot|handlers|campaigns|segmentation|storage|sandbox|tests|scripts|bench"
    named = re.findall(rf"`((?:{rooms})/[\w./-]+)`", page.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_example_names_every_setting_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    named = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_shows_the_defaults() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    defaults = {name.upper(): field.get_default() for name, field in Settings.model_fields.items()}
    given = {name: str(value).lower() for name, value in defaults.items() if value is not None}
    assert {name: value.lower() for name, value in shown.items() if value} == given


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = getattr(get_command(app), "commands")  # noqa: B009 - typer's own group has it, click's base not.
    assert [name for name in commands if f"| `{name}` |" not in readme] == []


def test_the_readme_names_the_targets_of_the_makefile() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", readme)) <= targets | {"Python"}


def test_the_profile_of_the_how_to_can_be_used() -> None:
    page = (ROOT / "docs" / "how-to" / "import-a-delivery.md").read_text("utf-8")
    block = "".join(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL))
    profile = parse_profile(yaml.safe_load(block), "")
    assert {department.name for department in profile.departments} == {"balances", "contacts", "shop"}


def test_the_pictures_are_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > PICTURE_LIMIT] == []


def test_the_licence_is_the_whole_apache_2() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def test_every_package_is_credited_with_its_version() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \|", (ROOT / "THIRD_PARTY.md").read_text("utf-8"), re.MULTILINE)
    told = {name.lower().replace("_", "-"): number for name, number in rows}
    named = re.findall(r"^[\w.-]+", (ROOT / "requirements.in").read_text("utf-8"), re.MULTILINE)
    assert {name.lower(): told.get(name.lower()) for name in named} == {name.lower(): version(name) for name in named}


def test_no_file_names_a_registry_or_a_private_machine() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in kept_files()
        if file != ITSELF
        for pattern in (PRIVATE_MACHINE, REGISTRY)
        for match in pattern.finditer(text_of(file))
    ]
    assert found == []
