"""PostgreSQL's own programs, pg_dump and pg_restore: which one fits a server, and how it is run."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from storage.database import libpq_url
from storage.private_postgres import PrivatePostgres


class ToolError(RuntimeError):
    """A program of PostgreSQL's is missing or failed; the message says which and what to do."""


def find_tool(name: str, server_major: int) -> Path:
    """The program that fits a server: of its own major version, else the oldest newer one.

    Looks in PATH and among the programs that come with the private PostgreSQL.
    Raises:
        ToolError: none is new enough.
    """
    places = [shutil.which(name), str(PrivatePostgres(Path()).bin_path / name)]
    versions = [(_major(Path(place)), Path(place)) for place in places if place and Path(place).exists()]
    fitting = sorted(found for found in versions if found[0] >= server_major)
    if not fitting:
        raise ToolError(
            f"{name} {server_major} or newer is not in PATH: install the client programs of PostgreSQL {server_major}."
        )
    return fitting[0][1]


def dump(url: str, tool: Path, snapshot: str, into: IO[bytes]) -> None:
    """Write one snapshot of a database in pg_dump's custom format.

    Raises:
        ToolError: pg_dump failed; nothing of what was written can be used.
    """
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as said, _start(tool, url, arguments, said, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        shutil.copyfileobj(process.stdout, into)
        _finish(tool, process, said)


def load(url: str, tool: Path, source: IO[bytes]) -> None:
    """Restore such a dump in one transaction: the whole of it, or nothing.

    Raises:
        ToolError: pg_restore failed; the database is as it was.
    """
    arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as said, _start(tool, url, arguments, said, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            shutil.copyfileobj(source, process.stdin)
            process.stdin.close()
        except BrokenPipeError:
            pass  # It stopped reading because it failed: what it said comes next.
        _finish(tool, process, said)


def _start(
    tool: Path, url: str, arguments: list[str], said: IO[bytes], *, stdin: int | None = None, stdout: int | None = None
) -> "subprocess.Popen[bytes]":
    """Start a program; the password goes through the environment, where no process list shows it."""
    address = conninfo_to_dict(libpq_url(url))
    password = address.pop("password", None)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    command = [str(tool), *arguments, f"--dbname={make_conninfo('', **address)}"]
    return subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=said)


def _finish(tool: Path, process: "subprocess.Popen[bytes]", said: IO[bytes]) -> None:
    if process.wait() != 0:
        said.seek(0)
        words = said.read().decode("utf-8", "replace").strip() or "it said nothing"
        raise ToolError(f"{tool.name} failed: {words.splitlines()[0]}")


def _major(tool: Path) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0
