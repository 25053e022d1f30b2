"""Quantities, waitlist, proxies and undo on real rows; and hundreds at once, who never share a place or a number."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from campaigns.chains.claims import act_of, decide
from campaigns.chains.model import Act, Chain, ChainState, Claim, Order, Plan, Verb
from campaigns.groups.model import Group
from campaigns.members.model import Introduction, Language
from storage.chains import SqlChainStore
from storage.database import Database, UnitOfWork
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.vault import Vault

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
DEADLINE = NOW + timedelta(days=2)
REMIND = DEADLINE - timedelta(hours=2)
MANAGER, WANG, ZHANG, LI, CHAT = 1, 11, 12, 13, -100
FRUIT = Plan("水果", 4, DEADLINE, 3, ("苹果", "香蕉"), timedelta(hours=6))
PLACES, JOINS, MOVES, TOGETHER = 50, 500, 200, 25


async def group_of(uow: UnitOfWork, vault: Vault, *members: int) -> Group:
    for member in (MANAGER, *members):
        await SqlMemberStore(uow, vault).meet(Introduction(member, f"王{member}", Language.ZH, is_private=True), NOW)
    return await SqlGroupStore(uow).save(CHAT, "A银行&幸福里商户福利群", "幸福里", MANAGER, NOW)


@pytest.fixture
def chains(uow: UnitOfWork, vault: Vault) -> SqlChainStore:
    return SqlChainStore(uow, vault)


@pytest.fixture
async def chain(uow: UnitOfWork, vault: Vault, chains: SqlChainStore) -> Chain:
    made = await chains.create(await group_of(uow, vault, WANG, ZHANG, LI), FRUIT, MANAGER, NOW, REMIND)
    assert made is not None
    return made


def wants(verb: Verb, member: int, *orders: tuple[int, int], note: str = "", proxy: str | None = None) -> Claim:
    return Claim(verb, member, f"王{member}*", CHAT, tuple(Order(*order) for order in orders), note, proxy)


async def settle(chains: SqlChainStore, chain_id: int, *claims: Claim, now: datetime = NOW) -> Chain:
    """Decide and store claims that arrived together, as the service does."""
    before = await chains.lock(chain_id)
    assert before is not None
    after, acts = before, dict[int, Act | None]()
    for claim in claims:
        decided, _ = decide(after, claim, now)
        acts[claim.member_id] = act_of(after, decided, claim, now) or acts.get(claim.member_id)
        after = decided
    await chains.save_entries(before, after, now)
    await chains.save_acts(chain_id, {member: act for member, act in acts.items() if act})
    return after


async def test_everything_about_an_entry_is_loaded_as_it_was_decided(chains: SqlChainStore, chain: Chain) -> None:
    decided = await settle(
        chains,
        chain.id,
        wants(Verb.JOIN, WANG, (2, 1), (1, 2), note="晚上送"),
        wants(Verb.JOIN, ZHANG, (1, 2), proxy="李阿姨"),
        wants(Verb.JOIN, LI, (2, 1)),
    )
    assert (len(decided.entries), len(decided.waiting)) == (3, 1)
    assert await chains.lock(chain.id) == decided
    moved = await settle(chains, chain.id, wants(Verb.LEAVE, WANG))
    assert moved.entries[-1].confirm_by == NOW + timedelta(hours=6)
    assert await chains.lock(chain.id) == moved
    assert await chains.due_for_lapse(NOW + timedelta(hours=6)) == [chain.id]
    assert await chains.due_for_lapse(NOW + timedelta(hours=5)) == []


async def test_names_of_others_and_notes_are_sealed(chains: SqlChainStore, chain: Chain, uow: UnitOfWork) -> None:
    await settle(chains, chain.id, wants(Verb.JOIN, WANG, (1, 1), note="住三单元", proxy="李阿姨"))
    for column in ("note", "proxy", "proxy_index", "masked_name"):
        stored = (await uow.session.execute(text(f"SELECT {column} FROM chain_entries"))).scalar_one()  # noqa: S608
        raw = stored.encode() if isinstance(stored, str) else bytes(stored)
        assert "阿姨".encode() not in raw
        assert "单元".encode() not in raw


async def test_items_can_be_exchanged_in_one_batch(chains: SqlChainStore, chain: Chain) -> None:
    await settle(chains, chain.id, wants(Verb.JOIN, WANG, (1, 1)))
    swapped = await settle(
        chains, chain.id, wants(Verb.EDIT, WANG, (1, 2)), wants(Verb.JOIN, WANG, (1, 1)), wants(Verb.EDIT, WANG, (2, 2))
    )
    assert [(entry.item, entry.quantity) for entry in swapped.entries] == [(2, 2), (1, 1)]
    assert await chains.lock(chain.id) == swapped


async def test_the_database_refuses_the_same_person_and_item_twice(
    uow: UnitOfWork, chains: SqlChainStore, chain: Chain
) -> None:
    await settle(chains, chain.id, wants(Verb.JOIN, WANG, (1, 1), proxy="李阿姨"))
    again = "INSERT INTO chain_entries SELECT chain_id, 9, member_id, masked_name, joined_at, left_at, item, quantity, "
    again += "note, proxy, proxy_index, waits, confirm_by FROM chain_entries"
    with pytest.raises(IntegrityError, match="chain_entries_one_per_person"):
        async with uow.session.begin_nested():
            await uow.session.execute(text(again))


@pytest.mark.parametrize("change", ["quantity = 0", "item = -1", "waits = true, confirm_by = now()", "proxy = ''"])
async def test_the_database_refuses_an_entry_that_cannot_be(
    uow: UnitOfWork, chains: SqlChainStore, chain: Chain, change: str
) -> None:
    await settle(chains, chain.id, wants(Verb.JOIN, WANG, (1, 1)))
    with pytest.raises(IntegrityError):
        async with uow.session.begin_nested():
            await uow.session.execute(text(f"UPDATE chain_entries SET {change}"))  # noqa: S608 - written above.


async def test_the_latest_change_is_kept_sealed_and_forgotten_once_undone(
    chains: SqlChainStore, chain: Chain, uow: UnitOfWork
) -> None:
    joined = await settle(chains, chain.id, wants(Verb.JOIN, WANG, (2, 1), note="晚上送"))
    assert await chains.acts(chain.id, [WANG, ZHANG]) == {WANG: Act(WANG, NOW)}
    await settle(chains, chain.id, wants(Verb.LEAVE, WANG))
    kept = await chains.acts(chain.id, [WANG])
    assert kept == {WANG: Act(WANG, NOW, joined.entries, frozenset({1}))}
    sealed = (await uow.session.execute(text("SELECT before FROM chain_acts"))).scalar_one()
    assert "晚上送".encode() not in bytes(sealed)
    before = await chains.lock(chain.id)
    assert before is not None
    undone, _ = decide(before, wants(Verb.UNDO, WANG), NOW, kept[WANG])
    await chains.save_entries(before, undone, NOW)
    await chains.save_acts(chain.id, {WANG: None})
    assert await chains.lock(chain.id) == replace(joined, next_sequence=2)
    assert await chains.acts(chain.id, [WANG]) == {}


async def test_a_chain_is_opened_again_unless_another_one_took_its_name(chains: SqlChainStore, chain: Chain) -> None:
    later = DEADLINE + timedelta(days=1)
    await chains.close(chain, NOW)
    longer = replace(chain, deadline=later)
    assert await chains.extend(longer, NOW, later - timedelta(hours=2))
    opened = await chains.lock(chain.id)
    assert opened is not None
    assert (opened.state, opened.deadline, opened.ending_at) == (ChainState.OPEN, later, later - timedelta(hours=2))
    await chains.close(chain, NOW)
    group = Group(chain.group_id, CHAT, "A银行&幸福里商户福利群", "幸福里", MANAGER, NOW)
    assert await chains.create(group, FRUIT, MANAGER, NOW, REMIND) is not None
    assert not await chains.extend(longer, NOW, REMIND)


async def test_who_is_missing_is_in_the_group_and_in_no_list(
    uow: UnitOfWork, chains: SqlChainStore, chain: Chain
) -> None:
    joined = "INSERT INTO group_members (group_id, member_id, joined_at, left_at) VALUES (:g, :m, :at, :left)"
    for member, left in ((WANG, None), (ZHANG, None), (LI, NOW)):
        await uow.session.execute(text(joined), {"g": chain.group_id, "m": member, "at": NOW, "left": left})
    assert await chains.missing(chain) == {WANG: "王11", ZHANG: "王12"}
    assert await chains.missing(await settle(chains, chain.id, wants(Verb.JOIN, WANG, (1, 1)))) == {ZHANG: "王12"}


async def test_hundreds_at_once_never_share_a_place_or_a_number(database: Database, vault: Vault) -> None:
    async with database.unit_of_work() as uow:
        group = await group_of(uow, vault)
        await uow.session.execute(
            text(
                "INSERT INTO members (id, name, language, private_chat, first_seen_at) "
                "SELECT 1000 + n, '', 'zh', 'never', :now FROM generate_series(1, :n) n"
            ),
            {"now": NOW, "n": JOINS},
        )
        made = await SqlChainStore(uow, vault).create(group, Plan("卡", PLACES, DEADLINE), MANAGER, NOW, REMIND)
    assert made is not None

    async def together(claims: Sequence[Claim]) -> None:
        async with database.unit_of_work() as uow:
            await settle(SqlChainStore(uow, vault), made.id, *claims)

    arrivals = [wants(Verb.JOIN, 1000 + number) for number in range(1, JOINS + 1)]
    await asyncio.gather(*(together(arrivals[at : at + TOGETHER]) for at in range(0, JOINS, TOGETHER)))
    full = await loaded(database, vault, made.id)
    assert (full.taken, len(full.waiting)) == (PLACES, JOINS - PLACES)
    await in_order_and_unbroken(database, full, JOINS)

    first = [entry.member_id for entry in full.entries]
    moves = [wants(verb, first[number % PLACES]) for number in range(MOVES // 2) for verb in (Verb.LEAVE, Verb.JOIN)]
    await asyncio.gather(*(together(moves[at : at + 10]) for at in range(0, MOVES, 10)))
    moved = await loaded(database, vault, made.id)
    assert (moved.taken, len(moved.waiting)) == (PLACES, JOINS - PLACES)
    await in_order_and_unbroken(database, moved, moved.next_sequence - 1)
    assert {entry.member_id for entry in (*moved.entries, *moved.waiting)} == {claim.member_id for claim in arrivals}


async def loaded(database: Database, vault: Vault, chain_id: int) -> Chain:
    async with database.unit_of_work() as uow:
        chain = await SqlChainStore(uow, vault).lock(chain_id)
    assert chain is not None
    return chain


async def in_order_and_unbroken(database: Database, chain: Chain, given: int) -> None:
    """Every number was given once, and nobody waits who came before somebody that was offered a place."""
    async with database.unit_of_work() as uow:
        numbers = await uow.session.execute(text("SELECT sequence FROM chain_entries ORDER BY sequence"))
        taken = (await uow.session.execute(text("SELECT taken FROM chains"))).scalar_one()
    assert [number for (number,) in numbers] == list(range(1, given + 1))
    assert taken == chain.taken == PLACES
    assert max(entry.sequence for entry in chain.entries) < min(entry.sequence for entry in chain.waiting)
