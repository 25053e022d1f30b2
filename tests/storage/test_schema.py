"""Migrations from nothing, again, and together; and models that say what the database has."""

import importlib
import pkgutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Float, String, create_engine
from sqlmodel import AutoString, SQLModel

import storage
from storage import schema
from storage.database import sqlalchemy_url
from storage.private_postgres import PrivatePostgres

SEEDED = {"offers.made_by", "offers.made_at"}


@pytest.fixture
def empty_url(postgres: PrivatePostgres) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"empty_{uuid4().hex}"
    postgres.create_database(name)
    yield postgres.url(name)
    postgres.drop_database(name)


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in found}


def test_a_schema_comes_from_nothing_and_a_second_time_changes_nothing(empty_url: str) -> None:
    assert schema.upgrade(empty_url) is None
    first = tables(empty_url)
    assert {"members", "chains", "deliveries", "inbox", "data_keys"} <= first
    assert schema.upgrade(empty_url) == schema.head()
    assert tables(empty_url) == first


def test_two_programs_that_migrate_at_once_wait_for_each_other(empty_url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        before = list(pool.map(schema.upgrade, [empty_url] * 3))
    assert sorted(before, key=str) == sorted([None, schema.head(), schema.head()], key=str)


def test_a_database_without_a_schema_has_no_revision(empty_url: str) -> None:
    engine = create_engine(sqlalchemy_url(empty_url))
    with engine.connect() as connection:
        assert schema.revision_of(connection) is None
    engine.dispose()


def test_a_program_knows_its_own_revisions_and_no_later_one() -> None:
    head = schema.head()
    assert head is not None
    assert schema.knows("0001")
    assert schema.knows(head)
    assert not schema.knows("9999")


def test_the_models_say_what_the_migrated_database_has(database_url: str) -> None:
    for module in pkgutil.iter_modules(storage.__path__):
        importlib.import_module(f"storage.{module.name}")
    engine = create_engine(sqlalchemy_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": is_other_type, "include_object": modelled}
        )
        found = [change for change in flat(compare_metadata(context, SQLModel.metadata)) if is_shape(change)]
    engine.dispose()
    assert not found, "\n".join(map(str, found))


def modelled(thing: Any, _name: str | None, kind: str, reflected: bool, partner: object) -> bool:
    """Tables that only SQL writes have no model, seeded rows have columns that only people read: nothing to compare."""
    has_model = not reflected or partner is not None
    return has_model or (kind == "column" and f"{thing.table.name}.{thing.name}" not in SEEDED)


def is_other_type(_context: object, _found: object, _said: object, found: Any, said: Any) -> bool | None:
    """Lengths and widths are the database's to guard: char(1) is a string to the model, real a float."""
    are_words = isinstance(found, String) and isinstance(said, AutoString)
    are_fractions = isinstance(found, Float) and isinstance(said, Float)
    return False if are_words or are_fractions else None


def is_shape(change: tuple[Any, ...]) -> bool:
    """Tables, columns, their types and whether they may be empty; indexes and constraints live in the migrations."""
    return str(change[0]).endswith(("_table", "_column", "modify_type", "modify_nullable"))


def flat(changes: list[Any]) -> Iterator[tuple[Any, ...]]:
    for change in changes:
        if isinstance(change, list):
            yield from flat(change)
        else:
            yield change
