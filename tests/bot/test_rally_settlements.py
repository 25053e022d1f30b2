"""Settling an event on the command line: the sheet, slips of the hand, coupons that are void, settling once."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from bot.commands import rally_settlements
from bot.commands.exits import REFUSED
from bot.settings import Settings
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import RallyState
from storage.coupons import SqlCouponStore
from storage.database import Database
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.rallies import SqlRallyStore
from storage.vault import Keyring, Vault
from tests import rally_day
from tests.bot.conftest import Types

SHOP = "=幸福里"


async def fill(url: str, keyring: Path) -> None:
    """An event that ended yesterday, with a coupon that is still open."""
    database, vault = Database(url, pool_size=1), Vault(Keyring.open(keyring))
    now = datetime.now(UTC)
    starts = now - timedelta(days=1)
    coupons = tuple(rally_day.at(each, SHOP) for each in rally_day.plan(starts).coupons)
    async with database.unit_of_work() as uow:
        await SqlMemberStore(uow, vault).meet(Introduction(7, "李敏", Language.ZH, is_private=True), starts)
        shop = await SqlPointsStore(uow).add_partner(SHOP, "merchant")
        store = SqlRallyStore(uow, vault)
        rally = await store.create(rally_day.plan(starts, shares={SHOP: 5_000}, coupons=coupons), 7, {SHOP: shop}, now)
        await store.move(rally.id, RallyState.ENDED, now)
        await SqlCouponStore(uow, vault).issue(rally, coupons[0], [7], now, None)
    await database.close()


async def counted(url: str) -> list[tuple[str, int]]:
    database = Database(url, pool_size=1)
    async with database.unit_of_work() as uow:
        found = await uow.session.execute(text("SELECT state, count(*) FROM coupons GROUP BY 1"))
        states = [(state, number) for state, number in found]
    await database.close()
    return states


@pytest.fixture
def types(command_line: Types, database_url: str, tmp_path: Path) -> Types:
    """Run a command of settling on the test's database; returns its exit code and all that it said."""
    asyncio.run(fill(database_url, Settings(_env_file=None, var_dir=tmp_path / "var").keyring_file))
    return partial(command_line, rally_settlements.commands)


def test_an_event_is_settled_once_its_coupons_are_void_and_the_sheet_is_a_file(
    types: Types, database_url: str, tmp_path: Path
) -> None:
    code, said = types("sheet", "day-1")
    assert code == 0, said
    assert "账平 balanced: yes" in said
    assert "帆布袋" in said
    code, said = types("settle", "day-1")
    assert (code, "can still be redeemed" in said) == (REFUSED, True)
    assert "1 coupons C1 of day-1 are void" in types("void-coupons", "day-1", "C1", "--reason", "店铺停业")[1]
    assert asyncio.run(counted(database_url)) == [("void", 1)]
    code, said = types("settle", "day-1", "--out", "sheet.xlsx", "--json")
    assert code == 0, said
    told = json.loads(said)
    assert (told["state"], told["balanced"], told["coupons"][0]["void"]) == ("settled", True, 1)
    cells = [cell.value for row in load_workbook(tmp_path / "sheet.xlsx").active.iter_rows() for cell in row]
    assert f"'{SHOP}" in cells
    assert json.loads(types("settle", "day-1", "--json")[1]) == told


def test_a_slip_of_the_hand_gets_one_sentence(types: Types) -> None:
    for arguments, said in (
        (("settle", "nowhere"), "no rally with the code nowhere"),
        (("sheet", "day-1", "--out", "sheet.pdf"), "must end in .csv or .xlsx"),
        (("void-coupons", "day-1", "C9", "--reason", "x"), "it has: C1, C2"),
        (("void-coupons", "day-1", "C1", "--reason", " "), "Give a reason"),
    ):
        code, output = types(*arguments)
        assert (code, said in output, "Traceback" in output) == (REFUSED, True, False), output
