"""The catalogue on the terminal: products, bundles, the matrix, versions, and what changed between two."""

import json
from collections.abc import Sequence

from rich.console import Console

from campaigns.catalogue.files import plain
from campaigns.catalogue.model import CLASSES, Change, Edition
from campaigns.members.model import Language
from handlers.terminal import say, table_of
from handlers.terminal.editions import made, made_words, print_changes
from handlers.wording.catalogue import aim_words


def edition_json(found: Edition, history: Sequence[Edition]) -> str:
    """A version and the history as one JSON object."""
    versions = [made(each) for each in history]
    return json.dumps({**made(found), **plain(found.catalogue), "history": versions}, ensure_ascii=False)


def print_edition(found: Edition, history: Sequence[Edition], console: Console) -> None:
    """Three tables, then who made which version."""
    catalogue = found.catalogue
    products = table_of(f"Products, version {found.version}", "code", "name", "kind", "risk", "fee", "from", "until")
    for each in catalogue.products.values():
        days = (each.first.isoformat(), each.last.isoformat())
        products.add_row(each.code, each.name.zh, each.kind, each.risk or "–", each.fee.zh, *days)
    bundles = table_of("Bundles, tried from above", "code", "name", "for", "products")
    for bundle in catalogue.bundles:
        aim = aim_words(bundle.aim, Language.EN)
        bundles.add_row(bundle.code, bundle.name.zh, aim, ", ".join(bundle.products))
    matrix = table_of("Products × classes", "product", *map(str, CLASSES))
    for code in catalogue.products:
        row = (catalogue.matrix.get(each, {}).get(code) for each in CLASSES)
        matrix.add_row(code, *(advice or "·" for advice in row))
    plans = table_of("Plans of finance", "code", "name", "lines of business", "tiers", "needs", "products")
    for plan in catalogue.plans:
        told = (plan.industries, plan.tiers, plan.needs, plan.products)
        plans.add_row(plan.code, plan.name.zh, *(", ".join(map(str, each)) or "all" for each in told))
    zones = table_of("Zones", "code", "name", "kind", "place", "weekdays", "hours", "minutes", "places")
    for zone in catalogue.zones.values():
        clock = f"{zone.opens:%H:%M}–{zone.closes:%H:%M}"
        figures = (" ".join(map(str, zone.weekdays)), clock, str(zone.minutes), str(zone.places))
        zones.add_row(zone.code, zone.name.zh, zone.kind, zone.place.zh, *figures)
    for table in (products, bundles, matrix, plans, zones):
        console.print(table)
    for past in history:
        say(made_words(past), console)


def print_changed(found: Edition, changes: Sequence[Change], console: Console) -> None:
    """What a new version changed."""
    if not changes:
        say(f"Nothing changed: version {found.version} says the same.", console)
        return
    say(f"Version {found.version} of the catalogue holds now.", console)
    print_changes(changes, console)
