"""Owners on the command line: named by a file, told once when changed, strategic clients without one."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

import main
from bot.commands.exits import REFUSED
from bot.settings import Settings
from campaigns.members.model import Introduction, Language
from storage.database import Database
from storage.members import SqlMemberStore
from storage.vault import Keyring, Vault
from tests.bot.conftest import Types

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
AGNES, BEN, WANG = 11, 12, 13
RUN = UUID(int=9)


@pytest.fixture
def types(command_line: Types) -> Types:
    """Run a command on the test's database; returns exit code and what it said."""
    return partial(command_line, main.app)


@pytest.fixture
async def bank(database_url: str, tmp_path: Path) -> dict[str, UUID]:
    """Two managers, a bound customer with a follow-up, and a strategic enterprise."""
    vault = Vault(Keyring.open(Settings(_env_file=None, var_dir=tmp_path / "var").keyring_file))
    database = Database(database_url, pool_size=1)
    async with database.unit_of_work() as uow:
        met = [
            Introduction(member, name, Language.ZH, is_private=True)
            for member, name in ((AGNES, "李敏"), (BEN, "陈刚"), (WANG, "王芳"))
        ]
        await SqlMemberStore(uow, vault).meet_all(met, NOW)
    await database.close()
    known = {"C1": uuid4(), "E1": uuid4()}
    with psycopg.connect(database_url) as connection:
        for number, customer in known.items():
            connection.execute(
                "INSERT INTO customers (id, number, first_as_of) VALUES (%s, %s, %s)", (customer, number, NOW.date())
            )
        connection.execute("UPDATE members SET customer_id = %s WHERE id = %s", (known["C1"], WANG))
        for member in (AGNES, BEN):
            connection.execute("INSERT INTO staff_roles VALUES (%s, 'wealth_manager', %s)", (member, NOW))
        connection.execute("INSERT INTO segmentation_policies VALUES (7, '{}', 'default', now())")
        connection.execute(
            "INSERT INTO segmentation_runs VALUES (%s, '2026-09-30', 'enterprises', 7, %s, now(), '{}')",
            (RUN, "0" * 64),
        )
        connection.execute(
            "INSERT INTO enterprise_tiers VALUES (%s, %s, '2026-09-30', 'strategic', 90, 1, '[]', '[]', '[]')",
            (RUN, known["E1"]),
        )
    return known


def test_a_file_names_owners_and_a_strategic_client_without_one_waits_for_a_person(
    types: Types, bank: dict[str, UUID], tmp_path: Path, database_url: str
) -> None:
    code, said = types("customer-owners")
    assert (code, "1 strategic clients have no manager of their own: E1" in said, "李敏" in said) == (1, True, True)
    (tmp_path / "owners.csv").write_text("客户号,经理编号\nC1,11\nE1,11\nC9,11\nC1,13\n,x\n", "gb18030")
    code, said = types("customer-owners", "owners.csv", "--json")
    told = json.loads(said)
    assert code == 1
    assert [line["code"] for line in told["lines"]] == ["named", "named", "no_customer", "no_manager", "unreadable"]
    assert told["managers"][0] == {"member_id": AGNES, "name": "李敏", "customers": 2}
    assert told["strategic_without_owner"] == []
    (tmp_path / "owners.csv").write_text("customer_number,manager_id\nC1,12\nE1,11\n")
    assert types("customer-owners", "owners.csv")[0] == 0
    code, said = types("customer-owners", "owners.csv", "--json")
    assert (code, [line["code"] for line in json.loads(said)["lines"]]) == (0, ["same", "same"])
    with psycopg.connect(database_url) as connection:
        told_once = "SELECT recipient, payload ->> 'text' FROM deliveries"
        [(recipient, text)] = connection.execute(told_once).fetchall()
    assert (recipient, "今后由理财经理陈刚为您服务" in text) == (WANG, True)


def test_a_file_that_is_none_is_refused_in_one_sentence(types: Types, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for name, sentence in (
        ("other.csv", "The header needs one of: 客户号, 经理编号"),
        ("no.csv", "There is no file"),
        ("owners.txt", "There is no file"),
    ):
        code, said = types("customer-owners", name)
        assert (code, sentence in said, "Traceback" in said) == (REFUSED, True, False)
