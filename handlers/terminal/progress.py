"""A progress bar on the terminal's error stream, silent where nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class TerminalWatcher:
    """Shows the step that runs and how many are done."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._begun = False

    def expect(self, steps: int) -> None:
        """Tell how many steps there are."""
        self._progress.update(self._task, total=steps)

    def begin(self, step: str) -> None:
        """A step begins, so the one before is done."""
        self._progress.update(self._task, description=step, advance=1 if self._begun else 0)
        self._begun = True

    def count(self, done: int, of: int, where: str) -> None:
        """So many are done; `where` is what stands beside the bar."""
        self._progress.update(self._task, description=where, completed=done, total=of)


@contextmanager
def watched(*, quiet: bool) -> Iterator[TerminalWatcher]:
    """A watcher for the block; quiet, or without a terminal, it draws nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    silent = quiet or not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=silent, transient=True) as progress:
        yield TerminalWatcher(progress, progress.add_task("looking", total=None))


@contextmanager
def counted(*, quiet: bool) -> Iterator[Callable[[int, int, str], None]]:
    """Something to call with how many are done of how many, and a word on where it stands; drawn as above."""
    with watched(quiet=quiet) as watcher:
        yield watcher.count
