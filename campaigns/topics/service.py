"""Use cases of topics: keep one, count who comes by which edition, take what people tell, let staff judge it, show."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.service import People
from campaigns.members.model import Member
from campaigns.members.rules import masked
from campaigns.topics import rules
from campaigns.topics.model import (
    GENERAL,
    Blocked,
    Contribution,
    ContributionState,
    EditionCount,
    Local,
    PublicTopic,
    Topic,
    TopicRefusal,
    Waiting,
)

SHOWN = 100


class TopicStore(Protocol):
    """What topics' use cases need of the rows."""

    async def topic(self, code: str) -> Topic | None:
        """One topic."""
        ...

    async def topics(self, since: date) -> list[Topic]:
        """Topics that run on this day or later, the first to end first."""
        ...

    async def keep(self, topic: Topic, by: str, now: datetime) -> None:
        """Keep a topic, or another text in its place."""
        ...

    async def places_of(self, member_id: int) -> list[str]:
        """The branches and communities of the groups that somebody is in."""
        ...

    async def came(self, local: Local, member: Member, now: datetime) -> None:
        """By which edition somebody came; the first stays."""
        ...

    async def lock_member(self, member_id: int) -> None:
        """Let the same person add nothing else meanwhile."""
        ...

    async def count_own(self, code: str, member_id: int) -> int:
        """How many contributions of somebody stand or wait."""
        ...

    async def add(self, local: Local, member_id: int, words: str, now: datetime) -> Contribution:
        """Keep a contribution that waits."""
        ...

    async def contribution(self, contribution_id: int) -> Contribution | None:
        """One contribution that was not withdrawn, locked."""
        ...

    async def judge(self, contribution_id: int, state: ContributionState, by: int, now: datetime) -> None:
        """Keep the word of staff."""
        ...

    async def withdraw(self, contribution_id: int) -> None:
        """Forget the words of a contribution."""
        ...

    async def contributions(self, state: ContributionState, limit: int, topic: str | None = None) -> list[Contribution]:
        """Contributions in a state, of one topic or all: what waits the oldest first, the others the newest first."""
        ...

    async def moderators(self) -> list[int]:
        """Everybody who may judge."""
        ...

    async def counts(self, code: str) -> list[EditionCount]:
        """What each edition brought, by its number."""
        ...


class TopicWording(Protocol):
    """The sentences that topics put into the ledger."""

    def waiting(self, topic: Topic, reader: Member) -> Message:
        """What moderators read once a day when something waits."""
        ...

    def judged(self, topic: Topic, contribution: Contribution, reader: Member, *, approved: bool) -> Message:
        """What somebody reads whose contribution was judged."""
        ...


