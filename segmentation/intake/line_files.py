"""A bank's file of single lines under one of a few known headers: what each says, or why it cannot be read."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from segmentation.intake.deliveries import ENDINGS, DeliveredFile
from segmentation.intake.faults import DeliveryRefusedError, refuse
from segmentation.intake.profiles import Column, Department, Profile
from segmentation.intake.reading import read_text
from segmentation.intake.tables import ROW_NUMBER, TextTable

LARGEST = 50_000_000


class LineFile(NamedTuple):
    """A file's header; its lines by number with their cells, blank ones left out; and the broken lines with why."""

    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    broken: list[tuple[int, str]]


def read_line_file(
    path: Path, named: str, headers: Sequence[tuple[str, ...]], *, key: int = 0, day: int | None = None
) -> LineFile:
    """Every line under the first of the headers that the file has; other columns are left out.

    `key` is the column with the identifier, `day` one that a workbook may hold as a date.

    Raises:
        DeliveryRefusedError: no such file or form, damaged, an unknown encoding, a missing column.
    """
    if not path.is_file():
        raise refuse("no_delivery", f"There is no file {path}.")
    if not path.name.endswith(ENDINGS):
        raise refuse("no_input", f"is none of {', '.join(ENDINGS)}.", file=path.name)
    if path.stat().st_size > LARGEST:
        raise refuse("too_large", "is larger than 50 MB: hand it in by parts.", file=path.name)
    header, text = _under(path, named, headers, key, day)
    columns = [text.table[name].to_pylist() for name in (*header, ROW_NUMBER)]
    lines = [(int(line), [cell.strip() for cell in cells]) for *cells, line in zip(*columns, strict=True)]
    broken = [(fault.line or 0, fault.problem) for fault in text.broken]
    return LineFile(header, [(line, cells) for line, cells in lines if any(cells)], broken)


def _under(
    path: Path, named: str, headers: Sequence[tuple[str, ...]], key: int, day: int | None
) -> tuple[tuple[str, ...], TextTable]:
    """The first of the headers that the file has; the refusal of the first where it has none."""
    refusal: DeliveryRefusedError | None = None
    for header in headers:
        department = _department(named, header, key, day)
        file = DeliveredFile(path, department, date.min, "")
        try:
            return header, read_text(file, Profile(named, "", (department,), {}, {}, ""))
        except DeliveryRefusedError as error:
            if error.fault.code != "missing_column":
                raise
            refusal = refusal or error
    assert refusal is not None
    wanted = "; ".join(", ".join(header) for header in headers)
    raise refuse("missing_column", f"The header needs one of: {wanted}.", file=path.name, line=1) from refusal


def _department(named: str, header: tuple[str, ...], key: int, day: int | None) -> Department:
    columns = tuple(
        Column(name, name, "date", ("%Y-%m-%d",)) if at == day else Column(name, name, "words")
        for at, name in enumerate(header)
        if at != key
    )
    return Department(named, named, re.compile(".*"), "as_of", "customer", False, columns, key=header[key])
