"""The command line on a private database of its own, from nothing: what an operator types, and what comes back."""

import subprocess
import sys
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest
from typer.testing import CliRunner

from bot.commands.exits import REFUSED
from main import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def var_dir(open_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty VAR_DIR, and no setting from outside."""
    for name in ("DATABASE_URL", "BOT_TOKEN", "BOT_API_URL", "CLOCK_FILE", "TIME_ZONE", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(open_dir)
    monkeypatch.setenv("VAR_DIR", str(open_dir / "var"))
    return open_dir / "var"


def types(*arguments: str) -> tuple[int, str]:
    """Run a command as a process of its own; returns its exit code and everything that it said."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments], stdout=PIPE, stderr=STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout


def says(*arguments: str) -> tuple[int, str]:
    """The same command inside this process: nothing is loaded anew."""
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return done.exit_code, done.output


def test_an_operators_day(var_dir: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "welfare.backup")
    day = [
        (["doctor"], 0, "There is none yet"),
        (["backup", file], REFUSED, "run `migrate` first"),
        (["migrate"], 0, "it was at nothing"),
        (["invite", "administrator"], 0, "start=staff_"),
        (["backup", file], 0, "keyring.json"),
        (["backup", file], REFUSED, "exists already"),
        (["restore", file], REFUSED, "`--replace` drops"),
        (["restore", file, "--replace"], 0, "rows and 0 uploads are back"),
        (["rotate-keys"], 0, "wrapped by k2"),
        (["release"], 0, "0 messages may leave"),
        (["doctor", "--json"], 0, '"name": "keyring", "level": "good"'),
    ]
    for arguments, code, sentence in day:
        found = types(*arguments)
        assert (found[0], sentence in found[1]) == (code, True), f"{arguments}: {found}"
    assert {path.name for path in var_dir.iterdir()} >= {"postgres", "keys"}


@pytest.mark.usefixtures("var_dir")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["restore", "missing.backup"], "missing.backup does not exist"),
        (["invite", "customer"], "Everybody is a customer already"),
        (["invite", "king"], "'king' is not one of"),
    ],
)
def test_what_cannot_be_done_gets_one_sentence(arguments: list[str], sentence: str) -> None:
    code, said = says(*arguments)
    assert (code, sentence in said, "Traceback" in said) == (REFUSED, True, False), said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "The setting PORT cannot be read"),
        ("TIME_ZONE", "Mars", "The setting TIME_ZONE cannot be read"),
        ("DATABASE_URL", "mysql://x", "The setting DATABASE_URL cannot be read"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none", "onnection refused"),
    ],
)
@pytest.mark.usefixtures("var_dir")
def test_a_setting_that_does_not_work_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    code, said = says("migrate")
    assert (code, sentence in said, "Traceback" in said) == (REFUSED, True, False), said


@pytest.mark.usefixtures("var_dir")
def test_the_doctor_leaves_with_1_when_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    assert says("doctor")[0] == 1
