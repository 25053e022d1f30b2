"""The inbox on real rows: every update once, in order, with its outcome, and nothing that blocks the others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database, UnitOfWork
from storage.inbox import DONE, KEPT, NEW, PARKED, Seals, SqlInbox
from storage.vault import Vault, VaultError

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
BOT, OTHER_BOT = 42, 43


def said(update_id: int, text: Any = "接龙") -> dict[str, Any]:
    return {"update_id": update_id, "message": {"text": text, "from": {"id": 7}}}


@pytest.fixture
def inbox(uow: UnitOfWork) -> SqlInbox:
    return SqlInbox(uow, BOT)


async def waiting(inbox: SqlInbox, *beyond: int) -> list[int]:
    return [update_id for update_id, _ in await inbox.waiting(beyond=beyond, limit=100)]


async def test_a_repeated_update_is_kept_once(inbox: SqlInbox) -> None:
    assert await inbox.store([said(1), said(2)], NOW) == 2
    assert await inbox.store([said(2), said(3)], NOW) == 1
    assert await inbox.store([said(4), said(4)], NOW) == 1
    assert await waiting(inbox) == [1, 2, 3, 4]


async def test_a_repeat_of_what_is_done_does_not_come_back(inbox: SqlInbox) -> None:
    await inbox.store([said(1)], NOW)
    await inbox.mark_done(1, NOW)
    assert await inbox.store([said(1)], NOW) == 0
    assert await waiting(inbox) == []


async def test_nothing_to_store_is_no_fault(inbox: SqlInbox) -> None:
    assert await inbox.store([], NOW) == 0


async def test_two_bots_have_each_their_own_numbers(uow: UnitOfWork, inbox: SqlInbox) -> None:
    other = SqlInbox(uow, OTHER_BOT)
    assert await inbox.store([said(1)], NOW) == 1
    assert await other.store([said(1)], NOW) == 1
    await inbox.mark_done(1, NOW)
    assert await waiting(inbox) == []
    assert await waiting(other) == [1]


async def test_what_is_worked_on_is_not_given_out_again(inbox: SqlInbox) -> None:
    await inbox.store([said(number) for number in (3, 1, 2)], NOW)
    assert await waiting(inbox, 2) == [1, 3]
    assert [update_id for update_id, _ in await inbox.waiting(beyond=[], limit=2)] == [1, 2]


async def test_an_update_comes_out_as_it_went_in(inbox: SqlInbox) -> None:
    await inbox.store([said(1, "＋１ 🎉 \\u0000 'quoted'")], NOW)
    assert await inbox.waiting(beyond=[], limit=1) == [(1, said(1, "＋１ 🎉 \\u0000 'quoted'"))]


@pytest.mark.parametrize(
    ("text", "kept"), [("a\x00b", "a\ufffdb"), ("a\ud800b", "a?b"), (float("nan"), None), ([["\x00"]], [["\ufffd"]])]
)
async def test_what_no_database_takes_does_not_block_the_inbox(inbox: SqlInbox, text: Any, kept: Any) -> None:
    assert await inbox.store([said(1, text), said(2)], NOW) == 2
    assert await inbox.waiting(beyond=[], limit=9) == [(1, said(1, kept)), (2, said(2))]


async def test_hidden_words_lie_in_the_table_sealed_and_are_worked_on_in_plain(uow: UnitOfWork, vault: Vault) -> None:
    inbox = SqlInbox(uow, BOT, Seals(vault, lambda words: "月饼" in words))
    told = said(1, "谜底是月饼")
    answering = {"update_id": 2, "message": {"text": "好", "reply_to_message": {"text": "谜底是月饼"}}}
    assert await inbox.store([told, answering, said(3)], NOW) == 3
    kept = [str(row) for row in await uow.session.scalars(sql("SELECT payload::text FROM inbox ORDER BY update_id"))]
    assert [("月饼" in row, "sealed" in row) for row in kept] == [(False, True), (False, True), (False, False)]
    assert [raw for _, raw in await inbox.waiting(beyond=[], limit=9)] == [told, answering, said(3)]
    await inbox.mark_failed(1, "broken", NOW, park=True)
    assert "月饼" not in str(await uow.session.scalar(sql("SELECT inbox::text FROM inbox WHERE update_id = 1")))


async def test_a_sealed_update_opens_in_its_own_row_alone(uow: UnitOfWork, vault: Vault) -> None:
    inbox = SqlInbox(uow, BOT, Seals(vault, lambda _: True))
    await inbox.store([said(1), said(2)], NOW)
    await uow.session.execute(
        sql(
            "UPDATE inbox SET payload = jsonb_set(payload, '{sealed}', (SELECT payload -> 'sealed' FROM inbox "
            "WHERE update_id = 2)) WHERE update_id = 1"
        )
    )
    with pytest.raises(VaultError):
        await inbox.waiting(beyond=[], limit=9)


async def test_a_fault_of_the_database_does_not_tell_what_people_wrote(database: Database) -> None:
    async with database.unit_of_work() as uow:
        with pytest.raises(SQLAlchemyError) as fault:
            await SqlInbox(uow, BOT).store([said(2**70, "我的卡号")], NOW)
    assert "我的卡号" not in str(fault.value)


async def test_an_outcome_is_stored_with_its_update_and_found_again(inbox: SqlInbox) -> None:
    await inbox.store([said(1), said(2), said(3)], NOW)
    decided: dict[int, dict[str, Any]] = {1: {"code": "joined", "place": 1}, 3: {"code": "full", "place": None}}
    await inbox.mark_decided(decided, NOW)
    assert await inbox.outcomes([1, 2, 3]) == decided
    assert await waiting(inbox) == [2]


async def test_deciding_nothing_is_no_fault(inbox: SqlInbox) -> None:
    await inbox.mark_decided({}, NOW)
    assert await inbox.outcomes([]) == {}


async def test_marking_a_decided_update_done_keeps_its_outcome(inbox: SqlInbox) -> None:
    await inbox.store([said(1)], NOW)
    await inbox.mark_decided({1: {"code": "joined"}}, NOW)
    await inbox.mark_done(1, NOW + timedelta(seconds=1))
    assert await inbox.outcomes([1]) == {1: {"code": "joined"}}


async def test_a_parked_update_leaves_the_queue_and_waits_for_a_person(inbox: SqlInbox) -> None:
    await inbox.store([said(1), said(2)], NOW)
    await inbox.mark_failed(1, "broken", NOW, park=True)
    await inbox.mark_failed(2, "conflict", NOW, park=False)
    assert await waiting(inbox) == [2]
    assert await inbox.counts() == {NEW: 1, PARKED: 1}


async def test_a_fault_as_long_as_a_book_is_cut(inbox: SqlInbox) -> None:
    await inbox.store([said(1)], NOW)
    await inbox.mark_failed(1, "x" * 100_000, NOW, park=True)
    assert await inbox.counts() == {PARKED: 1}


async def test_only_what_is_done_and_cannot_come_again_is_forgotten(inbox: SqlInbox) -> None:
    await inbox.store([said(1), said(2), said(3)], NOW)
    await inbox.store([said(4)], NOW + timedelta(days=1))
    await inbox.mark_done(1, NOW)
    await inbox.mark_done(4, NOW)
    await inbox.mark_failed(2, "broken", NOW, park=True)
    assert await inbox.forget_old(NOW + KEPT) == 0
    assert await inbox.forget_old(NOW + KEPT + timedelta(seconds=1)) == 1
    assert await inbox.counts() == {NEW: 1, PARKED: 1, DONE: 1}


async def test_a_rolled_back_turn_leaves_the_update_waiting(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await SqlInbox(uow, BOT).store([said(1)], NOW)
    with pytest.raises(RuntimeError, match="broken"):
        await _broken_turn(database)
    async with database.unit_of_work() as uow:
        assert await waiting(SqlInbox(uow, BOT)) == [1]


async def _broken_turn(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await SqlInbox(uow, BOT).mark_done(1, NOW)
        raise RuntimeError("broken")
