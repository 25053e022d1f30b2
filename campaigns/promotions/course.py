"""The course of promotions by the clock: start in time, plan chunk by chunk, hold what is paused, close at the end."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from campaigns.audiences.model import Expression, Fault, Frame
from campaigns.catalogue.model import Product
from campaigns.channels.model import Channel, ChannelDraft, Planned
from campaigns.deliveries.model import Message, State
from campaigns.deliveries.rules import Closing
from campaigns.experiments.model import GlobalControl
from campaigns.members.model import Language
from campaigns.promotions import rules
from campaigns.promotions.checks import Catalogue, PromotionWording, barred, notices, product_of
from campaigns.promotions.model import Act, Progress, PromotionRefusal, PromotionState, Version
from campaigns.promotions.recipients import Exclusion, Facts, Outside, choose

CHUNK = 20_000
"""How many people one transaction plans."""


class CourseStore(Protocol):
    """What the course needs of the versions."""

    async def live(self, state: PromotionState, *, due: datetime | None = None) -> list[tuple[int, int]]: ...
    async def lock(self, promotion_id: int, number: int, *, skip: bool = False) -> Version | None: ...
    async def save(self, version: Version) -> None: ...
    async def is_planning_before(self, version: Version) -> bool: ...
    async def is_held(self, version: Version) -> bool: ...
    async def global_control(self, at: datetime | None = None) -> GlobalControl: ...
    async def deliveries(self, version: Version) -> tuple[Counter[State], Counter[str]]: ...
    async def alone(self, work: Callable[[], Awaitable[None]]) -> bool: ...


class PlanningStore(Protocol):
    """What planning needs of the audience in line."""

    async def frame(self, run: UUID | None) -> Frame: ...
    async def gather(self, version: Version, expression: Expression, frame: Frame, now: datetime) -> int: ...
    async def kinds(self, version: Version, size: int) -> list[Facts]: ...
    async def plan(
        self,
        version: Version,
        size: int,
        chosen: Mapping[Facts, Channel | Exclusion],
        messages: Mapping[tuple[str, Language], Message],
        control: GlobalControl,
        now: datetime,
    ) -> list[Outside]: ...
    async def leave(self, version: Version) -> None: ...
    async def leave_out(self, version: Version, customers: Sequence[UUID]) -> None: ...
    async def free(self, version: Version) -> None: ...
    async def recipients(self, version: Version) -> int: ...


class Audiences(Protocol):
    """Whom a line means."""

    def understand(self, line: str, me: int | None = None) -> Expression | Fault: ...


class Channels(Protocol):
    """The channels outside of the chat."""

    async def add(self, *drafts: ChannelDraft, cost_cap: int | None = None) -> Planned: ...


class Trail(Protocol):
    """Where it is kept who did what."""

    async def note(self, actor: int | None, action: str, subject: str) -> None: ...


class Holding(Protocol):
    """What holds a paused campaign's messages."""

    async def hold(self, version: Version, *, is_stuck: bool = False) -> None: ...


class AudienceLostError(Exception):
    """The audience's line of a version is not understood any more."""

    def __init__(self, version: Version) -> None:
        super().__init__(f"{version.code} v{version.number}: {version.plan.audience}")


Later = Callable[[int, int], Awaitable[None]]


async def by_tick(_promotion_id: int, _number: int) -> None:
    """Leave the planning to the tick."""


