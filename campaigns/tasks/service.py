"""Use cases of tasks: publish, do, hand in a proof and judge it, show a member's planet."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.deliveries.model import Message
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Member
from campaigns.points.model import CampaignState, Grant, GrantCode, MovementReason
from campaigns.points.service import PointsService
from campaigns.redemptions.model import ShelfItem
from campaigns.tasks.model import (
    Planet,
    Progress,
    Proof,
    ProofCode,
    ProofState,
    Reward,
    Rhythm,
    Step,
    Task,
    TaskCode,
    TaskKind,
    TaskOutcome,
    TaskPlan,
    TaskRefusal,
)
from campaigns.tasks.rules import goal_of, may_publish, next_step, rewards


class TaskStore(Protocol):
    """What tasks need."""

    async def publish(self, campaign_id: int, plans: Sequence[TaskPlan], now: datetime) -> list[Task]:
        """Store tasks of a campaign."""
        ...

    async def campaign_of(self, campaign_id: int) -> tuple[int | None, CampaignState, datetime] | None:
        """The manager of a points campaign's group, where it has one, its state and its end."""
        ...

    async def has_check_in_rule(self, campaign_id: int) -> bool:
        """Whether an active rule of the campaign pays for checking in; until the transaction ends none becomes so."""
        ...

    async def for_member(self, member_id: int, now: datetime) -> list[Progress]:
        """The tasks that are open to a member: of running campaigns without a group, or of the member's groups."""
        ...

    async def save_step(self, task: Task, member_id: int, step: Step, now: datetime) -> bool:
        """Store a step; False when its period had one."""
        ...

    async def hand_in(self, task: Task, member_id: int, text: str, photo: str | None, now: datetime) -> bool:
        """Store a proof that waits; False when one waits or was accepted."""
        ...

    async def next_proof(self, manager_id: int) -> Proof | None:
        """The oldest proof that waits for a manager: of the campaigns and the members of the manager's groups."""
        ...

    async def lock_proof(self, proof_id: int) -> Proof | None:
        """One proof, locked until the transaction ends."""
        ...

    async def may_judge(self, manager_id: int, proof: Proof) -> bool:
        """Whether a proof is of the manager's groups."""
        ...

    async def judge(self, proof: Proof, state: ProofState, by: int, now: datetime) -> None:
        """Store the decision."""
        ...


class People(Protocol):
    """Who the members are."""

    async def many(self, member_ids: list[int]) -> dict[int, Member]:
        """Members by id."""
        ...


class Shelf(Protocol):
    """What points buy."""

    async def shelf(self) -> list[ShelfItem]:
        """Everything on the shelf today."""
        ...


class TaskWording(Protocol):
    """The sentence that tasks need."""

    def judged(self, member: Member, proof: Proof, points: int, *, accepted: bool) -> Message:
        """What a member hears of a proof."""
        ...


async def publish(
    store: TaskStore, campaign_id: int, plans: Sequence[TaskPlan], by: int | None, now: datetime
) -> list[Task] | TaskRefusal:
    """Add tasks to a running points campaign; an operator has no `by`. One check-in is never paid by rule and task."""
    if refusal := may_publish(await store.campaign_of(campaign_id), by, now):
        return refusal
    if any(plan.kind is TaskKind.CHECK_IN for plan in plans) and await store.has_check_in_rule(campaign_id):
        return TaskRefusal.CHECK_IN_RULE
    return await store.publish(campaign_id, plans, now)


