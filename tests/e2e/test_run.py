"""`run`: the demo world comes up once, Ctrl-C stops everything, the next run continues."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import psutil
import pytest

from tests.bot_process import ROOT, free_port

pytestmark = pytest.mark.e2e
PATIENCE = 120


class Running:
    """One `python main.py run` with ports and data of its own."""

    def __init__(self, var_dir: Path, **environment: str) -> None:
        self.chat = free_port()
        ours = {"VAR_DIR": str(var_dir), "PORT": str(free_port()), "SANDBOX_PORT": str(self.chat)}
        taken = {"DATABASE_URL", "BOT_TOKEN", "BOT_API_URL"}
        inherited = {name: value for name, value in os.environ.items() if name not in taken}
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-u", "main.py", "run"],
            cwd=ROOT,
            env={**inherited, **ours, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def reaches(self, words: str) -> None:
        """Read what it prints until these words come."""
        assert self.process.stdout is not None
        guard = threading.Timer(PATIENCE, self.process.kill)
        guard.start()
        try:
            for line in self.process.stdout:
                self.lines.append(line)
                if words in line:
                    return
        finally:
            guard.cancel()
        raise AssertionError("".join(self.lines))

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit code, with no process left behind."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        self.reaches("Everything has stopped.")
        code = self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []
        return code

    def world(self) -> dict[str, list[dict[str, str]]]:
        """The sandbox's people and groups."""
        found: dict[str, list[dict[str, str]]] = httpx.get(
            f"http://127.0.0.1:{self.chat}/api/world", trust_env=False
        ).json()
        return found


def test_run_loads_the_demo_world_once_and_continues_where_it_stopped(open_dir: Path) -> None:
    first = Running(open_dir)
    first.reaches("The web chat:")
    people = first.world()["people"]
    assert [person["first_name"] for person in people[:2]] == ["李敏", "陈老板"]
    assert [group["title"] for group in first.world()["groups"]] == ["A银行&幸福里商户福利群"]
    first.reaches("Ctrl-C")
    assert first.interrupt() == 0
    second = Running(open_dir)
    second.reaches("Ctrl-C")
    assert second.world()["people"] == people
    assert not any("demo" in line for line in second.lines)
    assert second.interrupt() == 0


def test_a_busy_port_is_one_clear_sentence(open_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = Running(open_dir, PORT=str(taken.getsockname()[1]))
        output = running.process.communicate(timeout=PATIENCE)[0]
    assert running.process.returncode == 2
    assert "cannot be used" in output
    assert "Traceback" not in output


def test_a_folder_that_cannot_be_written_is_one_clear_sentence(open_dir: Path) -> None:
    blocked = open_dir / "file"
    blocked.write_text("no folder")
    running = Running(blocked / "var")
    output = running.process.communicate(timeout=PATIENCE)[0]
    assert running.process.returncode == 2
    assert str(blocked) in output
    assert "Traceback" not in output
