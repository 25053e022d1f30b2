"""The service clock on the terminal."""

import json

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.followups.model import ServiceClock


def clock_json(found: ServiceClock) -> str:
    """The clock as one JSON object."""
    return json.dumps({**vars(found), "days": dict(found.days)})


def print_clock(found: ServiceClock, console: Console) -> None:
    """The bank days by class and tier, then those of complaints and of customers without a class."""
    table = Table(title=f"服务时限 Service clock, version {found.version}", box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("class or tier")
    table.add_column("bank days", justify="right")
    for standing, days in found.days.items():
        table.add_row(standing, str(days))
    console.print(table)
    console.print(
        f"A complaint has {found.complaint}, whoever complains; a customer without a class {found.unclassed}."
    )