class TaskService:
    """Tasks inside one unit of work, paid by the points ledger of the same one."""

    def __init__(
        self,
        store: TaskStore,
        points: PointsService,
        shelf: Shelf,
        people: People,
        outbox: Outbox,
        wording: TaskWording,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._points = points
        self._shelf = shelf
        self._people = people
        self._outbox = outbox
        self._wording = wording
        self._now = now

    async def publish(
        self, campaign_id: int, plans: Sequence[TaskPlan], by: int | None = None
    ) -> list[Task] | TaskRefusal:
        """Add tasks to a running points campaign; a manager (`by`) only to one of an own group."""
        return await publish(self._store, campaign_id, plans, by, self._now())

    async def planet(self, member: Member) -> Planet:
        """A member's progress card."""
        statement = await self._points.statement(member.id)
        tasks = await self._store.for_member(member.id, self._now())
        goal = goal_of(await self._shelf.shelf(), statement.spendable)
        return Planet(statement, tuple(tasks), self._points.today(), goal)

    async def open_to(self, member: Member, task_id: int) -> Progress | None:
        """One task, if it is open to a member."""
        found = await self._store.for_member(member.id, self._now())
        return next((progress for progress in found if progress.task.id == task_id), None)

    async def do(self, member: Member, task_id: int, choice: int = 0) -> TaskOutcome:
        """Do a task now; a question needs the right `choice`, counted from 1, and may be tried again."""
        progress = await self.open_to(member, task_id)
        if progress is None:
            return TaskOutcome(TaskCode.NO_TASK)
        plan = progress.task.plan
        if next_step(plan.rhythm, progress.last, self._points.today()) is None:
            return TaskOutcome(TaskCode.TWICE, streak=progress.last.streak if progress.last else 0)
        if plan.kind is TaskKind.PROOF:
            return TaskOutcome(TaskCode.WAITING if progress.is_waiting else TaskCode.NEEDS_PROOF)
        if plan.kind is TaskKind.QUESTION and choice != plan.answer:
            return TaskOutcome(TaskCode.WRONG)
        return await self._step(member, progress)

    async def hand_in(self, member: Member, task_id: int, text: str, photo: str | None) -> TaskOutcome:
        """Hand in a proof, which a person will judge."""
        progress = await self.open_to(member, task_id)
        if progress is None or progress.task.plan.kind is not TaskKind.PROOF:
            return TaskOutcome(TaskCode.NO_TASK)
        new = await self._store.hand_in(progress.task, member.id, text, photo, self._now())
        if new or progress.is_waiting:
            return TaskOutcome(TaskCode.WAITING)
        return TaskOutcome(TaskCode.TWICE)

    async def next_proof(self, manager: Member) -> tuple[Proof, Member] | None:
        """The oldest proof that waits for a manager, with who handed it in."""
        proof = await self._store.next_proof(manager.id)
        if proof is None:
            return None
        return proof, (await self._people.many([proof.member_id]))[proof.member_id]

    async def judge(self, proof_id: int, by: Member, *, accepted: bool) -> ProofCode:
        """Take or refuse a proof, once, and tell the member; a refused one may be handed in again."""
        proof = await self._store.lock_proof(proof_id)
        if proof is None or not await self._store.may_judge(by.id, proof) or proof.member_id == by.id:
            return ProofCode.NOT_YOURS
        if proof.state is not ProofState.WAITING:
            return ProofCode.DECIDED_ALREADY
        await self._store.judge(proof, ProofState.ACCEPTED if accepted else ProofState.REFUSED, by.id, self._now())
        member = (await self._people.many([proof.member_id]))[proof.member_id]
        points = (await self._step(member, Progress(proof.task))).points if accepted else 0
        words = self._wording.judged(member, proof, points, accepted=accepted)
        await self._outbox.tell(f"task:{proof.task.id}", f"proof:{proof.id}", member.id, words)
        return ProofCode.DECIDED

    async def _step(self, member: Member, progress: Progress) -> TaskOutcome:
        """Store the step and pay for it; the database lets one of two that come at once through."""
        task = progress.task
        step = next_step(task.plan.rhythm, progress.last, self._points.today())
        if step is None or not await self._store.save_step(task, member.id, step, self._now()):
            return TaskOutcome(TaskCode.TWICE)
        earned = rewards(task, step)
        codes = await self._points.grant(task.campaign_id, [_grant(task, member, reward) for reward in earned])
        paid = [reward for reward, code in zip(earned, codes, strict=True) if code is GrantCode.GRANTED]
        streak = 0 if task.plan.rhythm is Rhythm.ONCE else step.streak
        bonus = sum(reward.points for reward in paid if reward.is_bonus)
        return TaskOutcome(TaskCode.DONE, sum(reward.points for reward in paid), bonus, streak)


def _grant(task: Task, member: Member, reward: Reward) -> Grant:
    is_check_in = task.plan.kind in {TaskKind.CHECK_IN, TaskKind.PLAN}
    reason = MovementReason.CHECK_IN if is_check_in else MovementReason.TASK
    return Grant(member.id, reward.points, reason, reward.occasion, member.customer_id)
