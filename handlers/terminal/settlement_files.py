"""A settlement sheet as a file that a partner opens: CSV or a workbook, with nothing that a spreadsheet would run."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from campaigns.points.model import Settlement

KINDS = (".csv", ".xlsx")
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = str | int | float
HEADER = ("合作方 partner", "分摊 share %", "核销 claimed", "应付 pays, yuan", "应收 receives, yuan")


class SettlementFileError(Exception):
    """A file that a settlement sheet cannot be written to."""


def check_out(file: Path) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Raises:
        SettlementFileError: says why.
    """
    if file.suffix.lower() not in KINDS:
        raise SettlementFileError(f"{file} must end in .csv or .xlsx.")
    if not file.absolute().parent.is_dir():
        raise SettlementFileError(f"The folder of {file} does not exist.")


def write_settlement(file: Path, sheet: Settlement) -> None:
    """Write the sheet of a points campaign."""
    write_rows(file, list(rows(sheet)))


def write_rows(file: Path, found: list[tuple[Cell, ...]]) -> None:
    """Write a sheet's rows; the file appears when it is whole."""
    draft = file.with_name(f".{file.name}.part")
    try:
        (_write_csv if file.suffix.lower() == ".csv" else _write_workbook)(draft, found)
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def rows(sheet: Settlement) -> Iterator[tuple[Cell, ...]]:
    """The sheet row by row: the campaign, the equation, a row per partner, the sums."""
    campaign, totals = sheet.campaign, sheet.totals
    yield "活动 campaign", campaign.id, inert(campaign.title)
    yield "价格 price, fen per 100", campaign.price
    yield "状态 state", campaign.state.value
    equation = {
        "发行 issued": totals.issued,
        "剩余 left": totals.left,
        "流通 with members": totals.outstanding,
        "占用 held": totals.held,
        "核销 claimed": sum(totals.claimed.values()),
        "过期 expired": totals.expired,
        "作废 void": totals.void,
    }
    yield from equation.items()
    yield "账平 balanced", "yes" if totals.is_balanced else "NO"
    yield ()
    yield HEADER
    for line in sheet.lines:
        yield (
            inert(line.name),
            line.basis_points / 100,
            line.claimed,
            line.pays_fen / 100,
            line.receives_fen / 100,
        )
    pays, receives = sum(line.pays_fen for line in sheet.lines), sum(line.receives_fen for line in sheet.lines)
    yield "合计 total", 100, sum(totals.claimed.values()), pays / 100, receives / 100


def inert(text: str) -> str:
    """A name that no spreadsheet takes for a formula (CSV injection, OWASP)."""
    return f"'{text}" if text.startswith(RUNS) else text


def _write_csv(file: Path, found: list[tuple[Cell, ...]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(found)


def _write_workbook(file: Path, found: list[tuple[Cell, ...]]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "结算单"
    for row in found:
        page.append(row)
    for cells in page.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # Text stays text, whatever it begins with.
    page.column_dimensions["A"].width = 28
    with file.open("wb") as stream:
        book.save(stream)
