"""Customers as the bot reads them, and segmentation runs, on a real PostgreSQL."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.customers.intake import IntakeReport, IntakeService
from campaigns.customers.model import Letter
from campaigns.customers.segments import SegmentationRun, SegmentService
from campaigns.members.model import Language
from handlers.wording.segments import reason_words
from segmentation.changes import change
from segmentation.synthetic import AS_OF, invent_people, write_contacts, write_csv, write_delivery
from storage.customers import ContactRow, CustomerRow, SqlCustomerStore, contact_place, key_owner
from storage.database import Database, UnitOfWork
from storage.intakes import open_intakes
from storage.segments import clear_cases, open_segments
from storage.vault import Vault

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
PEOPLE = invent_people(80)
ZONE = "Asia/Shanghai"


class Unwatched:
    """A watcher who looks away."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


def import_folder(url: str, vault: Vault, folder: Path, as_of: date = AS_OF) -> None:
    with open_intakes(url, vault) as store:
        outcome = IntakeService(store, Unwatched(), NOW).import_delivery(folder, "cn-bank", as_of, 0.0)
    assert isinstance(outcome, IntakeReport), str(outcome)


def segment(url: str, now: datetime = NOW, until: date | None = None) -> SegmentationRun:
    with open_segments(url, ZONE) as store:
        run = SegmentService(store, now).segment(until)
    assert run is not None
    return run


@pytest.fixture
def bank(database_url: str, vault: Vault, tmp_path: Path) -> str:
    """A database with 80 customers; the first four have contacts."""
    write_delivery(tmp_path / "delivery", PEOPLE)
    import_folder(database_url, vault, tmp_path / "delivery")
    write_contacts(tmp_path / "contacts", [person.number for person in PEOPLE[:4]])
    import_folder(database_url, vault, tmp_path / "contacts")
    return database_url


async def test_a_customer_is_found_by_the_index_of_the_phone(bank: str, uow: UnitOfWork, vault: Vault) -> None:
    customers = SqlCustomerStore(uow)
    found = await customers.find_by_phone(vault.index("+8610000000002"))
    assert found is not None
    assert found.number == PEOPLE[1].number
    assert found == await customers.find_by_number(PEOPLE[1].number)
    assert await customers.find_by_phone(vault.index("+8613800000000")) is None


async def test_a_phone_that_two_customers_share_finds_nobody(
    bank: str, uow: UnitOfWork, vault: Vault, tmp_path: Path
) -> None:
    rows = [(person.number, "王芳", "13800000000") for person in PEOPLE[:2]]
    write_csv(tmp_path / "shared", "contacts", ("cust_no", "name", "phone"), rows, compress=False)
    import_folder(bank, vault, tmp_path / "shared")
    assert await SqlCustomerStore(uow).find_by_phone(vault.index("+8613800000000")) is None


async def test_a_contact_opens_with_the_customer_s_own_key(bank: str, uow: UnitOfWork, vault: Vault) -> None:
    contact = await uow.session.scalar(
        select(ContactRow).where(col(ContactRow.phone_index) == vault.index("+8610000000001"))
    )
    assert contact is not None
    owner = key_owner(contact.customer_id)
    await vault.load(uow.session, [owner])
    assert vault.open(owner, contact_place("phone", contact.customer_id), contact.phone) == "+8610000000001"
    assert vault.open(owner, contact_place("name", contact.customer_id), contact.name) == "王小明"


async def ids(uow: UnitOfWork) -> dict[str, UUID]:
    return {row.number: row.id for row in await uow.session.scalars(select(CustomerRow))}


async def test_people_drawn_from_a_class_are_put_into_it(bank: str, uow: UnitOfWork) -> None:
    segment(bank)
    known = await ids(uow)
    classes = await SqlCustomerStore(uow).classes_of(list(known.values()))
    assert {p.number: classes[known[p.number]].letter.value for p in PEOPLE} == {p.number: p.letter for p in PEOPLE}


