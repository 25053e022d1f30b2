"""Use cases of applications: opened with an entry, moved on, taken back, handed over, followed by their customer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaigns.applications.due import Dates, dates
from campaigns.applications.model import Application, Move, MoveRefusal, Owner, Reason, Stage, Terms
from campaigns.applications.ports import ApplicationStore, ApplicationWording, People, Rota
from campaigns.applications.rules import CUSTOMERS_TURN, OPEN, adopt, assign, by_leaving, correct, move
from campaigns.chains.model import Chain
from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.staff.model import Action
from campaigns.staff.rules import acting, may

OWN_LATEST = 5
ON_A_PAGE = 6

Rule = Callable[[Application, date | None], Application | MoveRefusal]


def campaign_of(chain_id: int) -> str:
    """Within what a person has one application: a chain."""
    return f"chain:{chain_id}"


def ledger_of(application_id: int) -> str:
    """The name of an application in the delivery ledger."""
    return f"application:{application_id}"


@dataclass(frozen=True)
class Page:
    """A page of a manager's open applications with full names, the first due first; `counts` are of all pages."""

    number: int
    applications: tuple[Application, ...]
    names: dict[int, str]
    counts: dict[Stage, int]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-sum(self.counts.values()) // ON_A_PAGE), 1)


@dataclass(frozen=True)
class ApplicationFile:
    """One application with its histories and the full names of everybody in it."""

    application: Application
    moves: tuple[Move, ...]
    owners: tuple[Owner, ...]
    names: dict[int, str]


