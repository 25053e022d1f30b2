"""Questions on a real PostgreSQL: whose they are, gathered lines under seal, one answer whoever sends first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.answers.live import LiveData
from campaigns.members.model import Introduction, Language
from campaigns.questions.model import Question, QuestionState
from campaigns.staff.model import Role
from storage.database import Database, UnitOfWork
from storage.live_answers import SqlLiveStore
from storage.members import SqlMemberStore
from storage.questions import SqlQuestionStore
from storage.staff import SqlStaffStore
from storage.vault import Vault

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)  # Friday, ten o'clock in Shanghai.
TODAY = NOW.date()
ASKER, MANAGER, SECOND, LEAD = 7, 20, 21, 30
CUSTOMER = "11111111-1111-1111-1111-111111111111"

Store = Callable[[UnitOfWork], SqlQuestionStore]


@pytest.fixture
async def bank(database: Database, vault: Vault) -> Store:
    """An asker in two groups, their managers, and a team lead."""
    async with database.unit_of_work() as uow:
        people = SqlMemberStore(uow, vault)
        for number in (ASKER, MANAGER, SECOND, LEAD):
            await people.meet(Introduction(number, f"人{number}", Language.ZH, is_private=True), NOW)
        await SqlStaffStore(uow).grant(LEAD, Role.TEAM_LEAD, NOW)
        for chat, manager, joined in ((-1, MANAGER, NOW), (-2, SECOND, NOW + timedelta(hours=1))):
            made = await uow.session.scalar(
                text(
                    """INSERT INTO groups (chat_id, title, merchant, manager_id, registered_at)
                    VALUES (:chat, 'A银行&幸福里商户福利群', '幸福里', :manager, :now) RETURNING id"""
                ),
                {"chat": chat, "manager": manager, "now": NOW},
            )
            await uow.session.execute(
                text("INSERT INTO group_members (group_id, member_id, joined_at) VALUES (:group, :member, :at)"),
                {"group": made, "member": ASKER, "at": joined},
            )
    return lambda uow: SqlQuestionStore(uow, vault)


async def execute(uow: UnitOfWork, statement: str) -> None:
    facts = {"asker": ASKER, "manager": MANAGER, "lead": LEAD, "customer": CUSTOMER, "now": NOW}
    await uow.session.execute(text(statement), facts)


async def test_a_question_belongs_to_the_owner_then_the_group_then_the_newest_group(
    bank: Store, uow: UnitOfWork
) -> None:
    store = bank(uow)
    assert await store.owner_of(ASKER, None, TODAY) == SECOND
    assert await store.owner_of(ASKER, -1, TODAY) == MANAGER
    assert await store.owner_of(LEAD, None, TODAY) is None
    assert await store.owner_of(MANAGER, -1, TODAY) is None
    await execute(uow, "INSERT INTO customers VALUES (CAST(:customer AS uuid), 'C1', '2026-09-30')")
    await execute(uow, "UPDATE members SET customer_id = CAST(:customer AS uuid) WHERE id = :asker")
    await execute(uow, "INSERT INTO customer_owners VALUES (CAST(:customer AS uuid), :manager, :now)")
    assert await store.owner_of(ASKER, -2, TODAY) == MANAGER
    await execute(
        uow,
        """INSERT INTO staff_absences (member_id, starts_on, ends_on, stand_in_id, made_at)
        VALUES (:manager, '2026-11-20', '2026-11-21', :lead, :now)""",
    )
    assert await store.owner_of(ASKER, -2, TODAY) == LEAD
    assert await store.owner_of(ASKER, -2, TODAY + timedelta(2)) == MANAGER
    assert await store.leads() == [LEAD]


async def test_lines_are_sealed_in_order_and_each_time_comes_once_a_round(bank: Store, uow: UnitOfWork) -> None:
    store = bank(uow)
    drafted = Question(0, ASKER, MANAGER, QuestionState.OPEN, NOW, NOW + timedelta(hours=2), tell_at=NOW)
    made = await store.create(drafted, "快递单号", NOW + timedelta(hours=1))
    await store.add_line(made, "还有发票", NOW, NOW)
    locked = await store.lock_open(ASKER)
    assert locked is not None
    assert locked.lines == 2
    assert [line.text for line in await store.lines(locked)] == ["快递单号", "还有发票"]
    sealed = "SELECT count(*) FROM question_lines WHERE position(convert_to('快递', 'UTF8') in words) > 0"
    assert await uow.session.scalar(text(sealed)) == 0
    assert [each.id for each in await store.due_to_tell(NOW)] == [made.id]
    await store.told(locked)
    assert await store.due_to_tell(NOW) == []
    late = NOW + timedelta(hours=3)
    await store.reminded(await store.due_to_remind(late))
    await store.escalated(await store.late(late))
    assert [await store.due_to_remind(late), await store.late(late)] == [[], []]
    assert await store.open_of(SECOND) == []
    again = Question(**vars(locked) | {"round": 2})
    await store.reopen(again, late)
    assert len(await store.due_to_remind(late)) == 1
    found = await store.open_of(None)
    assert [(each.round, each.told) for each in found] == [(2, 2)]


async def test_who_has_no_entries_has_none(bank: Store, uow: UnitOfWork) -> None:
    assert await LiveData(SqlLiveStore(uow), lambda: NOW).chains(ASKER) == []
