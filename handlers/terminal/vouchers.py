"""Vouchers on the terminal: the file's versions, what it would cost, what became of a file of outcomes, settlement."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from campaigns.catalogue.model import Change
from campaigns.members.model import Language
from campaigns.points.spreads import Spread
from campaigns.vouchers.exploits import Exploit
from campaigns.vouchers.files import plain
from campaigns.vouchers.intake import FINE, Intake
from campaigns.vouchers.model import Edition
from campaigns.vouchers.settlement import Settlement
from campaigns.vouchers.simulation import VoucherForecast
from handlers.terminal import say, table_of
from handlers.terminal.editions import made, made_words
from handlers.wording.voucher_files import STRATEGIES, pays
from handlers.wording.voucher_pages import condition_words

PLAN_COLUMNS = ("code", "name", "yuan", "condition", "window", "stock", "budget")
SHEET_COLUMNS = ("code", "issued", "redeemed", "expired", "clawed back", "open", "open yuan", "cap", "closes")


def edition_json(found: Edition, history: Sequence[Edition]) -> str:
    """A version and the history as one JSON object."""
    versions = [_made(each) for each in history]
    return json.dumps({**_made(found), **plain(found.book), "history": versions}, ensure_ascii=False)


def print_edition(found: Edition, history: Sequence[Edition], console: Console) -> None:
    """The vouchers, then who made which version."""
    table = table_of(f"Vouchers, version {found.version}", *PLAN_COLUMNS)
    for each in found.book.plans.values():
        window, condition = f"{each.first} – {each.last}", condition_words(each, Language.EN)
        figures = (_yuan(each.value_fen), condition, window, str(each.stock), _yuan(each.budget_fen))
        table.add_row(each.code, each.name.zh, *figures)
    console.print(table)
    for past in history:
        override = f"; override: {past.override}" if past.override else ""
        say(f"{made_words(past)}{override}", console)


def changed_json(found: Edition, changes: Sequence[Change]) -> str:
    """The version that holds now and what it changed."""
    body = {"version": found.version, "is_new": bool(changes), "override": found.override}
    return json.dumps({**body, "changes": [vars(each) for each in changes]}, ensure_ascii=False)


def print_changed(found: Edition, changes: Sequence[Change], console: Console) -> None:
    """What a new version changed."""
    if not changes:
        say(f"Nothing changed: version {found.version} says the same.", console)
        return
    say(f"Version {found.version} of the vouchers holds now; {len(changes)} places differ (`vouchers diff`).", console)
    if found.override:
        say(f"Kept with an exploit that pays, by {found.made_by}: {found.override}", console)


def forecast_json(found: VoucherForecast) -> str:
    """Costs and exploits as one JSON object."""
    costs = [
        {
            "code": each.plan.code,
            "issued": asdict(each.issued),
            "paid_fen": asdict(each.paid_fen),
            "peak_fen": asdict(each.peak_fen),
            "worst_fen": each.worst_fen,
            "short": each.short,
        }
        for each in found.costs
    ]
    exploits = [{**asdict(each), "pays": each.pays} for each in found.exploits]
    return json.dumps({"runs": found.runs, "seed": found.seed, "costs": costs, "exploits": exploits})


def print_forecast(found: VoucherForecast, console: Console) -> None:
    """What it would cost, then what each strategy gains."""
    costs = table_of(
        f"Cost in yuan over {found.runs} runs (seed {found.seed})",
        *("code", "issued 5–95 %", "paid, mean", "paid 5–95 %", "outstanding at most", "worst", "ran short"),
    )
    for each in found.costs:
        paid, peak = each.paid_fen, f"{each.peak_fen.high / 100:,.0f}"
        row = (_range(each.issued, 1), f"{paid.mean / 100:,.0f}", _range(paid, 100), peak, _yuan(each.worst_fen))
        costs.add_row(each.plan.code, *row, f"{each.short:.0%}")
    tried = table_of("Exploits", "code", "strategy", "pays", "stopped by")
    for exploit in found.exploits:
        tried.add_row(exploit.code, STRATEGIES[exploit.strategy].en, _yuan(exploit.gain_fen), _stopped(exploit))
    for table in (costs, tried):
        console.print(table)
    for exploit in found.paying:
        say(pays(exploit, Language.EN), console)
    if not found.paying:
        say("No exploit pays.", console)


def intake_json(found: Intake) -> str:
    """What became of every line as one JSON object."""
    lines = [vars(each) for each in found.lines]
    return json.dumps({"lines": lines, "moved": found.moved, "is_clean": found.is_clean}, ensure_ascii=False)


def print_intake(found: Intake, console: Console) -> None:
    """How many lines were taken, what moved, and every line that waits for a person."""
    counted: dict[str, int] = {}
    for each in found.lines:
        counted[each.code] = counted.get(each.code, 0) + 1
    said = ", ".join(f"{code}: {count}" for code, count in sorted(counted.items())) or "no lines"
    moved = ", ".join(f"{kind}: {count}" for kind, count in sorted(found.moved.items())) or "nothing"
    say(f"Lines: {said}. Vouchers moved: {moved}.", console)
    for each in found.lines:
        if each.code not in FINE:
            say(f"Line {each.line}: {each.code} {each.detail}".rstrip(), console)


def settlement_json(found: Settlement) -> str:
    """Sheets and payouts as one JSON object."""
    sheets = [{**asdict(each), "is_balanced": each.is_balanced} for each in found.sheets]
    payouts = [asdict(each) for each in found.payouts]
    body = {"is_balanced": found.is_balanced, "sheets": sheets, "payouts": payouts}
    return json.dumps(body, ensure_ascii=False)


def print_settlement(found: Settlement, console: Console) -> None:
    """What became of every piece, then what was paid by partner and product."""
    sheets = table_of("Pieces", *SHEET_COLUMNS)
    for each in found.sheets:
        kept = each.kept
        pieces = (kept.issued, kept.redeemed, kept.expired, kept.clawed_back, kept.open)
        money = (_yuan(kept.open_fen), _yuan(each.liability_fen))
        sheets.add_row(each.code, *map(str, pieces), *money, "yes" if each.is_balanced else "NO")
    paid = table_of("Paid", "partner", "code", "product", "pieces", "yuan", "taken back", "yuan taken back")
    for line in found.payouts:
        figures = (str(line.redeemed), _yuan(line.redeemed_fen), str(line.clawed_back), _yuan(line.clawed_back_fen))
        paid.add_row(line.partner, line.code, line.product or "–", *figures)
    for table in (sheets, paid):
        console.print(table)


def _stopped(found: Exploit) -> str:
    return f"NOTHING; would be by {found.fix}" if found.pays else found.rule


def _range(found: Spread, unit: int) -> str:
    return f"{found.low / unit:,.0f}–{found.high / unit:,.0f}"


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.0f}"


def _made(found: Edition) -> dict[str, Any]:
    return {**made(found), "override": found.override}
