"""What versions of a file have in common on the terminal: who made which why, and what differs between two."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from rich.console import Console

from campaigns.catalogue.model import Change
from handlers.terminal import say


class Kept(Protocol):
    """A version of a file, whatever it holds."""

    @property
    def version(self) -> int: ...
    @property
    def made_by(self) -> str: ...
    @property
    def made_at(self) -> datetime: ...
    @property
    def reason(self) -> str: ...


def made(found: Kept) -> dict[str, Any]:
    """Who made a version, when and why, in JSON's types."""
    told = {"version": found.version, "made_by": found.made_by, "made_at": found.made_at.isoformat()}
    return {**told, "reason": found.reason}


def made_words(found: Kept) -> str:
    """The same as a sentence."""
    return f"Version {found.version} by {found.made_by}, {found.made_at:%Y-%m-%d %H:%M}: {found.reason}"


def changed_json(found: Kept, changes: Sequence[Change]) -> str:
    """The version that holds now and what it changed."""
    told = {"version": found.version, "is_new": bool(changes), "changes": [vars(each) for each in changes]}
    return json.dumps(told, ensure_ascii=False)


def diff_json(old: int, new: int, changes: Sequence[Change]) -> str:
    """What differs between two versions as one JSON object."""
    return json.dumps({"from": old, "to": new, "changes": [vars(each) for each in changes]}, ensure_ascii=False)


def print_diff(old: int, new: int, changes: Sequence[Change], console: Console) -> None:
    """What differs between two versions, place by place."""
    say(f"From version {old} to version {new}: {len(changes)} places.", console)
    print_changes(changes, console)


def print_changes(changes: Sequence[Change], console: Console) -> None:
    """A line for each place."""
    for each in changes:
        if each.old is None:
            say(f"+ {each.place}: {each.new}", console)
        elif each.new is None:
            say(f"- {each.place}: {each.old}", console)
        else:
            say(f"~ {each.place}: {each.old} → {each.new}", console)
