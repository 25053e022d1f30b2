"""Topics on the terminal: what each edition brought."""

import json
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaigns.topics.model import EditionCount, Local, Topic
from handlers.wording.topics import LINK, token_of

FIGURES = ("came", "accounts", "customers", "approved", "pending", "rejected")


def counts_json(found: Sequence[tuple[Topic, Sequence[EditionCount]]]) -> str:
    """Every edition as a JSON object in an array."""
    return json.dumps(list(_lines(found)), ensure_ascii=False)


def print_counts(found: Sequence[tuple[Topic, Sequence[EditionCount]]], console: Console) -> None:
    """Every edition as a line of a table."""
    if not found:
        console.print("There are no topics yet; topics load keeps a file.")
        return
    table = Table("topic", "until", "place", "start", *FIGURES, box=SIMPLE)
    for line in _lines(found):
        table.add_row(*(escape(str(line[name])) for name in ("topic", "until", "place", "start", *FIGURES)))
    console.print(table)


def _lines(found: Sequence[tuple[Topic, Sequence[EditionCount]]]) -> Iterator[dict[str, object]]:
    for topic, counts in found:
        for each in counts:
            edition = topic.edition(each.number)
            head = {"topic": topic.code, "until": topic.last.isoformat(), "place": edition.place if edition else "–"}
            start = {"start": f"{LINK}{token_of(Local(topic, each.number))}"}
            yield head | start | {name: getattr(each, name) for name in FIGURES}
