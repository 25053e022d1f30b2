"""Domain time: the system's clock, or one that CLOCK_FILE anchors and speeds up."""

import json
import math
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple


class Anchor(NamedTuple):
    """Domain time = `domain` + (system time - `real`) x `rate`; `real` in unix seconds."""

    real: float
    domain: datetime
    rate: float


SYSTEM = Anchor(0.0, datetime.fromtimestamp(0, UTC), 1.0)


class Clock:
    """Gives domain time; leases, time-outs and CPU measurement stay on the monotonic clock."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._anchor = SYSTEM

    def now(self) -> datetime:
        """The aware domain time, in UTC."""
        anchor = self._read()
        return (anchor.domain + timedelta(seconds=(time.time() - anchor.real) * anchor.rate)).astimezone(UTC)

    def real_seconds(self, span: timedelta) -> float:
        """How long a stretch of domain time lasts really; for ever where the clock stands still."""
        rate = self._read().rate
        return span.total_seconds() / rate if rate > 0 else math.inf

    def _read(self) -> Anchor:
        """The file's anchor, read again when the file changed; a half-written file keeps the last one."""
        if self._file is None:
            return SYSTEM
        try:
            status = self._file.stat()
        except FileNotFoundError:
            self._stamp, self._anchor = None, SYSTEM
            return SYSTEM
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._stamp:
            self._anchor = parse_anchor(self._file.read_text("utf-8")) or self._anchor
            self._stamp = stamp  # Last: a thread beside us must not take the former anchor for this file's.
        return self._anchor


def parse_anchor(text: str) -> Anchor | None:
    """Read a clock file's JSON; None when it is empty or not whole yet."""
    try:
        found = json.loads(text)
        domain = datetime.fromisoformat(found["anchor_domain"])
        return Anchor(float(found["anchor_real"]), domain.astimezone(UTC), float(found.get("rate", 1.0)))
    except (ValueError, KeyError, TypeError):
        return None
