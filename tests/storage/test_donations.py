"""Donations on real rows: one for each account however many count at once, a cap that holds, books that close."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from campaigns.donations.files import EXAMPLE, read_pledge
from campaigns.donations.model import Books, KeptPledge, Payment, Pledge, PledgeRefusal, Sheet, Standing
from campaigns.donations.service import DonationService
from storage.database import Database
from storage.donations import SqlDonationStore

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
PLEDGE = replace(read_pledge(EXAMPLE.read_text("utf-8")), cap_fen=500)
FIRST = PLEDGE.first


@dataclass
class Bank:
    """A bank that promised to give, with accounts as the bank's file tells of them."""

    database: Database

    async def loads(self, pledge: Pledge = PLEDGE) -> Standing | PledgeRefusal:
        async with self.database.unit_of_work() as uow:
            return await DonationService(SqlDonationStore(uow), lambda: NOW).load(pledge, "李敏")

    async def told(self, event: str, *numbers: int, on: date = FIRST) -> None:
        """A file of accounts, taken in and counted in one transaction."""
        async with self.database.unit_of_work() as uow:
            for number in numbers:
                row = "INSERT INTO customers (id, number, first_as_of) VALUES (:id, :no, :on) ON CONFLICT DO NOTHING"
                facts = {"id": UUID(int=number), "no": f"C{number}", "on": FIRST}
                await uow.session.execute(text(row), facts)
                line = "INSERT INTO account_events VALUES (:id, :event, :on, :now) ON CONFLICT DO NOTHING"
                await uow.session.execute(text(line), {"id": UUID(int=number), "event": event, "on": on, "now": NOW})
            await DonationService(SqlDonationStore(uow), lambda: NOW).count()

    async def pays(self, reference: str) -> tuple[KeptPledge, Payment] | PledgeRefusal:
        async with self.database.unit_of_work() as uow:
            return await DonationService(SqlDonationStore(uow), lambda: NOW).pay(PLEDGE.code, reference, "李敏")

    async def withdraws(self, number: str, day: date = FIRST) -> PledgeRefusal | None:
        async with self.database.unit_of_work() as uow:
            service = DonationService(SqlDonationStore(uow), lambda: NOW)
            return await service.withdraw(PLEDGE.code, number, day, "told by mistake", "李敏")

    async def books(self) -> Books:
        """The books, which close: what the next sheet is for is what is owed."""
        async with self.database.unit_of_work() as uow:
            service = DonationService(SqlDonationStore(uow), lambda: NOW)
            standing, sheet = await service.standing(PLEDGE.code), await service.sheet(PLEDGE.code)
        assert standing is not None
        assert not isinstance(sheet, PledgeRefusal)
        assert sheet[1].fen == standing.books.owed_fen
        return standing.books


@pytest.fixture
def bank(database: Database) -> Bank:
    return Bank(database)


async def test_an_account_gives_once_however_many_count_at_once_and_never_over_the_cap(bank: Bank) -> None:
    await bank.loads()
    files = [(1, 2, 3), (2, 3, 4), (3, 4, 5, 6), (5, 6, 7, 1)]
    await asyncio.gather(*(bank.told("opened", *sorted(numbers)) for numbers in files))
    assert await bank.books() == Books(accounts=5, beyond_cap=2, accrued_fen=500)
    await bank.told("opened", *range(1, 8))
    assert await bank.books() == Books(accounts=5, beyond_cap=2, accrued_fen=500)
    paid = await asyncio.gather(*(bank.pays(reference) for reference in ("T1", "T1", "T2")))
    assert sorted(type(each).__name__ for each in paid) in (
        ["PledgeRefusal", "PledgeRefusal", "tuple"],  # T2 came first, and nothing is owed any more.
        ["PledgeRefusal", "tuple", "tuple"],
    )
    assert await bank.books() == Books(accounts=5, beyond_cap=2, accrued_fen=500, paid_fen=500)


