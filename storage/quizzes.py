"""Quizzes, their answers and who won; answers are kept from change by the database itself."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel, col

from campaigns.groups.model import Group
from campaigns.points.model import PointsCampaign
from campaigns.quizzes.model import Given, Guess, Quiz, QuizKind, QuizPlan, QuizState, Sharing, Win
from storage.columns import big, moment
from storage.database import UnitOfWork
from storage.groups import GroupMemberRow, GroupRow
from storage.points import SqlPointsStore
from storage.rows import insert_rows
from storage.vault import Vault

MANAGERS_LATEST = 10


class QuizRow(SQLModel, table=True):
    """A quiz; `published` is its plan without the end, a riddle's answers sealed in it."""

    __tablename__ = "quizzes"

    id: int | None = big(default=None, primary_key=True)
    points_campaign_id: int = big(foreign_key="points_campaigns.id")
    group_id: int = big(foreign_key="groups.id")
    published: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    opened_at: datetime = moment()
    closes_at: datetime = moment()
    state: str = QuizState.OPEN
    result: str | None = None
    closed_at: datetime | None = moment(default=None)
    settled_at: datetime | None = moment(default=None)


class QuizAnswerRow(SQLModel, table=True):
    """One answer: one per member and per customer of the bank."""

    __tablename__ = "quiz_answers"

    quiz_id: int = big(primary_key=True, foreign_key="quizzes.id")
    number: int = Field(primary_key=True)
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID | None = None
    masked_name: str
    answer: str
    given_at: datetime = moment()


