"""Packs on the terminal: what each holds and for whom, versions, what a new one changed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.catalogue.model import Change
from campaigns.members.model import Language
from campaigns.packs.files import plain
from campaigns.packs.model import PackEdition
from handlers.wording.voucher_pages import for_whom


def edition_json(found: PackEdition, history: Sequence[PackEdition], worths: Mapping[str, int]) -> str:
    """A version, what each pack is worth at most in fen, and the history, as one JSON object."""
    told = {**_made(found), **plain(found.file), "worth_fen": worths, "history": [_made(each) for each in history]}
    return json.dumps(told, ensure_ascii=False)


def print_edition(
    found: PackEdition, history: Sequence[PackEdition], worths: Mapping[str, int], console: Console
) -> None:
    """The packs, then who made which version."""
    table = Table(title=f"Packs, version {found.version}", box=SIMPLE, padding=(0, 1, 0, 0))
    for column in ("code", "name", "kind", "for", "vouchers", "yuan", "products", "every"):
        table.add_column(column)
    for each in found.file.packs.values():
        worth = f"{worths.get(each.code, 0) / 100:,.0f}"
        holds = (", ".join(each.vouchers), worth, ", ".join(each.products), each.every or "")
        kind = f"{each.kind} {each.scene or ''}".strip()
        table.add_row(each.code, each.name.zh, kind, for_whom(each.aim, Language.EN), *holds)
    console.print(table)
    for past in history:
        _say(f"Version {past.version} by {past.made_by}, {past.made_at:%Y-%m-%d %H:%M}: {past.reason}", console)


def changed_json(found: PackEdition, changes: Sequence[Change]) -> str:
    """The version that holds now and what it changed."""
    told = {"version": found.version, "is_new": bool(changes), "changes": [vars(each) for each in changes]}
    return json.dumps(told, ensure_ascii=False)


def print_changed(found: PackEdition, changes: Sequence[Change], console: Console) -> None:
    """What a new version changed."""
    if not changes:
        _say(f"Nothing changed: version {found.version} says the same.", console)
        return
    _say(f"Version {found.version} of the packs holds now; {len(changes)} places differ (`packs diff`).", console)


def _made(found: PackEdition) -> dict[str, Any]:
    made = {"version": found.version, "made_by": found.made_by, "made_at": found.made_at.isoformat()}
    return {**made, "reason": found.reason}


def _say(sentence: str, console: Console) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
