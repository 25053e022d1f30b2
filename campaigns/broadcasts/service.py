"""Use cases of posts: write, approve by a second person, choose groups, place, take back; the screen of all groups."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from campaigns.broadcasts.model import (
    GRACE,
    Broadcast,
    BroadcastRefusal,
    BroadcastState,
    GroupLine,
    Reach,
)
from campaigns.broadcasts.rules import choose, decide, read_post, take_back
from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.members.model import Language, Member
from campaigns.owners.service import OwnerService
from campaigns.staff.model import Role
from campaigns.staff.service import StaffService

WEEK = timedelta(days=7)
POST_LIVES = timedelta(hours=12)


class BroadcastStore(Protocol):
    """What posts need of the database."""

    async def add(self, words: str, author: int, now: datetime) -> int:
        """Keep a post that waits for approval."""
        ...

    async def lock(self, broadcast_id: int) -> Broadcast | None:
        """One post, locked."""
        ...

    async def set(self, broadcast: Broadcast) -> None:
        """Keep what changed."""
        ...

    async def groups_of(self, managers: Sequence[int]) -> list[Group]:
        """The groups of these managers."""
        ...

    async def reach(self, groups: Collection[int]) -> Reach:
        """Whom groups hold, each person counted once."""
        ...

    async def lines(self, managers: Sequence[int], since: datetime, now: datetime) -> list[GroupLine]:
        """The groups of these managers with their numbers."""
        ...

    async def approvers(self, roles: Sequence[Role]) -> list[int]:
        """Everybody with one of these roles."""
        ...


class People(Protocol):
    """Who is who."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class BroadcastWording(Protocol):
    """The sentences that posts put into the ledger."""

    def to_approve(self, found: Broadcast, author: str, language: Language) -> Message:
        """What an approver reads."""
        ...

    def decided(self, found: Broadcast, by: str, language: Language) -> Message:
        """What the author reads then."""
        ...


APPROVERS = (Role.TEAM_LEAD, Role.COMPLIANCE)


class BroadcastService:
    """Posts for several groups inside one unit of work."""

    def __init__(
        self,
        store: BroadcastStore,
        people: People,
        staff: StaffService,
        owners: OwnerService,
        outbox: Outbox,
        wording: BroadcastWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._people = people
        self._staff = staff
        self._owners = owners
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def screen(self, member: Member) -> list[GroupLine]:
        """All groups of a manager on one screen, with those of colleagues who are away."""
        now, managers = self._now(), await self._owners.acting_for(member.id)
        found = await self._store.lines(managers, now - WEEK, now)
        absent = await self._people.many([each for each in managers if each != member.id])
        names = {number: person.name for number, person in absent.items()}
        return [replace(line, stands_in_for=names.get(line.manager_id)) for line in found]

    async def write(self, text: str, by: Member) -> Broadcast | BroadcastRefusal:
        """Keep the words and ask a second person to approve them."""
        words = read_post(text)
        if isinstance(words, BroadcastRefusal):
            return words
        if not await self._groups_of(by):
            return BroadcastRefusal.NO_GROUP
        made = await self._store.add(words, by.id, self._now())
        found = Broadcast(made, by.id, words, BroadcastState.WAITING)
        people = await self._people.many(await self._store.approvers(APPROVERS))
        for each in people.values():
            if each.id != by.id:
                await self._tell(found, "approve", each, self._wording.to_approve(found, by.name, each.language))
        return found

    async def decide(self, broadcast_id: int, by: Member, *, approved: bool) -> Broadcast | BroadcastRefusal:
        """Approve or refuse somebody else's words; the author is told, the trail keeps who did."""
        found = decide(await self._store.lock(broadcast_id), by.id)
        if isinstance(found, BroadcastRefusal):
            return found
        state = BroadcastState.APPROVED if approved else BroadcastState.REFUSED
        decided = Broadcast(found.id, found.author_id, found.words, state, by.id)
        await self._store.set(decided)
        await self._staff.note(by.id, "decide_broadcast", f"{found.id} {state}")
        author = (await self._people.many([found.author_id]))[found.author_id]
        await self._tell(decided, "decided", author, self._wording.decided(decided, by.name, author.language))
        return decided

    async def groups(self, broadcast_id: int, by: Member) -> tuple[Broadcast, list[Group]] | BroadcastRefusal:
        """An approved post with the groups that its author can choose."""
        own = await self._groups_of(by)
        found = choose(await self._store.lock(broadcast_id), by.id, frozenset(group.id for group in own))
        return found if isinstance(found, BroadcastRefusal) else (found, own)

    async def toggle(
        self, broadcast_id: int, group_id: int | None, by: Member
    ) -> tuple[Broadcast, list[Group]] | BroadcastRefusal:
        """Choose a group or leave it out; without one all of them, or none where all are chosen."""
        found = await self.groups(broadcast_id, by)
        if isinstance(found, BroadcastRefusal):
            return found
        post, own = found
        every = frozenset(group.id for group in own)
        chosen = (every if post.groups != every else frozenset()) if group_id is None else post.groups ^ {group_id}
        changed = Broadcast(post.id, post.author_id, post.words, post.state, post.approved_by, chosen & every)
        await self._store.set(changed)
        return changed, own

    async def preview(self, broadcast_id: int, by: Member) -> tuple[Broadcast, Reach] | BroadcastRefusal:
        """The words and how many people they reach, each counted once."""
        found = await self.groups(broadcast_id, by)
        if isinstance(found, BroadcastRefusal):
            return found
        post, _ = found
        return (post, await self._store.reach(post.groups)) if post.groups else BroadcastRefusal.NO_GROUP

    async def place(self, broadcast_id: int, by: Member) -> Broadcast | BroadcastRefusal:
        """Let it leave in a minute, until when it can be taken back."""
        found = await self.groups(broadcast_id, by)
        if isinstance(found, BroadcastRefusal):
            return found
        post, own = found
        if not post.groups:
            return BroadcastRefusal.NO_GROUP
        leaves = self._now() + GRACE
        placed = Broadcast(
            post.id, post.author_id, post.words, BroadcastState.PLACED, post.approved_by, post.groups, leaves
        )
        await self._store.set(placed)
        drafts = [
            Draft(
                _campaign(post.id),
                "post",
                group.chat_id,
                Message(post.words),
                Kind.MARKETING,
                leaves,
                leaves + POST_LIVES,
            )
            for group in own
            if group.id in post.groups
        ]
        await self._outbox.add(*drafts)
        await self._staff.note(by.id, "place_broadcast", f"{post.id} {len(drafts)}")
        return placed

    async def take_back(self, broadcast_id: int, by: Member) -> int | BroadcastRefusal:
        """Cancel what has not left; returns in how many groups."""
        found = take_back(await self._store.lock(broadcast_id), by.id, self._now())
        if isinstance(found, BroadcastRefusal):
            return found
        state = BroadcastState.CANCELLED
        await self._store.set(Broadcast(found.id, found.author_id, found.words, state, found.approved_by, found.groups))
        await self._staff.note(by.id, "cancel_broadcast", str(found.id))
        return await self._outbox.cancel(_campaign(found.id))

    async def _groups_of(self, member: Member) -> list[Group]:
        return await self._store.groups_of(await self._owners.acting_for(member.id))

    async def _tell(self, found: Broadcast, step: str, who: Member, words: Message) -> None:
        await self._outbox.tell(f"{_campaign(found.id)}:{step}", step, who.id, words)


def _campaign(broadcast_id: int) -> str:
    return f"broadcast:{broadcast_id}"
