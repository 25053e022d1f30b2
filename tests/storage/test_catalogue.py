"""The catalogue on real rows: versions in a row and for good, what is known of customers and groups, posts once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.catalogue.model import CatalogueRefusal, Edition, LeftOut, Preview
from campaigns.catalogue.service import CatalogueService
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter, Lifecycle
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Language, Member
from campaigns.staff.service import StaffService
from handlers.wording.catalogue import CatalogueWords, customer_lines
from storage.catalogue import SqlCatalogueStore
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.groups import SqlGroupStore
from storage.staff import SqlStaffStore
from storage.vault import Vault
from tests.storage.bank import MANAGER, NOON, OTHER, Bank

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml").read_text("utf-8")
LI = Member(MANAGER, "李敏", Language.ZH)
Found = TypeVar("Found")


class Own:
    """A manager looks after the own groups alone."""

    async def acting_for(self, manager_id: int) -> list[int]:
        return [manager_id]


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
    made = Bank(database, vault, run)
    await made.group(-1)
    await made.group(-9, OTHER)
    return made


def catalogue(uow: UnitOfWork) -> CatalogueService:
    outbox = Outbox(SqlDeliveryStore(uow), lambda: NOON)
    staff = StaffService(SqlStaffStore(uow), lambda: NOON)
    words, zone = CatalogueWords("A银行"), ZoneInfo("Asia/Shanghai")
    return CatalogueService(SqlCatalogueStore(uow), Own(), staff, outbox, words, lambda: NOON, zone)


async def done(database: Database, do: Callable[[CatalogueService], Awaitable[Found]]) -> Found:
    """One thing in a transaction of its own."""
    async with database.unit_of_work() as uow:
        return await do(catalogue(uow))


async def loaded(database: Database, changed: str = EXAMPLE) -> Edition:
    edition, _ = await done(database, lambda each: each.load(changed, "王", "测试"))
    return edition


async def group_id(database: Database, chat: int) -> int:
    async with database.unit_of_work() as uow:
        found = await SqlGroupStore(uow).by_chat(chat)
    assert found is not None
    return found.id


async def test_cells_set_at_once_become_versions_in_a_row_and_none_is_lost(database: Database) -> None:
    await loaded(database)
    cells = [("D", "index-fund"), ("D", "shop-insurance"), ("C", "merchant-qr"), ("B", "shop-loan"), ("A", "shop-loan")]
    await asyncio.gather(
        *(done(database, lambda each, cell=cell: each.set(*cell, "offer", "王", "同时")) for cell in cells)  # type: ignore[misc]
    )
    newest = await done(database, lambda each: each.edition())
    assert newest is not None
    assert newest.version == 1 + len(cells)
    assert all(newest.catalogue.matrix[Letter(letter)][code] == "offer" for letter, code in cells)
    history = await done(database, lambda each: each.history())
    assert [each.version for each in history] == [6, 5, 4, 3, 2, 1]


async def test_the_same_file_again_is_no_new_version_and_a_version_is_never_changed(database: Database) -> None:
    first = await loaded(database)
    again = await loaded(database)
    assert (first.version, again.version) == (1, 1)
    for statement in ("UPDATE catalogue_versions SET reason = 'x'", "DELETE FROM catalogue_versions"):
        with pytest.raises(DBAPIError, match="never changed"):
            async with database.unit_of_work() as uow:
                await uow.session.execute(text(statement))


async def test_what_is_known_of_a_customer_chooses_the_bundle(bank: Bank) -> None:
    await bank.customer(11, Letter.A, -1)
    await loaded(bank.database)
    customer = await customer_of(bank, 11)
    found = await done(bank.database, lambda each: each.of_customer(customer))
    assert found is not None
    assert found.selection is not None
    assert (found.profile.letter, found.profile.merchants, found.profile.appetite) == (
        Letter.A,
        frozenset({"米店"}),
        None,
    )
    assert found.selection.bundle.code == "class-a"
    assert {line.product.code: line.left_out for line in found.selection.kept_back} == {
        "index-fund": LeftOut.NOT_ASSESSED
    }
    async with bank.database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE customer_classes SET letter = 'B', lifecycle = 'churn_warning'"))
        await uow.session.execute(
            text("""INSERT INTO customer_tags (customer_id, code, source, evidence, set_by, set_at, expires_at)
                VALUES (:customer, 'risk_c4', 'customer', '问卷', '李', :now, :now + interval '1 year')"""),
            {"customer": customer, "now": NOON},
        )
    found = await done(bank.database, lambda each: each.of_customer(customer))
    assert found is not None
    assert found.selection is not None
    assert (found.profile.lifecycle, found.profile.appetite) == (Lifecycle.CHURN_WARNING, 4)
    assert (found.selection.bundle.code, found.selection.kept_back) == ("keep-in-touch", ())


async def test_an_enterprise_has_the_bundle_of_its_tier(bank: Bank) -> None:
    await bank.customer(12, None, -1)
    await loaded(bank.database)
    customer = await customer_of(bank, 12)
    async with bank.database.unit_of_work() as uow:
        await uow.session.execute(
            text("""INSERT INTO enterprise_tiers VALUES
                (:run, :customer, '2025-09-30', 'strategic', 80, 1, '[]', '[]', CAST(:needs AS jsonb))"""),
            {"run": bank.run, "customer": customer, "needs": '["supply_chain", "long_term_loan"]'},
        )
        await uow.session.execute(
            text("""INSERT INTO enterprise_snapshots (as_of, customer_id, industry, loans, deposits)
                VALUES ('2025-09-30', :customer, 'manufacturing', 0, 0)"""),
            {"customer": customer},
        )
    found = await done(bank.database, lambda each: each.of_customer(customer))
    assert found is not None
    assert found.selection is not None
    assert (found.profile.standing, found.selection.bundle.code) == (Tier.STRATEGIC, "strategic-firms")
    assert found.plan is not None
    assert (found.plan.plan.code, found.plan.left) == ("maker-chain", ("long_term_loan",))
    said = "\n".join(customer_lines(found, Language.ZH))
    assert "🏭 制造业融资方案「订单到回款」：供应链融资、应收账款融资、综合授信" in said
    assert "针对：供应链金融" in said
    assert "还没有覆盖：长期贷款" in said
    assert "· 备料期用订单融资，交货后转应收账款融资" in said


async def test_a_bundle_comes_into_a_group_once_however_often_it_is_confirmed(bank: Bank) -> None:
    await bank.customer(13, Letter.D, -1)
    await loaded(bank.database)
    group = await group_id(bank.database, -1)
    previews = [await done(bank.database, lambda each: each.preview(group, "shops", LI)) for _ in range(3)]
    ids = [each.post.id for each in previews if isinstance(each, Preview)]
    outcomes = await asyncio.gather(
        *(done(bank.database, lambda each, post=post: each.post(post, LI)) for post in (*ids, *ids))  # type: ignore[misc]
    )
    assert [isinstance(each, Preview) for each in outcomes].count(True) == 1
    assert {each for each in outcomes if isinstance(each, CatalogueRefusal)} == {
        CatalogueRefusal.POSTED_ALREADY,
        CatalogueRefusal.POSTED_LATELY,
    }
    [delivery] = await bank.ledger()
    assert (delivery.recipient, delivery.step) == (-1, "v1")
    words = delivery.payload["text"]
    assert "商户收款码" in words
    assert "小微经营贷款" not in words  # The matrix bars it for class D, of whom one is in the group.
    strange = await done(bank.database, lambda each: each.preview(group, "shops", Member(OTHER, "别人", Language.ZH)))
    assert strange is CatalogueRefusal.NO_GROUP


async def test_a_newer_version_makes_a_preview_stale(bank: Bank) -> None:
    await loaded(bank.database)
    group = await group_id(bank.database, -1)
    found = await done(bank.database, lambda each: each.preview(group, "shops", LI))
    assert isinstance(found, Preview)
    await done(bank.database, lambda each: each.set("D", "shop-loan", "offer", "王", "改"))
    assert await done(bank.database, lambda each: each.post(found.post.id, LI)) is CatalogueRefusal.STALE
    assert await bank.ledger() == []


async def customer_of(bank: Bank, member: int) -> UUID:
    async with bank.database.unit_of_work() as uow:
        found = await uow.session.scalar(text("SELECT customer_id FROM members WHERE id = :id"), {"id": member})
    assert isinstance(found, UUID)
    return found