class QuizWinRow(SQLModel, table=True):
    """Somebody who was right, and what was paid."""

    __tablename__ = "quiz_wins"

    quiz_id: int = big(primary_key=True, foreign_key="quizzes.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    points: int


class SqlQuizStore:
    """Implements `campaigns.quizzes.service.QuizStore`.

    A riddle's answers are sealed under a key of the quiz's own: who reads the database cannot win by it.
    """

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault
        self._points = SqlPointsStore(uow)

    async def create(self, campaign_id: int, group: Group, plan: QuizPlan, now: datetime) -> Quiz:
        """Store a new open quiz."""
        shown = {name: value for name, value in asdict(plan).items() if name not in {"closes_at", "accepted"}}
        row = {
            "points_campaign_id": campaign_id,
            "group_id": group.id,
            "published": shown | await self._sealed(plan.accepted),
            "opened_at": now,
            "closes_at": plan.closes_at,
            "state": QuizState.OPEN,
        }
        made = (await self._session.scalars(insert(QuizRow).values(row).returning(QuizRow))).one()
        return await self._quiz(made, group.chat_id, group.manager_id, 0)

    async def campaign(self, campaign_id: int) -> PointsCampaign | None:
        """The points campaign that is to pay."""
        return await self._points.campaign(campaign_id)

    async def lock(self, quiz_id: int) -> Quiz | None:
        """One quiz, locked until the transaction ends."""
        return await self._one(_whole().where(col(QuizRow.id) == quiz_id).with_for_update(of=QuizRow))

    async def find(self, quiz_id: int) -> Quiz | None:
        """One quiz, unlocked."""
        return await self._one(_whole().where(col(QuizRow.id) == quiz_id))

    async def is_member(self, quiz: Quiz, member_id: int) -> bool:
        """Whether somebody is in the quiz's group now."""
        statement = select(col(GroupMemberRow.member_id)).where(
            col(GroupMemberRow.group_id) == quiz.group_id,
            col(GroupMemberRow.member_id) == member_id,
            col(GroupMemberRow.left_at).is_(None),
        )
        return await self._session.scalar(statement) is not None

    async def earlier(self, quiz_id: int, guesses: Sequence[Guess]) -> Mapping[str, str]:
        """The answers that these people gave before, by `campaigns.quizzes.rules.keys_of`."""
        statement = select(QuizAnswerRow).where(
            col(QuizAnswerRow.quiz_id) == quiz_id,
            or_(
                col(QuizAnswerRow.member_id).in_([guess.member_id for guess in guesses]),
                col(QuizAnswerRow.customer_id).in_([guess.customer_id for guess in guesses if guess.customer_id]),
            ),
        )
        rows = (await self._session.scalars(statement)).all()
        by_customer = {f"customer:{row.customer_id}": row.answer for row in rows if row.customer_id}
        return by_customer | {f"member:{row.member_id}": row.answer for row in rows}

    async def save_answers(self, quiz: Quiz, answers: Sequence[tuple[Guess, str]], now: datetime) -> None:
        """Store answers after the last one."""
        rows = [
            {
                "quiz_id": quiz.id,
                "number": number,
                "member_id": guess.member_id,
                "customer_id": guess.customer_id,
                "masked_name": guess.masked_name,
                "answer": said,
                "given_at": now,
            }
            for number, (guess, said) in enumerate(answers, start=quiz.answers + 1)
        ]
        await self._session.execute(insert_rows(QuizAnswerRow, rows))

    async def given(self, quiz_id: int) -> list[Given]:
        """All answers of a quiz, in order."""
        statement = select(QuizAnswerRow).where(col(QuizAnswerRow.quiz_id) == quiz_id)
        rows = await self._session.scalars(statement.order_by(col(QuizAnswerRow.number)))
        return [Given(row.number, row.member_id, row.masked_name, row.customer_id, row.answer) for row in rows]

    async def await_result(self, quiz: Quiz, now: datetime) -> None:
        """Mark a guess as closed."""
        statement = update(QuizRow).where(col(QuizRow.id) == quiz.id)
        await self._session.execute(statement.values(state=QuizState.AWAITING, closed_at=now))

    async def settle(self, quiz: Quiz, result: str | None, wins: Sequence[Win], now: datetime) -> None:
        """Store the result and who won what."""
        closed = {"state": QuizState.SETTLED, "result": result, "settled_at": now}
        if quiz.state is QuizState.OPEN:
            closed["closed_at"] = now
        await self._session.execute(update(QuizRow).where(col(QuizRow.id) == quiz.id).values(closed))
        rows = [{"quiz_id": quiz.id, "member_id": win.given.member_id, "points": win.points} for win in wins]
        if rows:
            await self._session.execute(insert(QuizWinRow).values(rows))

    async def of_manager(self, manager_id: int) -> list[Quiz]:
        """A manager's latest quizzes, the newest first."""
        statement = _whole().where(col(GroupRow.manager_id) == manager_id).order_by(col(QuizRow.id).desc())
        rows = (await self._session.execute(statement.limit(MANAGERS_LATEST))).all()
        return [await self._quiz(row, chat_id, manager, answers) for row, chat_id, manager, answers in rows]

    async def due(self, now: datetime) -> list[int]:
        """Open quizzes past their end."""
        statement = select(col(QuizRow.id)).where(col(QuizRow.state) == QuizState.OPEN, col(QuizRow.closes_at) <= now)
        return [number or 0 for number in await self._session.scalars(statement.order_by(col(QuizRow.id)))]

    async def _one(self, statement: Select[QuizRow, int, int, int]) -> Quiz | None:
        found = (await self._session.execute(statement.execution_options(populate_existing=True))).first()
        return await self._quiz(found[0], found[1], found[2], found[3]) if found else None

    async def _quiz(self, row: QuizRow, chat_id: int, manager_id: int, answers: int) -> Quiz:
        return _quiz(row, await self._opened(row.published), chat_id, manager_id, answers)

    async def _sealed(self, accepted: tuple[str, ...]) -> dict[str, Any]:
        """What the table keeps of a riddle's answers: the name of their key, and what only the vault can read."""
        if not accepted:
            return {"accepted": []}
        name = secrets.token_hex(16)
        owner, place = _answers_place(name)
        await self._vault.ensure(self._session, owner)
        text = json.dumps(accepted, ensure_ascii=False)
        return {"sealed_by": name, "accepted": self._vault.seal(owner, place, text).hex()}

    async def _opened(self, published: dict[str, Any]) -> dict[str, Any]:
        """The plan as it was published; a riddle of before answers were sealed has them as they are."""
        told = dict(published)
        name = told.pop("sealed_by", None)
        if name is None:
            return told | {"accepted": tuple(told["accepted"])}
        owner, place = _answers_place(name)
        await self._vault.load(self._session, [owner])
        return told | {"accepted": tuple(json.loads(self._vault.open(owner, place, bytes.fromhex(told["accepted"]))))}


def _whole() -> Select[QuizRow, int, int, int]:
    """Quizzes with their chat, their group's manager and the number of their answers."""
    answers = (
        select(func.count())
        .select_from(QuizAnswerRow)
        .where(col(QuizAnswerRow.quiz_id) == col(QuizRow.id))
        .scalar_subquery()
    )
    return select(QuizRow, col(GroupRow.chat_id), col(GroupRow.manager_id), answers).join(
        GroupRow, col(GroupRow.id) == col(QuizRow.group_id)
    )


def _answers_place(name: str) -> tuple[str, str]:
    """The key that seals a riddle's answers, and where they stand."""
    return f"quiz:{name}", f"quizzes.accepted:{name}"


def _quiz(row: QuizRow, published: dict[str, Any], chat_id: int, manager_id: int, answers: int) -> Quiz:
    assert row.id is not None
    found = published | {
        "kind": QuizKind(published["kind"]),
        "sharing": Sharing(published["sharing"]),
        "options": tuple(published["options"]),
        "closes_at": row.closes_at,
    }
    return Quiz(
        id=row.id,
        points_campaign=row.points_campaign_id,
        group_id=row.group_id,
        chat_id=chat_id,
        manager_id=manager_id,
        plan=QuizPlan(**found),
        state=QuizState(row.state),
        answers=answers,
        result=row.result,
    )
