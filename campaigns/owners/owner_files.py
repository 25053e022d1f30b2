"""The bank's file of owners, CSV or XLSX: which manager looks after which customer, every line or what is wrong."""

import re
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from segmentation.intake.line_files import read_line_file

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
    file = read_line_file(path, "owners", HEADERS)
    found = [_line(line, number, manager) for line, (number, manager) in file.rows]
    broken = [OwnerOutcome(line, OwnerCode.UNREADABLE, problem) for line, problem in file.broken]
    return sorted([*found, *broken], key=lambda each: each.line)


def _line(line: int, number: str, manager: str) -> OwnerLine | OwnerOutcome:
    if not number or len(number) > LONGEST or not re.fullmatch(r"[1-9]\d{0,17}", manager):
        return OwnerOutcome(line, OwnerCode.UNREADABLE, f"{number[:LONGEST]} {manager[:LONGEST]}".strip())
    return OwnerLine(line, number, int(manager))
