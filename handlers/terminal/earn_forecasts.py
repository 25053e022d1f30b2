"""What rules of earning would cost, on the terminal and as JSON."""

import json
from dataclasses import asdict

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.earnings.simulation import EarnForecast
from handlers.terminal.draw_forecasts import said
from handlers.terminal.points import objection_sentence


def earn_forecast_json(found: EarnForecast) -> str:
    """A forecast as JSON."""
    return json.dumps(asdict(found), ensure_ascii=False, default=str)


def print_earn_forecast(found: EarnForecast, console: Console) -> None:
    """Cost and budget, what a false identity gains, and each rule with what the gate says to it."""
    fen = found.fen
    console.print(f"{found.crowd.members:,} members, {found.runs:,} runs, seed {found.seed}")
    console.print(f"Cost: {said(found.points)} points; the most is {found.most_points:,}, budget {found.budget:,}.")
    yuan = [f"{each / 100:,.2f}" for each in (fen.mean, fen.low, fen.middle, fen.high, found.most_fen)]
    console.print("In yuan: {} on average, {} / {} / {} in 5, 50, 95 of 100 runs; the most is {}.".format(*yuan))
    if found.wished_points > found.budget:
        console.print(f"If everybody did everything, {found.wished_points:,} points would be asked for.")
    if found.gone_by is not None:
        console.print(
            f"The budget does not last in {found.used_up:.1%} of runs; in half of them until {found.gone_by}."
        )
    gain = f"{found.identity_points:,} points ({found.identity_fen / 100:,.2f} yuan)"
    console.print(f"One more false identity gains {gain} at most, by rules that need no linked number.")
    console.print(_table(found))
    for each in found.rules:
        for objection in each.objections:
            console.print(f"Rule {each.rule.id}: {objection_sentence(objection)}")


def _table(found: EarnForecast) -> Table:
    columns = ("id", "event", "points", "limit", "state", "days", "cost (mean, 5 / 50 / 95 %)", "most", "gate")
    table = Table(*columns, title="赚取规则 Rules", box=SIMPLE)
    for each in found.rules:
        rule, gate = each.rule, "refused" if each.objections else "passes"
        cells = (rule.event, f"{rule.points:,}", rule.limit, rule.state, f"{each.days:,}")
        table.add_row(str(rule.id), *cells, said(each.points), f"{each.most_points:,}", gate)
    return table