class TopicService:
    """Topics inside one unit of work."""

    def __init__(
        self,
        store: TopicStore,
        people: People,
        outbox: Outbox,
        wording: TopicWording,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now
        self._zone = zone

    async def load(self, topic: Topic, by: str) -> TopicRefusal | None:
        """Keep a topic; another text may take its place while its editions keep their numbers."""
        known = await self._store.topic(topic.code)
        if known is not None and not rules.keeps_counts(known, topic):
            return TopicRefusal.EDITIONS_CHANGED
        await self._store.keep(topic, by, self._now())
        return None

    async def open_link(self, token: str, member: Member) -> Local | None:
        """Somebody opened a link of a topic: it counts as where they came from, and here is the edition."""
        named = rules.read_token(token)
        topic = await self._store.topic(named[0]) if named else None
        if named is None or topic is None or rules.is_over(topic, self._today()):
            return None
        local = _local(topic, named[1])
        if not member.is_staff:
            await self._store.came(local, member, self._now())
        return local

    async def seen_by(self, member: Member) -> list[Local]:
        """Topics that run, each in the edition of the member's own branch or community."""
        places = await self._store.places_of(member.id)
        return [Local(each, each.number_for(places)) for each in await self._store.topics(self._today())]

    async def contribute(self, token: str, member: Member, text: str) -> Contribution | TopicRefusal | Blocked:
        """Take what somebody tells in the edition that a token names; it waits until staff have read it."""
        named = rules.read_token(token)
        topic = await self._store.topic(named[0]) if named else None
        if named is None or topic is None:
            return TopicRefusal.UNKNOWN
        if rules.is_over(topic, self._today()):
            return TopicRefusal.OVER
        await self._store.lock_member(member.id)
        words = " ".join(text.split())
        if refusal := rules.may_tell(words, await self._store.count_own(topic.code, member.id)):
            return refusal
        made = await self._store.add(_local(topic, named[1]), member.id, words, self._now())
        await self._tell_moderators(topic)
        return made

    async def withdraw(self, contribution_id: int, member: Member) -> TopicRefusal | None:
        """Take one's own words back, shown or not; they are forgotten."""
        found = await self._store.contribution(contribution_id)
        if found is None or found.member_id != member.id:
            return TopicRefusal.NOT_YOURS
        await self._store.withdraw(contribution_id)
        return None

    async def next_waiting(self, staff: Member) -> Waiting | None:
        """What waits longest and is not one's own; the author's name is masked."""
        found = await self._store.contributions(ContributionState.PENDING, SHOWN)
        oldest = next((each for each in found if each.member_id != staff.id), None)
        topic = await self._store.topic(oldest.topic) if oldest else None
        if oldest is None or topic is None:
            return None
        people = await self._people.many([oldest.member_id])
        return Waiting(topic, oldest, masked(people[oldest.member_id].name))

    async def judge(self, contribution_id: int, staff: Member, *, approved: bool) -> Contribution | TopicRefusal:
        """Show a contribution or not; whoever wrote it is told. Two taps are one word."""
        found = await self._store.contribution(contribution_id)
        if found is None:
            return TopicRefusal.UNKNOWN
        if refusal := rules.may_judge(found, staff.id):
            return refusal
        state = ContributionState.APPROVED if approved else ContributionState.REJECTED
        await self._store.judge(found.id, state, staff.id, self._now())
        topic = await self._store.topic(found.topic)
        author = (await self._people.many([found.member_id]))[found.member_id]
        if topic is not None:
            words = self._wording.judged(topic, found, author, approved=approved)
            await self._outbox.tell(_campaign(found.topic), f"judged:{found.id}", author.id, words)
        return found

    async def public(self, code: str, number: int) -> PublicTopic | None:
        """What everybody may read of a topic, in an edition."""
        topic = await self._store.topic(code)
        if topic is None:
            return None
        told = await self._store.contributions(ContributionState.APPROVED, SHOWN, code)
        people = await self._people.many(sorted({each.member_id for each in told}))
        shown = [(masked(people[each.member_id].name), each.words) for each in told]
        return PublicTopic(_local(topic, number), shown)

    async def counts(self, code: str) -> tuple[Topic, Sequence[EditionCount]] | None:
        """What each edition of a topic brought, those without anything too."""
        topic = await self._store.topic(code)
        if topic is None:
            return None
        found = {each.number: each for each in await self._store.counts(code)}
        return topic, [found.get(at, EditionCount(at)) for at in range(len(topic.editions) + 1)]

    async def all(self) -> list[Topic]:
        """Every topic there ever was, the first to end first."""
        return await self._store.topics(date.min)

    async def _tell_moderators(self, topic: Topic) -> None:
        readers = await self._people.many(await self._store.moderators())
        name, step = _campaign(topic.code), f"waiting:{self._today()}"
        await self._outbox.tell_all(
            [(name, step, each, self._wording.waiting(topic, who)) for each, who in readers.items()]
        )

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()


def _local(topic: Topic, number: int) -> Local:
    return Local(topic, number if topic.edition(number) else GENERAL)


def _campaign(code: str) -> str:
    return f"topic:{code}"
