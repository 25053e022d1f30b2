"""Groups on real rows: registered once, newcomers once, and a new chat id that loses nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.deliveries.model import Draft, Kind, Message
from campaigns.groups.model import Group
from campaigns.members.model import Introduction, Language
from storage.database import UnitOfWork
from storage.deliveries import DeliveryRow, SqlDeliveryStore
from storage.groups import GroupMemberRow, SqlGroupStore
from storage.members import SqlMemberStore
from storage.vault import Vault

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
MANAGER, ANNA = 1, 7
CHAT = -100
TITLE = "A银行&幸福里商户福利群"


@pytest.fixture
async def people(uow: UnitOfWork, vault: Vault) -> SqlMemberStore:
    store = SqlMemberStore(uow, vault)
    for member in (MANAGER, ANNA):
        await store.meet(Introduction(member, "李敏", Language.ZH, is_private=True), NOW)
    return store


@pytest.fixture
def groups(uow: UnitOfWork, people: SqlMemberStore) -> SqlGroupStore:
    return SqlGroupStore(uow)


async def registered(groups: SqlGroupStore, chat: int = CHAT) -> Group:
    return await groups.save(chat, TITLE, "幸福里", MANAGER, NOW)


async def test_a_group_is_found_by_its_chat_and_by_its_manager(groups: SqlGroupStore) -> None:
    group = await registered(groups)
    other = await registered(groups, -200)
    assert await groups.by_chat(CHAT) == group
    assert await groups.by_chat(-999) is None
    assert await groups.of_manager(MANAGER) == [group, other]
    assert await groups.of_manager(ANNA) == []


async def test_registering_again_follows_the_title_and_stays_the_same_group(groups: SqlGroupStore) -> None:
    group = await registered(groups)
    again = await groups.save(CHAT, "A银行&幸福里商户福利群2", "幸福里", ANNA, NOW + timedelta(days=1))
    assert (again.id, again.title) == (group.id, "A银行&幸福里商户福利群2")
    assert (again.manager_id, again.registered_at) == (MANAGER, NOW)


async def test_a_newcomer_is_new_once_however_often_they_come_back(groups: SqlGroupStore, uow: UnitOfWork) -> None:
    group = await registered(groups)
    assert await groups.add_member(group, ANNA, NOW)
    assert not await groups.add_member(group, ANNA, NOW)
    await groups.remove_member(group, ANNA, NOW)
    assert not await groups.add_member(group, ANNA, NOW + timedelta(days=1))
    [row] = await uow.session.scalars(select(GroupMemberRow).where(col(GroupMemberRow.member_id) == ANNA))
    assert (row.joined_at, row.left_at) == (NOW, None)


async def test_who_left_is_not_among_the_managers_people_any_more(
    groups: SqlGroupStore, people: SqlMemberStore
) -> None:
    group = await registered(groups)
    await groups.add_member(group, ANNA, NOW)
    assert await people.managers_of(ANNA) == [MANAGER]
    await groups.remove_member(group, ANNA, NOW)
    assert await people.managers_of(ANNA) == []


async def test_a_group_that_became_a_supergroup_is_the_same_group(groups: SqlGroupStore, uow: UnitOfWork) -> None:
    group = await registered(groups)
    await groups.add_member(group, ANNA, NOW)
    draft = Draft("group:1", "welcome", CHAT, Message("欢迎"), Kind.SERVICE, NOW)
    await SqlDeliveryStore(uow).plan([draft], NOW)
    await groups.move_chat(CHAT, -1001)
    moved = await groups.by_chat(-1001)
    assert moved is not None
    assert (moved.id, await groups.by_chat(CHAT)) == (group.id, None)
    assert list(await uow.session.scalars(select(col(DeliveryRow.recipient)))) == [-1001]


async def test_hearing_of_the_move_twice_changes_nothing(groups: SqlGroupStore) -> None:
    await registered(groups)
    for _ in range(2):
        await groups.move_chat(CHAT, -1001)
    assert await groups.by_chat(-1001) is not None


async def source_of(groups: SqlGroupStore, uow: UnitOfWork) -> str:
    """How Anna came."""
    uow.session.expire_all()
    [row] = await uow.session.scalars(select(GroupMemberRow).where(col(GroupMemberRow.member_id) == ANNA))
    return row.source


async def test_the_second_telling_of_an_arrival_may_name_the_link_and_a_return_may_not(
    groups: SqlGroupStore, uow: UnitOfWork
) -> None:
    group = await registered(groups)
    await groups.add_member(group, ANNA, NOW)
    await groups.add_member(group, ANNA, NOW + timedelta(seconds=2), source="flyer-07")
    assert await source_of(groups, uow) == "flyer-07"
    await groups.add_member(group, ANNA, NOW + timedelta(seconds=3), source="flyer-08")
    assert await source_of(groups, uow) == "flyer-07"


async def test_who_came_without_a_link_is_not_claimed_by_one_later(groups: SqlGroupStore, uow: UnitOfWork) -> None:
    group = await registered(groups)
    await groups.add_member(group, ANNA, NOW)
    await groups.remove_member(group, ANNA, NOW + timedelta(days=1))
    await groups.add_member(group, ANNA, NOW + timedelta(days=1), source="flyer-07")
    assert await source_of(groups, uow) == "unknown"


async def test_a_group_is_full_once_and_the_next_of_its_merchant_has_room(groups: SqlGroupStore) -> None:
    group = await registered(groups)
    await groups.add_member(group, MANAGER, NOW)
    assert not await groups.fill(group, 2, NOW)
    await groups.add_member(group, ANNA, NOW)
    assert await groups.fill(group, 2, NOW)
    assert not await groups.fill(group, 2, NOW)
    full = await groups.by_chat(CHAT)
    assert full is not None
    assert await groups.with_room(full) == full
    following = await groups.save(-200, f"{TITLE}2", "幸福里", MANAGER, NOW, 2)
    await groups.save(-300, "A银行&米店商户福利群2", "米店", MANAGER, NOW, 2)
    assert await groups.with_room(full) == following
    assert await groups.full_sibling(following) == full
    assert await groups.with_room(following) == following


async def test_a_group_that_was_just_greeted_waits_and_one_that_left_needs_no_welcome(groups: SqlGroupStore) -> None:
    group, pause = await registered(groups), timedelta(seconds=6)
    await groups.add_member(group, MANAGER, NOW)
    assert [each.member_id for each in await groups.take_newcomers(NOW, NOW - pause, [group.id])] == [MANAGER]
    await groups.add_member(group, ANNA, NOW)
    soon = NOW + timedelta(seconds=3)
    assert await groups.take_newcomers(soon, soon - pause, [group.id]) == []
    await groups.remove_member(group, ANNA, soon)
    later = NOW + pause
    assert await groups.take_newcomers(later, later - pause, [group.id]) == []
    await groups.add_member(group, ANNA, later)
    assert await groups.take_newcomers(later + pause, later, [group.id]) == []
