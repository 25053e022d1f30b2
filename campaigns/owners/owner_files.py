"""The bank's file of owners, CSV or XLSX: which manager looks after which customer, every line or what is wrong."""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from segmentation.intake.deliveries import ENDINGS, DeliveredFile
from segmentation.intake.faults import DeliveryRefusedError, refuse
from segmentation.intake.profiles import Column, Department, Profile
from segmentation.intake.reading import read_text
from segmentation.intake.tables import ROW_NUMBER, TextTable

LARGEST = 50_000_000
LONGEST = 100
HEADERS = (("客户号", "经理编号"), ("customer_number", "manager_id"))


class OwnerCode(StrEnum):
    """What came of a line."""

    NAMED = "named"
    CHANGED = "changed"
    SAME = "same"
    NO_CUSTOMER = "no_customer"
    NO_MANAGER = "no_manager"
    UNREADABLE = "unreadable"


FINE = frozenset({OwnerCode.NAMED, OwnerCode.CHANGED, OwnerCode.SAME})


class OwnerLine(NamedTuple):
    """One line: a customer's number and the platform's id of the manager."""

    line: int
    number: str
    manager_id: int


class OwnerOutcome(NamedTuple):
    """What came of one line; `note` is what it said."""

    line: int
    code: OwnerCode
    note: str = ""


def read_owner_file(path: Path) -> list[OwnerLine | OwnerOutcome]:
    """Every line of a file with one of the `HEADERS`, in the file's order; other columns are left out.

    Raises:
        DeliveryRefusedError: no such file or form, damaged, an unknown encoding, a missing column.
    """
    if not path.is_file():
        raise refuse("no_delivery", f"There is no file {path}.")
    if not path.name.endswith(ENDINGS):
        raise refuse("no_input", f"is none of {', '.join(ENDINGS)}.", file=path.name)
    if path.stat().st_size > LARGEST:
        raise refuse("too_large", "is larger than 50 MB: hand it in by parts.", file=path.name)
    header, text = _read(path)
    columns = [text.table[name].to_pylist() for name in (*header, ROW_NUMBER)]
    found = [
        _line(int(line), number.strip(), manager.strip())
        for number, manager, line in zip(*columns, strict=True)
        if number.strip() or manager.strip()
    ]
    broken = [OwnerOutcome(fault.line or 0, OwnerCode.UNREADABLE, fault.problem) for fault in text.broken]
    return sorted([*found, *broken], key=lambda each: each.line)


def _line(line: int, number: str, manager: str) -> OwnerLine | OwnerOutcome:
    if not number or len(number) > LONGEST or not re.fullmatch(r"[1-9]\d{0,17}", manager):
        return OwnerOutcome(line, OwnerCode.UNREADABLE, f"{number[:LONGEST]} {manager[:LONGEST]}".strip())
    return OwnerLine(line, number, int(manager))


def _read(path: Path) -> tuple[tuple[str, str], TextTable]:
    """The first of the known headers that the file has; the refusal where it has none."""
    refusal: DeliveryRefusedError | None = None
    for header in HEADERS:
        number, manager = header
        column = Column(manager, "manager", "words")
        department = Department("owners", "owners", re.compile(".*"), "as_of", "customer", False, (column,), key=number)
        file = DeliveredFile(path, department, date.min, "")
        try:
            return header, read_text(file, Profile("owners", "", (department,), {}, {}, ""))
        except DeliveryRefusedError as error:
            if error.fault.code != "missing_column":
                raise
            refusal = refusal or error
    assert refusal is not None
    wanted = "; ".join(", ".join(header) for header in HEADERS)
    raise refuse("missing_column", f"The header needs one of: {wanted}.", file=path.name, line=1) from refusal
