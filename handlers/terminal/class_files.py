"""Every customer's class in a file, CSV for people and spreadsheets or Parquet for programs."""

import csv
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from campaigns.customers.class_lists import ClassLine
from campaigns.customers.model import ClassReason
from campaigns.members.model import Language
from handlers.wording.segments import reason_words

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
REASON = pa.struct(
    {"code": pa.string(), "axis": pa.string(), "value": pa.float64(), "points": pa.float64(), "known": pa.bool_()}
)
SCHEMA = pa.schema(
    {
        "customer": pa.string(),
        "class": pa.string(),
        "band": pa.string(),
        "lifecycle": pa.string(),
        "current_value": pa.int64(),
        "potential_value": pa.float64(),
        "churn": pa.float64(),
        "reasons": pa.list_(REASON),
        "confidence": pa.float64(),
        "provisional": pa.bool_(),
        "current_score": pa.float64(),
        "quadrant": pa.string(),
        "development": pa.float64(),
        "missing": pa.list_(pa.string()),
        "next_class": pa.string(),
        "next_class_fen": pa.int64(),
        "next_product": pa.string(),
        "next_action": pa.string(),
        "expected_value": pa.int64(),
        "opportunity": pa.float64(),
    }
)  # fmt: skip
TOGETHER = 20_000  # Rows that a Parquet file takes at once, so that memory does not grow with the bank.


class OutFileError(Exception):
    """A file that classes cannot be written to."""


def check_out(file: Path) -> None:
    """Refuse a file before the run rather than after it.

    Raises:
        OutFileError: the name ends neither with .csv nor with .parquet, or there is no such folder.
    """
    if file.suffix not in (".csv", ".parquet"):
        raise OutFileError(f"{file}: name a file that ends with .csv or .parquet.")
    if not file.absolute().parent.is_dir():
        raise OutFileError(f"{file}: there is no folder {file.parent} to write to.")


def write_classes(file: Path, lines: Iterable[ClassLine]) -> None:
    """Write every customer's class with its reasons, `current_value` in fen a year, scores 0–100, and what to do next.

    In CSV the reasons are words in both languages, and values that a spreadsheet would run are quoted.
    """
    (_write_parquet if file.suffix == ".parquet" else _write_csv)(file, lines)


def _row(line: ClassLine) -> dict[str, Any]:
    step = line.steps[0] if line.steps else {"letter": None, "change_fen": None}
    return {
        "customer": line.number,
        "class": line.letter,
        "band": line.band,
        "lifecycle": line.lifecycle,
        "current_value": line.current_value,
        "potential_value": line.potential,
        "churn": line.churn,
        "reasons": [vars(reason) for reason in line.reasons],
        "confidence": line.confidence,
        "provisional": line.provisional,
        "current_score": line.current,
        "quadrant": line.quadrant,
        "development": line.development,
        "missing": line.missing,
        "next_class": step["letter"],
        "next_class_fen": step["change_fen"],
        "next_product": line.next_product,
        "next_action": line.next_action,
        "expected_value": line.expected_value,
        "opportunity": line.opportunity,
    }


def csv_writer(stream: TextIO) -> "csv.DictWriter[str]":
    """A writer of class files that has written the header."""
    writer = csv.DictWriter(stream, SCHEMA.names)
    writer.writeheader()
    return writer


def write_row(writer: "csv.DictWriter[str]", row: dict[str, Any]) -> None:
    """One customer's row, with the reasons in words and nothing that a spreadsheet would run."""
    words = {"reasons": "; ".join(map(_words, row["reasons"])), "missing": " ".join(row["missing"])}
    writer.writerow({**row, **words, "customer": _inert(row["customer"])})


def _write_csv(file: Path, lines: Iterable[ClassLine]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv_writer(stream)
        for line in lines:
            write_row(writer, _row(line))


def _write_parquet(file: Path, lines: Iterable[ClassLine]) -> None:
    rows = map(_row, lines)
    with pq.ParquetWriter(file, SCHEMA) as writer:
        while chunk := list(islice(rows, TOGETHER)):
            writer.write_table(pa.Table.from_pylist(chunk, SCHEMA))


def _words(reason: dict[str, Any]) -> str:
    found = ClassReason.from_json(reason)
    return f"{reason_words(found, Language.ZH)} {reason_words(found, Language.EN)}"


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
