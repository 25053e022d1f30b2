"""What group care took away, its words sealed under their writer's key, and what managers said of it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from campaigns.care.model import Case, CaseState, Suspicion
from campaigns.care.rules import digest
from campaigns.groups.model import Group
from storage.columns import big, moment, sealed
from storage.database import UnitOfWork
from storage.groups import GroupRow, SqlGroupStore
from storage.members import key_owner
from storage.staff import SqlStaffStore
from storage.vault import Vault


class CareCaseRow(SQLModel, table=True):
    """One removed message."""

    __tablename__ = "care_cases"

    id: int | None = big(default=None, primary_key=True)
    group_id: int = big(foreign_key="groups.id")
    member_id: int = big(foreign_key="members.id")
    message_id: int = big()
    reason: str
    digest: bytes = sealed()
    words: bytes = sealed()
    found_at: datetime = moment()
    state: str = CaseState.REMOVED
    decided_by: int | None = big(default=None)
    decided_at: datetime | None = moment(default=None)


def _place(group_id: int, message_id: int) -> str:
    return f"care_cases.words:{group_id}:{message_id}"


class SqlCareStore:
    """Care inside one unit of work."""

    def __init__(self, uow: UnitOfWork, vault: Vault, now: Callable[[], datetime]) -> None:
        self._session = uow.session
        self._vault = vault
        self._now = now
        self._groups = SqlGroupStore(uow)
        self._staff = SqlStaffStore(uow)

    async def group(self, chat_id: int) -> Group | None:
        """The registered group of a chat."""
        return await self._groups.by_chat(chat_id)

    async def add(self, group: Group, member_id: int, message_id: int, reason: Suspicion, text: str) -> Case | None:
        """Keep a case, its words sealed; None when this message has one."""
        await self._vault.ensure(self._session, key_owner(member_id))
        row = {
            "group_id": group.id,
            "member_id": member_id,
            "message_id": message_id,
            "reason": reason,
            "digest": digest(text),
            "words": self._vault.seal(key_owner(member_id), _place(group.id, message_id), text),
            "found_at": self._now(),
            "state": CaseState.REMOVED,
        }
        kept = insert(CareCaseRow).values(row).on_conflict_do_nothing().returning(CareCaseRow)
        made = (await self._session.scalars(kept)).one_or_none()
        return self._value(made, group.chat_id, group.manager_id, text) if made else None

    async def is_allowed(self, group: Group, member_id: int, reason: Suspicion, words: bytes) -> bool:
        """Whether a manager let these words, or this person for this reason, stand before."""
        case = CareCaseRow
        same = or_(col(case.digest) == words, and_(col(case.member_id) == member_id, col(case.reason) == reason))
        restored = and_(col(case.group_id) == group.id, col(case.state) == CaseState.RESTORED)
        return await self._session.scalar(select(col(case.id)).where(restored, same).limit(1)) is not None

    async def case(self, case_id: int) -> Case | None:
        """One case, locked, with its words."""
        found = await self._session.execute(
            select(CareCaseRow, col(GroupRow.chat_id), col(GroupRow.manager_id))
            .join(GroupRow, col(GroupRow.id) == col(CareCaseRow.group_id))
            .where(col(CareCaseRow.id) == case_id)
            .with_for_update(of=CareCaseRow)
        )
        row = found.one_or_none()
        if row is None:
            return None
        case, chat_id, manager_id = row
        await self._vault.load(self._session, [key_owner(case.member_id)])
        text = self._vault.open(key_owner(case.member_id), _place(case.group_id, case.message_id), case.words)
        return self._value(case, chat_id, manager_id, text)

    async def decide(self, case: Case, state: CaseState, by: int, now: datetime) -> None:
        """Record a manager's word."""
        await self._session.execute(
            update(CareCaseRow).where(col(CareCaseRow.id) == case.id).values(state=state, decided_by=by, decided_at=now)
        )

    async def record(self, actor: int | None, action: str, subject: str, now: datetime) -> None:
        """Append to the audit trail."""
        await self._staff.record(actor, action, subject, now)

    def _value(self, row: CareCaseRow, chat_id: int, manager_id: int, text: str) -> Case:
        assert row.id is not None
        return Case(
            row.id,
            row.group_id,
            chat_id,
            manager_id,
            row.member_id,
            row.message_id,
            Suspicion(row.reason),
            text,
            row.found_at,
            CaseState(row.state),
        )
