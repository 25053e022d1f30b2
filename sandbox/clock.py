"""The turnable clock: domain time from an anchor and a rate, shared with the bot through a file."""

import asyncio
import json
import os
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

POLL_SECONDS = 0.1
UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}


@dataclass(frozen=True)
class Anchor:
    """Domain time was `domain` when the system clock showed `real` (unix seconds) and runs at `rate`."""

    real: float
    domain: datetime
    rate: float

    def at(self, real: float) -> datetime:
        """Return the domain time at this system time."""
        return self.domain + timedelta(seconds=(real - self.real) * self.rate)

    def to_json(self) -> str:
        """Return the file form that every reader of the clock understands."""
        return json.dumps(
            {"anchor_real": self.real, "anchor_domain": self.domain.isoformat(), "rate": self.rate},
        )

    @classmethod
    def from_json(cls, text: str) -> "Anchor":
        """Read the file form; a malformed one raises ValueError with one sentence."""
        try:
            fields = json.loads(text)
            domain = datetime.fromisoformat(fields["anchor_domain"])
            anchor = cls(float(fields["anchor_real"]), domain, float(fields["rate"]))
        except (KeyError, TypeError, ValueError) as fault:
            raise ValueError(f"The clock file must hold anchor_real, anchor_domain and rate: {fault}.") from fault
        if domain.tzinfo is None:
            raise ValueError("The clock file's anchor_domain needs an offset such as +08:00.")
        return anchor


SYSTEM = Anchor(0.0, datetime.fromtimestamp(0, UTC), 1.0)


class Clock:
    """Domain time; the file, when there is one, is re-read whenever it changes."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._anchor = SYSTEM
        self._stamp: tuple[int, int] | None = None
        self._jumped = 0.0
        self._refresh()
        self._jumped = 0.0

    @property
    def rate(self) -> float:
        """Domain seconds per real second."""
        self._refresh()
        return self._anchor.rate

    def now(self) -> datetime:
        """Return the domain time, aware."""
        self._refresh()
        return self._anchor.at(time.time())

    def timestamp(self) -> float:
        """Return the domain time in unix seconds."""
        return self.now().timestamp()

    def offset(self) -> float:
        """Return how many seconds the domain time is ahead of the system's clock."""
        return self.timestamp() - time.time()

    def patience(self) -> float:
        """Return seconds that jumps of the clock move but its rate does not: the life of a button press."""
        self._refresh()
        return time.time() + self._jumped

    def turn(self, *, advance: float = 0.0, now: datetime | None = None, rate: float | None = None) -> None:
        """Jump by `advance` seconds or to `now`, and run at `rate` from here on."""
        target = (now or self.now()) + timedelta(seconds=advance)
        self._adopt(Anchor(time.time(), target, self.rate if rate is None else rate))
        if self.path is not None:
            self._write(self.path)

    async def sleep_until(self, timestamp: float) -> None:
        """Return once the domain time has passed this moment, also when the clock is turned."""
        while (left := timestamp - self.timestamp()) > 0:  # noqa: ASYNC110 - see below
            # Another process may turn the clock by writing the file; no event tells us.
            await asyncio.sleep(min(POLL_SECONDS, left / self.rate if self.rate else POLL_SECONDS))

    def _refresh(self) -> None:
        if self.path is None:
            return
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        if text := self.path.read_text("utf-8").strip():
            self._adopt(Anchor.from_json(text))

    def _adopt(self, anchor: Anchor) -> None:
        real = time.time()
        self._jumped += (anchor.at(real) - self._anchor.at(real)).total_seconds()
        self._anchor = anchor

    def _write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
        draft.write_text(self._anchor.to_json(), "utf-8")
        draft.replace(path)
        status = path.stat()
        self._stamp = (status.st_mtime_ns, status.st_ino)


def seconds_of(text: str | float) -> float:
    """Read `3d4h`, `90m`, `-2h` or plain seconds; anything else raises ValueError."""
    if isinstance(text, int | float):
        return float(text)
    sign, body = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    if re.fullmatch(r"\d+(\.\d+)?", body):
        return sign * float(body)
    if not re.fullmatch(r"(\d+(\.\d+)?[dhms])+", body):
        raise ValueError(f"{text!r} is no span of time: write it like 3d4h, 90m or as seconds.")
    return sign * sum(float(number) * UNITS[unit] for number, _, unit in re.findall(r"(\d+(\.\d+)?)([dhms])", body))
