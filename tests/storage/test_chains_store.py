"""Chains on real rows: what the rules decided is what is stored, and the database itself refuses the rest."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from campaigns.chains.claims import decide
from campaigns.chains.model import Chain, ChainState, Claim, Plan, Verb
from campaigns.groups.model import Group
from campaigns.members.model import Introduction, Language
from storage.chains import MANAGERS_LATEST, ChainEntryRow, ChainRow, SqlChainStore
from storage.database import Database, UnitOfWork
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.vault import Vault

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
DEADLINE = NOW + timedelta(hours=8)
REMIND = DEADLINE - timedelta(hours=2)
MANAGER, MEMBERS, CHAT = 1, range(11, 16), -100
PLAN = Plan("联名信用卡", 2, DEADLINE)


@pytest.fixture
async def group(uow: UnitOfWork, vault: Vault) -> Group:
    for member in (MANAGER, *MEMBERS):
        await SqlMemberStore(uow, vault).meet(Introduction(member, f"王{member}", Language.ZH, is_private=True), NOW)
    return await SqlGroupStore(uow).save(CHAT, "A银行&幸福里商户福利群", "幸福里", MANAGER, NOW)


@pytest.fixture
def chains(uow: UnitOfWork, vault: Vault) -> SqlChainStore:
    return SqlChainStore(uow, vault)


@pytest.fixture
async def chain(chains: SqlChainStore, group: Group) -> Chain:
    made = await chains.create(group, PLAN, MANAGER, NOW, REMIND)
    assert made is not None
    return made


async def claim(chains: SqlChainStore, chain: Chain, *wanted: tuple[Verb, int]) -> Chain:
    """Decide and store, as the service does."""
    before = await chains.lock(chain.id)
    assert before is not None
    after = before
    for verb, member in wanted:
        after, _ = decide(after, Claim(verb, member, f"王{member}*", CHAT), NOW)
    await chains.save_entries(before, after, NOW)
    return after


def joins(*members: int) -> Sequence[tuple[Verb, int]]:
    return [(Verb.JOIN, member) for member in members]


async def test_a_new_chain_is_open_and_empty(chain: Chain) -> None:
    assert (chain.state, chain.entries, chain.chat_id) == (ChainState.OPEN, (), CHAT)


async def test_what_was_decided_is_what_is_loaded(chains: SqlChainStore, chain: Chain) -> None:
    decided = await claim(chains, chain, *joins(11, 12), (Verb.LEAVE, 11), *joins(13))
    assert await chains.lock(chain.id) == decided
    assert [entry.member_id for entry in decided.entries] == [12, 13]
    again = await claim(chains, chain, (Verb.LEAVE, 12), *joins(11))
    assert await chains.lock(chain.id) == again
    assert [entry.sequence for entry in again.entries] == [3, 4]


async def test_a_group_has_one_open_chain_per_product(chains: SqlChainStore, group: Group, chain: Chain) -> None:
    assert await chains.create(group, PLAN, MANAGER, NOW, REMIND) is None
    assert await chains.create(group, Plan("水杯", 2, DEADLINE), MANAGER, NOW, REMIND) is not None
    await chains.close(chain, NOW)
    assert await chains.create(group, PLAN, MANAGER, NOW, REMIND) is not None


async def test_a_chain_that_is_not_there_is_nothing(chains: SqlChainStore) -> None:
    assert await chains.lock(10**9) is None


async def test_the_database_refuses_a_second_place(uow: UnitOfWork, chains: SqlChainStore, chain: Chain) -> None:
    await claim(chains, chain, *joins(11))
    second = {"chain_id": chain.id, "sequence": 2, "member_id": 11, "masked_name": "王*", "joined_at": NOW}
    with pytest.raises(IntegrityError, match="chain_entries_one_per_person"):
        async with uow.session.begin_nested():
            await uow.session.execute(insert(ChainEntryRow).values(second))


async def test_the_database_refuses_the_same_sequence_twice(
    uow: UnitOfWork, chains: SqlChainStore, chain: Chain
) -> None:
    await claim(chains, chain, *joins(11))
    same = {"chain_id": chain.id, "sequence": 1, "member_id": 12, "masked_name": "王*", "joined_at": NOW}
    with pytest.raises(IntegrityError, match="chain_entries_pkey"):
        async with uow.session.begin_nested():
            await uow.session.execute(insert(ChainEntryRow).values(same))


@pytest.mark.parametrize("taken", [-1, PLAN.places + 1])
async def test_the_database_refuses_more_places_than_there_are(uow: UnitOfWork, chain: Chain, taken: int) -> None:
    with pytest.raises(IntegrityError, match="taken"):
        async with uow.session.begin_nested():
            await uow.session.execute(update(ChainRow).where(col(ChainRow.id) == chain.id).values(taken=taken))


@pytest.mark.parametrize(
    "change",
    ["places = 0", "product = ''", "deadline = opened_at", "state = 'lost'", "group_id = 0", "leader_id = 0"],
)
async def test_the_database_refuses_a_chain_that_cannot_be(uow: UnitOfWork, chain: Chain, change: str) -> None:
    with pytest.raises(IntegrityError):
        async with uow.session.begin_nested():
            await uow.session.execute(text(f"UPDATE chains SET {change}"))  # noqa: S608 - written above.


async def test_who_decides_on_a_chain_makes_the_next_one_wait(database: Database, vault: Vault) -> None:
    async with database.unit_of_work() as uow:
        for member in (MANAGER, *MEMBERS):
            store = SqlMemberStore(uow, vault)
            await store.meet(Introduction(member, "王芳", Language.ZH, is_private=True), NOW)
        group = await SqlGroupStore(uow).save(CHAT, "A银行&幸福里商户福利群", "幸福里", MANAGER, NOW)
        chain = await SqlChainStore(uow, vault).create(group, PLAN, MANAGER, NOW, REMIND)
    assert chain is not None
    async with database.unit_of_work() as first:
        await claim(SqlChainStore(first, vault), chain, *joins(11))
        async with database.unit_of_work() as second:
            await second.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                await SqlChainStore(second, vault).lock(chain.id)
            await second.session.rollback()


async def test_reminder_and_closing_come_due_once(chains: SqlChainStore, chain: Chain) -> None:
    assert await chains.due_for_reminder(REMIND - timedelta(seconds=1)) == []
    assert await chains.due_for_reminder(REMIND) == [chain.id]
    await chains.mark_reminded(chain, REMIND)
    assert await chains.due_for_reminder(DEADLINE) == []
    assert await chains.due_for_closing(DEADLINE - timedelta(seconds=1)) == []
    assert await chains.due_for_closing(DEADLINE) == [chain.id]
    await chains.close(chain, DEADLINE)
    assert await chains.due_for_closing(DEADLINE) == []
    closed = await chains.lock(chain.id)
    assert closed is not None
    assert closed.state is ChainState.CLOSED


async def test_open_chains_are_found_in_their_chat_only(chains: SqlChainStore, chain: Chain) -> None:
    await claim(chains, chain, *joins(11))
    [found] = await chains.open_in_chat(CHAT)
    assert (found.id, len(found.entries)) == (chain.id, 1)
    assert await chains.open_in_chat(-200) == []
    await chains.close(chain, NOW)
    assert await chains.open_in_chat(CHAT) == []


async def test_a_manager_sees_the_latest_chains_newest_first(chains: SqlChainStore, group: Group) -> None:
    for number in range(MANAGERS_LATEST + 2):
        await chains.create(group, Plan(f"水杯{number}", 1, DEADLINE), MANAGER, NOW, REMIND)
    latest = await chains.of_manager(MANAGER)
    assert [chain.product for chain in latest] == [f"水杯{number}" for number in range(MANAGERS_LATEST + 1, 1, -1)]
    assert await chains.of_manager(11) == []


async def test_only_the_sealed_row_knows_full_names(chains: SqlChainStore, chain: Chain, uow: UnitOfWork) -> None:
    joined = await claim(chains, chain, *joins(11, 12))
    assert await chains.names(joined) == {11: "王11", 12: "王12"}
    stored = (await uow.session.execute(text("SELECT name FROM members WHERE id = 11"))).scalar_one()
    assert "王11".encode() not in bytes(stored)
