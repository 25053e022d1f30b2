"""The dictionary of tags on the terminal with how many customers have each."""

import json
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.members.model import Language
from campaigns.tags.model import TagCount
from handlers.wording.tags import MEANINGS, SOURCES, tag_name

COLUMNS = ("tag", "name", "meaning", "source", "days", "may set", "customers")


def tags_json(counts: Sequence[TagCount]) -> str:
    """The dictionary as one JSON object."""
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
    return json.dumps({"tags": tags}, ensure_ascii=False)


def print_tags(counts: Sequence[TagCount], language: Language, console: Console) -> None:
    """The dictionary for a person."""
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
