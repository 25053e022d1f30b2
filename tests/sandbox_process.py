"""Starts `python -m sandbox` on a free port for tests and stops it again."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10


@contextmanager
def running_sandbox(*arguments: str) -> Iterator[str]:
    """Run the sandbox with these extra arguments and yield its URL; it must stop cleanly."""
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _url(process)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def _url(process: "subprocess.Popen[str]") -> str:
    line = process.stdout.readline() if process.stdout else ""
    if "http://" not in line:
        raise RuntimeError(f"The sandbox did not start; it said {line!r}.")
    return line.split()[-1]
