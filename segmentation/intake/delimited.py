"""Delimited text: the delimiter is found out, every value stays text, every row keeps the number of its line."""

import csv
import io
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from segmentation.intake.faults import DeliveryRefusedError, Fault, refuse
from segmentation.intake.profiles import Department
from segmentation.intake.tables import ROW_NUMBER, TextTable, check_header, refuse_without_rows

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_delimited(data: bytes, name: str, department: Department, notes: tuple[str, ...]) -> TextTable:
    """Read UTF-8 text.

    Raises:
        DeliveryRefusedError: empty, cut, a missing or doubled column, a quotation mark left open.
    """
    if not data.strip():
        raise refuse("empty", "is empty.", file=name, line=1)
    wanted = department.wanted
    delimiter, header = read_header(data, wanted)
    if delimiter != ",":
        notes = (*notes, f"is separated by {DELIMITERS[delimiter]}")
    check_header(header, wanted, name)
    _check_end(data, name)
    found = _parse(data.rstrip(b"\r\n") + b"\n", delimiter, header, wanted, name)
    refuse_without_rows(len(found.table) + len(found.broken), name)
    return TextTable(found.table, found.broken, notes, found.raw)


def read_header(data: bytes, wanted: Sequence[str]) -> tuple[str, list[str]]:
    """The delimiter that shows most of the wanted columns, of equal ones the one of most columns; and the names."""
    first = data[: data.find(b"\n") if b"\n" in data else len(data)].decode()
    headers = {delimiter: _split(first, delimiter) for delimiter in DELIMITERS}

    def fit(delimiter: str) -> tuple[int, int]:
        return sum(name in headers[delimiter] for name in wanted), len(headers[delimiter])

    best = max(DELIMITERS, key=fit)
    return best, headers[best]


def _split(line: str, delimiter: str) -> list[str]:
    return [name.strip() for name in next(csv.reader(io.StringIO(line), delimiter=delimiter), [])]


def _check_end(data: bytes, name: str) -> None:
    if not data.endswith((b"\n", b"\r")):
        line = data.count(b"\n") + 1
        problem = "the file breaks off here without a line end: it looks truncated; deliver it again."
        raise refuse("truncated", problem, file=name, line=line)


def _parse(data: bytes, delimiter: str, header: list[str], wanted: Sequence[str], name: str) -> TextTable:
    broken: list[Fault] = []
    raw: dict[int, str] = {}

    def keep(row: arrow_csv.InvalidRow) -> str:
        problem = f"has {row.actual_columns} values where the header names {row.expected_columns}."
        broken.append(Fault("bad_row", problem, name, row.number))
        raw[row.number] = row.text
        return "skip"

    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(
            use_threads=False, block_size=max(len(data), 1), column_names=header, skip_rows=1
        ),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=keep),
        convert_options=arrow_csv.ConvertOptions(
            column_types={column: pa.string() for column in wanted},
            include_columns=list(wanted),
            strings_can_be_null=False,
        ),
    )
    if len(table) + len(broken) + 1 != data.count(b"\n"):
        raise _line_break(table, broken, name)
    return TextTable(table.append_column(ROW_NUMBER, _lines(len(table), broken)), tuple(broken), raw=raw)


def _lines(rows: int, broken: list[Fault]) -> pa.Array:
    """Physical line numbers of the good rows: all lines after the header but the broken ones."""
    lines = pa.array(range(2, rows + len(broken) + 2), pa.int32())
    if not broken:
        return lines
    return lines.filter(pc.invert(pc.is_in(lines, pa.array([fault.line for fault in broken], pa.int32()))))


def _line_break(table: pa.Table, broken: list[Fault], name: str) -> DeliveryRefusedError:
    """A value runs over a line's end, so no line number after it can be trusted: the whole file is refused."""
    lines = [fault.line for fault in broken if fault.line is not None]
    for column in table.column_names:
        at = pc.index(pc.match_substring(table[column], "\n"), pa.scalar(True)).as_py()
        lines += [at + 2] if at >= 0 else []
    problem = "a quotation mark is opened here and not closed on the same line."
    return refuse("line_break", problem, file=name, line=min(lines, default=None))
