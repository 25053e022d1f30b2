"""The data-quality report of an import on the terminal."""

import json

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.intake import FileReport, IntakeReport, Status
from segmentation.intake.faults import Fault

COLUMNS = ("file", "department", "true at", "days old", "rows", "rejected", "repeats", "orphans", "missing")


def report_json(report: IntakeReport) -> str:
    """The report as one JSON object."""
    return json.dumps(report.as_json(), ensure_ascii=False, default=str)


def fault_json(fault: Fault) -> str:
    """A refusal as one JSON object; nothing was stored."""
    return json.dumps({"status": "refused", "sentence": str(fault), **vars(fault)}, ensure_ascii=False)


def print_report(report: IntakeReport, console: Console) -> None:
    """The report for a person."""
    console.print(f"{report.profile} as of {report.as_of}: {report.status}.")
    if report.status is Status.PUBLISHED:
        if report.customers:
            console.print(f"{report.customers:,} customers, {report.new_customers:,} of them new.")
        if report.enterprises:
            console.print(f"{report.enterprises:,} enterprises.")
        console.print(_table(report))
        if reused := [file.quality.file for file in report.files if file.reused]:
            console.print(f"Read already by an import that was interrupted: {', '.join(reused)}.")
        _print_rejections(report, console)
        _print_doubts(report, console)
        if report.shared_phones:
            console.print(f"{report.shared_phones:,} phone numbers belong to several customers and bind nobody.")
    for name, reason in report.left_out:
        console.print(f"Left out: {name}: {reason}.", highlight=False)
    if report.not_delivered:
        console.print(f"Not in this delivery: {'; '.join(report.not_delivered)}.")


def _table(report: IntakeReport) -> Table:
    table = Table(title="What the departments delivered", box=SIMPLE, padding=(0, 1, 0, 0))
    for at, column in enumerate(COLUMNS):
        table.add_column(column, justify="left" if at < 3 else "right", no_wrap=at < 3)
    for file in report.files:
        table.add_row(*_cells(file))
    return table


def _cells(file: FileReport) -> tuple[str, ...]:
    quality = file.quality
    missing = "–" if file.missing is None else f"{file.missing:,}"
    counts = (quality.read, quality.rejected, quality.duplicates, file.orphans)
    place = (quality.file, quality.department, str(quality.true_at), str(file.age_days))
    return (*place, *(f"{count:,}" for count in counts), missing)


def _print_rejections(report: IntakeReport, console: Console) -> None:
    for file in report.files:
        for fault in file.quality.rejections:
            console.print(f"Rejected: {fault}", highlight=False, markup=False)
        unlisted = file.quality.rejected - len(file.quality.rejections)
        if unlisted > 0:
            console.print(f"… and {unlisted:,} more rows of {file.quality.file}.")
        for note in file.quality.notes:
            console.print(f"Note: {file.quality.file} {note}.", highlight=False, markup=False)
        if file.quality.later:
            after = f"{file.quality.later:,} rows of {file.quality.file} tell of after {report.as_of}"
            console.print(f"Note: {after}: kept, and not looked at.")


def _print_doubts(report: IntakeReport, console: Console) -> None:
    """What was taken and should be looked at by a person."""
    for file in report.files:
        for fault in file.quality.far_out:
            console.print(f"Far out: {fault}", highlight=False, markup=False)
        if (unlisted := file.quality.outliers - len(file.quality.far_out)) > 0:
            console.print(f"… and {unlisted:,} more amounts of {file.quality.file}.")
        for jump in file.jumps:
            console.print(f"Jump since the delivery before: {file.quality.file}, {jump}.", highlight=False)
        if file.stale:
            console.print(f"Stale: {file.quality.file} is {file.age_days} days old.")
    for name, count in report.stale_traits.items():
        console.print(f"Stale: {name} of {count:,} customers is older than its department's word counts.")
    for conflict in report.conflicts_listed:
        console.print(f"Conflict: {conflict}.", highlight=False, markup=False)
    if (unlisted := report.conflicts - len(report.conflicts_listed)) > 0:
        console.print(f"… and {unlisted:,} more conflicts between departments.")
