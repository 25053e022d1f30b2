"""The registry of partners in the database: what was done with a contract stands."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.partners.model import PartnerKind, Terms
from campaigns.partners.registry import RegistryService
from storage.database import Database
from storage.partner_registry import SqlRegistryStore

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


async def test_what_was_done_with_a_contract_is_never_changed_or_removed(database: Database) -> None:
    async with database.unit_of_work() as uow:
        registry = RegistryService(SqlRegistryStore(uow, "Asia/Shanghai"), lambda: NOW, ZONE)
        terms = Terms("HT-1", date(2026, 1, 1), date(2027, 1, 1), "李敏", "95500")
        await registry.register("安心保险", PartnerKind.INSURER, terms, "甲")
    for forbidden in ("UPDATE partner_acts SET done_by = '乙'", "DELETE FROM partner_acts"):
        with pytest.raises(DBAPIError, match="never changed or removed"):
            async with database.unit_of_work() as uow:
                await uow.session.execute(text(forbidden))
