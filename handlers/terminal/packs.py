"""Packs on the terminal: what each holds and for whom, versions, what a new one changed."""

import json
from collections.abc import Mapping, Sequence

from rich.console import Console

from campaigns.catalogue.model import Change
from campaigns.members.model import Language
from campaigns.packs.files import plain
from campaigns.packs.model import PackEdition
from handlers.terminal import say, table_of
from handlers.terminal.editions import made, made_words
from handlers.wording.voucher_pages import for_whom


def edition_json(found: PackEdition, history: Sequence[PackEdition], worths: Mapping[str, int]) -> str:
    """A version, what each pack is worth at most in fen, and the history, as one JSON object."""
    told = {**made(found), **plain(found.file), "worth_fen": worths, "history": [made(each) for each in history]}
    return json.dumps(told, ensure_ascii=False)


def print_edition(
    found: PackEdition, history: Sequence[PackEdition], worths: Mapping[str, int], console: Console
) -> None:
    """The packs, then who made which version."""
    packs = table_of(
        f"Packs, version {found.version}", "code", "name", "kind", "for", "vouchers", "yuan", "products", "every"
    )
    for each in found.file.packs.values():
        worth = f"{worths.get(each.code, 0) / 100:,.0f}"
        holds = (", ".join(each.vouchers), worth, ", ".join(each.products), each.every or "")
        kind = f"{each.kind} {each.scene or ''}".strip()
        packs.add_row(each.code, each.name.zh, kind, for_whom(each.aim, Language.EN), *holds)
    console.print(packs)
    for past in history:
        say(made_words(past), console)


def print_changed(found: PackEdition, changes: Sequence[Change], console: Console) -> None:
    """What a new version changed."""
    if not changes:
        say(f"Nothing changed: version {found.version} says the same.", console)
        return
    say(f"Version {found.version} of the packs holds now; {len(changes)} places differ (`packs diff`).", console)
