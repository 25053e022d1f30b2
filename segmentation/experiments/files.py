"""From any file of assignments and outcomes to the columns that are asked for, in bounded memory."""

import codecs
import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow as pa
from pyarrow import parquet

from segmentation.experiments.model import ExperimentError
from segmentation.intake.delimited import DELIMITERS, read_header
from segmentation.intake.encodings import find_encoding
from segmentation.intake.faults import DeliveryRefusedError
from segmentation.intake.workbooks import ISO_MOMENT, cell_text, sheet_rows

HEAD = 1 << 20
CHUNK = 1 << 24
BROKEN_SHARE = 0.05
GIVEN = "given"
FALLBACK = "latin-1"  # Never fails: names may look odd, numbers do not.


@dataclass(frozen=True)
class Source:
    """The view GIVEN: a column c0, c1 … per name, in this order, with its type; `notes` say what was seen."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: int
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> str:
        """The view's own name of a column."""
        return f"c{self.columns.index(name)}"

    def is_text(self, name: str) -> bool:
        """Whether its values are text yet to be read."""
        return self.types[self.columns.index(name)] == "VARCHAR"


def open_source(engine: duckdb.DuckDBPyConnection, file: Path, wanted: Sequence[str], scratch: Path) -> Source:
    """Open these columns of a Parquet file, a workbook or delimited text in any delimiter and encoding of the intake.

    Raises:
        ExperimentError: the file is not there, empty, damaged, or has no such column.
    """
    if not file.is_file():
        raise ExperimentError(f"There is no file {file}.")
    if not file.stat().st_size:
        raise ExperimentError(f"{file.name} is empty.")
    try:
        if file.name.endswith(".xlsx"):
            return _open_workbook(engine, file, wanted)
        with file.open("rb") as opened:
            is_parquet = opened.read(4) == b"PAR1"
        if is_parquet or file.suffix in {".parquet", ".pq"}:
            return _open_parquet(engine, file, wanted)
        return _open_text(engine, file, wanted, scratch)
    except DeliveryRefusedError as error:
        raise ExperimentError(str(error)) from error


def _open_parquet(engine: duckdb.DuckDBPyConnection, file: Path, wanted: Sequence[str]) -> Source:
    try:
        names = parquet.read_schema(file).names
    except (pa.ArrowException, OSError) as error:
        raise ExperimentError(f"{file.name} is no sound Parquet file, or cut short.") from error
    check_columns(names, wanted, file.name)
    source = engine.read_parquet(str(file), file_row_number=True)
    return _kept(engine, source, [_quoted(name) for name in wanted], wanted, file.name)


def _open_workbook(engine: duckdb.DuckDBPyConnection, file: Path, wanted: Sequence[str]) -> Source:
    rows = sheet_rows(file.read_bytes(), file.name)
    header = [cell_text(value, ISO_MOMENT).strip() for value in (rows[0] if rows else ())]
    check_columns(header, wanted, file.name)
    filled = [row for row in rows[1:] if any(value is not None for value in row)]
    places = [header.index(name) for name in wanted]
    texts = {f"w{at}": pa.array([cell_text(row[at], ISO_MOMENT) for row in filled], pa.string()) for at in places}
    table = pa.table({**texts, "file_row_number": pa.array(range(len(filled)), pa.int64())})
    return _kept(engine, engine.from_arrow(table), [f"w{at}" for at in places], wanted, file.name)


def _open_text(engine: duckdb.DuckDBPyConnection, file: Path, wanted: Sequence[str], scratch: Path) -> Source:
    """Delimited text, its wanted columns kept as Parquet in `scratch`, so that the file is read once."""
    readable, notes = _as_utf8(file, scratch)
    delimiter, header = _header(readable, wanted, file.name)
    check_columns(header, wanted, file.name)
    if delimiter != ",":
        notes = (*notes, f"{file.name} is separated by {DELIMITERS[delimiter]}.")
    kept = scratch / "kept.parquet"
    chosen = ", ".join(f"c{header.index(name)} AS w{at}" for at, name in enumerate(wanted))
    columns = ", ".join(f"c{at}: 'VARCHAR'" for at in range(len(header)))
    statement = (
        f"COPY (SELECT {chosen} FROM read_csv($file, delim = $delimiter, header = true, auto_detect = false, "
        f"columns = {{{columns}}}, quote = '\"', escape = '\"', store_rejects = true, "
        f"compression = '{'gzip' if _is_packed(readable) else 'none'}')) TO '{kept}' (FORMAT parquet)"
    )
    try:
        engine.execute(statement, {"file": str(readable), "delimiter": delimiter})
    except duckdb.Error as error:
        raise _unreadable(file.name, str(error)) from error
    found = engine.read_parquet(str(kept), file_row_number=True)
    source = _kept(engine, found, [f"w{at}" for at in range(len(wanted))], wanted, file.name)
    broken = one_row(engine, "SELECT count(DISTINCT line), min(line) FROM reject_errors")
    return Source(
        source.columns, source.types, source.rows, (*notes, *_broken_note(broken[0], broken[1], source.rows, file.name))
    )


