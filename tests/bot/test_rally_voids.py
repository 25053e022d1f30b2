"""A stamp taken back on the command line: once, with a reason; what cannot be is one sentence."""

from functools import partial
from pathlib import Path

import pytest

from bot.commands import rallies
from bot.commands.exits import REFUSED
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import RallyState, StampWay
from campaigns.slips.codes import spoken
from campaigns.stamps.model import Award
from storage.database import Database
from storage.members import SqlMemberStore
from storage.rallies import SqlRallyStore
from storage.stamps import SqlStampStore
from storage.vault import Keyring, Vault
from tests.bot.conftest import Types
from tests.rally_plans import STARTS, rally_plan

ORGANISER, VISITOR = 900, 50


@pytest.fixture
def types(command_line: Types) -> Types:
    """Take a stamp back on the test's database; returns the exit code and all that it said."""
    return partial(command_line, rallies.commands, "void-stamp")


@pytest.fixture
async def number(database_url: str, tmp_path: Path) -> str:
    """Somebody's number at a running event, with the stamp of B1."""
    database = Database(database_url, pool_size=1)
    vault = Vault(Keyring.open(tmp_path / "var" / "keys" / "keyring.json"))
    async with database.unit_of_work() as uow:
        for member in (ORGANISER, VISITOR):
            who = Introduction(member, "王芳", Language.ZH, is_private=True)
            await SqlMemberStore(uow, vault).meet(who, STARTS)
        store = SqlRallyStore(uow, vault)
        made = await store.create(rally_plan(), ORGANISER, {}, STARTS)
        await store.move(made.id, RallyState.RUNNING, STARTS)
        found, _ = await store.join(made.id, VISITOR, "poster", STARTS)
        booth = made.booth("B1")
        assert booth is not None
        await SqlStampStore(uow).insert(made.id, [Award(booth.id, VISITOR, None, StampWay.STAFF, STARTS)], STARTS)
    await database.close()
    return spoken(found.number)


def test_a_stamp_is_taken_back_once(types: Types, number: str) -> None:
    assert types("FAIR", "B1", number, "--reason", " ") == (REFUSED, "Give a reason of at most 100 characters.\n")
    assert types("NONE", "B1", number, "--reason", "why")[0] == REFUSED
    assert types("FAIR", "B9", number, "--reason", "why") == (REFUSED, "The event has no booth B9.\n")
    code, said = types("FAIR", "b1", number, "--reason", "scanned for others")
    assert (code, said.splitlines()[-1]) == (0, "No medal is touched.")
    again = types("FAIR", "B1", number, "--reason", "scanned for others")
    assert again == (REFUSED, f"Visitor {number} has no stamp of B1 that counts.\n")
