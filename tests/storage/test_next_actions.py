"""Next actions on a real PostgreSQL: written with the run, read by the bot, moved by what people tell and record."""

from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from campaigns.customers.adapting import AdaptingService, Because, adapt
from campaigns.customers.next_actions import ActionKind, NextAction, advised_rate
from campaigns.customers.segments import SegmentationRun, SegmentService
from campaigns.members.model import Language, Member
from campaigns.staff.model import Role
from campaigns.tags.model import Tag
from campaigns.tags.service import TagService
from segmentation.lending import LoanOffer, NoLoan
from segmentation.rates import RateTable
from segmentation.synthetic import invent_people, write_delivery
from storage.adapting import SqlAdaptingStore
from storage.database import Database, UnitOfWork
from storage.lending import SqlLendingStore
from storage.next_actions import SqlNextActionStore
from storage.portraits import SqlPortraitStore
from storage.segments import open_segments
from storage.setbacks import SqlSetbacks
from storage.tags import SqlTagStore
from storage.vault import Vault
from tests.storage.runs import NOW, ZONE, change, import_folder, segment

PEOPLE = invent_people(80)
LEAD = Member(7, "王", Language.ZH, frozenset({Role.TEAM_LEAD}))


@pytest.fixture
def bank(database_url: str, vault: Vault, tmp_path: Path) -> str:
    """A database with 80 customers of one quarter."""
    write_delivery(tmp_path / "delivery", PEOPLE)
    import_folder(database_url, vault, tmp_path / "delivery")
    return database_url


def segment_next_day(url: str) -> SegmentationRun:
    """The run of a day later: of two at the same moment neither is the later one."""
    with open_segments(url, ZONE) as store:
        run = SegmentService(store, NOW + timedelta(days=1)).segment()
    assert run is not None
    return run


async def actions(database: Database) -> dict[str, NextAction]:
    async with database.unit_of_work() as uow:
        store = SqlNextActionStore(uow)
        found = {person.number: await store.next_action(person.number) for person in PEOPLE}
    return {number: action for number, action in found.items() if action}


async def tell(database: Database, number: str, code: str) -> None:
    async with database.unit_of_work() as uow:
        tag = await TagService(SqlTagStore(uow), NOW - timedelta(days=1)).set(number, code, "told", LEAD, LEAD.roles)
    assert isinstance(tag, Tag)


async def adapts(uow: UnitOfWork, at: datetime) -> int:
    return await AdaptingService(SqlAdaptingStore(uow), lambda: at).tick(SqlSetbacks(uow, lambda: at))


async def test_every_customer_of_a_run_has_an_action_and_the_report_adds_up(bank: str, database: Database) -> None:
    run = segment(bank)
    found = await actions(database)
    assert len(found) == 80
    report = run.report["next_actions"]
    assert report["expected_value_fen"] == sum(each.expected_value_fen for each in found.values())
    assert {kind: row["customers"] for kind, row in report["by_action"].items()} == {
        kind: sum(each.action == kind for each in found.values()) for kind in {each.action for each in found.values()}
    }
    assert all(each.reasons and each.reasons[0].points > 0 for each in found.values())
    assert all((each.action is ActionKind.NOTHING) == (each.channel is None) for each in found.values())
    with open_segments(bank, ZONE) as store:
        lines = {line.number: line for line in store.lists.lines(run.id)}
    assert all(lines[number].next_action == each.action for number, each in found.items())


async def test_nobody_knows_an_action_before_a_run(bank: str, database: Database) -> None:
    assert await actions(database) == {}
    async with database.unit_of_work() as uow:
        store = SqlNextActionStore(uow)
        assert not await store.record_outcome(PEOPLE[0].number, succeeded=True, by="7", now=NOW)


async def test_an_appetite_that_was_told_opens_products_at_the_next_run(bank: str, database: Database) -> None:
    first = segment(bank)
    assert not segment(bank).is_new
    number = next(number for number, each in (await actions(database)).items() if len(each.products) == 1)
    await tell(database, number, "risk_c5")
    second = segment(bank)
    assert (second.is_new, second.key.data_digest != first.key.data_digest) == (True, True)
    assert not segment(bank).is_new


def _has_loan(found: NextAction) -> bool:
    return ActionKind.LOAN in {found.action, *(other.action for other in found.alternatives)}


