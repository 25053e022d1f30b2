"""An event on the command line: a file is checked whole, kept, announced with its head-count, opened and ended."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands import rallies
from bot.commands.exits import REFUSED
from bot.settings import Settings
from campaigns.members.model import Introduction, Language
from campaigns.staff.model import Role
from storage.database import Database
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.staff import SqlStaffStore
from storage.vault import Keyring, Vault
from tests.bot.conftest import Types

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "rallies" / "example.yaml").read_text("utf-8")
CHAT = -1_001
NOW = datetime.now(UTC)


async def fill(url: str, keyring: Path) -> None:
    """Two managers, the first with a group of three people."""
    database, vault = Database(url, pool_size=1), Vault(Keyring.open(keyring))
    async with database.unit_of_work() as uow:
        for number in (7, 8, 9):
            who = Introduction(number, f"人{number}", Language.ZH, is_private=True)
            await SqlMemberStore(uow, vault).meet(who, NOW)
        for number in (7, 8):
            await SqlStaffStore(uow).grant(number, Role.WEALTH_MANAGER, NOW)
        group = await SqlGroupStore(uow).save(CHAT, "A银行&幸福里商户福利群", "幸福里", 7, NOW)
        for number in (7, 8, 9):
            row = {"group": group.id, "member": number, "now": NOW}
            await uow.session.execute(
                text("INSERT INTO group_members (group_id, member_id, joined_at) VALUES (:group, :member, :now)"), row
            )
    await database.close()


async def posted(url: str) -> list[tuple[int, str]]:
    database = Database(url, pool_size=1)
    async with database.unit_of_work() as uow:
        found = await uow.session.execute(text("SELECT recipient, step FROM deliveries ORDER BY id"))
        rows = [(recipient, step) for recipient, step in found]
    await database.close()
    return rows


@pytest.fixture
def types(command_line: Types, database_url: str, tmp_path: Path) -> Types:
    """Run a command of rallies on the test's database; returns its exit code and all that it said."""
    asyncio.run(fill(database_url, Settings(_env_file=None, var_dir=tmp_path / "var").keyring_file))
    (tmp_path / "day.yaml").write_text(EXAMPLE, "utf-8")
    return partial(command_line, rallies.commands)


class Platform(BaseHTTPRequestHandler):
    """A Bot API that knows its bot's name and nothing else."""

    def do_GET(self) -> None:
        """Answer getMe."""
        body = json.dumps({"ok": True, "result": {"username": "welfare_bot"}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def platform(types: Types, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The platform at the wire."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Platform) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("BOT_TOKEN", f"1:{'t' * 35}")
        monkeypatch.setenv("BOT_API_URL", f"http://127.0.0.1:{server.server_port}")
        yield
        server.shutdown()


@pytest.mark.usefixtures("platform")
def test_an_event_from_its_file_to_its_end(types: Types, database_url: str, tmp_path: Path) -> None:
    code, said = types("load", "day.yaml", "--organiser", "7")
    assert code == 0, said
    assert "autumn-2030 is a draft" in said
    assert "any 3 of B1–B6" in said
    assert "金秋集章日" in types("list")[1]
    assert json.loads(types("list", "--json")[1])[0]["state"] == "draft"
    code, said = types("announce", "autumn-2030", "--all", "--preview")
    assert (code, "would be posted in 1 groups with 3 people" in said) == (0, True), said
    assert asyncio.run(posted(database_url)) == []
    told = json.loads(types("announce", "autumn-2030", "--group", str(CHAT), "--json")[1])
    assert (told["heads"], told["groups"][0]["chat"]) == (3, CHAT)
    assert asyncio.run(posted(database_url)) == [(CHAT, "rules:1")]
    (tmp_path / "day.yaml").write_text(EXAMPLE.replace("stock: 300", "stock: 299"), "utf-8")
    code, said = types("load", "day.yaml")
    assert (code, "became worse: gifts.T1" in said) == (REFUSED, True), said
    (tmp_path / "day.yaml").write_text(EXAMPLE.replace("17:00", "18:00"), "utf-8")
    assert "Version 2 of the rules holds now" in types("load", "day.yaml")[1]
    assert "autumn-2030 is running" in types("open", "autumn-2030")[1]
    assert json.loads(types("show", "autumn-2030", "--json")[1])["figures"]["stamps"] == 0
    assert json.loads(types("close", "autumn-2030", "--json")[1])["state"] == "ended"
    code, said = types("open", "autumn-2030")
    assert (code, "not in a state for that" in said) == (REFUSED, True)
    assert [step for _, step in asyncio.run(posted(database_url))] == ["rules:1", "rules:2", "open", "close"]


def test_a_slip_of_the_hand_gets_one_sentence_and_keeps_nothing(types: Types, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(EXAMPLE.replace("answer: 1", "answer: 7").replace("T2\n", "T1\n", 1), "utf-8")
    for arguments, said in (
        (("load", "bad.yaml", "--organiser", "7"), "Line 26: booths.2.game.answer takes whole numbers 1–3."),
        (("load", "nowhere.yaml"), "nowhere.yaml: No such file"),
        (("load", "day.yaml"), "these may be: 7, 8"),
        (("load", "day.yaml", "--organiser", "9"), "these may be: 7, 8"),
        (("show", "nowhere"), "There is no event nowhere"),
        (("announce", "nowhere"), "Choose groups"),
        (("announce", "nowhere", "--all"), "There is no event nowhere"),
    ):
        code, told = types(*arguments)
        assert (code, said in told) == (REFUSED, True), told
    assert types("list", "--json") == (0, "[]\n")
    types("load", "day.yaml", "--organiser", "8")
    for arguments, said in (
        (("announce", "autumn-2030", "--group", "-5"), "-5 is no group of the organiser; these are: none."),
        (("announce", "autumn-2030", "--all"), "Choose a group first"),
        (("close", "autumn-2030"), "not in a state for that"),
        (("open", "autumn-2030"), "not in a state for that"),
    ):
        code, told = types(*arguments)
        assert (code, said in told) == (REFUSED, True), told
