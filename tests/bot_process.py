"""Starts `python main.py serve` as its own process for tests, and ends it kindly or not."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
STOP_SECONDS = 30


class BotProcess:
    """One `serve`; as a context manager it is started and stopped."""

    def __init__(self, log: Path, **environment: str) -> None:
        self.port = free_port()
        self.log = log
        self.environment = {**os.environ, **environment, "PORT": str(self.port)}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.stop()

    def start(self) -> None:
        """Start, and wait until it is ready."""
        with self.log.open("ab") as log:
            command = [sys.executable, "main.py", "serve"]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"serve did not start:\n{self.log.read_text('utf-8')[-3000:]}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether the readiness page says so."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/ready", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    @property
    def processor_seconds(self) -> float:
        """What the process has used so far, in user and system mode (Linux)."""
        assert self._process is not None
        ticks = Path(f"/proc/{self._process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def twin(self) -> "BotProcess":
        """Another process of the same bot, with a port and a log of its own."""
        return BotProcess(self.log.with_name("twin.log"), **self.environment)

    def says(self, event: str) -> str:
        """Wait until its log has this event, and return the log."""
        deadline = time.monotonic() + START_SECONDS
        while event not in (text := self.log.read_text("utf-8")):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{event} was awaited:\n{text[-3000:]}")
            time.sleep(0.05)
        return text

    def kill(self) -> None:
        """kill -9: nothing is finished, nothing is said."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(STOP_SECONDS)
        self._process = None

    def stop(self) -> None:
        """SIGTERM; it must end well."""
        assert self._process is not None
        self._process.terminate()
        code = self._process.wait(STOP_SECONDS)
        self._process = None
        if code != 0:
            raise RuntimeError(f"serve ended with {code}:\n{self.log.read_text('utf-8')[-3000:]}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