async def test_a_recorded_outcome_moves_the_chances_of_its_kind(bank: str, database: Database) -> None:
    segment(bank)
    before = await actions(database)
    tried = [number for number, each in before.items() if each.action is not ActionKind.NOTHING]
    kind = before[tried[0]].action
    alike = [number for number in tried if before[number].action is kind]
    async with database.unit_of_work() as uow:
        for number in alike:
            store = SqlNextActionStore(uow)
            assert await store.record_outcome(number, succeeded=False, by="7", now=NOW - timedelta(days=1))
            assert await store.record_outcome(number, succeeded=True, by="7", now=NOW - timedelta(days=1))
    assert segment_next_day(bank).is_new
    after = await actions(database)
    same = [
        number for number in alike if after[number].action is kind and after[number].channel == before[number].channel
    ]
    assert same
    assert all(after[number].probability > before[number].probability for number in same)


async def test_a_loan_is_proposed_by_books_and_record_and_never_to_who_is_overdue_or_just_asked(
    bank: str, database: Database
) -> None:
    segment(bank)

    async def proposals() -> dict[str, LoanOffer | NoLoan | None]:
        async with database.unit_of_work() as uow:
            store, tags = SqlLendingStore(uow), SqlTagStore(uow)
            known = {person.number: await tags.customer(person.number) for person in PEOPLE}
            return {number: await store.proposal(who.id, NOW) for number, who in known.items() if who}

    offered = [number for number, found in (await proposals()).items() if isinstance(found, LoanOffer)]
    first, second, *_ = offered
    assert len(offered) < len(PEOPLE)
    with psycopg.connect(bank) as connection:
        connection.execute(
            """INSERT INTO members (id, name, language, private_chat, customer_id, first_seen_at)
               SELECT 1, '', 'zh', 'open', id, %(now)s FROM customers WHERE number = %(number)s""",
            {"now": NOW, "number": second},
        )
        connection.execute(
            """INSERT INTO loan_requests (mark, member_id, customer_id, amount_yuan, months, state, owner_id, reason,
                   asked_at, state_since)
               SELECT gen_random_uuid(), 1, id, 1000, 12, 'declined', 1, 'no', %(now)s, %(now)s FROM customers
               WHERE number = %(number)s""",
            {"now": NOW - timedelta(days=30), "number": second},
        )
        connection.execute(
            """WITH firm AS (INSERT INTO customers (id, number, first_as_of, kind)
                   VALUES (gen_random_uuid(), 'F1', '2019-09-30', 'enterprise') RETURNING id)
               INSERT INTO enterprise_snapshots (as_of, customer_id, industry, loans, deposits, settlement_volume,
                   credit_grade)
               SELECT '2019-09-30', id, 'trade', 20000000, 5000000, 1000000000, 'A' FROM firm"""
        )
    async with database.unit_of_work() as uow:
        firm = await SqlTagStore(uow).customer("F1")
        assert firm is not None
        asked = await SqlLendingStore(uow).proposal(firm.id, NOW)
    assert isinstance(asked, LoanOffer)
    assert asked.amount_fen == 60_000_000  # Eight per cent of a year's settlement, less what it owes.
    await tell(database, first, "credit_overdue")
    after = await proposals()
    assert (after[first], after[second]) == (NoLoan.REFUSED, NoLoan.ASKED)
    assert segment_next_day(bank).is_new
    found = (await actions(database))[first]
    assert ActionKind.LOAN not in {found.action, *(other.action for other in found.alternatives)}


async def test_news_of_a_day_move_the_actions_of_whom_they_are_about_and_no_others(
    bank: str, database: Database
) -> None:
    segment(bank)
    before = await actions(database)
    barred = next(number for number, each in before.items() if _has_loan(each))
    rich = next(number for number, each in before.items() if each.products and number != barred)
    later = NOW + timedelta(hours=1)
    with psycopg.connect(bank) as connection:
        connection.execute(
            """INSERT INTO events (customer_id, kind, at, amount, payload, source, key, recorded_at)
               SELECT id, 'large_inflow', %(at)s, 90000000000, '{}', 'file', 'file:1', %(at)s FROM customers
               WHERE number = %(number)s""",
            {"at": later, "number": rich},
        )
    async with database.unit_of_work() as uow:
        assert isinstance(
            await TagService(SqlTagStore(uow), later).set(barred, "credit_refused", "told", LEAD, LEAD.roles), Tag
        )

    async def adapts_at(at: datetime) -> int:
        async with database.unit_of_work() as uow:
            return await adapts(uow, at)

    assert await adapts_at(later) == 2
    assert await adapts_at(later + timedelta(seconds=30)) == 0  # Looked at once a minute.
    assert await adapts_at(later + timedelta(minutes=5)) == 0  # And nothing is news twice.
    after = await actions(database)
    assert {number for number in before if before[number] != after[number]} == {rich, barred}
    assert after[rich].action is ActionKind.PRODUCT
    assert after[rich].reasons[0].code == Because.INFLOW
    assert ActionKind.LOAN not in {after[barred].action, *(other.action for other in after[barred].alternatives)}
    async with database.unit_of_work() as uow:
        tags = SqlTagStore(uow)
        who = await tags.customer(barred)
        assert who is not None
        await tags.end(who.id, frozenset({"credit_refused"}), "7", later + timedelta(minutes=10))
    assert await adapts_at(later + timedelta(minutes=11)) == 1
    assert (await actions(database))[barred] == before[barred]  # What is taken back gives the run's own word again.


