"""The table of requirements is whole, and what it calls built is shown by tests that exist."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "requirements.md"
ROWS = 220
ROW = re.compile(
    r"\| S-(?P<number>\d+) \|(?P<quote>[^|]+)\|(?P<capability>[^|]+)\| (?P<priority>P[012]) "
    r"\| (?P<state>\w+) \| ?(?P<tests>[^|]*)\|"
)


class Row(NamedTuple):
    """One requirement as the table has it."""

    number: int
    priority: str
    state: str
    tests: tuple[str, ...]


def read_rows() -> Iterator[Row]:
    """Every line of the table that names a requirement; one that cannot be read fails."""
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("| S-"):
            found = ROW.fullmatch(line)
            assert found is not None, f"This line is no row: {line}"
            tests = tuple(re.findall(r"`([^`]+)`", found["tests"]))
            yield Row(int(found["number"]), found["priority"], found["state"], tests)


@cache
def names_in(file: Path) -> frozenset[str]:
    """The names of the tests in a file, parametrised ones under their plain name."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = (node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, functions))
    return frozenset(name for name in found if name.startswith("test_"))


def test_every_requirement_stands_in_the_table_once() -> None:
    assert [row.number for row in read_rows()] == list(range(1, ROWS + 1))


@pytest.mark.parametrize("row", list(read_rows()), ids=lambda row: f"S-{row.number}")
def test_a_state_is_known_and_shown_by_tests(row: Row) -> None:
    assert row.state in {"built", "begun", "open"}
    assert bool(row.tests) == (row.state != "open"), "Built and begun rows name their tests, open rows none."
    assert len(set(row.tests)) == len(row.tests)
    for name in row.tests:
        file, _, test = name.partition("::")
        assert (ROOT / file).is_file(), f"S-{row.number}: there is no {file}"
        assert test in names_in(ROOT / file), f"S-{row.number}: there is no {name}"


def test_the_summary_counts_the_states() -> None:
    states = [row.state for row in read_rows()]
    told = re.findall(r"^\| (built|begun|open) \| .* \| (\d+) \|$", TABLE.read_text("utf-8"), re.MULTILINE)
    assert {state: int(count) for state, count in told} == {state: states.count(state) for state in set(states)}
