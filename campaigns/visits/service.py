"""Use cases of visits: offered hours, booked and moved by the customer, closed with a result by the manager."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.applications.model import Application, Reason, Stage
from campaigns.applications.ports import People, Rota
from campaigns.applications.service import ApplicationService
from campaigns.bankdays.hours import OfficeHours
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.rules import acting
from campaigns.visits.model import Choice, Hours, Visit, VisitRefusal, VisitState
from campaigns.visits.ports import VisitStore, VisitWording
from campaigns.visits.rules import book, close, is_fixed, route

SHOWN_SLOTS = 8
OPENS = OfficeHours().opens


def ledger_of(visit_id: int) -> str:
    """The name of a visit in the delivery ledger."""
    return f"visit:{visit_id}"


class VisitService:
    """Visits inside one unit of work."""

    def __init__(
        self,
        store: VisitStore,
        applications: ApplicationService,
        people: People,
        rota: Rota,
        outbox: Outbox,
        wording: VisitWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._applications = applications
        self._people = people
        self._rota = rota
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def offer(self, manager: Member, hours: Sequence[Hours]) -> int:
        """Offer hours; returns how many are new."""
        return await self._store.offer(manager.id, hours, self._now())

    async def choice(self, application_id: int, member: Member) -> Choice | VisitRefusal:
        """The free slots of the application's owner."""
        found = await self._own(application_id, member)
        if isinstance(found, VisitRefusal):
            return found
        booked = await self._store.booked(found.id) if found.stage is Stage.VISIT_BOOKED else None
        slots = await self._store.free(await self._visitor(found), self._now() + timedelta(hours=2), SHOWN_SLOTS)
        return Choice(found, tuple(slot for slot in slots if booked is None or slot.id != booked.slot.id), booked)

    async def book(self, application_id: int, slot_id: int, member: Member) -> Visit | VisitRefusal:
        """Book a slot, or move the visit there; the address of before is kept."""
        found = await self._own(application_id, member)
        if isinstance(found, VisitRefusal):
            return found
        slot, before = await self._store.lock_slot(slot_id), await self._store.booked(found.id)
        ahead = before if found.stage is Stage.VISIT_BOOKED else None
        refusal = book(found.stage, await self._visitor(found), slot, ahead, self._now())
        if refusal is not None or slot is None:
            return refusal or VisitRefusal.NO_SLOT
        if before is not None:
            await self._store.end(before, VisitState.CANCELLED, self._now())
        visit = await self._store.add(found, slot, before.address if before else None, self._now())
        day = slot.hours.starts_at.astimezone(self._zone).date()
        if found.stage is Stage.DELIVERED:
            await self._applications.go_on(found, Stage.VISIT_BOOKED, member.id, visit_on=day)
        else:
            await self._applications.await_visit(found, day)
        await self._tell_manager(
            visit, "booked", lambda reader, name: self._wording.booked(reader, visit, name, before)
        )
        return visit

    async def keep_address(self, application_id: int, member: Member, address: str) -> Visit | VisitRefusal:
        """Where the visit goes to; sealed, and shown to the manager alone."""
        found = await self._own(application_id, member)
        if isinstance(found, VisitRefusal):
            return found
        visit = await self._store.booked(found.id)
        if visit is None:
            return VisitRefusal.NO_VISIT
        await self._store.set_address(visit, address)
        return visit

    async def cancel(self, application_id: int, member: Member) -> Visit | VisitRefusal:
        """Cancel the own visit while there is time; the card waits for another one."""
        found = await self._own(application_id, member)
        if isinstance(found, VisitRefusal):
            return found
        visit = await self._store.booked(found.id)
        if visit is None:
            return VisitRefusal.NO_VISIT
        if is_fixed(visit.slot, self._now()):
            return VisitRefusal.TOO_LATE
        await self._store.end(visit, VisitState.CANCELLED, self._now())
        await self._go_back(found, Reason.VISIT_OFF, member.id)
        await self._tell_manager(visit, "cancelled", lambda reader, name: self._wording.cancelled(reader, visit, name))
        return visit

    async def day(self, manager: Member, day: date) -> list[Visit]:
        """The route of a day, of those for whom the manager stands in, too."""
        return route(await self._store.of_day(await self._applications.acted_for(manager), *self._span(day)))

    async def to_close(self, visit_id: int, manager: Member) -> Visit | VisitRefusal:
        """A visit whose result this manager may note now."""
        visit = await self._store.lock(visit_id)
        refusal = close(visit, await self._applications.acted_for(manager), self._now())
        return refusal or visit or VisitRefusal.NO_VISIT

    async def done(self, visit_id: int, manager: Member, photo: str) -> Visit | VisitRefusal:
        """The card is active; the photo stays with the platform."""
        visit = await self.to_close(visit_id, manager)
        if isinstance(visit, VisitRefusal):
            return visit
        await self._store.end(visit, VisitState.DONE, self._now(), photo)
        found = await self._applications.locked(visit.application_id)
        if found is not None and found.stage is Stage.VISIT_BOOKED:
            await self._applications.go_on(found, Stage.ACTIVATED, manager.id)
        return visit

    async def no_show(self, visit_id: int, manager: Member) -> Visit | VisitRefusal:
        """Nobody was there: the card waits for another visit, and the customer is asked kindly."""
        visit = await self.to_close(visit_id, manager)
        if isinstance(visit, VisitRefusal):
            return visit
        await self._store.end(visit, VisitState.NO_SHOW, self._now())
        found = await self._applications.locked(visit.application_id)
        if found is not None:
            await self._go_back(found, Reason.NO_SHOW, manager.id)
        people = await self._people.many([visit.member_id])
        if reader := people.get(visit.member_id):
            words = self._wording.no_show(reader, visit)
            await self._outbox.tell(ledger_of(visit.id), "no_show", reader.id, words)
        return visit

    async def photo(self, visit_id: int, manager: Member) -> Visit | VisitRefusal:
        """A visit with its photo, for who may note its result."""
        visit = await self._store.lock(visit_id)
        if visit is None or visit.photo is None:
            return VisitRefusal.NO_VISIT
        is_own = visit.slot.manager_id in await self._applications.acted_for(manager)
        return visit if is_own else VisitRefusal.NOT_YOURS

    async def tick(self) -> None:
        """From the bank's opening hour on: the managers' routes of the day, and customers of tomorrow's visits."""
        local = self._now().astimezone(self._zone)
        if local.time() < OPENS:
            return
        await self._tell_routes(local.date())
        await self._remind(local.date() + timedelta(days=1))

    async def _tell_routes(self, today: date) -> None:
        span = self._span(today)
        managers = await self._store.to_route(*span)
        if not managers:
            return
        away = await self._rota.away(today)
        for reader in await self._people_of(sorted({acting(manager, away) for manager in managers})):
            visits = await self.day(reader, today)
            names = {number: masked(name) for number, name in (await self._names(visits)).items()}
            words = self._wording.route(reader, visits, names, today)
            await self._outbox.tell("visits", f"route:{today}", reader.id, words)
        await self._store.mark_routed(managers, *span)

    async def _remind(self, day: date) -> None:
        due = await self._store.to_remind(*self._span(day))
        if not due:
            return
        people = await self._people.many([visit.member_id for visit in due])
        for visit in due:
            reader = people.get(visit.member_id)
            if reader is not None:
                words = self._wording.tomorrow(reader, visit)
                await self._outbox.tell(ledger_of(visit.id), "tomorrow", reader.id, words)
        await self._store.mark_reminded([visit.id for visit in due])

    async def _own(self, application_id: int, member: Member) -> Application | VisitRefusal:
        found = await self._applications.locked(application_id)
        return found if found is not None and found.member_id == member.id else VisitRefusal.NO_APPLICATION

    async def _visitor(self, found: Application) -> int:
        """Who goes: the owner, or who stands in today."""
        return acting(found.owner_id, await self._rota.away(self._applications.today()))

    async def _go_back(self, found: Application, reason: Reason, by: int) -> None:
        if found.stage is Stage.VISIT_BOOKED:
            await self._applications.go_back(found, Stage.DELIVERED, reason, by)

    async def _tell_manager(self, visit: Visit, step: str, words: Callable[[Member, str], Message]) -> None:
        people = await self._people.many([visit.slot.manager_id, visit.member_id])
        reader, customer = people.get(visit.slot.manager_id), people.get(visit.member_id)
        if reader and customer:
            await self._outbox.tell(ledger_of(visit.id), step, reader.id, words(reader, masked(customer.name)))

    async def _people_of(self, member_ids: list[int]) -> list[Member]:
        return list((await self._people.many(member_ids)).values()) if member_ids else []

    async def _names(self, visits: Sequence[Visit]) -> dict[int, str]:
        return await self._applications.names([visit.member_id for visit in visits])

    def _span(self, day: date) -> tuple[datetime, datetime]:
        first = datetime.combine(day, time(), self._zone)
        return first, datetime.combine(day + timedelta(days=1), time(), self._zone)
