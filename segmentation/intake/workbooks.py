"""Workbooks and Parquet: typed cells turned back into text, so that one set of checks judges every form of file."""

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from segmentation.intake.faults import refuse
from segmentation.intake.profiles import Department
from segmentation.intake.tables import ROW_NUMBER, TextTable, check_header, refuse_without_rows

UNPACKED_LIMIT = 2**30
EXACT_DIGITS = 15  # A workbook's number has no more; the digits after them are lost in the bank's own program.
ISO_MOMENT = "%Y-%m-%d %H:%M:%S"


def read_workbook(data: bytes, name: str, department: Department) -> TextTable:
    """Read the first sheet of an XLSX file, its first row being the header.

    Raises:
        DeliveryRefusedError: no sound workbook, too large, a missing column, customer numbers with lost digits.
    """
    rows = sheet_rows(data, name)
    header = [cell_text(value, ISO_MOMENT).strip() for value in (rows[0] if rows else ())]
    check_header(header, department.wanted, name)
    places = {column: header.index(column) for column in department.wanted}
    filled = [(at, row) for at, row in enumerate(rows[1:], 2) if any(value is not None for value in row)]
    refuse_without_rows(len(filled), name)
    _check_identifiers(filled, places, department, name)
    forms = {column.name: column.forms[0] for column in department.columns if column.forms}
    texts = {
        column: pa.array([cell_text(row[at], forms.get(column, ISO_MOMENT)) for _, row in filled], pa.string())
        for column, at in places.items()
    }
    lines = pa.array([at for at, _ in filled], pa.int32())
    return TextTable(pa.table({**texts, ROW_NUMBER: lines}), notes=_identifier_note(filled, places[department.key]))


def sheet_rows(data: bytes, name: str) -> list[tuple[Any, ...]]:
    """The rows of a workbook's first sheet, the header among them.

    Raises:
        DeliveryRefusedError: no sound workbook, or too large.
    """
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT:
                raise refuse("too_large", "is larger than 1 GB unpacked; deliver CSV or Parquet.", file=name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            rows = list(book.worksheets[0].iter_rows(values_only=True))
            book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, IndexError) as error:
        raise refuse("damaged", "is no sound workbook, or cut short; deliver it again.", file=name) from error
    return rows


def cell_text(value: Any, form: str) -> str:
    """A cell as text: numbers as they are shown, days and moments by `form`, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime(form)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(f"{value:.15g}"), "f")
    return str(int(value)) if isinstance(value, bool) else str(value)


def _check_identifiers(
    rows: Sequence[tuple[int, tuple[Any, ...]]], places: Mapping[str, int], department: Department, name: str
) -> None:
    numbers = {department.key, *(column.name for column in department.columns if column.type == "number")}
    for column in sorted(numbers):
        for line, row in rows:
            value = row[places[column]]
            if isinstance(value, int | float) and abs(value) >= 10**EXACT_DIGITS:
                problem = "is kept as a number of more than 15 digits, so digits are lost; format the column as text."
                raise refuse("lost_digits", problem, file=name, line=line, column=column)


def _identifier_note(rows: Sequence[tuple[int, tuple[Any, ...]]], at: int) -> tuple[str, ...]:
    if any(isinstance(row[at], int | float) for _, row in rows):
        return ("keeps customer numbers as numbers: leading zeros, if there were any, are lost",)
    return ()


def read_parquet(data: bytes, name: str, department: Department) -> TextTable:
    """Read a Parquet file's wanted columns; lines are counted as if a header stood above them.

    Raises:
        DeliveryRefusedError: no sound Parquet, a missing column, customer numbers that are fractions, an odd type.
    """
    try:
        source = parquet.ParquetFile(io.BytesIO(data))
        check_header(source.schema_arrow.names, department.wanted, name)
        table = source.read(columns=list(department.wanted))
    except (pa.ArrowException, OSError) as error:
        raise refuse("damaged", "is no sound Parquet file, or cut short; deliver it again.", file=name) from error
    refuse_without_rows(len(table), name)
    forms = {column.name: column.forms[0] for column in department.columns if column.forms}
    numbers = {department.key, *(column.name for column in department.columns if column.type == "number")}
    texts = {}
    for column in department.wanted:
        if column in numbers and pa.types.is_floating(table[column].type):
            problem = "keeps numbers of customers as fractions; deliver them as text."
            raise refuse("lost_digits", problem, file=name, column=column)
        texts[column] = _as_text(table[column], forms.get(column, ISO_MOMENT), name, column)
    lines = pa.array(range(2, len(table) + 2), pa.int32())
    return TextTable(pa.table({**texts, ROW_NUMBER: lines}))


def _as_text(values: pa.ChunkedArray, form: str, name: str, column: str) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_floating(values.type):
        whole = pc.if_else(pc.is_finite(values), values.cast(pa.float64()), pa.scalar(None, pa.float64()))
        values = pc.round(whole, 6).cast(pa.decimal128(38, 6), safe=False)
    elif pa.types.is_temporal(values.type):
        values = pc.strftime(values.cast(pa.timestamp("s"), safe=False), format=form)
    elif pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    try:
        return pc.fill_null(values.cast(pa.string()), "")
    except pa.ArrowException as error:
        problem = f"has the type {values.type}, which is no plain value."
        raise refuse("bad_type", problem, file=name, column=column) from error
