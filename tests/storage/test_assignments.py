"""Assignment inside a statement is what the rule says, for every customer."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from campaigns.experiments.model import Arm, Experiment, GlobalControl
from campaigns.experiments.rules import assign
from storage.assignments import arm_sql, place_sql

UNITS = [UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128) for number in range(1, 400)]


@pytest.mark.parametrize(
    ("experiment", "control"),
    [
        (Experiment("秋天:1", (Arm("甲", 1), Arm("b", 3), Arm("c", 2)), 2_500), GlobalControl("g", 1_000)),
        (Experiment("one"), GlobalControl("g", 0)),
    ],
)
def test_the_database_puts_everybody_where_the_rule_does(
    database_url: str, experiment: Experiment, control: GlobalControl
) -> None:
    facts: dict[str, Any] = {"units": UNITS}

    def bind(value: Any) -> str:
        facts[f"x{len(facts)}"] = value
        return f"%(x{len(facts) - 1})s"

    columns = f"{place_sql(experiment, control, 'u', bind)}, {arm_sql(experiment, 'u', bind)}"
    with psycopg.connect(database_url) as connection:
        query = f"SELECT u, {columns} FROM unnest(%(units)s) u"  # noqa: S608 - our own expressions.
        rows = connection.execute(query.encode(), facts).fetchall()
    for unit, place, arm in rows:
        found = assign(experiment, str(unit), control)
        assert place == found.place
        assert found.arm in {None, arm}
