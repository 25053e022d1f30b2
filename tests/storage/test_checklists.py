"""Checklists on real rows: one tap marks, a second takes back, a lead's word stands beside, a scheduled one is shut."""

from datetime import UTC, datetime

from sqlalchemy import text

from campaigns.checklists.model import Checklist, ChecklistRefusal, Department, Item, Subject
from campaigns.checklists.rules import TASKS, open_items
from campaigns.checklists.service import ChecklistService
from campaigns.members.model import Introduction, Language, Member
from campaigns.staff.service import StaffService
from storage.checklists import SqlChecklistStore
from storage.database import UnitOfWork
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Vault

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
SUBJECT = Subject(1, 1)
LEAD = Member(2, "赵强", Language.ZH)


async def bank(uow: UnitOfWork, vault: Vault) -> ChecklistService:
    await SqlMemberStore(uow, vault).meet(Introduction(LEAD.id, LEAD.name, Language.ZH, is_private=True), NOW)
    await uow.session.execute(text("INSERT INTO promotions (code, made_at) VALUES ('spring', :now)"), {"now": NOW})
    await uow.session.execute(
        text(
            "INSERT INTO promotion_versions (promotion_id, version, state, body, digest, author_id, send_at, closes_at,"
            " made_at) VALUES (1, 1, 'draft', '{}', repeat('a', 64), :who, :now, :now, :now)"
        ),
        {"who": LEAD.id, "now": NOW},
    )
    return ChecklistService(SqlChecklistStore(uow), StaffService(SqlStaffStore(uow), lambda: NOW), lambda: NOW)


def test_every_department_has_something_required_to_prepare() -> None:
    assert {task.department for task in TASKS if task.is_required} == set(Department)
    assert {task.item for task in TASKS} == set(Item)
    assert len(open_items(Checklist(SUBJECT))) == 6


async def test_a_version_is_ready_once_everything_required_is_marked(uow: UnitOfWork, vault: Vault) -> None:
    lists = await bank(uow, vault)
    for item in open_items(await lists.find(SUBJECT)):
        assert not await lists.is_ready(SUBJECT)
        assert isinstance(await lists.toggle(SUBJECT, item, LEAD), Checklist)
    assert await lists.is_ready(SUBJECT)
    assert {mark.member_id for mark in (await lists.find(SUBJECT)).marks} == {LEAD.id}
    back = await lists.toggle(SUBJECT, Item.STAFF_TRAINED, LEAD)
    assert isinstance(back, Checklist)
    assert open_items(back) == (Item.STAFF_TRAINED,)
    trail = await uow.session.scalars(text("SELECT subject FROM audit_events WHERE action = 'checklist_open'"))
    assert list(trail) == ["1 v1 trained"]


async def test_a_leads_word_lets_it_start_and_nothing_changes_once_it_is_scheduled(
    uow: UnitOfWork, vault: Vault
) -> None:
    lists = await bank(uow, vault)
    assert await lists.override(SUBJECT, " \n", LEAD) is ChecklistRefusal.NO_REASON
    found = await lists.override(SUBJECT, "总行要求今天上线", LEAD)
    assert isinstance(found, Checklist)
    assert found.override is not None
    assert await lists.is_ready(SUBJECT)
    await uow.session.execute(text("UPDATE promotion_versions SET scheduled_at = :now"), {"now": NOW})
    assert await lists.toggle(SUBJECT, Item.LINKS_TRIED, LEAD) is ChecklistRefusal.TOO_LATE
    assert await lists.override(SUBJECT, "再来", LEAD) is ChecklistRefusal.TOO_LATE
    assert await lists.toggle(Subject(9, 1), Item.LINKS_TRIED, LEAD) is ChecklistRefusal.TOO_LATE
