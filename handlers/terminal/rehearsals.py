"""What a rehearsal found, on the terminal and as JSON."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.rehearsals.model import Verb
from campaigns.rehearsals.report import Messages, Rehearsed, Way

TRICKS = {
    Verb.RELAY: "live code sent to others (a ring, second accounts)",
    Verb.PICTURE: "photographed code",
    Verb.REPLAY: "own code used again",
    Verb.FORGE: "code made up",
}
WAYS = {Way.CHAT: "through the whole bot", Way.SERVICES: "through the services alone, without chat"}


def rehearsal_json(found: Rehearsed) -> str:
    """The report as JSON, moments in ISO form."""
    told: dict[str, Any] = asdict(found) | {"steps_a_second": round(found.steps_a_second, 1)}
    return json.dumps(told, ensure_ascii=False, default=datetime.isoformat)


def print_rehearsal(found: Rehearsed, zone: ZoneInfo, console: Console) -> None:
    """Cost, prizes, queues, messages and tricks."""
    cheats = found.visitors - found.honest
    console.print(
        f"Rehearsal of {found.code}: {found.visitors:,} visitors ({cheats} of them cheats), seed {found.seed}"
    )
    speed = f"{found.steps:,} acts in {found.seconds:,.0f} s, {found.steps_a_second:,.0f} a second"
    console.print(f"Played {WAYS[found.way]}: {speed}.")
    console.print(f"{found.stamps:,} stamps, {found.medals:,} medals, {found.gifts:,} gifts.")
    cost = f"{found.gifts_fen / 100:,.2f} of {found.budget_fen / 100:,.2f} yuan"
    console.print(f"Expected cost: gifts {cost}, coupons issued {found.coupons_fen / 100:,.2f} yuan.")
    if found.honest_refused:
        console.print(f"[bold]{found.honest_refused} stamps that were honestly earned are missing.[/bold]")
    console.print(_prizes(found, zone))
    console.print(_queues(found, zone))
    console.print(_tricks(found))
    idle = f" ({found.ring_idle} got no second stamp)" if found.ring_idle else ""
    ring = f"{found.ring_held} of {found.ring} of the ring{idle}"
    held = f"{ring}, {found.honest_held} of {found.honest:,} honest visitors"
    console.print(f"Gifts held for a person to look at: {held}.")
    console.print(_messages(found.messages, zone))


def _prizes(found: Rehearsed, zone: ZoneInfo) -> Table:
    table = Table("prize", "stock", "handed out", "substitutes", "runs out", title="礼品 Prizes", box=SIMPLE)
    for each in found.prizes:
        gone = _clock(each.gone_at, zone) if each.gone_at else "lasts"
        table.add_row(f"{each.target} {each.title_zh}", *map(str, (each.stock, each.given, each.substitutes)), gone)
    return table


def _queues(found: Rehearsed, zone: ZoneInfo) -> Table:
    columns = ("booth", "visits", "wait (mean / 95 % / longest)", "longest queue", "gave up")
    table = Table(*columns, title="排队 Queues, in minutes", box=SIMPLE)
    for each in found.queues:
        wait = f"{each.mean:.1f} / {each.p95:.1f} / {each.longest:.1f}"
        heads = f"{each.heads} at {_clock(each.heads_at, zone)}" if each.heads_at else "-"
        table.add_row(each.booth, str(each.visits), wait, heads, str(each.given_up))
    return table


def _tricks(found: Rehearsed) -> Table:
    columns = ("trick", "people", "tried", "stamps let through", "people held", "gifts they got")
    table = Table(*columns, title="作弊 Tricks", box=SIMPLE)
    for each in found.tricks:
        figures = (each.people, each.tried, each.let_through, each.held, each.gifts)
        table.add_row(TRICKS[each.verb], *map(str, figures))
    return table


def _messages(found: Messages | None, zone: ZoneInfo) -> str:
    if found is None:
        return "Messages: none was sent, since no chat was played."
    peak = f"{found.peak} of {found.limit} a minute at {_clock(found.peak_at, zone)}" if found.peak_at else "none"
    chat = f"{found.busiest_chat} of {found.chat_limit} in one chat"
    return f"Messages: {found.total:,}; at most {peak}, {chat}; refused for their pace: {found.refused}."


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}" if moment else "-"