async def test_one_action_that_cannot_be_adapted_holds_up_no_other(bank: str, database: Database) -> None:
    segment(bank)
    broken, barred = [number for number, each in (await actions(database)).items() if _has_loan(each)][:2]
    later = NOW + timedelta(hours=1)
    async with database.unit_of_work() as uow:
        for number in (broken, barred):
            tags = TagService(SqlTagStore(uow), later)
            assert isinstance(await tags.set(number, "credit_refused", "told", LEAD, LEAD.roles), Tag)
    with psycopg.connect(bank) as connection:
        connection.execute(
            """UPDATE customer_actions SET products = '[{"unheard": 1}]'
               WHERE customer_id = (SELECT id FROM customers WHERE number = %s)""",
            [broken],
        )
    for minutes, looked_at in ((0, 2), (2, 1), (3, 0)):  # And who rests stands in nobody's way.
        async with database.unit_of_work() as uow:
            assert await adapts(uow, later + timedelta(minutes=minutes)) == looked_at
    async with database.unit_of_work() as uow:
        found = await SqlNextActionStore(uow).next_action(barred)
    assert found is not None
    assert ActionKind.LOAN not in {found.action, *(other.action for other in found.alternatives)}


async def test_an_action_whose_outcome_was_recorded_meanwhile_stays(bank: str, database: Database) -> None:
    segment(bank)
    before = await actions(database)
    number = next(number for number, each in before.items() if each.action is ActionKind.LOAN)
    later = NOW + timedelta(hours=1)
    async with database.unit_of_work() as uow:
        tags = TagService(SqlTagStore(uow), later)
        assert isinstance(await tags.set(number, "credit_refused", "told", LEAD, LEAD.roles), Tag)
    async with database.unit_of_work() as uow:
        store = SqlAdaptingStore(uow)
        affected, numbers = await store.affected(later, 10), await store.numbers()
        assert numbers is not None
        async with database.unit_of_work() as manager:
            assert await SqlNextActionStore(manager).record_outcome(number, succeeded=True, by="7", now=later)
        read = await store.read(affected, later)
        await store.keep([(who, adapt(action, known, numbers)) for who, action, known in read], later)
    assert (await actions(database))[number] == before[number]


async def test_a_customer_linked_in_the_chat_can_be_messaged(bank: str, database: Database) -> None:
    change(bank, "actions.manager_hours=0")
    segment(bank)
    pushed = [number for number, each in (await actions(database)).items() if each.channel == "push"]
    with psycopg.connect(bank) as connection:
        connection.execute(
            """INSERT INTO members (id, name, language, private_chat, customer_id, first_seen_at)
               SELECT 1, '', 'zh', 'open', id, now() FROM customers WHERE number = %s""",
            [pushed[0]],
        )
    segment_next_day(bank)
    assert (await actions(database))[pushed[0]].channel == "message"


async def test_a_rate_is_advised_to_borrowers_by_the_table_of_the_run(bank: str, database: Database) -> None:
    segment(bank)
    change(bank, "rates.base=500")
    async with database.unit_of_work() as uow:
        store, portraits = SqlNextActionStore(uow), SqlPortraitStore(uow)
        assert (await store.rate_table(1), (await store.rate_table(2)).base) == (RateTable(), 500)
        rates = {}
        for person in PEOPLE:
            portrait = await portraits.portrait(person.number)
            assert portrait is not None
            rates[person.number] = advised_rate(portrait, None, await store.rate_table(portrait.policy_version))
    borrowers = {person.number for person in PEOPLE if person.aum[6] != "0"}
    assert {number for number, rate in rates.items() if rate} == borrowers
    assert all(rate.parts["base"] == 435 for rate in rates.values() if rate)
