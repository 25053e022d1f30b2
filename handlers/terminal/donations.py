"""Donations on the terminal and as a file: how pledges stand, and the sheet of a payment."""

import json
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaigns.donations.model import Pledge, Sheet, Standing
from handlers.terminal.settlement_files import Cell, inert

HEADER = ("开户日 opened on", "户数 accounts", "金额 yuan", "撤销 withdrawn", "冲回 yuan taken back")


def standings_json(found: Sequence[Standing]) -> str:
    """Every pledge as a JSON array; money in fen."""
    return json.dumps([_plain(each) for each in found], ensure_ascii=False)


def print_standings(found: Sequence[Standing], console: Console) -> None:
    """Every pledge as a table."""
    if not found:
        console.print("There are no pledges yet; donations load keeps a file.")
        return
    names = ("code", "recipient", "from", "until", "accounts", "withdrawn", "beyond cap", "accrued", "paid", "owed")
    table = Table(*names, box=SIMPLE)
    for each in found:
        pledge, books = each.kept.pledge, each.books
        money = (f"{fen / 100:,.2f}" for fen in (books.accrued_fen, books.paid_fen, books.owed_fen))
        heads = (f"{heads:,}" for heads in (books.accounts, books.withdrawn, books.beyond_cap))
        days = pledge.first.isoformat(), pledge.last.isoformat()
        table.add_row(pledge.code, escape(pledge.recipient.zh), *days, *heads, *money)
    console.print(table)


def sheet_json(pledge: Pledge, sheet: Sheet, reference: str) -> str:
    """A sheet as a JSON object; money in fen."""
    lines = [vars(line) | {"day": line.day.isoformat()} for line in sheet.lines]
    told = {"code": pledge.code, "recipient": pledge.recipient.zh, "agreement": pledge.agreement, "lines": lines}
    totals = {"accounts": sheet.accounts, "withdrawn": sheet.withdrawn, "fen": sheet.fen, "reference": reference}
    return json.dumps(told | totals, ensure_ascii=False)


def print_sheet(pledge: Pledge, sheet: Sheet, reference: str, console: Console) -> None:
    """A sheet as a table, with what is paid below."""
    table = Table(*HEADER, box=SIMPLE)
    for line in _lines(sheet):
        table.add_row(*(f"{cell:,.2f}" if isinstance(cell, float) else str(cell) for cell in line))
    if sheet.lines:
        console.print(table)
    number = f" · reference {reference}" if reference else ""
    console.print(f"{pledge.code} · {pledge.recipient.zh} · {sheet.fen / 100:,.2f} yuan{number}", markup=False)


def rows(pledge: Pledge, sheet: Sheet, reference: str) -> Iterator[tuple[Cell, ...]]:
    """A sheet row by row, for a file that the recipient opens; no customer stands in it."""
    yield "捐赠 donation", inert(pledge.code), inert(pledge.name.zh)
    yield "受赠方 recipient", inert(pledge.recipient.zh)
    yield "协议 agreement", inert(pledge.agreement)
    yield "凭证号 reference", inert(reference)
    yield ()
    yield HEADER
    yield from _lines(sheet)
    yield "应付 to pay, yuan", sheet.fen / 100


def _lines(sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
    for line in sheet.lines:
        yield line.day.isoformat(), line.accounts, line.fen / 100, line.withdrawn, line.withdrawn_fen / 100


def _plain(each: Standing) -> dict[str, object]:
    pledge, books = each.kept.pledge, each.books
    payments = [
        {"reference": paid.reference, "fen": paid.fen, "paid_at": paid.paid_at.isoformat(), "by": paid.made_by}
        for paid in each.payments
    ]
    facts = {"code": pledge.code, "recipient": pledge.recipient.zh, "from": pledge.first.isoformat()}
    return facts | {"until": pledge.last.isoformat(), **vars(books), "owed_fen": books.owed_fen, "payments": payments}
