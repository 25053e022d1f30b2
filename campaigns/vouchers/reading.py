"""The bank's file of outcomes, CSV or XLSX: every line is what the bank tells, or what is wrong with it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation, Overflow
from pathlib import Path

from campaigns.earnings.reading import day_of
from campaigns.vouchers.intake import LineCode, LineOutcome, ProgressLine
from campaigns.vouchers.model import Event
from segmentation.intake.line_files import read_line_file

LONGEST = 100
MOST_FEN = 10**13
ZH = ("流水号", "客户号", "事件", "代号", "金额", "日期")
EN = ("reference", "customer_number", "event", "code", "amount_yuan", "date")
HEADERS: tuple[tuple[str, ...], ...] = ((*ZH, "原因"), ZH, (*EN, "reason"), EN)
EVENTS: Mapping[str, Event] = {
    **dict.fromkeys(("bought", "购买", "买入", "申购", "支付"), Event.BOUGHT),
    **dict.fromkeys(("returned", "退回", "赎回", "撤单", "退款"), Event.RETURNED),
    **dict.fromkeys(("redeemed", "核销", "兑付"), Event.REDEEMED),
}


def read_progress(path: Path, today: date) -> list[ProgressLine | LineOutcome]:
    """Every line of a file with one of the `HEADERS`, in the file's order; other columns are left out.

    Raises:
        DeliveryRefusedError: no such file or form, damaged, an unknown encoding, a missing column.
    """
    file = read_line_file(path, "voucher progress", HEADERS, key=1)
    found = [_line(line, cells, today) for line, cells in file.rows]
    broken = [LineOutcome(line, LineCode.UNREADABLE, problem) for line, problem in file.broken]
    return sorted([*found, *broken], key=lambda each: each.line)


def fen_of(text: str) -> int | None:
    """An amount in yuan above 0 with at most two decimals, as fen; None where it is none."""
    try:
        found = Decimal(text.replace(",", "").replace("，", "").removesuffix("元")) * 100
    except (InvalidOperation, Overflow):
        return None
    is_amount = found.is_finite() and found == found.to_integral_value() and 0 < found <= MOST_FEN
    return int(found) if is_amount else None


def _line(line: int, row: list[str], today: date) -> ProgressLine | LineOutcome:
    reference, number, event, code, amount, day, *reasons = row
    reason = "".join(reasons)
    meant, fen, on = EVENTS.get(event.lower()), fen_of(amount), day_of(day)
    if not reference or len(reference) > LONGEST:
        return LineOutcome(line, LineCode.UNREADABLE, "the reference is missing")
    if not number or len(number) > LONGEST:
        return LineOutcome(line, LineCode.UNREADABLE, "the customer's number is missing")
    if meant is None:
        return LineOutcome(line, LineCode.UNKNOWN_EVENT, event[:LONGEST])
    if fen is None:
        return LineOutcome(line, LineCode.UNREADABLE, "the amount is none above 0, e.g. 100000.00")
    if on is None:
        return LineOutcome(line, LineCode.UNREADABLE, "the date is none, e.g. 2026-11-30")
    if on > today:
        return LineOutcome(line, LineCode.FUTURE, day)
    return ProgressLine(line, reference, number, meant, code, fen, on, reason[:LONGEST] or None)
