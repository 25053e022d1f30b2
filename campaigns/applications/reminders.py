"""What nobody taps for: owners hear of what is due, leads of what stays, customers of what waits for them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaigns.applications.due import escalate_on, level_on
from campaigns.applications.model import Application
from campaigns.applications.ports import ApplicationStore, ApplicationWording, People, Quiet, Rota
from campaigns.applications.service import ledger_of
from campaigns.bankdays.hours import OfficeHours, is_open
from campaigns.compliance.hours import next_allowed, zone_of
from campaigns.deliveries.model import Draft, Kind
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Purpose
from campaigns.members.rules import masked
from campaigns.staff.rules import acting

OFFICE = OfficeHours()
LEDGER = "applications"


class ApplicationReminders:
    """Reminders inside one unit of work; staff are told while the bank is open, each thing once."""

    def __init__(
        self,
        store: ApplicationStore,
        people: People,
        rota: Rota,
        quiet: Quiet,
        outbox: Outbox,
        wording: ApplicationWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._people = people
        self._rota = rota
        self._quiet = quiet
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def tick(self) -> int:
        """Tell what is due; returns how many applications were looked at."""
        if not is_open(self._now(), OFFICE, self._zone):
            return 0
        return await self.remind() + await self.escalate() + await self.nudge()

    async def remind(self) -> int:
        """One message to each owner, or to the stand-in, of everything that came due."""
        today = self._today()
        due = await self._store.to_remind(today)
        if due:
            away = await self._rota.away(today)
            by_reader = defaultdict(list)
            for each in due:
                by_reader[acting(each.owner_id, away)].append(each)
            await self._tell("due", by_reader)
            await self._store.mark_reminded([each.id for each in due])
        return len(due)

    async def escalate(self) -> int:
        """One message to each lead of everything that stayed too long; what was missed over days is told once."""
        today = self._today()
        late = await self._store.to_escalate(today)
        if late:
            terms = await self._store.terms()
            away = await self._rota.away(today)
            readers = {acting(lead, away) for lead in await self._store.leads()}
            by_reader = {reader: [each for each, _ in late] for reader in readers}
            await self._tell("overdue", by_reader)
            for each, told in late:
                assert each.due_on is not None
                reached = max(level_on(each.due_on, today, terms), told + 1)
                await self._store.mark_escalated(each.id, reached, escalate_on(each.due_on, reached, terms))
        return len(late)

    async def nudge(self) -> int:
        """Each customer once a stage, outside their quiet hours, and never who took the consent to messages back."""
        waiting = await self._store.to_nudge(self._today())
        if waiting:
            members = [each.member_id for each in waiting]
            people = await self._people.many(members)
            stopped = await self._people.took_back(members, Purpose.MARKETING)
            policy = await self._quiet.policy()
            for each in waiting:
                reader = people.get(each.member_id)
                if reader is None or reader.id in stopped:
                    continue
                due_at = next_allowed(self._now(), zone_of(reader.zone, policy), policy)
                words = self._wording.nudge(reader, each)
                step = f"nudge:{each.stage}"
                await self._outbox.add(Draft(ledger_of(each.id), step, reader.id, words, Kind.SERVICE, due_at))
            await self._store.mark_nudged([each.id for each in waiting])
        return len(waiting)

    async def _tell(self, what: str, by_reader: Mapping[int, Sequence[Application]]) -> None:
        """A message to each reader; the first application and its version tell messages of one day apart."""
        wanted = {each.member_id for found in by_reader.values() for each in found}
        people = await self._people.many([*by_reader, *wanted])
        names = {number: masked(person.name) for number, person in people.items()}
        say = self._wording.due if what == "due" else self._wording.overdue
        for reader, found in by_reader.items():
            if reader in people and found:
                step = f"{what}:{self._today()}:{found[0].id}:{found[0].version}"
                words = say(people[reader], found, names, self._today())
                await self._outbox.tell(LEDGER, step, reader, words)

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()
