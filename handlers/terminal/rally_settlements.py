"""A rally's settlement sheet on the terminal and as a file: gifts, coupons, tastings, who pays and who receives."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.settlements.model import CouponLine, GiftLine, PartnerLine, RallySheet, SettleRefusal
from handlers.terminal.settlement_files import Cell, inert

REFUSED = {
    SettleRefusal.NO_RALLY: "There is no rally with the code {code}; rally list shows them.",
    SettleRefusal.STILL_RUNNING: "The rally {code} is {state}: it is settled once it has ended (rally close {code}).",
    SettleRefusal.COUPONS_OPEN: (
        "Coupons of {code} can still be redeemed: settle it after their last day, or void them with "
        "rally void-coupons {code} COUPON --reason."
    ),
    SettleRefusal.OUT_OF_BALANCE: (
        "The rally {code} does not balance at {faults}: look at rally sheet {code} before anything else."
    ),
}
GIFTS = ("礼品 gift", "勋章 medal", "之前 before", "之后 after", "已发 handed out", "金额 worth, yuan")
COUPONS = (
    "商户券 coupon", "商户 partner", "总数 stock", "发出 issued", "核销 redeemed", "过期 expired", "作废 void",
    "未用 left", "应收 receives, yuan",
)  # fmt: skip
TASTINGS = ("试吃摊位 booth", "之前 before", "之后 after", "已发 given")
PARTNERS = ("合作方 partner", "分摊 share %", "应付 pays, yuan", "应收 receives, yuan")


def refusal_sentence(refusal: SettleRefusal, code: str, sheet: RallySheet | None) -> str:
    """Why a rally is not settled, and what to do."""
    state, faults = (sheet.state, ", ".join(sheet.faults)) if sheet else ("", "")
    return REFUSED[refusal].format(code=code, state=state, faults=faults)


def sheet_json(sheet: RallySheet) -> str:
    """The sheet as a JSON object; money is in fen."""
    told = {**asdict(sheet), "balanced": sheet.is_balanced, "faults": sheet.faults}
    return json.dumps(told, ensure_ascii=False, indent=2, default=str)


def print_sheet(sheet: RallySheet, console: Console) -> None:
    """The sheet as tables, each with what it says of one kind of thing."""
    for header, lines in _parts(sheet):
        table = Table(header[0], box=SIMPLE)
        for name in header[1:]:
            table.add_column(name, justify="right")
        for line in lines:
            table.add_row(*(_shown(cell) for cell in line))
        if lines:
            console.print(table)
    budget = f"礼品预算 gift budget {sheet.spent_fen / 100:,.2f} / {sheet.budget_fen / 100:,.2f}"
    balanced = "yes" if sheet.is_balanced else f"NO: {', '.join(sheet.faults)}"
    console.print(f"{sheet.code} {sheet.title} · {sheet.state} · {budget}\n账平 balanced: {balanced}", markup=False)


def rows(sheet: RallySheet) -> Iterator[tuple[Cell, ...]]:
    """The sheet row by row, for a file that partners open."""
    yield "活动 event", inert(sheet.code), inert(sheet.title)
    yield "状态 state", sheet.state.value, str(sheet.settled_at or "")
    yield "礼品预算 gift budget, yuan", sheet.budget_fen / 100, sheet.spent_fen / 100
    yield "总成本 cost, yuan", sheet.cost_fen / 100
    yield "账平 balanced", "yes" if sheet.is_balanced else "NO"
    for header, lines in _parts(sheet):
        if lines:
            yield ()
            yield header
            yield from ((inert(str(first)), *rest) for first, *rest in lines)
    pays, receives = sum(each.pays_fen for each in sheet.partners), sum(each.receives_fen for each in sheet.partners)
    yield "合计 total", 100, pays / 100, receives / 100


def _parts(sheet: RallySheet) -> Iterator[tuple[tuple[str, ...], list[tuple[Cell, ...]]]]:
    yield GIFTS, [_gift(line) for line in sheet.gifts]
    yield COUPONS, [_coupon(line) for line in sheet.coupons]
    yield TASTINGS, [(line.booth, line.before, line.after, line.given) for line in sheet.tastings]
    yield PARTNERS, [_partner(line) for line in sheet.partners]


def _gift(line: GiftLine) -> tuple[Cell, ...]:
    target = f"{line.target}（替代）" if line.is_substitute else line.target
    return line.title, target, line.before, line.after, line.handed, line.worth_fen / 100


def _coupon(line: CouponLine) -> tuple[Cell, ...]:
    numbers = (line.stock, line.issued, line.redeemed, line.expired, line.void, line.left)
    return f"{line.code} {line.title}", inert(line.partner), *numbers, line.redeemed_fen / 100


def _partner(line: PartnerLine) -> tuple[Cell, ...]:
    return line.name, line.basis_points / 100, line.pays_fen / 100, line.receives_fen / 100


def _shown(cell: Cell) -> str:
    return cell if isinstance(cell, str) else f"{cell:,.2f}" if isinstance(cell, float) else f"{cell:,}"
