"""Senders of the same moment: one transaction for all of them, and nobody suffers for another."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text

from bot.introductions import Introductions
from campaigns.members.model import Introduction, Language
from campaigns.staff.model import Role
from storage import conversations
from storage.database import Database
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Vault, VaultError

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def someone(number: int, name: str | None = None) -> Introduction:
    return Introduction(number, name or f"客户{number}", Language.ZH, is_private=number % 2 == 0)


async def test_a_crowd_is_met_in_few_queries_and_everybody_is_who_they_are(database: Database, vault: Vault) -> None:
    introductions = Introductions(database, vault, lambda: NOW)
    async with database.unit_of_work() as uow:
        await SqlMemberStore(uow, vault).meet_all([someone(number) for number in range(1, 101)], NOW)
        await SqlStaffStore(uow).grant(7, Role.WEALTH_MANAGER, NOW)
        await conversations.save(uow, "talk:7", "asking", {"product": "联名信用卡"})
    said: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    crowd = [someone(number, "新名字" if number == 9 else None) for number in range(1, 101)]
    found = await asyncio.gather(*(introductions.meet(who, f"talk:{who.id}") for who in crowd))
    assert len(said) < 10
    assert [met.member.id for met in found] == list(range(1, 101))
    assert {met.member.id for met in found if Role.WEALTH_MANAGER in met.member.roles} == {7}
    assert (found[6].state, found[6].data) == ("asking", {"product": "联名信用卡"})
    assert (found[7].state, found[7].data) == (None, {})
    async with database.unit_of_work() as uow:
        renamed = await SqlMemberStore(uow, vault).get(9)
    assert renamed is not None
    assert renamed.name == "新名字"


async def test_a_sender_whose_key_is_lost_is_the_only_one_who_is_not_met(database: Database, vault: Vault) -> None:
    async with database.unit_of_work() as uow:
        await SqlMemberStore(uow, vault).meet_all([someone(1), someone(2)], NOW)
        await vault.erase(uow.session, "member:1")
    introductions = Introductions(database, vault, lambda: NOW)
    found = await asyncio.gather(
        *(introductions.meet(someone(number), f"talk:{number}") for number in (1, 2, 3)), return_exceptions=True
    )
    assert isinstance(found[0], VaultError)
    assert [met.member.name for met in found[1:] if not isinstance(met, BaseException)] == ["客户2", "客户3"]
    async with database.unit_of_work() as uow:
        kept = await uow.session.scalar(text("SELECT count(*) FROM members"))
    assert kept == 3


@pytest.mark.parametrize("crowd", [2, 300])
async def test_two_who_come_for_the_first_time_and_twice_are_one_person_each(
    database: Database, vault: Vault, crowd: int
) -> None:
    introductions = Introductions(database, vault, lambda: NOW)
    everybody = [someone(1 + at % 2) for at in range(crowd)]
    found = await asyncio.gather(*(introductions.meet(who, "talk") for who in everybody))
    assert {met.member.id for met in found} == {1, 2}
