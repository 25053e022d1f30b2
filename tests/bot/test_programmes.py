"""The programme report on the command line: a page and JSON out of two stored days; what cannot be is one sentence."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from bot.commands import programmes
from bot.commands.exits import REFUSED
from tests.bot.conftest import Types
from tests.promotion_people import fill

BEFORE = datetime(2030, 9, 30, 4, tzinfo=UTC)
LATER = (
    """INSERT INTO segmentation_runs (id, as_of, classifier, policy_version, data_digest, made_at, summary)
        VALUES ('00000000-0000-0000-0000-000000000002', '2030-12-31', 'lines-1', 1, repeat('1', 64), now(), '[]')""",
    """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
        wealth_products, funds, asset_plans, large_certificates, loans, has_activity, counter_uses, online_uses)
        SELECT '2030-12-31', customer_id, 0, 0, demand_deposit + 100000, 0, 0, 0, 0, 0, true, 1, 3
        FROM customer_snapshots WHERE as_of = '2030-09-30'""",
    """INSERT INTO customer_classes (run_id, customer_id, letter, current, potential, reasons, confidence, missing,
        steps, potential_reasons, churn_reasons)
        SELECT '00000000-0000-0000-0000-000000000002', customer_id, CASE letter WHEN 'D' THEN 'C' ELSE letter END,
        50, 50, '[]', 1, '{}', '[]', '[]', '[]' FROM customer_classes""",
    """INSERT INTO promotion_recipients (promotion_id, version, customer_id, letter, place, arm, channel, assigned_at)
        SELECT 1, 1, id, 'A', CASE WHEN n % 100 = 0 THEN 'global_control' ELSE 'arm' END,
            CASE WHEN n % 100 = 0 THEN NULL ELSE 'sent' END, 'private', '2030-11-01'
        FROM (SELECT id, right(number, 8)::int AS n FROM customers) c""",
)


def test_two_days_become_a_page_and_json(command_line: Types, database_url: str, tmp_path: Path) -> None:
    fill(database_url, 400, BEFORE)
    with psycopg.connect(database_url) as connection:
        for statement in LATER:
            connection.execute(statement.encode())
    types = partial(command_line, programmes.commands)
    days = ("--before", "2030-09-30", "--after", "2030-12-31")
    code, said = types(*days, "--out", "programme.html", "--json")
    assert code == 0, said
    found = json.loads(said)
    *letters, everybody = found["classes"]
    assert [each["customers_before"] for each in letters] == [100, 100, 100, 100]
    assert letters[3]["moved"] == {"C": 100}
    assert everybody["growth"] == 1000.0
    assert (found["control"], found["treated"], found["blocked"]) == (4, 396, False)
    page = (tmp_path / "programme.html").read_text("utf-8")
    assert "分层营销实施前后对比" in page
    assert "与全局对照组相比" in page
    for arguments, sentence in (
        (days, "Name a file for the page"),
        (("--before", "2031-01-01", "--after", "2030-12-31", "--json"), "--before is a day before --after"),
        (
            ("--before", "2029-01-01", "--after", "2030-12-31", "--json"),
            "No run of 2029-01-01 is kept",
        ),
    ):
        code, said = types(*arguments)
        assert (code, sentence in said) == (REFUSED, True), said
