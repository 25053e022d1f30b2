"""From a delivered file's bytes to a table of text columns with the line each row came from."""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from segmentation.intake.deliveries import DeliveredFile
from segmentation.intake.faults import DeliveryRefusedError, Fault, refuse
from segmentation.intake.profiles import Profile

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ROW_NUMBER = "line"


@dataclass(frozen=True)
class TextTable:
    """Every wanted column as text, a `line` column beside them, and the lines that are no rows at all."""

    table: pa.Table
    broken: tuple[Fault, ...]
    notes: tuple[str, ...] = field(default=())


def read_text(file: DeliveredFile, profile: Profile) -> TextTable:
    """Read one file as text only: "0xb2d1b6d1" must never become a number.

    Raises:
        DeliveryRefusedError: truncated or damaged, wrong encoding, empty, a missing or doubled column.
    """
    data = _unpack(file)
    notes = ("begins with a byte-order mark, which was skipped",) if data.startswith(BYTE_ORDER_MARK) else ()
    data = data.removeprefix(BYTE_ORDER_MARK)
    if not data.strip():
        raise refuse("empty", "is empty.", file=file.name, line=1)
    _check_encoding(data, file.name, profile.encoding)
    header = _check_header(data, file, profile)
    _check_end(data, file.name)
    wanted = [profile.customer, *(column.name for column in file.department.columns)]
    table, broken = _parse(data.rstrip(b"\r\n") + b"\n", header, wanted, file.name)
    if not len(table) and not broken:
        raise refuse("empty", "has a header and no rows.", file=file.name, line=2)
    return TextTable(table, tuple(broken), notes)


def _unpack(file: DeliveredFile) -> bytes:
    data = file.path.read_bytes()
    if not file.name.endswith(".gz"):
        return data
    if not data:
        raise refuse("empty", "is empty.", file=file.name, line=1)
    try:
        return gzip.decompress(data)
    except EOFError as error:
        line = _lines_before_the_break(data)
        raise refuse(
            "truncated", "the compressed file breaks off here; deliver it again.", file=file.name, line=line
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise refuse("damaged", f"is no sound gzip file ({error}); deliver it again.", file=file.name) from error


def _lines_before_the_break(data: bytes) -> int:
    try:
        return zlib.decompressobj(wbits=31).decompress(data).count(b"\n") + 1
    except zlib.error:
        return 1


def _check_encoding(data: bytes, name: str, encoding: str) -> None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        line, column = _place(data, error.start)
        problem = f"byte 0x{data[error.start]:02x} is not {encoding.upper()}; save the file as {encoding.upper()}."
        raise refuse("encoding", problem, file=name, line=line, column=column) from error
    if (at := data.find(b"\0")) >= 0:
        line, column = _place(data, at)
        raise refuse("encoding", "a zero byte stands in the text.", file=name, line=line, column=column)


def _place(data: bytes, at: int) -> tuple[int, str | None]:
    """The line (from 1) and the column's name of a byte."""
    start = data.rfind(b"\n", 0, at) + 1
    header = data[: data.find(b"\n")].decode(errors="replace").strip().split(",")
    column = data.count(b",", start, at)
    line = data.count(b"\n", 0, at) + 1
    return line, header[column] if line > 1 and column < len(header) else None


def _check_header(data: bytes, file: DeliveredFile, profile: Profile) -> list[str]:
    first = data[: data.find(b"\n") if b"\n" in data else len(data)].decode(profile.encoding)
    header = [name.strip() for name in next(csv.reader(io.StringIO(first)), [])]
    for name in [profile.customer, *(column.name for column in file.department.columns)]:
        if header.count(name) != 1:
            problem = f"is {'missing' if name not in header else 'there twice'}; the header is: {', '.join(header)}."
            raise refuse("missing_column", problem, file=file.name, line=1, column=name)
    return header


def _check_end(data: bytes, name: str) -> None:
    if not data.endswith((b"\n", b"\r")):
        line = data.count(b"\n") + 1
        problem = "the file breaks off here without a line end: it looks truncated; deliver it again."
        raise refuse("truncated", problem, file=name, line=line)


def _parse(data: bytes, header: list[str], wanted: list[str], name: str) -> tuple[pa.Table, list[Fault]]:
    broken: list[Fault] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        problem = f"has {row.actual_columns} values where the header names {row.expected_columns}."
        broken.append(Fault("bad_row", problem, name, row.number))
        return "skip"

    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(
            use_threads=False, block_size=max(len(data), 1), column_names=header, skip_rows=1
        ),
        parse_options=arrow_csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=keep),
        convert_options=arrow_csv.ConvertOptions(
            column_types={column: pa.string() for column in wanted}, include_columns=wanted, strings_can_be_null=False
        ),
    )
    if len(table) + len(broken) + 1 != data.count(b"\n"):
        raise _line_break(table, broken, name)
    return table.append_column(ROW_NUMBER, _lines(len(table), broken)), broken


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
