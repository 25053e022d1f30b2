"""What a draw would cost, on the terminal and as JSON."""

import json
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.draws.simulation import Forecast
from campaigns.points.spreads import Spread


def forecast_json(found: Forecast) -> str:
    """A forecast as JSON, moments in ISO form."""
    return json.dumps(asdict(found), ensure_ascii=False, default=datetime.isoformat)


def print_forecast(found: Forecast, zone: ZoneInfo, console: Console) -> None:
    """The cost in points and yuan, what a ticket is worth, and what becomes of each prize."""
    points, fen = found.points, found.fen
    console.print(f"{found.takers:,} takers, {found.runs:,} runs, seed {found.seed}")
    console.print(f"Cost: {said(points)} points; the most is {found.most_points:,}.")
    yuan = [f"{each / 100:,.2f}" for each in (fen.mean, fen.low, fen.middle, fen.high, found.most_fen)]
    console.print("In yuan: {} on average, {} / {} / {} in 5, 50, 95 of 100 runs; the most is {}.".format(*yuan))
    console.print(f"One more ticket (one more identity) is worth {found.ticket_fen / 100:,.4f} yuan on average.")
    columns = ("prize", "stock", "given (mean, 5 / 50 / 95 %)", "used up in", "half of those by")
    table = Table(*columns, title="奖品 Prizes", box=SIMPLE)
    for each in found.prizes:
        stock = "-" if each.prize.stock is None else f"{each.prize.stock:,}"
        by = f"{each.gone_by.astimezone(zone):%Y-%m-%d %H:%M}" if each.gone_by else "-"
        table.add_row(each.prize.title_zh, stock, said(each.given), f"{each.used_up:.1%}", by)
    console.print(table)


def said(spread: Spread) -> str:
    """A spread in one cell."""
    return f"{spread.mean:,.1f}, {spread.low:,} / {spread.middle:,} / {spread.high:,}"
