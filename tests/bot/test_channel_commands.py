"""Channels on the command line: how they stand, a word of one's own, consents, costs, notices that are printed once."""

import asyncio
import json
from functools import partial
from pathlib import Path

import pytest

from bot.commands import channels
from bot.commands.exits import REFUSED
from campaigns.channels.model import Channel, ChannelDraft
from storage.database import Database
from storage.vault import Keyring, Vault
from tests.bot.conftest import Types
from tests.storage.channel_desk import NOON, ChannelDesk, classed_bank


@pytest.fixture
def number(database_url: str, command_line: Types, tmp_path: Path) -> str:
    """A customer of class C with a notice that waits to be printed."""

    async def prepare() -> str:
        database = Database(database_url, pool_size=2)
        desk: ChannelDesk = await classed_bank(
            database, Vault(Keyring.open(tmp_path / "var" / "keys" / "keyring.json"))
        )
        customer = await desk.customer()
        await desk.plan(ChannelDraft("promotion:1", "v1", Channel.CODE, customer, "网点新开了周末营业。", NOON))
        await database.close()
        return customer.hex[:10]

    return asyncio.run(prepare())


def test_an_operator_sees_sets_and_tries_channels(
    command_line: Types, number: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    types = partial(command_line, channels.commands)
    found = json.loads(types("list", "--json")[1])
    assert (found["channels"]["sms"]["configured"], found["channels"]["popup"]["configured"]) == (False, True)
    assert found["channels"]["code"]["messages"] == {"planned": 1}
    assert types("test", "popup") == (0, "The word by popup was taken.\n")
    assert (tmp_path / "var" / "channels" / "popup" / "0.html").is_file()
    for arguments, sentence in (
        (("test", "sms", "--to", "+8613800000001"), "The channel sms is not configured: set SMS_URL."),
        (("test", "task"), "nothing carries it out of the house"),
        (("consent", "nobody", "sms", "--by", "王", "--wording", "短信"), "There is no customer nobody."),
        (("consent", number, "sms", "--by", "王"), "what was agreed to with --wording"),
        (("cost", "pigeon", "3", "--by", "王"), "There is no cost of 'pigeon'"),
        (("resolve", "7", "--by", "王", "--lost"), "No message 7 is in doubt"),
        (("print", "promotion:1", "--out", "notices.txt"), "Give --out a .pdf file"),
    ):
        code, said = types(*arguments)
        assert (code, sentence in said) == (REFUSED, True), said
    assert types("cost", "sms", "7", "--by", "王")[1] == "One contact by sms costs 7 fen (version 2).\n"
    assert (
        "offers allowed" in types("consent", number, "sms", "--by", "王", "--wording", "短信", "--address", "+861")[1]
    )
    assert "nothing more" in types("consent", number, "sms", "--by", "王", "--withdraw")[1]
    monkeypatch.setenv("SMS_URL", "nonsense")
    assert "SMS_URL cannot be read" in types("list")[1]
    monkeypatch.setenv("SMS_URL", "nonsense{to}")
    assert "SMS_URL is no address" in types("test", "sms", "--to", "1")[1]


def test_a_file_of_consents_is_taken_in_line_by_line(command_line: Types, number: str, tmp_path: Path) -> None:
    types = partial(command_line, channels.commands)
    lines = (
        "客户号,渠道,同意,地址,条款",
        f"{number},短信,是,138 0000 0001,同意接收短信营销信息",
        f"{number},email,是,wang@example.com,同意接收邮件营销信息",
        f"{number},弹窗,否,,",
        "nobody,短信,是,13800000002,同意接收短信营销信息",
        f"{number},鸽子,是,,同意",
        f"{number},短信,是,12,同意",
        f"{number},短信,是,13800000001,",
    )
    (tmp_path / "consents.csv").write_text("\n".join((*lines, "")), "utf-8")
    code, said = types("import", "consents.csv", "--by", "网点王", "--json")
    assert code == 0, said
    found = json.loads(said)
    assert found["counts"] == {"agreed": 2, "objected": 1, "no_customer": 1, "unreadable": 3}
    assert [each["line"] for each in found["refused"]] == [5, 6, 7, 8]
    assert "13800000002" not in said
    for arguments, sentence in (
        (("import", "nowhere.csv", "--by", "王"), "There is no file nowhere.csv"),
        (("import", "consents.csv", "--by", " "), "Say who hands it in"),
    ):
        code, said = types(*arguments)
        assert (code, sentence in said) == (REFUSED, True), said


def test_notices_are_printed_once(command_line: Types, number: str, tmp_path: Path) -> None:
    types = partial(command_line, channels.commands)
    assert types("print", "promotion:1", "--out", "notices.pdf")[1] == "notices.pdf: 1 notices of promotion:1.\n"
    assert (tmp_path / "notices.pdf").read_bytes().startswith(b"%PDF")
    assert "Nothing of promotion:1 waits" in types("print", "promotion:1", "--out", "again.pdf")[1]
    assert "1" in types("list", "--campaign", "promotion:1")[1]
    found = json.loads(types("list", "--campaign", "promotion:1", "--json")[1])
    assert (found["channels"]["code"]["messages"], found["channels"]["code"]["cost_fen"]) == ({"sent": 1}, 300)
