"""The report on an event's publicity: a table, JSON, and a file for spreadsheets."""

import csv
import json
from dataclasses import asdict, fields
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.members.rules import masked
from campaigns.publicity.model import PublicityReport, Tally, TaskState
from handlers.terminal.class_files import OutFileError

STEPS = tuple(step.name for step in fields(Tally))


def report_json(found: PublicityReport) -> str:
    """One JSON object: the event, each publicist's tasks by state, each code's heads, the total."""
    plan = found.event.plan
    return json.dumps(
        {
            "event": found.event.id,
            "title": plan.title,
            "starts_at": plan.starts_at.isoformat(),
            "state": found.event.state,
            "publicists": [
                {
                    "member": each.publicist.member_id,
                    "name": masked(each.name),
                    "kind": each.publicist.kind,
                    "tasks": {state.value: each.count(state) for state in TaskState},
                }
                for each in found.progress
            ],
            "codes": [
                {
                    "code": each.code,
                    "publicist": each.publicist_id,
                    "name": masked(each.name),
                    "kind": each.kind,
                    "material": each.material,
                    **asdict(each.tally),
                }
                for each in found.codes
            ],
            "total": asdict(found.total),
        },
        ensure_ascii=False,
    )


def print_report(found: PublicityReport, console: Console) -> None:
    """The codes with their heads per step, and the total below."""
    heading = f"{found.event.plan.title} · {found.event.plan.starts_at:%Y-%m-%d}"
    table = Table(title=heading, box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("publicist", "code"):
        table.add_column(name, overflow="fold")
    for name in STEPS:
        table.add_column(name, justify="right")
    for each in found.codes:
        table.add_row(f"{masked(each.name)} ({each.kind})", f"{each.code} {each.material}", *_heads(each.tally))
    table.add_section()
    table.add_row("total", "", *_heads(found.total))
    console.print(table)
    console.print("Everybody counts once, for the first code; staff and publicists themselves stand in apart alone.")


def check_file(file: Path) -> None:
    """Refuse a file that cannot be written, before anything is read.

    Raises:
        OutFileError: the name does not end with .csv, the file is there already, or there is no such folder.
    """
    if file.suffix.lower() != ".csv":
        raise OutFileError(f"{file}: name a file that ends with .csv.")
    if file.exists():
        raise OutFileError(f"{file} is there already: name a new file.")
    if not file.absolute().parent.is_dir():
        raise OutFileError(f"{file}: there is no folder {file.parent} to write to.")


def write_report(file: Path, found: PublicityReport) -> None:
    """The codes as CSV that a spreadsheet opens; a masked name or a code that looks like a formula is quoted."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        sheet = csv.writer(stream)
        sheet.writerow(("publicist", "kind", "material", "code", *STEPS))
        for each in found.codes:
            sheet.writerow(
                (_plain(masked(each.name)), each.kind, each.material, _plain(each.code), *_heads(each.tally))
            )
        sheet.writerow(("total", "", "", "", *_heads(found.total)))


def _heads(tally: Tally) -> list[str]:
    return [str(getattr(tally, step)) for step in STEPS]


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text
