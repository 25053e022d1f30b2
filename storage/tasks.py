"""Tasks, the steps that members did, and the proofs that they handed in."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, exists, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from campaigns.points.model import CampaignState
from campaigns.tasks.model import (
    Progress,
    Proof,
    ProofState,
    Rhythm,
    Step,
    Task,
    TaskKind,
    TaskPlan,
)
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.earnings import CAMPAIGN_LOCK
from storage.groups import GroupMemberRow, GroupRow
from storage.points_rows import PointsCampaignRow


class TaskRow(SQLModel, table=True):
    """A task; `published` is its plan."""

    __tablename__ = "tasks"

    id: int | None = big(default=None, primary_key=True)
    campaign_id: int = big(foreign_key="points_campaigns.id")
    published: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    published_at: datetime = moment()


class TaskStepRow(SQLModel, table=True):
    """A task done by a member in one period."""

    __tablename__ = "task_steps"

    task_id: int = big(primary_key=True, foreign_key="tasks.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    period: date = Field(primary_key=True)
    streak: int
    done_at: datetime = moment()


class TaskProofRow(SQLModel, table=True):
    """What a member handed in, and what became of it; `photo` is the platform's file id."""

    __tablename__ = "task_proofs"

    id: int | None = big(default=None, primary_key=True)
    task_id: int = big(foreign_key="tasks.id")
    member_id: int = big(foreign_key="members.id")
    words: str
    photo: str | None = None
    state: str = ProofState.WAITING
    sent_at: datetime = moment()
    decided_by: int | None = big(default=None, foreign_key="members.id")
    decided_at: datetime | None = moment(default=None)


LATEST = text(
    """SELECT DISTINCT ON (task_id) task_id, period, streak FROM task_steps
    WHERE member_id = :member AND task_id = ANY(:tasks) ORDER BY task_id, period DESC"""
)


CHECK_IN_RULE = text(
    "SELECT id FROM earn_rules WHERE campaign_id = :campaign AND event = 'check_in' AND state = 'active' LIMIT 1"
)


