"""Audiences on a real PostgreSQL: SQL says of every tree what plain Python says, reach with its reasons, names kept."""

import importlib
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import example, given, settings

from campaigns.audiences.fields import FIELDS
from campaigns.audiences.model import (
    Audience,
    Everybody,
    Expression,
    Fault,
    Frame,
    Known,
    Not,
    SaveRefusal,
    Unreachable,
)
from campaigns.audiences.parser import parse
from campaigns.audiences.printer import say
from campaigns.audiences.service import AudienceService
from handlers.wording.audiences import LEXICON
from storage.audience_sql import COLUMNS, EVENTS, belonging
from storage.audiences import SqlAudienceStore
from storage.database import Database
from storage.private_postgres import PrivatePostgres
from tests.audience_people import DAY, NOW, RUN, UNKNOWN_TAG, Person, fill, holds, invent
from tests.audience_trees import trees
from tests.databases import fresh_database

ZONE = "Asia/Shanghai"
PEOPLE = invent(300)
FRAME = Frame(RUN, DAY, frozenset({UNKNOWN_TAG}))


@pytest.fixture(scope="module")
def crowd(postgres: PrivatePostgres) -> Iterator[str]:
    """A database with the invented customers, which no test changes."""
    with fresh_database(postgres) as url:
        fill(url, PEOPLE)
        yield url


