"""The report as a value: it is plain, it is JSON, and it loads without frames."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from uuid import UUID

from campaigns.customers.class_lists import ClassLine
from campaigns.customers.model import Axis, ClassReason
from campaigns.customers.report import DriftReport, Quadrant, QuadrantPoint, plain
from segmentation.findings import IndicatorDrift


def drift(indicator: str, level: str) -> IndicatorDrift:
    return IndicatorDrift(indicator, 0.3, 0.01, level, 0.0, 0.5, None, 2.0)


def test_the_alarms_of_a_drift_report_are_its_indicators_at_alarm() -> None:
    found = DriftReport(date(2019, 9, 30), date(2019, 12, 31), (drift("logins", "alarm"), drift("age", "look")))
    assert [each.indicator for each in found.alarms] == ["logins"]


def test_every_value_becomes_plain_json() -> None:
    reason = ClassReason("assets", Axis.LETTER, None, 1.0)
    line = ClassLine("007", "A", None, None, 5, 1.0, 2.0, None, (reason,), 0.5, False, None, None, [], [], ())
    quadrant = Quadrant(50, 35, 9, 1, (QuadrantPoint(1.5, 2.5, "A"),), {"A": 9}, {"A": 10**15})
    key, moment = UUID(int=1), datetime(2026, 1, 5, 9, tzinfo=UTC)
    found = json.loads(json.dumps(plain({"lines": (line,), "quadrant": quadrant, "run": key, "made_at": moment})))
    assert found["lines"][0]["number"] == "007"
    assert found["lines"][0]["reasons"] == [vars(reason)]
    assert found["quadrant"]["points"] == [[1.5, 2.5, "A"]]
    assert found["quadrant"]["assets_fen"] == {"A": 10**15}
    assert (found["run"], found["made_at"]) == (str(key), "2026-01-05T09:00:00+00:00")


def test_the_report_loads_without_frames() -> None:
    code = "import sys, campaigns.customers.report; print({'pandas', 'numpy', 'sklearn'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
