"""The bank's file of consents by channel, CSV or XLSX: who agreed to what, where to, and who wants nothing more."""

import re
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from campaigns.channels.model import IN_THE_CHAT, Channel
from segmentation.intake.line_files import read_line_file
from segmentation.intake.phones import normalise_phone

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
    file = read_line_file(path, "consents", HEADERS)
    found = [_line(line, *cells) for line, cells in file.rows]
    broken = [ConsentOutcome(line, ConsentCode.UNREADABLE, problem) for line, problem in file.broken]
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
