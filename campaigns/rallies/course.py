"""The course of an event: it opens and ends by the clock or by hand, people join, a booth pauses."""

from collections.abc import Callable, Sequence
from datetime import datetime

from campaigns.deliveries.service import Outbox
from campaigns.groups.model import Group
from campaigns.members.model import Member
from campaigns.rallies.medals import campaign
from campaigns.rallies.model import BoothState, Joined, OwnStand, Rally, RallyRefusal, RallyState
from campaigns.rallies.ports import RallyStore, RallyWording, Trail
from campaigns.rallies.rules import Step, due_step, may_join, may_run, move, open_booths
from campaigns.rallies.targets import suggestion
from campaigns.setbacks.ports import Setbacks

LONGEST_REASON = 60


class RallyCourse:
    """Events as they run, inside one unit of work."""

    def __init__(
        self, store: RallyStore, trail: Trail, outbox: Outbox, wording: RallyWording, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._trail = trail
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def join(self, code: str, member: Member, source: str) -> Joined | RallyRefusal:
        """Let somebody take part, from the announcement on; where they came from first is kept (S-188)."""
        rally = await self._store.by_code(code)
        refusal = may_join(rally)
        if refusal or rally is None:
            return refusal or RallyRefusal.NO_RALLY
        found, is_new = await self._store.join(rally.id, member.id, source, self._now())
        return Joined(rally, found, is_new)

    async def own(self, member: Member) -> OwnStand | None:
        """How far somebody is with the rally that they take part in: the running one, else the latest."""
        mine = await self._store.of_member(member.id)
        rally = next((each for each in mine if each.state is RallyState.RUNNING), next(iter(mine), None))
        return await self.stand(rally, member.id) if rally else None

    async def kept(self, member: Member) -> list[OwnStand]:
        """What is stored of somebody, event by event, settled ones too, the latest first (PIPL art. 45)."""
        mine = await self._store.of_member(member.id, with_settled=True)
        found = [await self.stand(rally, member.id) for rally in mine]
        return [each for each in found if each is not None]

    async def stand(self, rally: Rally, member_id: int) -> OwnStand | None:
        """How far somebody is with a rally; None for who does not take part."""
        found = await self._store.member(rally.id, member_id)
        if found is None:
            return None
        stamped = await self._store.stamped(rally.id, member_id)
        medals = frozenset(medal.target_code for medal in await self._store.medals(rally.id, member_id))
        goals = [target for target in rally.targets if target.code not in medals]
        next_booth = suggestion(goals, open_booths(rally, self._now()), stamped, {})
        return OwnStand(rally, found, stamped, medals, next_booth)

    async def open(self, rally_id: int, by: Member) -> Rally | RallyRefusal:
        """Begin by hand, sooner than announced; booths that were to open with the event do so now."""
        return await self._by_hand(rally_id, Step.OPEN, by)

    async def close(self, rally_id: int, by: Member) -> Rally | RallyRefusal:
        """End by hand, such as when a storm comes; the groups are told."""
        return await self._by_hand(rally_id, Step.CLOSE, by)

    async def pause(self, rally_id: int, code: str, reason: str, by: Member) -> Rally | RallyRefusal:
        """Let a booth give no stamps, for a reason that visitors read."""
        words = " ".join(reason.split())[:LONGEST_REASON]
        if not words:
            return RallyRefusal.NO_REASON
        return await self._set_booth(rally_id, code, words, by)

    async def resume(self, rally_id: int, code: str, by: Member) -> Rally | RallyRefusal:
        """Let a paused booth give stamps again."""
        return await self._set_booth(rally_id, code, None, by)

    async def tick(self, setbacks: Setbacks) -> int:
        """Open what begins and end what is over; returns how many events moved."""
        due = await self._store.due(self._now())
        await setbacks.apart("rallies", due, self._move_all)
        return len(due)

    async def _move_all(self, due: Sequence[int]) -> None:
        for rally_id in due:
            rally = await self._store.lock(rally_id)
            step = due_step(rally, self._now()) if rally else None
            if rally and step:
                await self._move(rally, step)

    async def _by_hand(self, rally_id: int, step: Step, by: Member) -> Rally | RallyRefusal:
        rally = await self._own(rally_id, by)
        if isinstance(rally, RallyRefusal):
            return rally
        moved = await self._move(rally, step)
        if isinstance(moved, Rally):
            await self._trail.note(by.id, f"{step}_rally", rally.code)
        return moved

    async def _move(self, rally: Rally, step: Step) -> Rally | RallyRefusal:
        state = move(rally.state, step)
        if isinstance(state, RallyRefusal):
            return state
        if step is Step.OPEN and self._now() < rally.starts_at:
            await self._store.begin_now(rally, self._now())
        await self._store.move(rally.id, state, self._now())
        for group in await self._told(rally):
            words = self._wording.opened(rally, group) if step is Step.OPEN else self._wording.closed(rally)
            await self._outbox.tell(campaign(rally), step, group.chat_id, words)
            if step is Step.CLOSE:
                await self._outbox.unpin_card(campaign(rally), group.chat_id)
        return await self._store.find(rally.id) or RallyRefusal.NO_RALLY

    async def _told(self, rally: Rally) -> list[Group]:
        """The groups in which the rally was announced."""
        return [group for group, version in (await self._store.chosen(rally.id)).items() if version is not None]

    async def _set_booth(self, rally_id: int, code: str, reason: str | None, by: Member) -> Rally | RallyRefusal:
        rally = await self._own(rally_id, by)
        if isinstance(rally, RallyRefusal):
            return rally
        booth = rally.booth(code)
        if booth is None:
            return RallyRefusal.NO_BOOTH
        state = BoothState.PAUSED if reason else BoothState.OPEN
        await self._store.set_booth(booth.id, state, reason)
        await self._trail.note(by.id, f"booth_{state}", f"{rally.code} {code} {reason or ''}".strip())
        return await self._store.find(rally.id) or RallyRefusal.NO_RALLY

    async def _own(self, rally_id: int, by: Member) -> Rally | RallyRefusal:
        rally = await self._store.lock(rally_id)
        if rally is None:
            return RallyRefusal.NO_RALLY
        return rally if may_run(rally, by) else RallyRefusal.NOT_YOURS
