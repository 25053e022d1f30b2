"""A chain as a table and as a list to copy; masked for everybody who may not see names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.chains.model import Chain, Entry
from campaigns.members.rules import masked


class LineState(StrEnum):
    """Where an entry stands."""

    IN = "in"
    TO_CONFIRM = "to_confirm"
    WAITING = "waiting"


@dataclass(frozen=True)
class SheetLine:
    """One entry of a chain; `place` counts in the list or on the waitlist, `by` is who wrote it for somebody else."""

    place: int
    state: LineState
    name: str = field(repr=False)
    item: str
    quantity: int
    note: str = field(repr=False)
    by: str = field(default="", repr=False)


def sheet(chain: Chain, names: Mapping[int, str] | None) -> list[SheetLine]:
    """Every entry, those with a place first; without `names` of the members everything personal is masked."""
    held = [_line(chain, place, entry, names, waits=False) for place, entry in enumerate(chain.entries, start=1)]
    return held + [_line(chain, place, entry, names, waits=True) for place, entry in enumerate(chain.waiting, start=1)]


def _line(chain: Chain, place: int, entry: Entry, names: Mapping[int, str] | None, *, waits: bool) -> SheetLine:
    writer = entry.masked_name if names is None else names.get(entry.member_id, entry.masked_name)
    proxy = entry.proxy and (masked(entry.proxy) if names is None else entry.proxy)
    state = LineState.WAITING if waits else LineState.TO_CONFIRM if entry.confirm_by else LineState.IN
    item = chain.items[entry.item - 1] if entry.item else ""
    note = "" if names is None else entry.note
    return SheetLine(place, state, proxy or writer, item, entry.quantity, note, writer if proxy else "")
