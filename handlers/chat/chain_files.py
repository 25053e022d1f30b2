"""A chain as a file for its manager: CSV or a workbook, with nothing that a spreadsheet would run."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from campaigns.chains.sheets import SheetLine
from campaigns.members.model import Language
from handlers.wording import chain_lists as words

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
Row = tuple[str | int, ...]


def csv_file(lines: Sequence[SheetLine], language: Language) -> bytes:
    """The table as CSV that a spreadsheet opens as UTF-8."""
    stream = StringIO(newline="")
    csv.writer(stream).writerows(_rows(lines, language))
    return stream.getvalue().encode("utf-8-sig")


def workbook(lines: Sequence[SheetLine], language: Language) -> bytes:
    """The table as an XLSX workbook whose texts stay texts."""
    from openpyxl import Workbook

    book = Workbook(write_only=False)
    page = book.active
    assert page is not None
    for row in _rows(lines, language):
        page.append(row)
    for cells in page.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula (CSV injection, OWASP), without characters that XML refuses."""
    shown = "".join(character for character in text if character.isprintable() or character in RUNS)
    return f"'{shown}" if shown.startswith(RUNS) else shown


def _rows(lines: Sequence[SheetLine], language: Language) -> list[Row]:
    rows: list[Row] = [words.header(language)]
    for line in lines:
        state = words.STATES[line.state].say(language)
        rows.append(
            (line.place, state, inert(line.name), inert(line.item), line.quantity, inert(line.note), inert(line.by))
        )
    return rows
