"""Many texts at once, as JSON lines: each read, judged or refused by itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from campaigns.compliance.matching import Matcher
from campaigns.compliance.verdicts import ContextError, Verdict, context_of
from campaigns.compliance.words import judge_words

LONGEST = 20_000  # Characters; five times what a chat message can hold.


@dataclass(frozen=True)
class Judged:
    """A line's verdict under the id that it came with."""

    id: str | int
    verdict: Verdict


@dataclass(frozen=True)
class Refused:
    """A line that could not be read; `says` is one sentence."""

    line: int
    says: str


class _LineError(ValueError):
    """A line that cannot be judged; the message says why."""


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding: UTF-8 with or without its mark, UTF-16 with it, or GB18030.

    Raises:
        UnicodeDecodeError: it is none of these.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("gb18030"), "GB18030"


def judged(text: str, gate: Matcher) -> Iterator[Judged | Refused]:
    """Judge every line that is not blank, in order."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _judged(line, gate)
        except _LineError as error:
            yield Refused(number, str(error))


def _judged(line: str, gate: Matcher) -> Judged:
    fields = _fields(line)
    name, text = fields.get("id"), fields.get("text")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise _LineError("“id” is missing, or neither a text nor a whole number")
    if not isinstance(text, str):
        raise _LineError(f"“text” of {name!r} is missing or no text")
    if len(text) > LONGEST:
        raise _LineError(f"“text” of {name!r} has {len(text):,} characters; {LONGEST:,} are read at most")
    try:
        return Judged(name, judge_words(gate, text, context_of(fields)))
    except ContextError as error:
        raise _LineError(f"of {name!r}, {error}") from None


def _fields(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise _LineError("it is no JSON object") from None
    if not isinstance(found, dict):
        raise _LineError("it is no JSON object")
    return found
