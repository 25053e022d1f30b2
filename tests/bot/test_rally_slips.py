"""Emergency slips on the command line: a sheet that cameras read, what cannot be in one sentence, a lost sheet void."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from typer.testing import CliRunner

from bot.commands import rallies
from bot.commands.exits import REFUSED
from campaigns.slips.codes import claimed
from storage.database import Database
from storage.rallies import SqlRallyStore
from storage.vault import Keyring, Vault
from tests.rally_plans import STARTS, rally_plan
from tests.storage.stamp_fair import KNOWN, ORGANISER


class Platform(BaseHTTPRequestHandler):
    """Tells who the bot is."""

    def do_POST(self) -> None:
        told = json.dumps({"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "b", "username": "fair_bot"}})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(told.encode())

    do_GET = do_POST  # noqa: N815 - the same.

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the server calls.
        """Say nothing."""


@pytest.fixture
def platform() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
async def fair(database_url: str, platform: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An event as a draft in the database that the commands use."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": database_url,
        "VAR_DIR": str(tmp_path / "var"),
        "BOT_TOKEN": f"700001:{'t' * 35}",
        "BOT_API_URL": platform,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CLOCK_FILE", raising=False)
    database, vault = (
        Database(database_url, pool_size=1),
        Vault(Keyring.open(tmp_path / "var" / "keys" / "keyring.json")),
    )
    async with database.unit_of_work() as uow:
        await uow.session.execute(KNOWN, {"ids": [ORGANISER], "now": STARTS})
        await SqlRallyStore(uow, vault).create(rally_plan(), ORGANISER, {}, STARTS)
    await database.close()
    return "FAIR"


def types(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(rallies.commands, [*arguments])
    return done.exit_code, done.output


def test_a_sheet_is_printed_read_and_void_once(fair: str, tmp_path: Path) -> None:
    code, said = types("slips", fair, "B3", "--out", "b3.png")
    assert (code, "slips 1 to 24 of B3" in said) == (0, True)
    links = [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO((tmp_path / "b3.png").read_bytes())))]
    assert all(link.startswith("https://t.me/fair_bot?start=l_") for link in links)
    told = [claimed(link.partition("l_")[2]) for link in links]
    assert sorted(each[1] for each in told if each) == list(range(1, 25))
    assert types("void-slips", fair, "B3", "17", "--reason", "lost")[0] == 0
    assert types("void-slips", fair, "B3", "2", "--reason", "lost")[0] == REFUSED


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("NONE", "B3", "--out", "x.png"), "There is no event NONE"),
        (("FAIR", "B99", "--out", "x.png"), "has no booth B99; it has: B1, B2"),
        (("FAIR", "B3", "--out", "x.txt"), "a .pdf file"),
        (("FAIR", "B3", "--out", "x.png", "--pages", "2"), "a .png file for a single page"),
        (("FAIR", "B3", "--out", "no/x.pdf"), "There is no folder no"),
    ],
)
def test_what_cannot_be_printed_is_told_in_one_sentence(fair: str, arguments: tuple[str, ...], sentence: str) -> None:
    code, said = types("slips", *arguments)
    assert code == REFUSED
    assert sentence in said
