"""A bank of invented customers with two quarters and their classes, built once and copied for every test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from campaigns.customers.intake import IntakeReport, IntakeService
from campaigns.customers.segments import SegmentService
from segmentation.synthetic import AS_OF, AUM, BEHAVIOR, Person, invent_people, write_csv, write_delivery
from storage.intakes import open_intakes
from storage.private_postgres import PrivatePostgres
from storage.segments import open_segments
from storage.vault import Keyring, Vault

PEOPLE = invent_people(60)
GROWN = next(person for person in PEOPLE if person.letter == "A")  # Rich in the second quarter, all on demand.
NEXT = date(2019, 12, 31)
NOW = datetime(2020, 1, 5, 9, tzinfo=UTC)


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


def fill(url: str, folder: Path) -> None:
    """Deliver both quarters into an empty database and put everybody into classes after each."""
    vault = Vault(Keyring.open(folder / "keyring.json"))
    write_delivery(folder / "first", PEOPLE)
    _import(url, vault, folder / "first", AS_OF)
    aum = [_aum(person, 9_000_000 if person is GROWN else None) for person in PEOPLE]
    write_csv(folder / "next", "aum", AUM, aum, compress=False)
    behavior = ((person.number, *person.behavior) for person in PEOPLE)
    write_csv(folder / "next", "behavior", BEHAVIOR, behavior, compress=False)
    _import(url, vault, folder / "next", NEXT)


@contextmanager
def copy_of(postgres: PrivatePostgres, template: str) -> Iterator[str]:
    """A database of the test's own, copied from a filled one."""
    name = f"bank_{uuid4().hex}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield postgres.url(name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _aum(person: Person, on_demand: int | None) -> tuple[str, ...]:
    if on_demand is None:
        return (person.number, *person.aum)
    return (person.number, "0", "0", f"{on_demand}.0", "0", "0", "0", "0", "0")


def _import(url: str, vault: Vault, folder: Path, as_of: date) -> None:
    with open_intakes(url, vault) as store:
        outcome = IntakeService(store, Unwatched(), NOW).import_delivery(folder, "cn-bank", as_of, 0.0)
    assert isinstance(outcome, IntakeReport), str(outcome)
    with open_segments(url, "Asia/Shanghai") as store:
        SegmentService(store, NOW).segment()