async def test_a_class_comes_with_three_reasons_in_both_languages(bank: str, uow: UnitOfWork) -> None:
    segment(bank)
    found = await SqlCustomerStore(uow).latest_class((await ids(uow))[PEOPLE[1].number])
    assert found is not None
    assert (found.letter, found.as_of, len(found.reasons)) == (Letter.B, AS_OF, 3)
    assert found.missing == ("deposits",)
    for language in Language:
        assert len({reason_words(reason, language) for reason in found.reasons}) == 3


async def test_who_was_never_segmented_has_no_class(bank: str, uow: UnitOfWork) -> None:
    customer = (await ids(uow))[PEOPLE[0].number]
    assert await SqlCustomerStore(uow).latest_class(customer) is None


def test_the_same_data_and_policy_are_not_segmented_again(bank: str) -> None:
    first, second = segment(bank), segment(bank)
    assert (first.is_new, second.is_new) == (True, False)
    assert (second.id, second.summary) == (first.id, first.summary)


def test_new_contacts_do_not_segment_again(bank: str, vault: Vault, tmp_path: Path) -> None:
    first = segment(bank)
    write_contacts(tmp_path / "more", [PEOPLE[9].number])
    import_folder(bank, vault, tmp_path / "more")
    assert segment(bank).id == first.id


async def test_a_changed_policy_makes_a_new_run_and_history_stays(bank: str, database: Database) -> None:
    first = segment(bank)
    with open_segments(bank, ZONE) as store:
        made = store.current_policy()
        assert made is not None
        assert made.version == 1
        quiet_ones_far_away = ["prototypes.C.activity=-60", "prototypes.D.activity=-60"]
        assert store.change_policy(change(made.policy, quiet_ones_far_away), "head of retail", NOW) == 2
    second = segment(bank, NOW + timedelta(hours=1))
    assert second.is_new
    assert sum(entry["customers"] for entry in second.summary if entry["letter"] in "CD") == 0
    async with database.unit_of_work() as unit:
        known = await ids(unit)
        found = await SqlCustomerStore(unit).classes_of(list(known.values()))
    assert {each.letter for each in found.values()} <= {Letter.A, Letter.B}
    with open_segments(bank, ZONE) as store:
        assert len(list(store.lists.lines(first.id))) == len(list(store.lists.lines(second.id))) == len(PEOPLE)


def test_an_earlier_day_is_computed_the_same_after_a_later_delivery(bank: str, vault: Vault, tmp_path: Path) -> None:
    """No figure of later may change what is said of an earlier day."""
    before = segment(bank)
    with open_segments(bank, ZONE) as store:
        said = list(store.lists.lines(before.id))
    richer = invent_people(80, seed=2)
    write_delivery(tmp_path / "later", richer)
    for file in (tmp_path / "later").glob("deposits_*"):
        file.unlink()
    rows = [(p.number, "99999999.00", "9") for p in richer]
    write_csv(tmp_path / "later", "deposits_2019m12", ("cust_no", "C1", "C2"), rows, compress=False)
    import_folder(bank, vault, tmp_path / "later", date(2019, 12, 31))
    with psycopg.connect(bank) as connection:
        connection.execute("DELETE FROM customer_classes")
        connection.execute("DELETE FROM frozen_days")
        connection.execute("DELETE FROM segmentation_runs")
    again = segment(bank, until=date(2019, 11, 1))
    assert (again.key.as_of, again.summary) == (AS_OF, before.summary)
    with open_segments(bank, ZONE) as store:
        assert list(store.lists.lines(again.id)) == said


def test_no_customers_no_run(database_url: str) -> None:
    with open_segments(database_url, ZONE) as store:
        assert SegmentService(store, NOW).segment() is None


def test_the_demo_gets_the_surest_customers_of_every_class_in_turn(bank: str) -> None:
    segment(bank)
    found = clear_cases(bank, 8)
    assert "".join(letter for letter, _ in found) == "ABCDABCD"
    assert found == clear_cases(bank, 8)


def test_the_summary_is_plain_json(bank: str) -> None:
    assert json.loads(json.dumps(segment(bank).as_json()))["as_of"] == AS_OF.isoformat()
