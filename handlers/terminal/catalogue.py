"""The catalogue on the terminal: products, bundles, the matrix, versions, and what changed between two."""

import json
from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.catalogue.files import plain
from campaigns.catalogue.model import CLASSES, Change, Edition
from campaigns.members.model import Language
from handlers.wording.catalogue import aim_words


def edition_json(found: Edition, history: Sequence[Edition]) -> str:
    """A version and the history as one JSON object."""
    versions = [_made(each) for each in history]
    return json.dumps({**_made(found), **plain(found.catalogue), "history": versions}, ensure_ascii=False)


def print_edition(found: Edition, history: Sequence[Edition], console: Console) -> None:
    """Three tables, then who made which version."""
    catalogue = found.catalogue
    products = _table(f"Products, version {found.version}", "code", "name", "kind", "risk", "fee", "from", "until")
    for each in catalogue.products.values():
        days = (each.first.isoformat(), each.last.isoformat())
        products.add_row(each.code, each.name.zh, each.kind, each.risk or "–", each.fee.zh, *days)
    bundles = _table("Bundles, tried from above", "code", "name", "for", "products")
    for bundle in catalogue.bundles:
        aim = aim_words(bundle.aim, Language.EN)
        bundles.add_row(bundle.code, bundle.name.zh, aim, ", ".join(bundle.products))
    matrix = _table("Products × classes", "product", *map(str, CLASSES))
    for code in catalogue.products:
        row = (catalogue.matrix.get(each, {}).get(code) for each in CLASSES)
        matrix.add_row(code, *(advice or "·" for advice in row))
    for table in (products, bundles, matrix):
        console.print(table)
    for past in history:
        _say(f"Version {past.version} by {past.made_by}, {past.made_at:%Y-%m-%d %H:%M}: {past.reason}", console)


def changed_json(version: int, changes: Sequence[Change]) -> str:
    """The version that holds now and what it changed."""
    return json.dumps(
        {"version": version, "is_new": bool(changes), "changes": [vars(each) for each in changes]}, ensure_ascii=False
    )


def print_changed(found: Edition, changes: Sequence[Change], console: Console) -> None:
    """What a new version changed."""
    if not changes:
        _say(f"Nothing changed: version {found.version} says the same.", console)
        return
    _say(f"Version {found.version} of the catalogue holds now.", console)
    _print_changes(changes, console)


def diff_json(old: int, new: int, changes: Sequence[Change]) -> str:
    """What differs between two versions as one JSON object."""
    return json.dumps({"from": old, "to": new, "changes": [vars(each) for each in changes]}, ensure_ascii=False)


def print_diff(old: int, new: int, changes: Sequence[Change], console: Console) -> None:
    """What differs between two versions, place by place."""
    _say(f"From version {old} to version {new}: {len(changes)} places.", console)
    _print_changes(changes, console)


def _print_changes(changes: Sequence[Change], console: Console) -> None:
    for each in changes:
        if each.old is None:
            _say(f"+ {each.place}: {each.new}", console)
        elif each.new is None:
            _say(f"- {each.place}: {each.old}", console)
        else:
            _say(f"~ {each.place}: {each.old} → {each.new}", console)


def _say(sentence: str, console: Console) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _made(found: Edition) -> dict[str, Any]:
    made = {"version": found.version, "made_by": found.made_by, "made_at": found.made_at.isoformat()}
    return {**made, "reason": found.reason}


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=SIMPLE, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column)
    return table
