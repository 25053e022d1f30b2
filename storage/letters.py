"""Letters, sealed under the key of whom they are for."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.answers.model import EntryKind
from campaigns.letters.model import Addressee, Letter, LetterState
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.members import key_owner
from storage.vault import Vault

REACHABLE = text(
    """SELECT p.member_id FROM group_members p JOIN groups g ON g.id = p.group_id
        WHERE g.manager_id = :staff AND p.left_at IS NULL AND p.member_id <> :staff
    UNION SELECT m.id FROM members m JOIN customer_owners o ON o.customer_id = m.customer_id
        WHERE o.owner_id = :staff AND m.id <> :staff
    ORDER BY 1"""
)


class LetterRow(SQLModel, table=True):
    """A letter; `mark` binds the sealed words to their row."""

    __tablename__ = "letters"

    id: int | None = big(default=None, primary_key=True)
    mark: UUID
    member_id: int = big(foreign_key="members.id")
    question_id: int | None = big(default=None, foreign_key="questions.id")
    author_id: int = big(foreign_key="members.id")
    entry: str | None = None
    version: int | None = None
    kind: str
    words: bytes = sealed()
    state: str
    made_at: datetime = moment()
    settled_at: datetime | None = moment(default=None)


class SqlLetterStore:
    """Implements `campaigns.letters.service.LetterStore`."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._session = uow.session
        self._vault = vault

    async def reachable_by(self, staff_id: int) -> list[int]:
        """Members to whom somebody may write: those in the own groups, and own customers."""
        return [int(found) for found in await self._session.scalars(REACHABLE, {"staff": staff_id})]

    async def draft(self, letter: Letter, now: datetime) -> Letter:
        """Store a draft, sealed; an older draft of the same author is given up."""
        await self._session.execute(
            update(LetterRow)
            .where(col(LetterRow.author_id) == letter.author_id, col(LetterRow.state) == LetterState.DRAFT)
            .values(state=LetterState.GIVEN_UP, settled_at=now)
        )
        owner, mark = key_owner(letter.to.member_id), uuid4()
        await self._vault.load(self._session, [owner])
        row = {
            "mark": mark,
            "member_id": letter.to.member_id,
            "question_id": letter.to.question_id,
            "author_id": letter.author_id,
            "entry": letter.entry,
            "version": letter.version,
            "kind": letter.kind,
            "words": self._vault.seal(owner, _place(mark), letter.text),
            "state": letter.state,
            "made_at": now,
        }
        made = await self._session.scalars(insert(LetterRow).values(row).returning(LetterRow))
        return await self._letter(made.one())

    async def lock(self, letter_id: int) -> Letter | None:
        """One letter, locked."""
        statement = select(LetterRow).where(col(LetterRow.id) == letter_id).with_for_update()
        row = await self._session.scalar(statement.execution_options(populate_existing=True))
        return await self._letter(row) if row else None

    async def settle(self, letter: Letter, state: LetterState, now: datetime) -> None:
        """Store what became of a draft."""
        statement = update(LetterRow).where(col(LetterRow.id) == letter.id)
        await self._session.execute(statement.values(state=state, settled_at=now))

    async def _letter(self, row: LetterRow) -> Letter:
        assert row.id is not None
        owner = key_owner(row.member_id)
        await self._vault.load(self._session, [owner])
        return Letter(
            id=row.id,
            to=Addressee(row.member_id, row.question_id),
            author_id=row.author_id,
            text=self._vault.open(owner, _place(row.mark), row.words),
            kind=EntryKind(row.kind),
            state=LetterState(row.state),
            entry=row.entry,
            version=row.version,
        )


def _place(mark: UUID) -> str:
    return f"letters.words:{mark}"