class PromotionCourse:
    """What happens to promotions by themselves, inside one unit of work; `later` asks for the planning's chunks."""

    def __init__(
        self,
        store: CourseStore,
        planning: PlanningStore,
        audiences: Audiences,
        channels: Channels,
        catalogue: Catalogue,
        holding: Holding,
        trail: Trail,
        wording: PromotionWording,
        now: Callable[[], datetime],
        *,
        later: Later = by_tick,
    ) -> None:
        self._store = store
        self._planning = planning
        self._audiences = audiences
        self._channels = channels
        self._catalogue = catalogue
        self._holding = holding
        self._trail = trail
        self._wording = wording
        self._now = now
        self._later = later

    async def tick(self) -> int:
        """Plan one chunk of what runs, close what ended, hold what is paused, start what is due; returns how many."""
        done = 0
        for promotion_id, number in await self._store.live(PromotionState.RUNNING):
            done += await self._go_on(promotion_id, number)
        for promotion_id, number in await self._store.live(PromotionState.PAUSED):
            done += await self._pausing(promotion_id, number)
        for promotion_id, number in await self._store.live(PromotionState.SCHEDULED, due=self._now()):
            done += await self._start(promotion_id, number)
        return done

    async def plan_chunk(self, promotion_id: int, number: int, size: int = CHUNK) -> bool:
        """Find the audience, or plan the next `size` of it; whether there is more to do.

        The version's row is locked and knows how far planning has come: planners who meet repeat nothing. What started
        earlier is planned first, so that each sees whom the other has; the tick goes on with what had to wait.
        """
        version = await self._store.lock(promotion_id, number)
        if version is None or not await self._may_plan(version):
            return False
        planned = await self._plan(version, size)
        return rules.may_plan(planned)

    async def closing(self, version: Version) -> Closing:
        """The equation of a version: how many messages its recipients make against what both ledgers hold of it."""
        states, _ = await self._store.deliveries(version)
        return Closing(await self._planning.recipients(version), dict(states))

    async def free(self, version: Version) -> None:
        """Let the next version plan whom nothing left to; those who were held out stay out of it."""
        await self._planning.free(version)

    async def _start(self, promotion_id: int, number: int) -> bool:
        version = await self._store.lock(promotion_id, number, skip=True)
        if version is None or not rules.is_due(version, self._now()):
            return False
        if version.plan.closes_at <= self._now():  # Nobody was there to start it while its window was open.
            await self._keep(rules.cancel(version, self._now()), Act.CANCEL)
            return True
        await self._keep(rules.start(version, self._now()), Act.START)
        await self._later(promotion_id, number)
        return True

    async def _go_on(self, promotion_id: int, number: int) -> bool:
        """What a lost job left is planned by the tick; what somebody else has in hand is left alone."""
        version = await self._store.lock(promotion_id, number, skip=True)
        if version is None:
            return False
        if rules.may_plan(version):
            return await self._plan_in_turn(version)
        return version.plan.closes_at <= self._now() and await self._close(version)

    async def _pausing(self, promotion_id: int, number: int) -> bool:
        version = await self._store.lock(promotion_id, number, skip=True)
        if version is None or version.state is not PromotionState.PAUSED:
            return False
        if version.cancelled_at is not None:
            await self._planning.leave(version)
            return await self._close(version)
        if not await self._store.is_held(version):
            await self._holding.hold(version)
        return False

    async def _may_plan(self, version: Version) -> bool:
        waits = version.progress.gathered is None and await self._store.is_planning_before(version)
        return rules.may_plan(version) and not waits

    async def _plan_in_turn(self, version: Version) -> bool:
        """One that cannot be planned is paused until people have looked: those that started later wait for it."""
        if not await self._may_plan(version):
            return False

        async def plan() -> None:
            await self._plan(version, CHUNK)
            if version.progress.gathered is None:
                await self._later(version.promotion_id, version.number)

        if not await self._store.alone(plan):
            await self._trail.note(None, "promotion_stuck", f"{version.code} v{version.number}")
            await self._holding.hold(version, is_stuck=True)
            await self._keep(rules.act(version, Act.PAUSE), Act.PAUSE)
        return True

    async def _close(self, version: Version) -> bool:
        closed = rules.close(version, await self.closing(version), self._now())
        if isinstance(closed, PromotionRefusal):
            return False
        await self.free(closed)
        await self._keep(closed, Act.CLOSE)
        return True

    async def _plan(self, version: Version, size: int) -> Version:
        if version.progress.gathered is None:
            after = replace(version, progress=Progress(await self._gather(version)))
        else:
            await self._plan_next(version, size)
            reached = min(version.progress.after + size, version.progress.gathered)
            after = replace(version, progress=replace(version.progress, after=reached))
        if after.progress.is_whole:
            await self._planning.leave(after)
        await self._store.save(after)
        return after

    async def _gather(self, version: Version) -> int:
        """The audience as it is now, by the run that the version was scheduled with.

        Raises:
            AudienceLostError: this release no longer understands the line, so it cannot be planned until people look.
        """
        expression = self._audiences.understand(version.plan.audience, version.author_id)
        if isinstance(expression, Fault):
            raise AudienceLostError(version)
        frame = await self._planning.frame(version.basis.run if version.basis else None)
        return await self._planning.gather(version, expression, frame, self._now())

    async def _plan_next(self, version: Version, size: int) -> None:
        product, forbidden = await product_of(self._catalogue, version), await barred(self._catalogue, version)
        kinds = await self._planning.kinds(version, size)
        is_over = version.plan.closes_at <= self._now()  # Paused so long: nothing could leave any more.
        chosen = {each: Exclusion.TOO_LATE if is_over else choose(version.plan, forbidden, each) for each in kinds}
        control = await self._store.global_control(version.started_at)  # Another one is for what starts after it.
        messages = self._messages(version, product)
        outside = await self._planning.plan(version, size, chosen, messages, control, self._now())
        if outside:
            await self._reach(version, outside, product)

    async def _reach(self, version: Version, outside: Sequence[Outside], product: Product | None) -> None:
        """Hand over whom the chat does not reach; whom the budget does not reach is no recipient."""
        drafts = [self._draft(version, each, product) for each in outside]
        planned = await self._channels.add(*drafts, cost_cap=version.plan.budget_fen)
        if planned.over_cap:
            await self._planning.leave_out(version, [each.customer_id for each in outside])

    def _draft(self, version: Version, to: Outside, product: Product | None) -> ChannelDraft:
        plan = version.plan
        notice = notices(product)[Language.ZH]
        return ChannelDraft(
            campaign=version.campaign,
            step=version.step(to.arm),
            channel=to.channel,
            customer_id=to.customer_id,
            text=self._wording.script(version, to.arm, notice) if to.arm else "",
            due_at=max(plan.send_at, self._now()),
            title=plan.title.zh,
            touch=plan.touch_of(to.standing),
            expires_at=plan.closes_at,
            held_out=to.arm is None,
            product=plan.product.code if plan.product else None,
            risk=plan.product.grade if plan.product else None,
        )

    def _messages(self, version: Version, product: Product | None) -> dict[tuple[str, Language], Message]:
        notice = notices(product)
        return {
            (copy.arm, language): self._wording.message(version, copy.arm, language, notice[language])
            for copy in version.plan.copies
            for language in Language
        }

    async def _keep(self, version: Version | PromotionRefusal, done: Act) -> None:
        assert not isinstance(version, PromotionRefusal), version
        await self._store.save(version)
        await self._trail.note(None, f"promotion_{done}", f"{version.code} v{version.number}")
