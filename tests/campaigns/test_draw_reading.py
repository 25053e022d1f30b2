"""Reading a draw's plan: what a file may hold, and one clear sentence for everything else."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from campaigns.draws.model import DrawFault, DrawKind
from campaigns.draws.reading import LONGEST_FILE, read_plan, read_prizes
from campaigns.draws.rules import MILLION, DrawError, check_draw

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "wheel",
        "title": {"zh": "转盘", "en": "Wheel"},
        "prizes": [
            {"name": "一等奖 | First", "points": 888, "odds": "0.1%", "stock": 2},
            {"name": "谢谢参与 | Thank you", "odds": 99.9},
        ],
        "closes": "2026-11-30 20:00:00",
        "terms": {"conditions": "无 | None", "organiser": "A银行", "complaints": 95500},
    } | changed


def test_json_and_yaml_say_the_same() -> None:
    plan = read_plan(json.dumps(fields()), NOW, ZONE)
    assert plan == read_plan(yaml.safe_dump(fields(), allow_unicode=True), NOW, ZONE)
    assert (plan.kind, plan.title_en, plan.opens_at) == (DrawKind.WHEEL, "Wheel", NOW)
    assert [(prize.title_en, prize.points, prize.odds, prize.stock) for prize in plan.prizes] == [
        ("First", 888, 1_000, 2),
        ("Thank you", 0, 999_000, None),
    ]
    assert plan.closes_at == datetime(2026, 11, 30, 20, tzinfo=ZONE)
    assert plan.terms.organiser_en == "A银行"
    check_draw(plan, 100)


def test_a_moment_is_read_as_managers_say_it() -> None:
    assert read_plan(json.dumps(fields(closes="3天")), NOW, ZONE).closes_at == NOW + timedelta(days=3)
    assert read_plan(json.dumps(fields(opens="2026-11-23T00:00:00+00:00")), NOW, ZONE).opens_at.day == 23


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"kind": "lottery"}, "kind"),
        ({"title": None}, "title"),
        ({"prizes": "many"}, "prizes"),
        ({"prizes": [{"name": "x", "odds": "0.00001%"}]}, "prizes[1]: odds"),
        ({"prizes": [{"name": "x", "odds": "much"}]}, "prizes[1]: odds"),
        ({"prizes": [{"name": "x", "odds": float("nan")}]}, "prizes[1]: odds"),
        ({"prizes": [{"name": "x", "odds": 1, "stock": -1}]}, "prizes[1].stock"),
        ({"prizes": [{"name": "x", "odds": 1, "points": True}]}, "prizes[1].points"),
        ({"prizes": [{"name": "x", "odds": 1, "only_for": "A"}]}, "prizes[1]: only_for"),
        ({"closes": "soon"}, "closes"),
        ({"terms": []}, "terms"),
        ({"hidden": 1}, "the file: hidden"),
    ],
)
def test_what_cannot_be_read_is_named(changed: dict[str, Any], place: str) -> None:
    with pytest.raises(DrawError) as refused:
        read_plan(yaml.safe_dump(fields(**changed)), NOW, ZONE)
    assert (refused.value.fault, refused.value.place) == (DrawFault.UNREADABLE, place)


@pytest.mark.parametrize(
    "text", ["", "{", "- a", "a: &a [*a]", "[" * 5_000, "x" * (LONGEST_FILE + 1), "!!python/none x"]
)
def test_no_file_is_a_fault_of_ours(text: str) -> None:
    with pytest.raises(DrawError):
        read_plan(text, NOW, ZONE)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (lambda: read_plan(text, NOW, ZONE), lambda: read_prizes(text)):
        with contextlib.suppress(DrawError):
            read()


def test_lines_of_prizes_leave_the_rest_of_the_odds_to_the_last() -> None:
    assert read_prizes("一等奖 888 0.1% 2\n二等奖　88 9.9％ 50个\n\n谢谢 参与") == [
        {"name": "一等奖", "points": "888", "odds": "0.1", "stock": "2"},
        {"name": "二等奖", "points": "88", "odds": "9.9", "stock": "50"},
        {"name": "谢谢 参与", "odds": "90"},
    ]
    assert sum(int(float(line["odds"]) * MILLION / 100) for line in read_prizes("a 1 40% 1\nb 60%")) == MILLION
