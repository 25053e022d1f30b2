"""Classes straight from a run into a file: the columns of a class file, made column by column."""

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from handlers.terminal.class_files import REASON, SCHEMA, csv_writer, write_row
from segmentation.dimensions import LETTERS
from segmentation.portraits import Portraits
from segmentation.reasons import Reasons
from segmentation.steps import NO_STEP, Steps

NAMES = {
    "class": "letter", "band": "band", "lifecycle": "lifecycle", "current_value": "current_value",
    "potential_value": "potential", "churn": "churn", "confidence": "confidence", "provisional": "provisional",
    "current_score": "current", "quadrant": "quadrant", "development": "development",
}  # fmt: skip


def class_table(portraits: Portraits) -> pa.Table:
    """The rows of a class file, `portraits.table` being by the bank's number of the customer.

    What only the database knows enough for, such as the next action, is null.
    """
    table = portraits.table
    plain = {name: pa.array(table[ours], SCHEMA.field(name).type, from_pandas=True) for name, ours in NAMES.items()}
    letters, fen = _next_classes(portraits.steps)
    columns = {
        **plain,
        "customer": pa.array(table.index, pa.string()),
        "reasons": _reasons(portraits.reasons),
        "missing": pa.array(portraits.missing, SCHEMA.field("missing").type),
        "next_class": letters,
        "next_class_fen": fen,
    }
    unknown = (pa.nulls(len(table), field.type) for field in SCHEMA)
    found = [columns.get(name, nothing) for name, nothing in zip(SCHEMA.names, unknown, strict=True)]
    return pa.table(found, schema=SCHEMA)


def write_class_tables(file: Path, tables: Iterable[pa.Table]) -> None:
    """As `write_classes` does, table by table; the file appears when it is whole."""
    draft = file.with_name(f"{file.name}.part")
    try:
        (_write_parquet if file.suffix == ".parquet" else _write_csv)(draft, tables)
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _write_parquet(file: Path, tables: Iterable[pa.Table]) -> None:
    with pq.ParquetWriter(file, SCHEMA) as writer:
        for table in tables:
            writer.write_table(table)


def _write_csv(file: Path, tables: Iterable[pa.Table]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv_writer(stream)
        for table in tables:
            for row in table.to_pylist():
                write_row(writer, row)


def _reasons(found: Reasons) -> pa.ListArray:
    """The strongest reasons of every customer; a value is null where nothing is known or it never happened."""
    count, each = found.picked.shape
    values, points = found.values.ravel(), found.points.ravel()
    parts = {
        "code": pa.array(found.codes).take(pa.array(found.picked.ravel())),
        "axis": pa.repeat(pa.scalar(found.axis), count * each),
        "value": pa.array(values.round(4), mask=~np.isfinite(values)),
        "points": pa.array(points),
        "known": pa.array(~np.isnan(values)),
    }
    structs = pa.StructArray.from_arrays([parts[field.name] for field in REASON], fields=list(REASON))
    return pa.ListArray.from_arrays(pa.array(np.arange(count + 1, dtype=np.int32) * each), structs)


def _next_classes(steps: Steps) -> tuple[pa.Array, pa.Array]:
    """The letter that more assets lead to, or else that fewer lead to, and the change in fen."""
    has_up = steps.up != NO_STEP
    letters, fen = np.where(has_up, steps.up, steps.down), np.where(has_up, steps.up_fen, steps.down_fen)
    nowhere = letters == NO_STEP
    return pa.array(list(LETTERS)).take(pa.array(letters, mask=nowhere)), pa.array(fen, mask=nowhere)
