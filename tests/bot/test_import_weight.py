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


def loaded_by(*steps: str) -> list[set[str]]:
    """The top-level packages that one fresh interpreter has loaded after each of these steps."""
    told = "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    code = "\n".join(["import json, sys", *(f"{step}\n{told}" for step in steps)])
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [set(json.loads(line)) for line in done.stdout.splitlines() if line.startswith("[")]


def modules_of(package: object) -> list[str]:
    path, name = package.__path__, package.__name__  # type: ignore[attr-defined]
    return sorted(module.name for module in pkgutil.walk_packages(path, f"{name}."))


def test_each_door_loads_no_more_than_it_needs() -> None:
    pure = [name for name in modules_of(campaigns) if name.endswith((".model", ".rules"))]
    hand = [f"bot.operations.{module}" for module in ("backups", "doctor", "invitations")]
    showing_help, deciding, operating, serving = loaded_by(
        "import typer.testing, main; assert typer.testing.CliRunner().invoke(main.app, ['--help']).exit_code == 0",
        f"import {', '.join(pure)}",
        f"import bot.running, {', '.join(hand)}",
        "import bot.serving",
    )
    assert not showing_help & (FRAMES | FRAMEWORKS)
    assert not deciding & (FRAMES | FRAMEWORKS)
    assert not operating & (FRAMES | {"aiogram", "fastapi"})
    assert not serving & FRAMES


def test_rules_load_no_framework() -> None:
    [loaded] = loaded_by(f"import {', '.join(modules_of(campaigns) + modules_of(segmentation))}")
    assert not loaded & FRAMEWORKS
