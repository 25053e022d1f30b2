"""Use cases at the desk of journeys: keep a version, release it, pause, stop, look, say why."""

from collections.abc import Callable
from datetime import datetime

from campaigns.audiences.lexicon import Lexicon
from campaigns.catalogue.model import Change as Difference
from campaigns.catalogue.rules import differences
from campaigns.deliveries.model import Reason
from campaigns.deliveries.service import Outbox
from campaigns.journeys.files import flat, read_journey
from campaigns.journeys.model import (
    LEDGER,
    Change,
    Edition,
    Journey,
    JourneyRefusal,
    JourneyState,
    Overview,
    Why,
)
from campaigns.journeys.ports import JourneyStore, Outside
from campaigns.journeys.rules import is_same_person, may_change
from campaigns.members.model import Member


class JourneyService:
    """The desk of journeys inside one unit of work."""

    def __init__(
        self,
        store: JourneyStore,
        outbox: Outbox,
        outside: Outside,
        lexicon: Lexicon,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._outside = outside
        self._lexicon = lexicon
        self._now = now

    async def load(self, text: str, by: str, reason: str) -> tuple[Edition, list[Difference]]:
        """Keep a file as a new version that waits for its release; one that says the same as the newest is not kept.

        Raises:
            FileError: says everything that is wrong with the file.
        """
        plan = read_journey(text, self._lexicon)
        journey = await self._store.lock(plan.name)
        newest = await self._store.edition(plan.name, journey.newest) if journey else None
        if newest is not None and newest.plan == plan:
            return newest, []
        edition = Edition(plan, newest.version + 1 if newest else 1, by, self._now(), reason)
        await self._store.add(edition)
        await self._store.record(plan.name, edition.version, Change.LOAD, by, edition.made_at, reason)
        return edition, differences(flat(newest.plan) if newest else {}, flat(plan))

    async def release(self, name: str, version: int | None, by: str, reason: str) -> Edition | JourneyRefusal:
        """Let a version run, the newest by default: a second person's word, who did not load it."""
        journey = await self._store.lock(name)
        if journey is None:
            return JourneyRefusal.NO_JOURNEY
        edition = await self._store.edition(name, version or journey.newest)
        if edition is None:
            return JourneyRefusal.NO_VERSION
        if is_same_person(edition.made_by, by):
            return JourneyRefusal.SAME_PERSON
        if journey.state in (JourneyState.RUNNING, JourneyState.PAUSED) and journey.version == edition.version:
            return JourneyRefusal.RELEASED_ALREADY
        await self._store.set_state(name, JourneyState.RUNNING, edition.version)
        await self._store.record(name, edition.version, Change.RELEASE, by, self._now(), reason)
        return edition

    async def change(self, name: str, change: Change, by: str, reason: str) -> Journey | JourneyRefusal:
        """Pause, resume or stop a journey; a stop ends every entry and takes back what has not left yet."""
        journey = await self._store.lock(name)
        state = JourneyRefusal.NO_JOURNEY if journey is None else may_change(journey.state, change)
        if journey is None or isinstance(state, JourneyRefusal):
            return state if isinstance(state, JourneyRefusal) else JourneyRefusal.NO_JOURNEY
        await self._store.set_state(name, state, journey.version)
        await self._store.record(name, journey.version or journey.newest, change, by, self._now(), reason)
        if change is Change.STOP:
            await self._store.end_all(name, self._now())
            await self._outbox.cancel(f"{LEDGER}{name}")
            await self._outside.cancel(f"{LEDGER}{name}", None, Reason.WITHDRAWN)
        return Journey(name, state, journey.version, journey.newest)

    async def overviews(self) -> list[Overview]:
        """Every journey with its running or else newest version, and where its customers stand."""
        found = []
        for journey in await self._store.all():
            newest = await self._store.edition(journey.name, journey.newest)
            edition = await self._store.edition(journey.name, journey.version) if journey.version else newest
            if newest is not None and edition is not None:
                figures = await self._store.figures(journey.name)
                found.append(Overview(journey, edition, newest.made_by, figures))
        return found

    async def shown(self, name: str, version: int | None = None) -> tuple[Edition, list[Edition]] | JourneyRefusal:
        """One version, the newest by default, and all of them with who made them, the newest first."""
        history = await self._store.history(name)
        if not history:
            return JourneyRefusal.NO_JOURNEY
        found = next((each for each in history if version in (None, each.version)), None)
        return (found, history) if found else JourneyRefusal.NO_VERSION

    async def diff(
        self, name: str, old: int | None, new: int | None
    ) -> tuple[int, int, list[Difference]] | JourneyRefusal:
        """What changed from one version to another; the newest against the one before, unless told."""
        later = await self.shown(name, new)
        if isinstance(later, JourneyRefusal):
            return later
        earlier = await self.shown(name, old if old is not None else max(later[0].version - 1, 1))
        if isinstance(earlier, JourneyRefusal):
            return earlier
        changes = differences(flat(earlier[0].plan), flat(later[0].plan))
        return earlier[0].version, later[0].version, changes

    async def why(self, member: Member) -> Why | None:
        """Why the member got the last offer, where a journey sent it."""
        entry = await self._store.last_sent(member.id)
        edition = await self._store.edition(entry.journey, entry.version) if entry else None
        if entry is None or edition is None:
            return None
        return Why(edition.plan.title, edition.plan.why, entry.trigger, entry.since)
