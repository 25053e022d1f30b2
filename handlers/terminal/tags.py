"""The dictionary of tags on the terminal with how many customers have each, and audiences."""

import json
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.members.model import Language
from campaigns.tags.model import Audience, TagCount
from handlers.wording.tags import MEANINGS, SOURCES, tag_name

COLUMNS = ("tag", "name", "meaning", "source", "days", "may set", "customers")


def tags_json(counts: Sequence[TagCount], audiences: Sequence[Audience]) -> str:
    """Dictionary and audiences as one JSON object."""
    tags = [
        {
            **count.as_json(),
            "name_zh": tag_name(count.definition.code, Language.ZH),
            "name_en": tag_name(count.definition.code, Language.EN),
            "meaning_zh": MEANINGS[count.definition.code].zh,
            "meaning_en": MEANINGS[count.definition.code].en,
        }
        for count in counts
    ]
    return json.dumps({"tags": tags, "audiences": [each.as_json() for each in audiences]}, ensure_ascii=False)


def print_tags(counts: Sequence[TagCount], audiences: Sequence[Audience], language: Language, console: Console) -> None:
    """Dictionary and audiences for a person."""
    table = Table(title="标签字典 Dictionary of tags", box=SIMPLE, padding=(0, 1, 0, 0))
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in ("days", "customers") else "left")
    for count in counts:
        definition = count.definition
        table.add_row(
            definition.code,
            tag_name(definition.code, language),
            MEANINGS[definition.code].say(language),
            SOURCES[definition.source].say(language),
            str(definition.validity_days),
            ", ".join(sorted(definition.may_set)) or "–",
            f"{count.customers:,}" if count.is_known else "not delivered",
        )
    console.print(table)
    if audiences:
        print_audiences(audiences, console)


def print_audiences(audiences: Sequence[Audience], console: Console) -> None:
    """Audiences with who joined and left at the latest run."""
    table = Table(title="客群 Audiences", box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("audience", "condition", "customers", "joined", "left", "as of"):
        table.add_column(name, justify="left" if name in ("audience", "condition") else "right")
    for each in audiences:
        named = each.condition.as_json().items()
        condition = "; ".join(f"{name} {', '.join(values)}" for name, values in named if values)
        counts = (f"{each.members:,}", f"{each.joined:,}", f"{each.left:,}")
        table.add_row(each.name, condition or "everybody", *counts, str(each.as_of or "–"))
    console.print(table)
