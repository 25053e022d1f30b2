"""The report on publicity for operators: table, JSON, and a file that a spreadsheet does not run."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from campaigns.publicity.model import (
    CodeReport,
    Event,
    EventPlan,
    Material,
    Progress,
    Publicist,
    PublicistKind,
    PublicityReport,
    Tally,
    TaskState,
)
from handlers.terminal.class_files import OutFileError
from handlers.terminal.publicity import check_file, print_report, report_json, write_report

EVENT = Event(4, 1, -100, "幸福里", 7, EventPlan("开卡节", "送券", datetime(2026, 12, 25, 7, tzinfo=UTC), "95500"))
HEADS = Tally(opened=5, joined=4, bound=2, apart=1)
REPORT = PublicityReport(
    EVENT,
    [CodeReport("AB3DE5GH", 8, "=1+1", PublicistKind.PARTNER, Material.MOMENTS, HEADS)],
    [Progress(Publicist(4, 8, PublicistKind.PARTNER), "=1+1", [TaskState.DONE, TaskState.OPEN])],
    HEADS,
)


def test_the_json_has_every_code_and_every_publicist() -> None:
    found = json.loads(report_json(REPORT))
    assert (found["event"], found["title"], found["total"]["joined"]) == (4, "开卡节", 4)
    assert found["codes"][0]["code"] == "AB3DE5GH"
    assert found["publicists"][0]["tasks"] == {"open": 1, "done": 1, "checked": 0, "rejected": 0, "cancelled": 0}


def test_the_table_shows_the_codes_and_says_how_people_are_counted() -> None:
    page = Console(file=io.StringIO(), width=160)
    print_report(REPORT, page)
    shown = page.file.getvalue()  # type: ignore[attr-defined]
    assert "AB3DE5GH" in shown
    assert "Everybody counts once" in shown


def test_a_spreadsheet_runs_nothing_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "event.csv"
    write_report(file, REPORT)
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert rows[0][:5] == ["publicist", "kind", "material", "code", "opened"]
    assert rows[1][:6] == ["'=**1", "partner", "moments", "AB3DE5GH", "5", "4"]
    assert rows[2][0] == "total"


@pytest.mark.parametrize("name", ["event.txt", "nowhere/event.csv", "there.csv"])
def test_a_file_that_cannot_be_written_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "there.csv").write_text("kept")
    with pytest.raises(OutFileError):
        check_file(tmp_path / name)
