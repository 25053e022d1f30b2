"""The terms of applications on the terminal."""

import json

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.applications.model import Stage, Terms


def terms_json(found: Terms) -> str:
    """The terms as one JSON object."""
    return json.dumps(vars(found))


def print_terms(found: Terms, console: Console) -> None:
    """The working days by stage, then when leads and customers hear."""
    table = Table(title=f"办卡时限 Terms of applications, version {found.version}", box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("stage")
    table.add_column("working days", justify="right")
    for stage in Stage:
        if stage in found.days:
            table.add_row(stage, str(found.days[stage]))
    console.print(table)
    steps = ", ".join(map(str, found.escalate_after))
    console.print(
        f"The leads hear {steps} working days after the due day, customers {found.nudge_after} into their turn."
    )
