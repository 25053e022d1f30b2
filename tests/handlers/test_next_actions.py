"""The commands that show what follows from classes, and the words of every action, channel, reason and product."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import main
from campaigns.customers.next_actions import (
    ActionChannel,
    ActionKind,
    ActionReason,
    Alternative,
    NextAction,
    NextProduct,
)
from campaigns.members.model import Language
from handlers.wording.next_actions import ACTIONS, CHANNELS, PRODUCTS, REASONS, action_lines, rate_words, reason_words
from segmentation.action_options import OFFERED
from segmentation.action_reasons import CODES, SPEAKS
from segmentation.action_rules import ActionRules
from segmentation.lending import NoLoan
from segmentation.liquidity import DERIVED
from segmentation.rates import RateTable, quote
from segmentation.synthetic import AS_OF, invent_people, write_delivery

PEOPLE = invent_people(40)
WEALTHY = sum(int(person.aum[3]) >= 1_000 for person in PEOPLE)


@pytest.fixture(autouse=True)
def bank(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database and keys, with 40 customers."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    write_delivery(tmp_path / "delivery", PEOPLE)
    assert run("import", tmp_path / "delivery", "--profile", "cn-bank", "--as-of", AS_OF).exit_code == 0


def run(*words: object) -> Result:
    return CliRunner().invoke(main.app, [str(word) for word in words])


def test_segment_and_explain_say_what_follows(tmp_path: Path) -> None:
    shown = run("segment", "--out", tmp_path / "c.csv").output
    assert "Next actions" in shown
    assert "routing saves" in shown
    header = (tmp_path / "c.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    assert header[-4:] == ["next_product", "next_action", "expected_value", "opportunity"]
    number = PEOPLE[1].number
    assert "下一步：" in run("explain", number).output
    assert "Next: " in run("explain", number, "--language", "en").output
    found = json.loads(run("explain", number, "--json").stdout)
    assert found["next_action"]["action"] in set(ActionKind)
    assert {tag["code"] for tag in found["tags"]} >= {"holds_wealth_products"}
    need = found["liquidity"]
    assert (need["code"] in DERIVED, need["days"], need["is_told"]) == (True, DERIVED[need["code"]], False)
    assert "流动性：" in run("explain", number).output
    assert isinstance(found["loan"], dict) or found["loan"] in set(NoLoan)
    assert "贷款：" in run("explain", number).output


def test_tags_shows_the_dictionary_with_how_many_have_each() -> None:
    run("segment")
    shown = json.loads(run("tags", "--json").stdout)
    assert {tag["code"]: tag["customers"] for tag in shown["tags"]}["holds_wealth_products"] == WEALTHY
    assert "funds_lover" in run("tags", "--language", "en").output


def test_next_products_says_how_it_was_held_out() -> None:
    run("segment")
    found = json.loads(run("next-products", "--json").stdout)
    assert (found["later"], found["how"].startswith("One day only")) == (None, True)
    assert found["alike"]["hits"] <= found["cases"]
    assert "One day only" in run("next-products").output


def test_every_code_has_its_words() -> None:
    assert set(ACTIONS) == set(ActionKind)
    assert set(SPEAKS) == {kind.value for kind in ActionKind}
    assert set(CHANNELS) == set(ActionChannel)
    assert {channel.value for channel in ActionChannel} == set(ActionRules().channels)
    assert set(OFFERED) <= set(PRODUCTS)
    assert set(CODES) == set(REASONS)
    for code in CODES:
        for language in Language:
            assert "{" not in reason_words(ActionReason(code, 12.5, 1.0), language)
            assert reason_words(ActionReason(code, None, 1.0), language)


def test_an_action_reads_like_a_sentence() -> None:
    other = Alternative(ActionKind.RETENTION, ActionChannel.CALL, None, 5_000_000, 0.1, 120_000, waits=True)
    found = NextAction(
        "1", date(2019, 9, 30), ActionKind.PRODUCT, ActionChannel.PUSH, "time_deposit", 10_000_000, 0.012, 4_200, 61.5,
        True, (ActionReason("alike", 0.4, 0.6),), (other,), (NextProduct("time_deposit", 0.4, 10_000_000),),
    )  # fmt: skip
    assert list(action_lines(found, Language.ZH)) == [
        "下一步：推荐定期存款，参考 100,000 元（手机银行推送）",
        "  预期收益 42 元，成功率 1.2%，营销机会 62 分",
        "  相似客户中 40% 持有",
        "  其次：挽留：了解资金去向，保住 50,000 元资产（理财经理电话）——待经理有时间，预期 1,200 元",
        "  可推荐：定期存款（相似客户 40% 持有）",
    ]
    assert next(action_lines(found, Language.EN)) == (
        "Next: propose time deposits, about 100,000 yuan (by the mobile bank)"
    )
    advised = quote(RateTable(), current=90, potential=50, is_new=True)
    assert (
        rate_words(advised, Language.ZH) == "贷款利率参考 4.20%（基准 4.35；当前价值 -0.30；新客户 +0.15），以审批为准"
    )