@pytest.fixture(scope="module")
def connection(crowd: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(crowd) as opened:
        yield opened


def tree(line: str) -> Expression:
    found = parse(line, LEXICON)
    assert not isinstance(found, Fault)
    return found


def chosen(connection: psycopg.Connection, expression: Expression) -> set[object]:
    statement = belonging(expression, FRAME, NOW, ZONE)
    return {row[0] for row in connection.execute(statement.sql.encode(), dict(statement.facts))}


def expected(expression: Expression) -> list[Person]:
    return [person for person in PEOPLE if holds(expression, person)]


@settings(max_examples=40, deadline=None)
@given(trees)
@example(tree("女 且 年龄 25-40 且 月消费 > 5000"))
@example(tree("not risk < C1 or risk > C5"))
@example(tree("tag in (salary, risk_c2, idle_cash) or not tag = salary"))
def test_the_database_chooses_whom_plain_python_chooses(connection: psycopg.Connection, expression: Expression) -> None:
    assert chosen(connection, expression) == {person.id for person in expected(expression)}
    assert chosen(connection, Not(expression)) == {person.id for person in expected(Not(expression))}


def test_every_field_can_be_asked_for(connection: psycopg.Connection) -> None:
    for name in COLUMNS:
        known, unknown = (chosen(connection, Known(name, is_known=each)) for each in (True, False))
        assert len(known) + len(unknown) == len(PEOPLE)
        assert known == {person.id for person in PEOPLE if person.facts[name] is not None}
    for name in EVENTS:
        assert chosen(connection, tree(name)) == {person.id for person in PEOPLE if person.facts[name]}


def test_every_field_of_the_language_has_its_column() -> None:
    assert set(FIELDS) == {*COLUMNS, *EVENTS, "tag", "group", "consent"}


def test_what_is_unknown_is_neither_chosen_nor_chosen_by_not(connection: psycopg.Connection) -> None:
    rich, not_rich = chosen(connection, tree("churn > 20")), chosen(connection, tree("not churn > 20"))
    unknown = chosen(connection, tree("churn is unknown"))
    assert unknown
    assert not unknown & (rich | not_rich)
    assert len(rich) + len(not_rich) + len(unknown) == len(PEOPLE)
    assert chosen(connection, tree("tag = salary")) == chosen(connection, tree("not tag = salary")) == set()


def test_what_is_written_never_becomes_sql(connection: psycopg.Connection) -> None:
    trick = "'); DROP TABLE members; --"
    statement = belonging(tree(f'district = "{trick}" or group = "{trick}"'), FRAME, NOW, ZONE)
    assert trick not in statement.sql
    assert chosen(connection, tree(f'district = "{trick}" or group = "{trick}"')) == set()


async def test_a_count_tells_heads_reach_why_not_and_of_whom_nothing_can_be_told(crowd: str) -> None:
    database = Database(crowd, pool_size=1)
    expression = tree("assets > 20000 and churn > 10")
    found = [(holds(expression, person), person.row["unreachable"]) for person in PEOPLE]
    stands = Counter(reason for fits, reason in found if fits)
    async with database.unit_of_work() as uow:
        counted = await AudienceService(SqlAudienceStore(uow, ZONE), LEXICON, lambda: NOW).count(expression)
    await database.close()
    assert counted.heads == sum(stands.values())
    assert counted.reachable == stands[None] > 0
    assert counted.unreachable == {Unreachable(reason): heads for reason, heads in stands.items() if reason}
    assert set(counted.unreachable) == set(Unreachable)
    assert counted.undecided == sum(fits is None for fits, _ in found) > 0
    assert counted.as_of == DAY


async def test_a_sample_names_nobody_and_is_the_same_each_time(crowd: str) -> None:
    database = Database(crowd, pool_size=1)
    async with database.unit_of_work() as uow:
        service = AudienceService(SqlAudienceStore(uow, ZONE), LEXICON, lambda: NOW)
        first, again = await service.sample(tree("reachable"), 5), await service.sample(tree("reachable"), 5)
        anybody = await service.sample(Everybody(), 100)
    await database.close()
    assert first == again
    assert len(first) == 5
    assert all(each.unreachable is None and each.number.startswith("…") for each in first)
    assert {each.unreachable for each in anybody} >= {None, Unreachable.UNBOUND}


async def save(database: Database, name: str, line: str, by: str, *, replace: bool = False) -> Audience | SaveRefusal:
    async with database.unit_of_work() as uow:
        service = AudienceService(SqlAudienceStore(uow, ZONE), LEXICON, lambda: NOW)
        return await service.save(name, tree(line), by, replace=replace)


async def test_a_saved_audience_has_its_members_at_once_and_its_name_is_its_maker_s(
    database_url: str, database: Database
) -> None:
    fill(database_url, PEOPLE[:40])
    kept = await save(database, " 女  客户 ", "女 且 绑定", "7")
    assert isinstance(kept, Audience)
    assert (kept.name, kept.expression) == ("女 客户", "gender = female and bound")
    assert kept.members == kept.joined == sum(bool(holds(tree("女 且 绑定"), each)) for each in PEOPLE[:40]) > 0
    assert await save(database, "女 客户", "男", "8") is SaveRefusal.TAKEN
    replaced = await save(database, "女 客户", "男", "8", replace=True)
    assert isinstance(replaced, Audience)
    assert (replaced.made_by, replaced.left) == ("8", kept.members)
    assert await save(database, "  ", "男", "8") is SaveRefusal.NO_NAME
    assert await save(database, "长" * 61, "男", "8") is SaveRefusal.LONG_NAME
    async with database.unit_of_work() as uow:
        service = AudienceService(SqlAudienceStore(uow, ZONE), LEXICON, lambda: NOW)
        assert await service.read("女 客户") == tree("男")
        assert [each.members for each in await service.changes("女 客户")] == [replaced.members, kept.members]


async def test_before_any_delivery_nobody_is_counted(database: Database) -> None:
    async with database.unit_of_work() as uow:
        counted = await AudienceService(SqlAudienceStore(uow, ZONE), LEXICON, lambda: NOW).count(Everybody())
    assert (counted.heads, counted.as_of) == (0, None)


def test_what_was_saved_as_a_condition_before_is_a_line_now() -> None:
    line_of = importlib.import_module("storage.migrations.versions.0051_audiences")._line
    condition = {
        "letters": ["A", "B"],
        "bands": [],
        "lifecycles": ["new"],
        "tags": ["salary"],
        "without": ["idle_cash"],
    }
    line = line_of(condition)
    assert say(tree(line)) == line == "class in (A, B) and lifecycle in (new) and tag = salary and not tag = idle_cash"
    assert tree(line_of(dict.fromkeys(condition, ()))) == Everybody()
