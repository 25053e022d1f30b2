"""The bank's file of card events held against the chat: it moves what may move, and shows the rest to a person."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from campaigns.applications.model import Application, MoveRefusal, Reason, Stage, Verdict
from campaigns.applications.ports import People, Rota
from campaigns.applications.rules import OPEN, PATH, judge
from campaigns.applications.service import ApplicationService
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.rules import acting

LEDGER = "card_events"
LISTED = 1_000


@dataclass(frozen=True)
class CardLine:
    """One line of the file: whose (a number of the customer or of the application), what happened, and when."""

    line: int
    number: str
    stage: Stage
    on: date


class CardCode(StrEnum):
    """What became of a line."""

    MOVED = "moved"
    AGREES = "agrees"
    DISAGREES = "disagrees"
    UNCHANGED = "unchanged"
    NO_APPLICATION = "no_application"
    SEVERAL = "several"
    UNKNOWN_EVENT = "unknown_event"
    UNREADABLE = "unreadable"
    FUTURE = "future"


FINE = frozenset({CardCode.MOVED, CardCode.AGREES, CardCode.UNCHANGED})


@dataclass(frozen=True)
class CardOutcome:
    """The report on one line; `note` says more in English, for the operator."""

    line: int
    code: CardCode
    note: str = ""


@dataclass(frozen=True)
class CardEvent:
    """What the bank told of an application, as it is kept; `is_settled` once a person decided a disagreement."""

    id: int
    application_id: int
    stage: Stage
    on: date
    verdict: Verdict
    is_settled: bool = False


@dataclass(frozen=True)
class Disagreement:
    """The file says `event`, the chat says `application`."""

    event: CardEvent
    application: Application


class SettleRefusal(StrEnum):
    """Why a disagreement was not settled."""

    NO_DISAGREEMENT = "no_disagreement"
    NOT_YOURS = "not_yours"


class CardEventStore(Protocol):
    """What reconciling needs of the rows; every lock lasts until the transaction ends."""

    async def of_numbers(self, numbers: Collection[str]) -> dict[str, list[int]]:
        """The applications of these application numbers and customer numbers, the oldest first."""
        ...

    async def lock(self, application_ids: Collection[int]) -> dict[int, Application]:
        """These applications, locked in the order of their ids."""
        ...

    async def keep(self, application_id: int, line: CardLine, now: datetime) -> tuple[CardEvent, bool]:
        """The event as it is kept, locked, and whether it is new."""
        ...

    async def judged(self, event_id: int, verdict: Verdict) -> None:
        """Keep what an event means."""
        ...

    async def event(self, event_id: int) -> CardEvent | None:
        """One event, locked."""
        ...

    async def settle(self, event_id: int, by: int, now: datetime) -> None:
        """Remember who settled a disagreement."""
        ...

    async def unsettled(self, owner_ids: Collection[int] | None, limit: int) -> list[Disagreement]:
        """Disagreements that nobody settled, of these owners or of all, the oldest first."""
        ...


class CardEventWording(Protocol):
    """The sentences that reconciling puts into the ledger."""

    def disagreements(self, reader: Member, found: Sequence[Disagreement], names: Mapping[int, str]) -> Message:
        """What an owner reads; names are masked."""
        ...


class Reconciler:
    """Takes the bank's file in and settles disagreements, inside one unit of work."""

    def __init__(
        self,
        store: CardEventStore,
        applications: ApplicationService,
        people: People,
        rota: Rota,
        outbox: Outbox,
        wording: CardEventWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._applications = applications
        self._people = people
        self._rota = rota
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def take_in(self, lines: Sequence[CardLine]) -> list[CardOutcome]:
        """Every line in the order of its day; the same file again changes nothing."""
        known = await self._store.of_numbers({line.number for line in lines})
        held = await self._store.lock({number for numbers in known.values() for number in numbers})
        meant = {number: _meant([held[each] for each in found if each in held]) for number, found in known.items()}
        outcomes, fresh = [], []
        for line in sorted(lines, key=_order):
            target = meant.get(line.number)
            if not isinstance(target, int):
                outcomes.append(CardOutcome(line.line, target or CardCode.NO_APPLICATION))
                continue
            outcome, held[target], event = await self._take(line, held[target])
            outcomes.append(outcome)
            if event is not None:
                fresh.append(event)
        still = [Disagreement(event, held[event.application_id]) for event in fresh]
        await self._tell([each for each in still if disagrees(each)])
        return sorted(outcomes, key=lambda outcome: outcome.line)

    async def disagreements(self) -> list[Disagreement]:
        """Where file and chat still disagree, of everybody."""
        return [each for each in await self._store.unsettled(None, LISTED) if disagrees(each)]

    async def disagreements_of(self, manager: Member) -> list[Disagreement]:
        """The same of the applications that a manager acts on."""
        owners = await self._applications.acted_for(manager)
        return [each for each in await self._store.unsettled(owners, LISTED) if disagrees(each)]

    async def settle(self, event_id: int, by: Member, *, bank_is_right: bool) -> Disagreement | SettleRefusal:
        """Decide a disagreement: take the bank's word over, recorded as a move, or keep the chat's."""
        event = await self._store.event(event_id)
        if event is None:
            return SettleRefusal.NO_DISAGREEMENT
        found = await self._applications.held(event.application_id, by)
        if isinstance(found, MoveRefusal):
            return SettleRefusal.NOT_YOURS
        if event.is_settled or not disagrees(Disagreement(event, found)):
            return SettleRefusal.NO_DISAGREEMENT
        if bank_is_right:
            adopted = await self._applications.adopt(found, event.stage, by)
            assert isinstance(adopted, Application)
            found = adopted
        await self._store.settle(event_id, by.id, self._now())
        return Disagreement(event, found)

    async def _take(self, line: CardLine, found: Application) -> tuple[CardOutcome, Application, CardEvent | None]:
        """One line: the report, the application after it, and the event where it is a fresh disagreement."""
        event, is_new = await self._store.keep(found.id, line, self._now())
        open_still = event.verdict is Verdict.DISAGREES and not event.is_settled
        if not is_new and not open_still:
            return CardOutcome(line.line, CardCode.UNCHANGED), found, None
        verdict = judge(found.stage, line.stage)
        if is_new or verdict is not Verdict.DISAGREES:
            await self._store.judged(event.id, verdict)
        note = f"{found.number}: the file says {line.stage}, the chat says {found.stage}"
        match verdict:
            case Verdict.MOVES:
                reason = Reason.BANK_FILE if line.stage is Stage.DECLINED else None
                moved = await self._applications.go_on(found, line.stage, None, reason)
                assert isinstance(moved, Application)
                return CardOutcome(line.line, CardCode.MOVED, f"{found.number}: {line.stage}"), moved, None
            case Verdict.AGREES:
                return CardOutcome(line.line, CardCode.AGREES), found, None
            case Verdict.DISAGREES:
                return CardOutcome(line.line, CardCode.DISAGREES, note), found, event if is_new else None

    async def _tell(self, found: Sequence[Disagreement]) -> None:
        """One message to each owner, or to the stand-in."""
        away = await self._rota.away(self._applications.today())
        by_reader = defaultdict(list)
        for each in found:
            by_reader[acting(each.application.owner_id, away)].append(each)
        people = await self._people.many([*by_reader, *(each.application.member_id for each in found)])
        names = {number: masked(person.name) for number, person in people.items()}
        for reader, theirs in by_reader.items():
            if reader in people:
                words = self._wording.disagreements(people[reader], theirs, names)
                await self._outbox.tell(LEDGER, f"disagree:{theirs[0].event.id}", reader, words)


def disagrees(found: Disagreement) -> bool:
    """Whether the chat still says something else."""
    return judge(found.application.stage, found.event.stage) is not Verdict.AGREES


def _meant(found: Sequence[Application]) -> int | CardCode:
    """The application that a number means: the open one, or the latest where none is open."""
    still_open = [each.id for each in found if each.stage in OPEN]
    if len(still_open) > 1:
        return CardCode.SEVERAL
    if still_open:
        return still_open[0]
    return max((each.id for each in found), default=None) or CardCode.NO_APPLICATION


def _order(line: CardLine) -> tuple[date, int, int]:
    rank = PATH.index(line.stage) if line.stage in PATH else PATH.index(Stage.APPLIED)
    return line.on, rank, line.line
