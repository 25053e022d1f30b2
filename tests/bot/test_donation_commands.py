"""A pledge from its file to the public page: kept, counted with the bank's file of accounts, paid, corrected, shown."""

import json
from functools import partial
from pathlib import Path

import httpx
import psycopg
import pytest

import main
from bot.app import App
from bot.commands.exits import REFUSED
from bot.web import build_web
from campaigns.donations.files import EXAMPLE, read_pledge
from tests.bot.conftest import Types


@pytest.fixture
def types(command_line: Types, database_url: str, tmp_path: Path) -> Types:
    """Run a command on a database with three customers, a charity file and a file of accounts in the folder."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO customers (id, number, first_as_of) SELECT gen_random_uuid(), 'C' || n, '2026-10-01' "
            "FROM generate_series(1, 3) n"
        )
    days = EXAMPLE.read_text("utf-8").replace("2026-11-01", "2020-11-01").replace("2027-01-31", "2021-01-31")
    (tmp_path / "charity.yaml").write_text(days, "utf-8")
    accounts = "客户号,事件,日期\nC1,开户,2020-11-03\nC2,开户,2020-11-03\nC3,开户,2020-11-04\nC3,销户,2020-11-09\n"
    (tmp_path / "accounts.csv").write_text(accounts, "utf-8")
    return partial(command_line, main.app)


async def page_of(app: App, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app)), base_url="http://bot") as client:
        return await client.get(path)


def test_accounts_of_the_banks_file_are_given_for_once_paid_with_a_sheet_and_corrected(
    types: Types, tmp_path: Path
) -> None:
    assert "The file is whole: one-yuan" in types("donations", "check", "charity.yaml")[1]
    assert types("donations", "load", "charity.yaml", "--by", "李敏")[0] == 0
    for _ in range(2):
        assert types("referral", "events", "accounts.csv")[0] == 0
    [told] = json.loads(types("donations", "list", "--json")[1])
    assert (told["accounts"], told["withdrawn"], told["accrued_fen"], told["owed_fen"]) == (2, 1, 200, 200)
    assert "2020-11-03" in types("donations", "sheet", "one-yuan")[1]
    pay = ("donations", "pay", "one-yuan", "--reference", "电汇-1", "--by", "李敏")
    paid = json.loads(types(*pay, "--out", "sheet.csv", "--json")[1])
    assert (paid["accounts"], paid["fen"], paid["reference"]) == (2, 200, "电汇-1")
    sheet = (tmp_path / "sheet.csv").read_text("utf-8-sig")
    assert "示例儿童公益基金会" in sheet
    assert "C1" not in sheet
    assert json.loads(types(*pay, "--json")[1]) == paid
    correct = ("donations", "withdraw", "one-yuan", "C2", "2020-11-03", "--reason", "误报", "--by", "李敏")
    assert types(*correct)[0] == 0
    assert "was taken back before" in types(*correct)[1]
    assert "one-yuan" in types("donations", "list")[1]
    assert json.loads(types("donations", "list", "--json")[1])[0]["owed_fen"] == -100


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("load", "charity.yaml", "--by", " "), "Say who does it"),
        (("pay", "one-yuan", "--reference", " ", "--by", "李敏"), "number of the transfer"),
        (("sheet", "nothing"), "no such pledge"),
        (("check", "accounts.csv"), "Line 1"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(types: Types, arguments: tuple[str, ...], sentence: str) -> None:
    code, said = types("donations", *arguments)
    assert (code, sentence in said) == (REFUSED, True), said


async def test_the_public_page_says_total_and_count_and_nobodys_name(app: App) -> None:
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        await services.donations.load(read_pledge(EXAMPLE.read_text("utf-8")), "李敏")
    shown = await page_of(app, "/donations/one-yuan")
    assert shown.status_code == 200
    assert "示例儿童公益基金会" in shown.text
    assert '<dd id="accounts">0</dd>' in shown.text
    told = (await page_of(app, "/donations/one-yuan.json")).json()
    assert (told["accounts"], told["accrued_fen"], told["payments"]) == (0, 0, [])
    assert "customer" not in str(told)
    assert (await page_of(app, "/donations/donation.css")).headers["content-type"].startswith("text/css")
    for nothing in ("/donations/other", "/donations/other.json", "/donations/ONE'"):
        assert (await page_of(app, nothing)).status_code == 404
