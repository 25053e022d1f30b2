"""Following each code: heads per step, everybody once, staff apart."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from campaigns.groups.service import People
from campaigns.publicity.model import (
    CodeReport,
    Event,
    JoinCode,
    Progress,
    Publicist,
    PublicityReport,
    TaskState,
    Traced,
)
from campaigns.publicity.rules import tally


class TraceStore(Protocol):
    """What following the codes needs of the rows."""

    async def publicists(self, event_id: int) -> list[Publicist]:
        """The publicists of an event."""
        ...

    async def codes(self, event_id: int) -> list[JoinCode]:
        """All codes of an event, in the order they were made."""
        ...

    async def traced(self, event_id: int) -> list[Traced]:
        """Everybody who came by a code of the event, with what they did since."""
        ...

    async def states(self, event_id: int) -> dict[int, list[TaskState]]:
        """The states of every publicist's tasks."""
        ...


async def publicity_report(store: TraceStore, people: People, event: Event) -> PublicityReport:
    """One event from its codes to what their people did; a publicist's personal codes are one line.

    Publicists stand in it by their full names, since their manager reads it; whatever leaves the bank masks them.
    """
    traced = await store.traced(event.id)
    publicists = await store.publicists(event.id)
    known = await people.many([each.member_id for each in publicists])
    names = {each.member_id: known[each.member_id].name for each in publicists}
    kinds = {each.member_id: each.kind for each in publicists}
    by_code: defaultdict[int, list[Traced]] = defaultdict(list)
    for each in traced:
        by_code[each.code_id].append(each)
    lines = [
        CodeReport(
            "–" if codes[0].is_personal else codes[0].text,
            codes[0].publicist_id,
            names[codes[0].publicist_id],
            kinds[codes[0].publicist_id],
            codes[0].material,
            tally(person for code in codes for person in by_code[code.id]),
        )
        for codes in _lines(await store.codes(event.id))
    ]
    states = await store.states(event.id)
    progress = [Progress(each, names[each.member_id], states.get(each.member_id, [])) for each in publicists]
    return PublicityReport(event, lines, progress, tally(traced))


def _lines(codes: Sequence[JoinCode]) -> list[list[JoinCode]]:
    lines: defaultdict[tuple[int, str], list[JoinCode]] = defaultdict(list)
    for code in codes:
        lines[code.publicist_id, code.material].append(code)
    return list(lines.values())
