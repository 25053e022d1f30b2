"""The record of every Bot API call: who called what when, with which outcome."""

import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from sandbox.clock import Clock
from sandbox.model import JsonObject
from sandbox.signals import Bells

Outcome: TypeAlias = Literal["ok", "error", "no_reply"]
KEPT = 100_000
LONGEST_VALUE = 8_192


@dataclass(frozen=True)
class RecordedCall:
    """One call; `monotonic` is for measuring, `at` is domain time."""

    seq: int
    at: str
    monotonic: float
    bot: int
    method: str
    params: JsonObject
    ignored_params: list[str]
    outcome: Outcome
    error_code: int | None
    description: str | None
    message_id: int | None
    chat_id: int | None
    fault: str | None
    via: Literal["http", "webhook"]


class Record:
    """The last 100,000 calls."""

    def __init__(self, clock: Clock, bells: Bells) -> None:
        self._clock = clock
        self._bells = bells
        self._calls: deque[RecordedCall] = deque(maxlen=KEPT)
        self.seq = 0

    def add(
        self,
        *,
        bot: int,
        method: str,
        params: JsonObject,
        outcome: Outcome,
        ignored: list[str] | None = None,
        error_code: int | None = None,
        description: str | None = None,
        result: object = None,
        chat_id: int | None = None,
        fault: str | None = None,
        via: Literal["http", "webhook"] = "http",
    ) -> None:
        """Write a call down and wake those who wait for calls."""
        self.seq += 1
        message_id = result.get("message_id") if isinstance(result, dict) else None
        call = RecordedCall(
            self.seq,
            self._clock.now().isoformat(),
            time.monotonic(),
            bot,
            method,
            _without_long_values(params),
            ignored or [],
            outcome,
            error_code,
            description,
            message_id,
            chat_id,
            fault,
            via,
        )
        self._calls.append(call)
        self._bells.ring("calls")

    def after(
        self, seq: int, *, method: str | None = None, chat_id: int | None = None, bot: int | None = None
    ) -> list[JsonObject]:
        """Return the calls with a higher number that match, oldest first."""
        found = []
        for call in reversed(self._calls):
            if call.seq <= seq:
                break
            same_method = method is None or call.method.lower() == method.lower()
            if same_method and chat_id in {None, call.chat_id} and bot in {None, call.bot}:
                found.append(asdict(call))
        return found[::-1]


def _without_long_values(params: JsonObject) -> JsonObject:
    return {
        name: f"{value[:LONGEST_VALUE]}…" if isinstance(value, str) and len(value) > LONGEST_VALUE else value
        for name, value in params.items()
    }
