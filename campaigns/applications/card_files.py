"""The bank's file of card events, CSV or XLSX: read by the intake, every line an event or what is wrong with it."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from campaigns.applications.model import Stage
from campaigns.applications.reconciling import CardCode, CardLine, CardOutcome
from campaigns.earnings.reading import day_of
from segmentation.intake.line_files import read_line_file

LONGEST = 100
HEADERS = (
    ("客户号", "事件", "日期"),
    ("申请编号", "事件", "日期"),
    ("customer_number", "event", "date"),
    ("application_number", "event", "date"),
)
APPLICATION_HEADERS = {"申请编号", "application_number"}
EVENTS: Mapping[Stage, tuple[str, ...]] = {
    Stage.APPLIED: ("applied", "申请", "已申请", "进件"),
    Stage.APPROVED: ("approved", "批准", "已批准", "审批通过", "核准"),
    Stage.DECLINED: ("declined", "拒绝", "未获批", "审批拒绝"),
    Stage.DELIVERED: ("delivered", "送达", "已送达", "签收"),
    Stage.ACTIVATED: ("activated", "激活", "已激活"),
    Stage.DEBIT_CARD_ISSUED: ("debit_card_issued", "配发借记卡", "已配借记卡"),
    Stage.FIRST_USE: ("first_use", "首刷", "已首刷", "首次使用"),
}
STAGE_OF = {word: stage for stage, words in EVENTS.items() for word in words}


def read_card_file(path: Path, today: date) -> list[CardLine | CardOutcome]:
    """Every line of a file with one of the `HEADERS`, in the file's order; other columns are left out.

    Raises:
        DeliveryRefusedError: no such file or form, damaged, an unknown encoding, a missing column.
    """
    file = read_line_file(path, "card events", HEADERS, day=2)
    is_application = file.header[0] in APPLICATION_HEADERS
    found = [_line(line, cells, today, is_application=is_application) for line, cells in file.rows]
    broken = [CardOutcome(line, CardCode.UNREADABLE, problem) for line, problem in file.broken]
    return sorted([*found, *broken], key=lambda each: each.line)


def application_number(text: str) -> str | None:
    """SQ00000012 as it is written on our paper, out of SQ12 or 12; None when it is no such number."""
    found = re.fullmatch(r"(?:SQ)?0*(\d{1,18})", text.upper())
    return f"SQ{int(found[1]):08d}" if found else None


def _line(line: int, row: list[str], today: date, *, is_application: bool) -> CardLine | CardOutcome:
    number, event, day = row
    stage, on = STAGE_OF.get(event.lower()), day_of(day)
    meant = application_number(number) if is_application else number
    if not meant or len(number) > LONGEST:
        return CardOutcome(line, CardCode.UNREADABLE, "the number is none, e.g. SQ00000012 or the customer's number")
    if stage is None:
        return CardOutcome(line, CardCode.UNKNOWN_EVENT, event[:LONGEST])
    if on is None:
        return CardOutcome(line, CardCode.UNREADABLE, "the date is none, e.g. 2026-11-30")
    return CardOutcome(line, CardCode.FUTURE, day) if on > today else CardLine(line, meant, stage, on)
