"""The bank's file of consents by channel, CSV or XLSX: who agreed to what, where to, and who wants nothing more."""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from campaigns.channels.model import IN_THE_CHAT, Channel
from segmentation.intake.deliveries import ENDINGS, DeliveredFile
from segmentation.intake.faults import DeliveryRefusedError, refuse
from segmentation.intake.phones import normalise_phone
from segmentation.intake.profiles import Column, Department, Profile
from segmentation.intake.reading import read_text
from segmentation.intake.tables import ROW_NUMBER, TextTable

LARGEST = 50_000_000
LONGEST = 200
HEADERS = (
    ("客户号", "渠道", "同意", "地址", "条款"),
    ("customer_number", "channel", "agreed", "address", "wording"),
)
YES, NO = frozenset({"是", "yes", "y", "1", "true"}), frozenset({"否", "no", "n", "0", "false"})
NAMES = {"短信": Channel.SMS, "邮件": Channel.EMAIL, "电子邮件": Channel.EMAIL, "公众号": Channel.ACCOUNT,
    "电话": Channel.TASK, "弹窗": Channel.POPUP, "网点": Channel.CODE}  # fmt: skip
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class ConsentCode(StrEnum):
    """What came of a line."""

    AGREED = "agreed"
    OBJECTED = "objected"
    NO_CUSTOMER = "no_customer"
    UNREADABLE = "unreadable"


class ConsentLine(NamedTuple):
    """One line; `address` is in its one form, "" where none is told."""

    line: int
    number: str
    channel: Channel
    agreed: bool
    address: str
    wording: str


class ConsentOutcome(NamedTuple):
    """What came of one line; `note` is what it said, never an address."""

    line: int
    code: ConsentCode
    note: str = ""


def read_consent_file(path: Path) -> list[ConsentLine | ConsentOutcome]:
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
        _line(int(line), *(str(cell).strip() for cell in cells))
        for *cells, line in zip(*columns, strict=True)
        if any(str(cell).strip() for cell in cells)
    ]
    broken = [ConsentOutcome(fault.line or 0, ConsentCode.UNREADABLE, fault.problem) for fault in text.broken]
    return sorted([*found, *broken], key=lambda each: each.line)


def _line(
    line: int, number: str, channel: str, agreed: str, address: str, wording: str
) -> ConsentLine | ConsentOutcome:
    way, said = _channel(channel), agreed.casefold()
    if not number or len(number) > LONGEST or way is None or said not in YES | NO:
        return ConsentOutcome(line, ConsentCode.UNREADABLE, f"{number} {channel} {agreed}"[:LONGEST].strip())
    if said in YES and not 0 < len(wording) <= LONGEST:
        return ConsentOutcome(line, ConsentCode.UNREADABLE, f"{number}: the words that were agreed to are missing")
    place = _address(way, address)
    if place is None:
        return ConsentOutcome(line, ConsentCode.UNREADABLE, f"{number}: the address is none for {way}")
    return ConsentLine(line, number, way, said in YES, place, wording)


def _channel(told: str) -> Channel | None:
    found = NAMES.get(told) or next((each for each in Channel if each == told.casefold()), None)
    return None if found in IN_THE_CHAT or found is Channel.STAFF_GROUP else found


def _address(channel: Channel, told: str) -> str | None:
    """An address in its one form; None where it cannot be one."""
    if not told:
        return ""
    match channel:
        case Channel.SMS:
            return normalise_phone(told)
        case Channel.EMAIL:
            return told if EMAIL.fullmatch(told) and len(told) <= LONGEST else None
    return told if len(told) <= LONGEST else None


def _read(path: Path) -> tuple[tuple[str, ...], TextTable]:
    """The first of the known headers that the file has; the refusal where it has none."""
    refusal: DeliveryRefusedError | None = None
    for header in HEADERS:
        columns = tuple(Column(name, f"column_{at}", "words") for at, name in enumerate(header[1:]))
        department = Department(
            "consents", "consents", re.compile(".*"), "as_of", "customer", False, columns, key=header[0]
        )
        file = DeliveredFile(path, department, date.min, "")
        try:
            return header, read_text(file, Profile("consents", "", (department,), {}, {}, ""))
        except DeliveryRefusedError as error:
            if error.fault.code != "missing_column":
                raise
            refusal = refusal or error
    assert refusal is not None
    wanted = "; ".join(", ".join(header) for header in HEADERS)
    raise refuse("missing_column", f"The header needs one of: {wanted}.", file=path.name, line=1) from refusal