class ApplicationService:
    """Applications inside one unit of work; a follower of the entries of chains."""

    def __init__(
        self,
        store: ApplicationStore,
        people: People,
        rota: Rota,
        outbox: Outbox,
        wording: ApplicationWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._people = people
        self._rota = rota
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def entered(self, chain: Chain, member_ids: Sequence[int]) -> None:
        """Open an application for each who has none in the campaign; who withdrew and comes back begins anew."""
        campaign, now = campaign_of(chain.id), self._now()
        there = await self._store.of_campaign(campaign, member_ids)
        terms = await self._store.terms()
        back = [known for known in there if known.stage is Stage.WITHDRAWN]
        await self._apply_own(back, Stage.SIGNED, Reason.CAME_BACK, _back(now), terms)
        known_members = {each.member_id for each in there}
        fresh = await self._store.entrants([member for member in member_ids if member not in known_members])
        if fresh:
            away = await self._rota.away(self.today())
            found = await self._store.candidates(chain.group_id)
            candidates = [replace(each, is_absent=each.member_id in away) for each in found]
            days = dates(Stage.SIGNED, self.today(), terms)
            await self._store.open(chain, campaign, fresh, assign(fresh, candidates), now, days)

    async def left(self, chain: Chain, member_ids: Sequence[int]) -> None:
        """Withdraw what the bank has not got yet; of the rest the owner hears and decides."""
        there = await self._store.of_campaign(campaign_of(chain.id), member_ids)
        gone = [each for each in there if by_leaving(each) is Stage.WITHDRAWN]
        rule = _on(Stage.WITHDRAWN, Reason.LEFT_CHAIN, self._now())
        await self._apply_own(gone, Stage.WITHDRAWN, Reason.LEFT_CHAIN, rule, await self._store.terms())
        for each in there:
            if each not in gone and each.stage in OPEN:
                await self._tell_owner(each, f"left:{each.version}", self._wording.left_chain)

    async def progress(self, member: Member) -> list[Application]:
        """The member's own latest applications, the newest first."""
        return await self._store.of_member(member.id, member.customer_id, OWN_LATEST)

    async def withdraw(self, application_id: int, version: int, member: Member) -> Application | MoveRefusal:
        """End the own application; the owner hears of it."""
        found = await self._store.lock(application_id)
        if found is None or found.member_id != member.id:
            return MoveRefusal.NO_APPLICATION
        if found.version != version:
            return MoveRefusal.MOVED_SINCE
        rule = _on(Stage.WITHDRAWN, Reason.ASKED, self._now())
        outcome = await self._apply(found, Stage.WITHDRAWN, Reason.ASKED, member.id, rule, await self._store.terms())
        if isinstance(outcome, Application):
            await self._tell_owner(found, f"withdrawn:{found.version}", self._wording.withdrawn)
        return outcome

    async def page(self, member: Member, number: int) -> Page:
        """The open applications of a manager and of those for whom they stand in."""
        owners = await self.acted_for(member)
        counts = await self._store.count_open(owners)
        last = max(-(-sum(counts.values()) // ON_A_PAGE), 1)
        number = min(number, last)
        found = await self._store.of_owners(owners, ON_A_PAGE, (number - 1) * ON_A_PAGE)
        return Page(number, tuple(found), await self.names([each.member_id for each in found]), counts)

    async def file(self, application_id: int, member: Member) -> ApplicationFile | MoveRefusal:
        """One application with its histories, for who acts on it and for leads."""
        found = await self._store.lock(application_id)
        if found is None:
            return MoveRefusal.NO_APPLICATION
        if not await self._may_hand_over(found, member):
            return MoveRefusal.NOT_YOURS
        moves, owners = await self._store.moves(found.id), await self._store.owners(found.id)
        everybody = {found.member_id, *(each.owner_id for each in owners), *(each.by for each in moves if each.by)}
        return ApplicationFile(found, tuple(moves), tuple(owners), await self.names(sorted(everybody)))

    async def move(
        self, application_id: int, version: int, to: Stage, reason: Reason | None, by: Member
    ) -> Application | MoveRefusal:
        """Move on by the owner's tap; a button of before the last move is refused."""
        found = await self._held(application_id, version, by)
        if isinstance(found, MoveRefusal):
            return found
        return await self._apply(found, to, reason, by.id, _on(to, reason, self._now()), await self._store.terms())

    async def correct(
        self, application_id: int, version: int, to: Stage, reason: Reason, by: Member
    ) -> Application | MoveRefusal:
        """Go back with a reason, which stays in the history."""
        found = await self._held(application_id, version, by)
        if isinstance(found, MoveRefusal):
            return found
        return await self.go_back(found, to, reason, by.id)

    async def go_back(self, found: Application, to: Stage, reason: Reason, by: int | None) -> Application | MoveRefusal:
        """The same for a use case that has locked the application and knows who may."""
        now = self._now()
        return await self._apply(
            found, to, reason, by, lambda one, due: correct(one, to, reason, now, due), await self._store.terms()
        )

    async def go_on(
        self,
        found: Application,
        to: Stage,
        by: int | None,
        reason: Reason | None = None,
        visit_on: date | None = None,
    ) -> Application | MoveRefusal:
        """Move on an application that a use case has locked, such as by a visit or by the bank's file."""
        rule = _on(to, reason, self._now())
        return await self._apply(found, to, reason, by, rule, await self._store.terms(), visit_on)

    async def adopt(self, found: Application, to: Stage, by: Member) -> Application | MoveRefusal:
        """Take over what the bank's file says, by a person's word."""
        now = self._now()
        return await self._apply(
            found,
            to,
            Reason.BANK_FILE,
            by.id,
            lambda one, due: adopt(one, to, now, due),
            await self._store.terms(),
        )

    async def await_visit(self, found: Application, on: date) -> None:
        """A booked visit was moved to another day: the stage stays and is due then."""
        await self._store.set_days(found, dates(found.stage, self.today(), await self._store.terms(), on))

    async def locked(self, application_id: int) -> Application | None:
        """One application, locked, for a use case that asks for itself who may."""
        return await self._store.lock(application_id)

    async def held(self, application_id: int, by: Member) -> Application | MoveRefusal:
        """An application that this person acts on, locked."""
        found = await self._store.lock(application_id)
        if found is None:
            return MoveRefusal.NO_APPLICATION
        return found if await self._acts_on(found, by) else MoveRefusal.NOT_YOURS

    async def hand_over(self, application_id: int, version: int, to: int, by: Member) -> Application | MoveRefusal:
        """Give an application to another manager; owner, stand-in and leads may."""
        found = await self._store.lock(application_id)
        if found is None:
            return MoveRefusal.NO_APPLICATION
        if not await self._may_hand_over(found, by) or to == found.owner_id:
            return MoveRefusal.NOT_YOURS
        if found.version != version:
            return MoveRefusal.MOVED_SINCE
        if to not in {by.id, *await self._rota.colleagues(by)}:
            return MoveRefusal.NOT_YOURS
        now = self._now()
        await self._store.hand_over(found, to, by.id, now)
        people = await self._people.many([to])
        if to != by.id and to in people:
            words = self._wording.handed_over(people[to], 1)
            await self._outbox.tell(ledger_of(found.id), f"owner:{now.isoformat()}", to, words)
        return replace(found, owner_id=to)

    async def hand_over_all(self, owner_id: int, to: int, by: Member) -> int:
        """Give everything open of one manager to another, such as when somebody leaves the bank; returns how many."""
        now, count = self._now(), 0
        for each in await self._store.of_owners([owner_id], limit=100_000, offset=0):
            if await self._store.lock(each.id):
                await self._store.hand_over(each, to, by.id, now)
                count += 1
        people = await self._people.many([to])
        if count and to in people:
            words = self._wording.handed_over(people[to], count)
            await self._outbox.tell("applications", f"owner:{owner_id}:{now.isoformat()}", to, words)
        return count

    async def names(self, member_ids: list[int]) -> dict[int, str]:
        """Full names by member, for staff."""
        return {number: person.name for number, person in (await self._people.many(member_ids)).items()}

    async def acted_for(self, member: Member) -> list[int]:
        """Whose applications a manager looks after today: the own ones, and those of absent colleagues."""
        away = await self._rota.away(self.today())
        return [member.id, *(owner for owner in away if owner != member.id and acting(owner, away) == member.id)]

    def today(self) -> date:
        """The bank's day."""
        return self._now().astimezone(self._zone).date()

    async def _held(self, application_id: int, version: int, by: Member) -> Application | MoveRefusal:
        found = await self.held(application_id, by)
        if isinstance(found, Application) and found.version != version:
            return MoveRefusal.MOVED_SINCE
        return found

    async def _apply(
        self,
        found: Application,
        to: Stage,
        reason: Reason | None,
        by: int | None,
        rule: Rule,
        terms: Terms,
        visit_on: date | None = None,
    ) -> Application | MoveRefusal:
        """Decide, store with its row of history, and take back what was still to be said of the stage before."""
        days = dates(to, self.today(), terms, visit_on)
        outcome = rule(found, days.due_on)
        if isinstance(outcome, Application):
            await self._keep([(found, outcome, by)], reason, days)
        return outcome

    async def _apply_own(
        self, found: Sequence[Application], to: Stage, reason: Reason, rule: Rule, terms: Terms
    ) -> None:
        """The same for a crowd, each moved by its own member."""
        days = dates(to, self.today(), terms)
        steps: list[tuple[Application, Application, int | None]] = [
            (each, after, each.member_id) for each in found if isinstance(after := rule(each, days.due_on), Application)
        ]
        await self._keep(steps, reason, days)

    async def _keep(
        self, steps: Sequence[tuple[Application, Application, int | None]], reason: Reason | None, days: Dates
    ) -> None:
        """Store decided moves: before, after and by whom."""
        if steps:
            now = self._now()
            moves = [
                Move(before.id, after.version, now, by, before.stage, after.stage, reason)
                for before, after, by in steps
            ]
            await self._store.save([after for _, after, _ in steps], moves, days)
            nudged = [before for before, _, _ in steps if before.stage in CUSTOMERS_TURN]
            await self._outbox.cancel_steps([(ledger_of(each.id), f"nudge:{each.stage}") for each in nudged])

    async def _acts_on(self, found: Application, member: Member) -> bool:
        away = await self._rota.away(self.today())
        return member.id in {found.owner_id, acting(found.owner_id, away)}

    async def _may_hand_over(self, found: Application, member: Member) -> bool:
        return may(member.roles, Action.REASSIGN_APPLICATIONS) or await self._acts_on(found, member)

    async def _tell_owner(
        self, found: Application, step: str, words: Callable[[Member, Application, str], Message]
    ) -> None:
        """Tell who acts for the owner; the ledger keeps no full name."""
        owner = acting(found.owner_id, await self._rota.away(self.today()))
        people = await self._people.many([owner, found.member_id])
        if owner in people and found.member_id in people:
            text = words(people[owner], found, masked(people[found.member_id].name))
            await self._outbox.tell(ledger_of(found.id), step, owner, text)


def _on(to: Stage, reason: Reason | None, now: datetime) -> Rule:
    return lambda found, due_on: move(found, to, reason, now, due_on)


def _back(now: datetime) -> Rule:
    return lambda found, due_on: correct(found, Stage.SIGNED, Reason.CAME_BACK, now, due_on)
