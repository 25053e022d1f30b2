"""The doctor's findings on the terminal."""

import json
from collections.abc import Sequence
from typing import Protocol

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

COLOURS = {"good": "green", "look": "yellow", "wrong": "bold red"}


class Finding(Protocol):
    """One thing that was looked at; `level` is good, look or wrong."""

    @property
    def name(self) -> str:
        """What was looked at."""
        ...

    @property
    def level(self) -> str:
        """How it stands."""
        ...

    @property
    def says(self) -> str:
        """What was found."""
        ...


def checks_json(checks: Sequence[Finding]) -> str:
    """The findings as one JSON array."""
    return json.dumps(
        [{"name": check.name, "level": check.level, "says": check.says} for check in checks], ensure_ascii=False
    )


def print_checks(checks: Sequence[Finding], console: Console) -> None:
    """The findings for a person."""
    table = Table("check", "state", "found", box=SIMPLE, padding=(0, 1, 0, 0))
    for check in checks:
        table.add_row(check.name, f"[{COLOURS[check.level]}]{check.level}[/]", check.says)
    console.print(table)
