"""The processes of a rehearsal through the chat: a sandbox in Telegram's place, and the bot as it is served."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.rehearsals.world import TOKEN, USERNAME
from bot.running import ROOT, STOP_SECONDS, RunError, answers

START_SECONDS = 120
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Stage:
    """Where a rehearsal's processes are reached."""

    sandbox: str
    bot: str


@contextmanager
def processes(folder: Path, url: str) -> Iterator[Stage]:
    """Sandbox and bot, both on loopback; the bot stops first, so that its last calls still find the sandbox.

    Raises:
        RunError: one of them does not start.
    """
    sandbox_port, bot_port = _free_ports()
    stage = Stage(f"http://{HOST}:{sandbox_port}", f"http://{HOST}:{bot_port}")
    clock = str(folder / "clock.json")
    sandbox = [sys.executable, "-m", "sandbox", "--host", HOST, "--port", str(sandbox_port), "--clock-file", clock]
    sandbox += ["--bot", f"{TOKEN}:{USERNAME}:福利小助手"]
    told = {"BOT_TOKEN": TOKEN, "BOT_API_URL": stage.sandbox, "DATABASE_URL": url, "VAR_DIR": str(folder)}
    told |= {"CLOCK_FILE": clock, "HOST": HOST, "PORT": str(bot_port), "LOG_LEVEL": "WARNING"}
    serve = [sys.executable, "main.py", "serve"]
    with (
        _process("The sandbox", sandbox, {}, folder, f"{stage.sandbox}/api/world"),
        _process("The bot", serve, told, folder, f"{stage.bot}/ready"),
    ):
        yield stage


@contextmanager
def _process(name: str, command: list[str], told: dict[str, str], folder: Path, address: str) -> Iterator[None]:
    """One process until the block ends; it must answer first."""
    log = folder / f"{name.rpartition(' ')[2]}.log"
    with log.open("ab") as file:
        environment = {**os.environ, **told}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file, start_new_session=True)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                last = log.read_text("utf-8").strip().splitlines()[-1:]
                raise RunError(f"{name} of the rehearsal did not start. {' '.join(last)}")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        one.bind((HOST, 0))
        other.bind((HOST, 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])
