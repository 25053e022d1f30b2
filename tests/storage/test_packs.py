"""Packs on real rows: versions in a row, a round planned once whoever ticks, and what the deliveries tell."""

import asyncio
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.catalogue.files import read_catalogue
from campaigns.catalogue.model import Edition as CatalogueEdition
from campaigns.customers.model import Letter
from campaigns.deliveries.service import Outbox
from campaigns.packs.files import read_packs
from campaigns.packs.model import PackEdition, Standing
from campaigns.packs.service import PackService, keep
from handlers.wording.audiences import LEXICON
from handlers.wording.packs import PackWords
from storage.catalogue import SqlCatalogueStore
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.packs import SqlPackStore
from storage.vault import Vault
from tests.storage.bank import NOON, Bank
from tests.voucher_desk import ZONE, desk

FOLDER = Path(__file__).resolve().parents[2] / "campaigns"
EXAMPLE = (FOLDER / "packs" / "example.yaml").read_text("utf-8")
FILE = read_packs(EXAMPLE, LEXICON)


@pytest.fixture
async def bank(database: Database, vault: Vault) -> Bank:
    run = uuid4()
    async with database.unit_of_work() as uow:
        await uow.session.execute(
            text("INSERT INTO segmentation_policies VALUES (1, '{}', 'default', :now)"), {"now": NOON}
        )
        await uow.session.execute(
            text("INSERT INTO segmentation_runs VALUES (:id, '2025-09-30', 'lines-1', 1, :digest, :now, '[]')"),
            {"id": run, "digest": "0" * 64, "now": NOON},
        )
        catalogue = read_catalogue((FOLDER / "catalogue" / "example.yaml").read_text("utf-8"))
        await SqlCatalogueStore(uow).add(CatalogueEdition(1, catalogue, "王", NOON, "首次"))
    made = Bank(database, vault, run)
    await made.group(-1)
    return made


def packs(uow: UnitOfWork, vault: Vault) -> PackService:
    found, outbox = desk(uow, vault, lambda: NOON), Outbox(SqlDeliveryStore(uow), lambda: NOON)
    store, catalogue, zone = SqlPackStore(uow), SqlCatalogueStore(uow), ZoneInfo(ZONE)
    return PackService(store, found.vouchers, catalogue, found.store, outbox, PackWords(), LEXICON, lambda: NOON, zone)


async def kept(database: Database, changed: str = EXAMPLE) -> PackEdition:
    async with database.unit_of_work() as uow:
        edition, _ = await keep(SqlPackStore(uow), read_packs(changed, LEXICON), "王", "测试", NOON)
    return edition


async def test_the_same_file_again_is_no_new_version_and_a_version_is_never_changed(database: Database) -> None:
    first, again = await kept(database), await kept(database)
    assert (first.version, again.version) == (1, 1)
    assert (await kept(database, EXAMPLE.replace("uses: 10", "uses: 12"))).version == 2
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.unit_of_work() as uow:
            await uow.session.execute(text("UPDATE pack_versions SET reason = 'x'"))


async def test_a_round_is_planned_once_for_those_of_its_stage(bank: Bank) -> None:
    for member_id in (11, 12, 13):
        await bank.customer(member_id, Letter.B, -1)
    async with bank.database.unit_of_work() as uow:
        await uow.session.execute(
            text(
                "UPDATE customer_classes SET lifecycle = 'mature' WHERE customer_id IN"
                " (SELECT customer_id FROM members WHERE id IN (11, 12))"
            )
        )
    await kept(bank.database)

    async def tick() -> int:
        async with bank.database.unit_of_work() as uow:
            return await packs(uow, bank.vault).tick()

    assert sorted(await asyncio.gather(*(tick() for _ in range(4)))) == [0, 0, 0, 2]
    planned = [(each.campaign, each.step, each.recipient, str(each.kind)) for each in await bank.ledger()]
    assert planned == [("pack:mature", "2025Q4", member, "marketing") for member in (11, 12)]
    async with bank.database.unit_of_work() as uow:
        rounds = await uow.session.execute(text("SELECT pack, round, planned FROM pack_rounds"))
        assert [tuple(row) for row in rounds] == [("mature", "2025Q4", 2)]


async def test_a_round_waits_until_anybody_has_a_class(database: Database, vault: Vault) -> None:
    await kept(database)
    async with database.unit_of_work() as uow:
        assert await packs(uow, vault).tick() == 0
        assert (await uow.session.execute(text("SELECT pack FROM pack_rounds"))).all() == []


async def test_the_latest_two_deliveries_tell_how_a_customer_stands(bank: Bank) -> None:
    async with bank.database.unit_of_work() as uow:
        customer: UUID = await bank.classed(uow, Letter.A)
        for day, wealth in (("2025-06-30", 100), ("2025-09-30", 150)):
            await uow.session.execute(
                text(
                    "INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit,"
                    " demand_deposit, wealth_products, funds, asset_plans, large_certificates, loans, logins,"
                    " transfers, has_activity) VALUES (:day, :c, 1, 2, 3, :w, 5, 0, 4, 0, 6, 7, true)"
                ),
                {"day": date.fromisoformat(day), "c": customer, "w": wealth},
            )
        found = await SqlPackStore(uow).standing(customer)
        nobody = await SqlPackStore(uow).standing(uuid4())
    assert found == Standing(10, 150, 5, 13, 155, 105)
    assert nobody == Standing()