def one_row(engine: duckdb.DuckDBPyConnection, statement: str) -> tuple[Any, ...]:
    """The only row of a statement's result."""
    found: tuple[Any, ...] = engine.sql(statement).fetchall()[0]
    return found


def _broken_note(broken: int, first: int | None, rows: int, name: str) -> tuple[str, ...]:
    if not broken:
        return ()
    said = f"{broken:,} lines of {name} have another number of values than the header, the first in line {first}"
    if broken > BROKEN_SHARE * (rows + broken):
        raise ExperimentError(f"{said}: that is too many to leave out; put values with delimiters in quotation marks.")
    return (f"{said}; they are left out.",)


def _unreadable(name: str, said: str) -> ExperimentError:
    return ExperimentError(f"{name} cannot be read as delimited text: {said.splitlines()[0]}")


def _kept(
    engine: duckdb.DuckDBPyConnection,
    found: duckdb.DuckDBPyRelation,
    chosen: Sequence[str],
    wanted: Sequence[str],
    file: str,
) -> Source:
    aliases = ", ".join(f"{name} AS c{at}" for at, name in enumerate(chosen))
    view = found.project(f"{aliases}, file_row_number AS place")
    view.create_view(GIVEN, replace=True)
    rows = one_row(engine, f"SELECT count(*) FROM {GIVEN}")[0]
    if not rows:
        raise ExperimentError(f"{file} has a header and no rows.")
    types = tuple("VARCHAR" if str(kind).startswith("ENUM") else str(kind) for kind in view.types[:-1])
    return Source(tuple(wanted), types, rows)


def check_columns(header: Sequence[str], wanted: Sequence[str], file: str) -> None:
    """Every wanted column must be there once.

    Raises:
        ExperimentError: one is missing, with the nearest name, or there twice.
    """
    for name in wanted:
        if header.count(name) > 1:
            raise ExperimentError(f'{file} has the column "{name}" more than once; rename one.')
        if name not in header:
            alike = get_close_matches(name.casefold(), [other.casefold() for other in header], 1, 0.6)
            near = next((other for other in header if alike and other.casefold() == alike[0]), None)
            hint = f' Did you mean "{near}"?' if near else ""
            raise ExperimentError(f'{file} has no column "{name}"; it has: {", ".join(header)}.{hint}')


def _as_utf8(file: Path, scratch: Path) -> tuple[Path, tuple[str, ...]]:
    """The file itself, or a copy turned into UTF-8 where it is written in something else."""
    try:
        encoding = _encoding(file)
        if encoding.startswith("utf-8"):
            return file, ()
        copy = scratch / "utf8.csv"
        with copy.open("w", encoding="utf-8", newline="") as out:
            for text in _decoded(file, encoding):
                out.write(text)
    except (UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ExperimentError(f"{file.name} is damaged or cut short; export it again.") from error
    return copy, (f"{file.name} is written in {encoding.upper()}.",)


def _encoding(file: Path) -> str:
    """By the whole file, since a name that is not English may stand in the last line alone."""
    with closing(_bytes_of(file)) as source:
        head = source.read(HEAD)
    found = find_encoding(head[: head.rfind(b"\n") + 1] or head)
    tried = (found,) if found.startswith("utf-16") else (found, "utf-8", "gb18030")
    return next((encoding for encoding in tried if _reads(file, encoding)), FALLBACK)


def _reads(file: Path, encoding: str) -> bool:
    try:
        return all(True for _ in _decoded(file, encoding))
    except UnicodeDecodeError:
        return False


def _decoded(file: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with closing(_bytes_of(file)) as source:
        while chunk := source.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _bytes_of(file: Path) -> IO[bytes]:
    return gzip.open(file) if _is_packed(file) else file.open("rb")  # type: ignore[return-value]


def _is_packed(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(2) == b"\x1f\x8b"


def _header(file: Path, wanted: Sequence[str], name: str) -> tuple[str, list[str]]:
    with closing(_bytes_of(file)) as source:
        first = source.read(HEAD).removeprefix(codecs.BOM_UTF8).replace(b"\r", b"\n")
    if not first.strip():
        raise ExperimentError(f"{name} is empty.")
    if b"\0" in first:
        raise ExperimentError(f"{name} is no text: deliver CSV, Parquet or a workbook (.xlsx).")
    return read_header(first, wanted)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
