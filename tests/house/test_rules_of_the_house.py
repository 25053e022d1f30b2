"""The rules that the import contracts cannot see, each with the reason why it exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "handlers", "campaigns", "segmentation", "storage", "sandbox")
FOR_STAFF_OR_LAW = ("storage/migrations", "bot/demo", "bot/running", "bot/operations", "campaigns/compliance/")
# What sends by itself when awaited; a use case of our own may be called an answer.
SENDS = re.compile(r"\.send_\w+$|\b(?:message|query|bot)\b.*\.(?:answer\w*|reply\w*|edit_\w+)$")
VAGUE = {"utils", "util", "common", "helpers", "helper", "manager", "base", "misc", "shared"}


def sources(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def nodes(path: Path, *words: str) -> Iterator[ast.AST]:
    """Every part of a file's code; nothing of a file in which none of the words stands, where any are given."""
    source = path.read_text("utf-8")
    if not words or any(word in source for word in words):
        yield from ast.walk(ast.parse(source))


@cache
def calls(path: Path) -> tuple[tuple[int, str], ...]:
    """Every call in a file as its line and dotted name."""
    return tuple((node.lineno, ast.unparse(node.func)) for node in nodes(path) if isinstance(node, ast.Call))


def broken(paths: list[Path], names: tuple[str, ...], *, allowed: set[str]) -> list[str]:
    """Where a call ends with one of these names outside the files that may make it."""
    return [
        f"{path.relative_to(ROOT)}:{line} {name}()"
        for path in paths
        if str(path.relative_to(ROOT)) not in allowed
        for line, name in calls(path)
        if name.endswith(names)
    ]


def test_one_place_commits() -> None:
    """A commit in the middle of a use case leaves half of it behind when the rest fails."""
    jobs_of_the_operator = {"storage/intakes.py", "storage/segments.py", "storage/publication.py", "storage/keys.py"}
    paths = sources("bot", "handlers", "campaigns", "storage")
    assert broken(paths, (".commit",), allowed={"storage/database.py", *jobs_of_the_operator}) == []


def test_time_comes_from_the_clock() -> None:
    """A rule that looks at the system's clock cannot be tried next week's reminder today."""
    paths = sources("bot", "handlers", "campaigns", "segmentation", "storage")
    names = ("datetime.now", "datetime.utcnow", "date.today", "time.time")
    assert broken(paths, names, allowed={"bot/clock.py"}) == []


def test_one_place_reads_the_environment() -> None:
    """A setting that is read elsewhere is missing from .env.example and from the operator's mind."""
    reads = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("handlers", "campaigns", "segmentation", "storage", "bot")
        if path.name not in {"settings.py", "running.py", "postgres_tools.py"}  # The latter two pass it to children.
        for node in nodes(path, "environ", "getenv")
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and ast.unparse(node.value) == "os"
    ]
    assert reads == []


def test_rules_never_wait() -> None:
    """A rule that awaits asks somebody, and then it is no rule."""
    waiting = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("campaigns")
        if path.name in {"rules.py", "model.py", "reading.py"}
        for node in nodes(path, "async", "await")
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    ]
    assert waiting == []


def test_chat_handlers_return_their_replies() -> None:
    """An awaited answer leaves before the commit: the person would hear of something that may never be true."""
    awaited = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("handlers/chat")
        for node in nodes(path, "await")
        if isinstance(node, ast.Await)
        and isinstance(node.value, ast.Call)
        and SENDS.search(ast.unparse(node.value.func))
    ]
    assert awaited == []


def test_a_callback_prefix_belongs_to_one_button() -> None:
    """The first router whose prefix fits takes a press: another button of that prefix would never be heard."""
    where: dict[str, list[str]] = {}
    for path in sources("handlers"):
        for node in nodes(path, "CallbackData"):
            for prefix in prefixes(node):
                where.setdefault(prefix, []).append(str(path.relative_to(ROOT)))
    assert len(where) > 40
    assert {prefix: files for prefix, files in where.items() if len(files) > 1} == {}


def prefixes(node: ast.AST) -> Iterator[str]:
    """The prefix that a class of callback data names, as it is written."""
    if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "CallbackData" for base in node.bases):
        yield from (ast.unparse(each.value) for each in node.keywords if each.arg == "prefix")


def test_no_sentence_for_people_stands_outside_the_wording() -> None:
    """What a customer reads must pass the compliance officer in one place."""
    chinese = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
        for path in sources("bot", "handlers/chat", "handlers/http", "campaigns", "storage")
        if not str(path.relative_to(ROOT)).startswith(FOR_STAFF_OR_LAW)
        for node in nodes(path, "。")
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "。" in node.value
        and any("一" <= character <= "鿿" for character in node.value)
        and not is_docstring(path, node)
    ]
    assert chinese == []


def is_docstring(path: Path, constant: ast.Constant) -> bool:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return any(
        isinstance(node, documented)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and node.body[0].value.lineno == constant.lineno
        for node in nodes(path)
    )


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_is_named_by_its_noun(room: str) -> None:
    """A file called helpers is where nobody looks and everything ends."""
    assert [path.name for path in sources(room) if path.stem in VAGUE] == []


@pytest.mark.parametrize("room", [*ROOMS, "tests"])
def test_every_module_opens_with_one_sentence(room: str) -> None:
    """A newcomer reads the first line of a file to know whether it is the right one."""
    silent = [
        str(path.relative_to(ROOT))
        for path in sources(room)
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0].endswith((".", ":"))
        and path.name != "conftest.py"
    ]
    assert silent == []


def test_no_two_conversations_have_one_name() -> None:
    """A state is stored by its class's name: with two of one name, the answer goes to whoever is asked first."""
    names = [
        node.name
        for path in sources("handlers/chat")
        for node in nodes(path, "StatesGroup")
        if isinstance(node, ast.ClassDef) and "StatesGroup" in map(ast.unparse, node.bases)
    ]
    assert sorted(names) == sorted(set(names))
