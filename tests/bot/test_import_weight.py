"""What each door loads: the bot no frames, the rules no framework, the command line neither."""

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import campaigns
import segmentation

ROOT = Path(__file__).resolve().parents[2]
FRAMES = {"pandas", "sklearn", "duckdb", "pyarrow", "numpy", "scipy"}
FRAMEWORKS = {"aiogram", "fastapi", "sqlalchemy", "sqlmodel", "apscheduler", "psycopg", "procrastinate"}


def loaded_by(code: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after running this."""
    report = "; import json, sys; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code + report], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def modules_of(package: object) -> list[str]:
    path, name = package.__path__, package.__name__  # type: ignore[attr-defined]
    return sorted(module.name for module in pkgutil.walk_packages(path, f"{name}."))


def test_the_bot_starts_without_frames() -> None:
    assert not loaded_by("import bot.serving") & FRAMES


def test_rules_load_no_framework() -> None:
    rules = modules_of(campaigns) + modules_of(segmentation)
    assert not loaded_by(f"import {', '.join(rules)}") & FRAMEWORKS


def test_values_and_decisions_load_no_frames() -> None:
    pure = [name for name in modules_of(campaigns) if name.endswith((".model", ".rules"))]
    assert not loaded_by(f"import {', '.join(pure)}") & FRAMES


def test_the_operators_hand_loads_neither_bot_library_nor_frames() -> None:
    hand = ("backups", "doctor", "invitations")
    code = f"import bot.running, {', '.join(f'bot.operations.{module}' for module in hand)}"
    assert not loaded_by(code) & (FRAMES | {"aiogram", "fastapi"})


def test_help_costs_nothing_heavy() -> None:
    code = "import typer.testing, main; assert typer.testing.CliRunner().invoke(main.app, ['--help']).exit_code == 0"
    assert not loaded_by(code) & (FRAMES | FRAMEWORKS)