class SqlTaskStore:
    """Implements `campaigns.tasks.service.TaskStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session

    async def publish(self, campaign_id: int, plans: Sequence[TaskPlan], now: datetime) -> list[Task]:
        """Store tasks of a campaign."""
        rows = [{"campaign_id": campaign_id, "published": asdict(plan), "published_at": now} for plan in plans]
        made = await self._session.scalars(insert(TaskRow).values(rows).returning(TaskRow))
        return [_task(row) for row in made]

    async def campaign_of(self, campaign_id: int) -> tuple[int | None, CampaignState, datetime] | None:
        """The manager of a points campaign's group, where it has one, its state and its end."""
        statement = (
            select(col(GroupRow.manager_id), col(PointsCampaignRow.state), col(PointsCampaignRow.ends_at))
            .select_from(PointsCampaignRow)
            .outerjoin(GroupRow, col(GroupRow.id) == col(PointsCampaignRow.group_id))
            .where(col(PointsCampaignRow.id) == campaign_id)
        )
        found = (await self._session.execute(statement)).first()
        return (found[0], CampaignState(found[1]), found[2]) if found else None

    async def has_check_in_rule(self, campaign_id: int) -> bool:
        """Whether an active rule of the campaign pays for checking in."""
        await self._session.execute(CAMPAIGN_LOCK, {"campaign": campaign_id})
        return await self._session.scalar(CHECK_IN_RULE, {"campaign": campaign_id}) is not None

    async def for_member(self, member_id: int, now: datetime) -> list[Progress]:
        """The tasks that are open to a member, in the order of their publication."""
        in_group = exists().where(
            col(GroupMemberRow.group_id) == col(PointsCampaignRow.group_id),
            col(GroupMemberRow.member_id) == member_id,
            col(GroupMemberRow.left_at).is_(None),
        )
        statement = (
            select(TaskRow)
            .join(PointsCampaignRow, col(PointsCampaignRow.id) == col(TaskRow.campaign_id))
            .where(
                col(PointsCampaignRow.state) == CampaignState.OPEN,
                col(PointsCampaignRow.ends_at) > now,
                or_(col(PointsCampaignRow.group_id).is_(None), in_group),
            )
            .order_by(col(TaskRow.id))
        )
        tasks = [_task(row) for row in await self._session.scalars(statement)]
        steps = await self._latest(member_id, [task.id for task in tasks])
        waiting = await self._waiting(member_id)
        return [Progress(task, steps.get(task.id), task.id in waiting) for task in tasks]

    async def save_step(self, task: Task, member_id: int, step: Step, now: datetime) -> bool:
        """Store a step; False when its period had one."""
        row = {"task_id": task.id, "member_id": member_id, "period": step.on, "streak": step.streak, "done_at": now}
        statement = insert(TaskStepRow).values(row).on_conflict_do_nothing().returning(col(TaskStepRow.task_id))
        return (await self._session.execute(statement)).first() is not None

    async def hand_in(self, task: Task, member_id: int, text: str, photo: str | None, now: datetime) -> bool:
        """Store a proof that waits; False when one waits or was accepted."""
        row = {
            "task_id": task.id,
            "member_id": member_id,
            "words": text,
            "photo": photo,
            "state": ProofState.WAITING,
            "sent_at": now,
        }
        statement = insert(TaskProofRow).values(row).on_conflict_do_nothing().returning(col(TaskProofRow.id))
        return (await self._session.execute(statement)).first() is not None

    async def next_proof(self, manager_id: int) -> Proof | None:
        """The oldest proof that waits for a manager."""
        statement = (
            select(TaskProofRow, TaskRow)
            .join(TaskRow, col(TaskRow.id) == col(TaskProofRow.task_id))
            .where(col(TaskProofRow.state) == ProofState.WAITING, _of_manager(manager_id))
            .where(col(TaskProofRow.member_id) != manager_id)
            .order_by(col(TaskProofRow.id))
            .limit(1)
        )
        found = (await self._session.execute(statement)).first()
        return _proof(found[0], found[1]) if found else None

    async def lock_proof(self, proof_id: int) -> Proof | None:
        """One proof, locked until the transaction ends."""
        statement = (
            select(TaskProofRow, TaskRow)
            .join(TaskRow, col(TaskRow.id) == col(TaskProofRow.task_id))
            .where(col(TaskProofRow.id) == proof_id)
            .with_for_update(of=TaskProofRow)
            .execution_options(populate_existing=True)
        )
        found = (await self._session.execute(statement)).first()
        return _proof(found[0], found[1]) if found else None

    async def may_judge(self, manager_id: int, proof: Proof) -> bool:
        """Whether a proof is of the manager's groups."""
        statement = (
            select(col(TaskProofRow.id))
            .join(TaskRow, col(TaskRow.id) == col(TaskProofRow.task_id))
            .where(col(TaskProofRow.id) == proof.id, _of_manager(manager_id))
        )
        return await self._session.scalar(statement) is not None

    async def judge(self, proof: Proof, state: ProofState, by: int, now: datetime) -> None:
        """Store the decision."""
        statement = update(TaskProofRow).where(col(TaskProofRow.id) == proof.id)
        await self._session.execute(statement.values(state=state, decided_by=by, decided_at=now))

    async def _latest(self, member_id: int, tasks: list[int]) -> dict[int, Step]:
        rows = await self._session.execute(LATEST, {"member": member_id, "tasks": tasks})
        return {task_id: Step(period, streak) for task_id, period, streak in rows}

    async def _waiting(self, member_id: int) -> set[int]:
        statement = select(col(TaskProofRow.task_id)).where(
            col(TaskProofRow.member_id) == member_id, col(TaskProofRow.state) == ProofState.WAITING
        )
        return set(await self._session.scalars(statement))


def _of_manager(manager_id: int) -> ColumnElement[bool]:
    """The campaign's group is the manager's; where it has none, the member is in a group of the manager's."""
    own, campaign = aliased(GroupRow), aliased(PointsCampaignRow)
    return exists().where(
        col(GroupMemberRow.member_id) == col(TaskProofRow.member_id),
        col(GroupMemberRow.group_id) == col(own.id),
        or_(col(campaign.group_id) == col(own.id), col(campaign.group_id).is_(None)),
        col(campaign.id) == col(TaskRow.campaign_id),
        col(own.manager_id) == manager_id,
    )


def _task(row: TaskRow) -> Task:
    assert row.id is not None
    found = row.published
    plan = TaskPlan(
        **found
        | {
            "kind": TaskKind(found["kind"]),
            "rhythm": Rhythm(found["rhythm"]),
            "bonuses": tuple((length, points) for length, points in found["bonuses"]),
            "options": tuple(found["options"]),
        }
    )
    return Task(row.id, row.campaign_id, plan)


def _proof(row: TaskProofRow, task: TaskRow) -> Proof:
    assert row.id is not None
    return Proof(row.id, _task(task), row.member_id, row.words, row.photo, ProofState(row.state))
