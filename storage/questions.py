"""Questions with lines that are sealed under their asker's key, the answer clock, and who owns a question."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from campaigns.bankdays.hours import OfficeHours
from campaigns.questions.model import AnswerClock, Line, Question, QuestionState
from campaigns.staff.model import Role
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.members import key_owner
from storage.staff import StaffRoleRow
from storage.vault import Vault

# The customer's owner first, then the manager of the group where it was asked, then of the newest group;
# whoever is away today is stood in for.
OWNER = text(
    """SELECT coalesce((SELECT a.stand_in_id FROM staff_absences a
            WHERE a.member_id = o.id AND :today BETWEEN a.starts_on AND a.ends_on AND a.stand_in_id <> :member
            ORDER BY a.id DESC LIMIT 1), o.id)
    FROM (
        SELECT c.owner_id AS id, 0 AS place, c.since AS at FROM customer_owners c
            JOIN members m ON m.customer_id = c.customer_id WHERE m.id = :member
        UNION ALL SELECT g.manager_id, 1, g.registered_at FROM groups g WHERE g.chat_id = :chat
        UNION ALL SELECT g.manager_id, 2, p.joined_at FROM groups g JOIN group_members p ON p.group_id = g.id
            WHERE p.member_id = :member AND p.left_at IS NULL
    ) o WHERE o.id <> :member ORDER BY o.place, o.at DESC LIMIT 1"""
)


class AnswerClockRow(SQLModel, table=True):
    """One version of the answer clock; a change is a new row."""

    __tablename__ = "answer_clocks"

    version: int = Field(primary_key=True)
    minutes: int
    opens: time
    closes: time
    made_by: str
    made_at: datetime = moment()


class QuestionRow(SQLModel, table=True):
    """A question; `remind_at` and `late_at` are empty once they were acted on."""

    __tablename__ = "questions"

    id: int | None = big(default=None, primary_key=True)
    member_id: int = big(foreign_key="members.id")
    owner_id: int | None = big(default=None, foreign_key="members.id")
    chat_id: int | None = big(default=None)
    state: str
    round: int
    lines: int
    told: int
    asked_at: datetime = moment()
    due_at: datetime = moment()
    tell_at: datetime | None = moment(default=None)
    remind_at: datetime | None = moment(default=None)
    late_at: datetime | None = moment(default=None)
    answered_by: int | None = big(default=None, foreign_key="members.id")
    ended_at: datetime | None = moment(default=None)


class QuestionLineRow(SQLModel, table=True):
    """One line, as it was written."""

    __tablename__ = "question_lines"

    question_id: int = big(primary_key=True, foreign_key="questions.id")
    number: int = Field(primary_key=True)
    words: bytes = sealed()
    at: datetime = moment()


class SqlQuestionStore:
    """Implements `campaigns.questions.service.QuestionStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def clock(self) -> AnswerClock:
        """The newest answer clock."""
        newest = select(AnswerClockRow).order_by(col(AnswerClockRow.version).desc()).limit(1)
        row = (await self._session.scalars(newest)).one()
        return AnswerClock(row.version, timedelta(minutes=row.minutes), OfficeHours(row.opens, row.closes))

    async def set_clock(self, clock: AnswerClock, by: str, now: datetime) -> None:
        """Store the next version of the answer clock."""
        row = {
            "version": clock.version,
            "minutes": clock.within // timedelta(minutes=1),
            "opens": clock.hours.opens,
            "closes": clock.hours.closes,
            "made_by": by,
            "made_at": now,
        }
        await self._session.execute(insert(AnswerClockRow).values(row))

    async def owner_of(self, member_id: int, chat_id: int | None, today: date) -> int | None:
        """The customer's owner, else the manager of the group, else of the newest group; who is away has a stand-in."""
        found: int | None = await self._session.scalar(
            OWNER, {"member": member_id, "chat": chat_id or 0, "today": today}
        )
        return found

    async def leads(self) -> list[int]:
        """The team leads."""
        statement = select(col(StaffRoleRow.member_id)).where(col(StaffRoleRow.role) == Role.TEAM_LEAD)
        return list(await self._session.scalars(statement.order_by(col(StaffRoleRow.member_id))))

    async def lock_open(self, member_id: int) -> Question | None:
        """A member's open question, locked."""
        return await self._locked(col(QuestionRow.member_id) == member_id, _OPEN)

    async def lock(self, question_id: int) -> Question | None:
        """One question, locked."""
        return await self._locked(col(QuestionRow.id) == question_id)

    async def create(self, question: Question, text: str, remind_at: datetime) -> Question:
        """Store a new question with its first line, sealed."""
        row = {name: value for name, value in vars(question).items() if name != "id"}
        times = {"remind_at": remind_at, "late_at": question.due_at}
        made = await self._session.scalars(insert(QuestionRow).values(row | times).returning(QuestionRow))
        stored = _question(made.one())
        await self._write(stored, 1, text, question.asked_at)
        return stored

    async def add_line(self, question: Question, text: str, now: datetime, tell_at: datetime) -> None:
        """Store one more line, sealed."""
        await self._write(question, question.lines + 1, text, now)
        await self._update(question.id, lines=question.lines + 1, tell_at=tell_at)

    async def lines(self, question: Question) -> list[Line]:
        """What was written, in order."""
        owner = key_owner(question.member_id)
        await self._vault.load(self._session, [owner])
        statement = (
            select(QuestionLineRow)
            .where(col(QuestionLineRow.question_id) == question.id)
            .order_by(col(QuestionLineRow.number))
        )
        rows = await self._session.scalars(statement)
        return [Line(self._vault.open(owner, _place(question.id, row.number), row.words), row.at) for row in rows]

    async def open_of(self, owner_id: int | None) -> list[Question]:
        """Open questions of an owner, or everybody's, the most urgent first."""
        whose = [] if owner_id is None else [col(QuestionRow.owner_id) == owner_id]
        statement = select(QuestionRow).where(_OPEN, *whose).order_by(col(QuestionRow.due_at), col(QuestionRow.id))
        return [_question(row) for row in await self._session.scalars(statement)]

    async def due_to_tell(self, now: datetime) -> list[Question]:
        """Questions with lines that are gathered, locked."""
        return await self._due(col(QuestionRow.tell_at) <= now)

    async def due_to_remind(self, now: datetime) -> list[Question]:
        """Open questions past half of their time that nobody was reminded of in this round, locked."""
        return await self._due(col(QuestionRow.remind_at) <= now)

    async def reminded(self, questions: Sequence[Question]) -> None:
        """Somebody was reminded of these."""
        await self._update_all(questions, remind_at=None)

    async def late(self, now: datetime) -> list[Question]:
        """Open questions past their time that were not escalated in this round, locked."""
        return await self._due(col(QuestionRow.late_at) <= now)

    async def escalated(self, questions: Sequence[Question]) -> None:
        """Those above were told of these."""
        await self._update_all(questions, late_at=None)

    async def told(self, question: Question) -> None:
        """Remember that the owner knows every line."""
        await self._update(question.id, told=question.lines, tell_at=None)

    async def save(self, question: Question, now: datetime) -> None:
        """Store owner, state and who answered."""
        ended = None if question.state is QuestionState.OPEN else now
        await self._update(
            question.id,
            owner_id=question.owner_id,
            state=question.state,
            answered_by=question.answered_by,
            ended_at=ended,
        )

    async def reopen(self, question: Question, remind_at: datetime) -> None:
        """Open a question again for its next round."""
        await self._update(
            question.id,
            state=question.state,
            round=question.round,
            due_at=question.due_at,
            remind_at=remind_at,
            late_at=question.due_at,
            answered_by=None,
            ended_at=None,
        )

    async def _locked(self, *conditions: ColumnElement[bool]) -> Question | None:
        statement = select(QuestionRow).where(*conditions).with_for_update().execution_options(populate_existing=True)
        row = await self._session.scalar(statement)
        return _question(row) if row else None

    async def _due(self, condition: ColumnElement[bool]) -> list[Question]:
        statement = select(QuestionRow).where(_OPEN, condition).order_by(col(QuestionRow.id)).with_for_update()
        rows = await self._session.scalars(statement.execution_options(populate_existing=True))
        return [_question(row) for row in rows]

    async def _update(self, question_id: int, **values: object) -> None:
        await self._session.execute(update(QuestionRow).where(col(QuestionRow.id) == question_id).values(**values))

    async def _update_all(self, questions: Sequence[Question], **values: object) -> None:
        if questions:
            ids = [each.id for each in questions]
            await self._session.execute(update(QuestionRow).where(col(QuestionRow.id).in_(ids)).values(**values))

    async def _write(self, question: Question, number: int, text: str, now: datetime) -> None:
        owner = key_owner(question.member_id)
        await self._vault.load(self._session, [owner])
        words = self._vault.seal(owner, _place(question.id, number), text)
        row = {"question_id": question.id, "number": number, "words": words, "at": now}
        await self._session.execute(insert(QuestionLineRow).values(row))


_OPEN = col(QuestionRow.state) == QuestionState.OPEN


def _place(question_id: int, number: int) -> str:
    return f"question_lines.words:{question_id}:{number}"


def _question(row: QuestionRow) -> Question:
    assert row.id is not None
    return Question(
        id=row.id,
        member_id=row.member_id,
        owner_id=row.owner_id,
        state=QuestionState(row.state),
        asked_at=row.asked_at,
        due_at=row.due_at,
        chat_id=row.chat_id,
        round=row.round,
        lines=row.lines,
        told=row.told,
        tell_at=row.tell_at,
        answered_by=row.answered_by,
    )
