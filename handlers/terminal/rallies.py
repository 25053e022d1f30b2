"""Stamp rallies as tables or as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from campaigns.members.model import Language
from campaigns.rallies.configuration import stored
from campaigns.rallies.model import Rally, RallyFigures, RallyPreview
from handlers.wording.rally_pages import game_words, needs_words


def print_rallies(rallies: Sequence[Rally], zone: ZoneInfo, console: Console) -> None:
    """One line per event."""
    table = Table("code", "title", "state", "starts", "ends", "booths", "targets")
    for each in rallies:
        hours = (f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" for moment in (each.starts_at, each.ends_at))
        table.add_row(each.code, each.title_zh, each.state, *hours, str(len(each.booths)), str(len(each.targets)))
    console.print(table)


def print_figures(found: RallyFigures, zone: ZoneInfo, console: Console) -> None:
    """An event with its booths and targets."""
    rally = found.rally
    print_rallies([rally], zone, console)
    console.print(f"{found.members:,} take part, {found.stamps:,} stamps, {found.medals:,} medals.")
    booths = Table("booth", "name", "zone", "hours", "game", "state", "stamps", "wait for a clerk")
    for each in found.booths:
        booth = each.booth
        hours = f"{booth.opens_at.astimezone(zone):%H:%M}–{booth.closes_at.astimezone(zone):%H:%M}"
        state = f"{booth.state}: {booth.reason}" if booth.reason else booth.state
        counts = str(each.stamps), str(each.waiting)
        words = game_words(booth.game, Language.EN)
        booths.add_row(booth.code, booth.name_zh, booth.zone, hours, words, state, *counts)
    console.print(booths)
    targets = Table("target", "title", "needs")
    for target in rally.targets:
        targets.add_row(target.code, target.title_zh, needs_words(target, Language.EN))
    console.print(targets)


def rally_json(rally: Rally) -> dict[str, Any]:
    """An event as plain data: its plan, and what changes while it runs."""
    booths = [
        {"id": booth.id, "code": booth.code, "state": booth.state, "reason": booth.reason} for booth in rally.booths
    ]
    known = {"id": rally.id, "code": rally.code, "state": rally.state, "organiser": rally.organiser_id}
    return {**known, "booths": booths, "plan": stored(rally.plan)}


def rallies_json(rallies: Sequence[Rally]) -> str:
    """A JSON array, one object per event."""
    return _json([rally_json(each) for each in rallies])


def figures_json(found: RallyFigures) -> str:
    """An event with its figures."""
    booths = [{"code": each.booth.code, "stamps": each.stamps, "waiting": each.waiting} for each in found.booths]
    figures = {"members": found.members, "stamps": found.stamps, "medals": found.medals, "by_booth": booths}
    return _json({**rally_json(found.rally), "figures": figures})


def one_json(rally: Rally) -> str:
    """One event."""
    return _json(rally_json(rally))


def preview_json(found: RallyPreview) -> str:
    """What is posted to whom."""
    fresh = found.placing.chosen - found.placing.told
    groups = [asdict(group) for group in found.placing.groups if group.id in fresh]
    shown = [{"chat": group["chat_id"], "title": group["title"]} for group in groups]
    return _json({"code": found.placing.rally.code, "groups": shown, "heads": found.heads, "page": found.page})


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2)
