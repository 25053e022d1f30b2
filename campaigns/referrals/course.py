"""The course of referrals that nobody taps for: names, the bank's file, cooling, lateness, pay and claw-back."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from campaigns.earnings.model import EventLine, LineOutcome
from campaigns.earnings.reading import read_events
from campaigns.points.model import Grant, GrantCode, MovementReason
from campaigns.referrals.model import (
    AccountClosed,
    AccountEvent,
    AccountOpened,
    FileCode,
    FileLine,
    Programme,
    Referral,
    Shortfall,
    Side,
    Stage,
    Told,
)
from campaigns.referrals.news import News
from campaigns.referrals.ports import Ties
from campaigns.referrals.rules import after, day_of, lapses, pay, unpaid
from campaigns.referrals.terms import event_of, purse_of

AT_ONCE = 100
CODES = {
    Stage.OPENED: FileCode.OPENED,
    Stage.HELD: FileCode.HELD,
    Stage.VOID: FileCode.VOID,
    Stage.CLAWED_BACK: FileCode.CLAWED_BACK,
}


class ReferralCourse:
    """Moves referrals on inside one unit of work, paid by the points ledger of the same one."""

    def __init__(self, ties: Ties) -> None:
        self._store = ties.store
        self._points = ties.points
        self._now = ties.now
        self._zone = ties.zone
        self._news = News(ties)

    async def tick(self) -> None:
        """Name who is bound by now, pay what has cooled, end what is late, close what is over."""
        await self.name()
        await self.pay()
        await self.lapse()
        await self.close()
        await self._news.remind_deciders()

    async def name(self) -> None:
        """Newcomers who are bound by now, through whatever door; then what the bank's file has told of them."""
        await self._store.adopt(self._now())
        if not await self._store.to_name(1):
            return
        await self._store.lock()
        for referral, known in await self._store.to_name(AT_ONCE):
            programme = await self._programme(referral)
            named = replace(
                known,
                places_left=await self._store.places_left(programme),
                was_brought=known.was_brought or await self._store.of_customer(known.customer_id) is not None,
            )
            reached = after(programme, referral, named, self._zone)
            await self._store.save(referral, reached, self._now())
            await self._news.tell(programme, reached)
            if reached.customer_id is not None:
                await self._catch_up(reached.customer_id)

    async def take_in(self, text: str) -> list[FileLine]:
        """The bank's file of accounts opened and closed; the same file again changes nothing."""
        read = list(read_events(text, day_of(self._now(), self._zone)))
        lines = [FileLine(bad.line, FileCode(bad.code), bad.note) for bad in read if isinstance(bad, LineOutcome)]
        events = sorted((found for found in read if isinstance(found, EventLine)), key=_by_day)
        customers = await self._store.customers({event.number for event in events})
        told = [told for event in events if (told := _told(event, customers))]
        await self._store.lock_course()
        fresh = await self._store.keep_events(told, self._now())
        referred = await self._store.referred({customer for customer, _, _ in told})
        lines += [await self._line(event, _told(event, customers), fresh, referred) for event in events]
        return sorted(lines, key=lambda line: line.line)

    async def pay(self) -> None:
        """Both sides of everything that has cooled; a referral that somebody else holds is left to them."""
        now = self._now()
        if not await self._store.is_due(now):
            return
        await self._store.lock_course()
        for referral in await self._store.due(now, AT_ONCE):
            programme = await self._programme(referral)
            reached = await self._pay(programme, referral)
            await self._store.save(referral, reached, now)
            await self._news.tell(programme, reached)

    async def lapse(self) -> None:
        """Referrals whose newcomer waited too long, and held ones that can be paid no more."""
        now = self._now()
        for referral in await self._store.late(now, AT_ONCE):
            programme = await self._programme(referral)
            ended = unpaid(referral) if referral.stage is Stage.HELD else lapses(programme, referral, now)
            await self._store.save(referral, ended, now)
            await self._news.tell(programme, ended)

    async def close(self) -> None:
        """Programmes that are over with no referral under way: what their purse has left returns to the budget."""
        for programme in await self._store.closable(self._now()):
            await self._points.release(programme.points_campaign, purse_of(programme))
            await self._store.close(programme, self._now())

    async def _line(
        self, event: EventLine, told: Told | None, fresh: set[Told], referred: Collection[UUID]
    ) -> FileLine:
        """One line; `fresh` loses what a line has used, so that the same line again changes nothing."""
        if told is None:
            known = event_of(event.event) is not None
            code = FileCode.UNKNOWN_CUSTOMER if known else FileCode.UNKNOWN_EVENT
            return FileLine(event.line, code, "" if known else event.event)
        if told not in fresh:
            return FileLine(event.line, FileCode.UNCHANGED)
        fresh.discard(told)
        if told[0] not in referred:
            return FileLine(event.line, FileCode.KEPT)
        before, reached = await self._apply(*told)
        return FileLine(event.line, FileCode.UNCHANGED if before == reached else CODES[reached.stage])

    async def _catch_up(self, customer_id: UUID) -> None:
        """What the file told of a customer before the name was known here."""
        for kind, on in await self._store.events_of(customer_id):
            await self._apply(customer_id, kind, on)

    async def _apply(self, customer_id: UUID, kind: AccountEvent, on: date) -> tuple[Referral, Referral]:
        """What an event makes of a customer's referral: before and after."""
        before = await self._store.of_customer(customer_id)
        assert before is not None
        programme = await self._programme(before)
        event = AccountOpened(on) if kind is AccountEvent.OPENED else AccountClosed(on)
        reached = after(programme, before, event, self._zone)
        if reached.stage is Stage.CLAWED_BACK and before.stage is Stage.PAID:
            reached = replace(reached, free_until=day_of(self._now(), self._zone))
            await self._store.keep_missing(reached, await self._claw_back(programme, reached))
        if reached != before:
            await self._store.save(before, reached, self._now())
            await self._news.tell(programme, reached)
        return before, reached

    async def _pay(self, programme: Programme, referral: Referral) -> Referral:
        """Pay both sides or neither; the purse holds enough for every place, so that it is never empty."""
        link_customer = await self._store.referrer_customer(referral)
        grants = [
            _grant(programme, referral, Side.REFERRER, referral.referrer_id, link_customer),
            _grant(programme, referral, Side.NEWCOMER, referral.newcomer_id, referral.customer_id),
        ]
        codes = set(await self._points.grant(programme.points_campaign, grants, purse=purse_of(programme)))
        if codes == {GrantCode.CLOSED}:
            return unpaid(referral)
        if codes != {GrantCode.GRANTED}:
            raise RuntimeError(f"Referral {referral.id} could not be paid: {sorted(codes)}.")
        return pay(programme, referral, self._points.today())

    async def _claw_back(self, programme: Programme, referral: Referral) -> Shortfall:
        """Take both rewards back, the lower member first, so that two claw-backs never wait for each other."""
        sides = {Side.REFERRER: referral.referrer_id, Side.NEWCOMER: referral.newcomer_id}
        missing: dict[Side, int] = {}
        for side in sorted(sides, key=lambda side: sides[side]):
            taken = await self._points.claw_back(
                programme.points_campaign, sides[side], programme.points, _occasion(referral, side)
            )
            missing[side] = programme.points - taken
        return Shortfall(missing[Side.REFERRER], missing[Side.NEWCOMER])

    async def _programme(self, referral: Referral) -> Programme:
        programme = await self._store.programme(referral.programme_id)
        assert programme is not None
        return programme


def _grant(programme: Programme, referral: Referral, side: Side, member: int, customer: UUID | None) -> Grant:
    return Grant(member, programme.points, MovementReason.REFERRAL, _occasion(referral, side), customer)


def _occasion(referral: Referral, side: Side) -> str:
    return f"referral:{referral.id}:{side}"


def _told(event: EventLine, customers: Mapping[str, UUID]) -> Told | None:
    kind, customer = event_of(event.event), customers.get(event.number)
    return (customer, kind, event.on) if kind and customer else None


def _by_day(event: EventLine) -> tuple[date, bool]:
    return event.on, event_of(event.event) is AccountEvent.CLOSED
