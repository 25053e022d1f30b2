"""Invitations on real rows: one stands at a time whoever invites at once, runs out, and is given anew."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from campaigns.admissions.model import AdmissionRefusal
from campaigns.admissions.rules import ADMISSION_LIFE
from campaigns.admissions.service import AdmissionService
from campaigns.catalogue.files import read_catalogue
from campaigns.catalogue.model import Edition
from campaigns.members.model import Language, Member
from campaigns.staff.service import StaffService
from storage.admissions import SqlAdmissionStore
from storage.catalogue import SqlCatalogueStore
from storage.database import Database, UnitOfWork
from storage.staff import SqlStaffStore
from tests.storage.bank import NOON

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml").read_text("utf-8")
LI = Member(1, "李敏", Language.ZH)
CODE = "private-wealth"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
async def customer(database: Database) -> UUID:
    """A catalogue, a manager, and an assessed customer of four million yuan who needs no money for three years."""
    statements = (
        """INSERT INTO members (id, name, language, private_chat, first_seen_at)
            SELECT n, '', 'zh', 'open', :now FROM generate_series(1, 2) n""",
        "INSERT INTO customers (id, number, first_as_of) VALUES (gen_random_uuid(), '77', '2025-09-30')",
        """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
                wealth_products, funds, asset_plans, large_certificates, loans, has_activity)
            SELECT '2025-09-30', id, 0, 0, 400000000, 0, 0, 0, 0, 0, false FROM customers""",
        """INSERT INTO customer_tags (customer_id, code, source, evidence, set_by, set_at, expires_at)
            SELECT id, code, 'customer', '', 'test', :now, CAST(:now AS timestamptz) + interval '300 days'
            FROM customers, unnest(ARRAY['risk_c4', 'money_3_years']) code""",
    )
    async with database.unit_of_work() as uow:
        for statement in statements:
            await uow.session.execute(text(statement), {"now": NOON} if ":now" in statement else {})
        await SqlCatalogueStore(uow).add(Edition(1, read_catalogue(EXAMPLE), "王", NOON, "首次"))
        found: UUID = (await uow.session.scalars(text("SELECT id FROM customers"))).one()
    return found


def admissions(uow: UnitOfWork, now: datetime = NOON) -> AdmissionService:
    staff = StaffService(SqlStaffStore(uow), lambda: now)
    return AdmissionService(SqlAdmissionStore(uow), SqlCatalogueStore(uow), staff, lambda: now, ZONE)


async def test_one_invitation_stands_whoever_invites_at_once_and_it_runs_out_and_is_given_anew(
    database: Database, customer: UUID
) -> None:
    async def invite(now: datetime = NOON, code: str = CODE) -> object:
        async with database.unit_of_work() as uow:
            return await admissions(uow, now).admit(customer, code, LI)

    outcomes = await asyncio.gather(*(invite() for _ in range(4)))
    assert outcomes.count(AdmissionRefusal.INVITED_ALREADY) == 3
    assert await invite(code="co-card") is AdmissionRefusal.OPEN_TO_ALL
    assert await invite(code="no-such") is AdmissionRefusal.NO_PRODUCT
    later = NOON + ADMISSION_LIFE + timedelta(seconds=1)
    async with database.unit_of_work() as uow:
        store = SqlCatalogueStore(uow)
        assert (await store.profile(customer, NOON)).invited == {CODE}
        assert (await store.profile(customer, later)).invited == frozenset()
    assert not isinstance(await invite(later), AdmissionRefusal)
    async with database.unit_of_work() as uow:
        assert await admissions(uow, later).end(customer, CODE, LI) is None
        assert await admissions(uow, later).end(customer, CODE, LI) is AdmissionRefusal.NOT_INVITED
    long_after = NOON + timedelta(days=301)
    assert await invite(long_after) is AdmissionRefusal.NOT_ASSESSED