async def test_what_was_opened_before_the_pledge_was_kept_counts_and_what_is_outside_its_days_does_not(
    bank: Bank,
) -> None:
    await bank.told("opened", 1)
    await bank.told("opened", 2, on=FIRST - timedelta(days=1))
    await bank.told("opened", 3, on=PLEDGE.last + timedelta(days=1))
    found = await bank.loads()
    assert isinstance(found, Standing)
    assert found.books == Books(accounts=1, accrued_fen=100)
    assert await bank.loads(replace(PLEDGE, fen_each=200)) is PledgeRefusal.COUNTED_ALREADY
    assert await bank.loads(replace(PLEDGE, code="another")) is PledgeRefusal.OVERLAPS
    later = replace(PLEDGE, code="later", first=PLEDGE.last + timedelta(days=1), last=PLEDGE.last + timedelta(days=9))
    assert isinstance(await bank.loads(later), Standing)
    assert isinstance(await bank.loads(PLEDGE), Standing)


async def test_a_withdrawn_opening_is_owed_no_more_and_what_was_paid_for_it_is_set_against_the_next_payment(
    bank: Bank,
) -> None:
    await bank.loads()
    await bank.told("opened", 1, 2)
    await bank.told("closed", 1, on=FIRST + timedelta(days=30))
    await bank.told("closed", 2, on=FIRST + timedelta(days=31))  # Too late to matter.
    assert await bank.books() == Books(accounts=1, withdrawn=1, accrued_fen=100)
    await bank.pays("T1")
    assert await bank.withdraws("C2") is None
    assert await bank.withdraws("C2") is PledgeRefusal.TAKEN_BACK_ALREADY
    assert await bank.withdraws("C9") is PledgeRefusal.NO_DONATION
    assert (await bank.books()).owed_fen == -100
    assert await bank.pays("T2") is PledgeRefusal.NOTHING_OWED
    await bank.told("opened", 3, 4)
    paid = await bank.pays("T2")
    assert isinstance(paid, tuple)
    sheet: Sheet = paid[1].sheet
    assert (sheet.accounts, sheet.withdrawn, sheet.fen) == (2, 1, 100)
    assert await bank.books() == Books(accounts=2, withdrawn=2, accrued_fen=200, paid_fen=200)
    again = await bank.pays("T1")
    assert isinstance(again, tuple)
    assert again[1].fen == 100


async def test_the_database_itself_takes_no_second_donation_of_an_account_and_nothing_over_the_cap(bank: Bank) -> None:
    await bank.loads()
    await bank.told("opened", 1)
    for forbidden in (
        "INSERT INTO donations SELECT customer_id, opened_on, pledge_id, fen, counted_at FROM donations",
        "UPDATE donation_pledges SET accrued_fen = cap_fen + 1",
    ):
        with pytest.raises(IntegrityError):
            async with bank.database.unit_of_work() as uow:
                await uow.session.execute(text(forbidden))


async def test_an_account_that_was_closed_in_time_takes_no_place_under_the_cap(bank: Bank) -> None:
    await bank.told("opened", *range(1, 8))
    await bank.told("closed", 1, 2)
    await bank.loads()
    assert await bank.books() == Books(accounts=5, withdrawn=2, accrued_fen=500)


async def test_a_payment_is_never_changed_or_removed_and_no_donation_is_removed(bank: Bank) -> None:
    await bank.loads()
    await bank.told("opened", 1)
    await bank.pays("T1")
    for forbidden in (
        "UPDATE donation_payments SET fen = 1",
        "DELETE FROM donation_payments WHERE false",
        "DELETE FROM donations",
        "DELETE FROM donation_pledges WHERE false",
    ):
        with pytest.raises(DBAPIError, match="never changed or removed"):
            async with bank.database.unit_of_work() as uow:
                await uow.session.execute(text(forbidden))


async def test_a_pledge_that_is_loaded_again_and_a_file_of_accounts_never_wait_for_each_other(bank: Bank) -> None:
    later = replace(PLEDGE, code="later", first=PLEDGE.last + timedelta(days=1), last=PLEDGE.last + timedelta(days=9))
    await bank.loads()
    await bank.loads(later)
    async with bank.database.unit_of_work() as counting:
        store = SqlDonationStore(counting)
        await store.lock(PLEDGE.code)  # Who counts takes the pledges in their order.
        loading = asyncio.create_task(bank.loads(later))
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
        while not await counting.session.scalar(waits):
            await asyncio.sleep(0)
        await counting.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        assert await store.lock("later")
    assert isinstance(await loading, Standing)
