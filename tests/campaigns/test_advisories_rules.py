"""Advice over every product and class: for and against from facts, lawful words, nothing promised, sent once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.advisories.model import Advisory, AdvisoryRefusal, Con, Pro
from campaigns.advisories.rules import DRAFT_LIVES, argue, choose, send
from campaigns.advisories.service import is_blocked
from campaigns.catalogue.files import read_catalogue
from campaigns.catalogue.model import CLASSES, INVESTMENTS, Holdings, Product, ProductKind, Profile
from campaigns.catalogue.rules import select
from campaigns.customers.model import Letter
from campaigns.members.model import Language
from handlers.wording.advisories import CONS, PROS, AdvisoryWords

EXAMPLE = Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml"
CATALOGUE = read_catalogue(EXAMPLE.read_text("utf-8"))
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
WORDS = AdvisoryWords("A银行")
HELD = Holdings(deposits=80_000_000, wealth=20_000_000, funds=0)  # A million yuan.


def product(code: str) -> Product:
    return CATALOGUE.products[code]


@pytest.mark.parametrize("language", Language)
def test_every_product_for_every_class_has_two_sides_and_words_that_pass_the_gate(language: Language) -> None:
    holdings = (None, HELD, Holdings(0, 5_000_000, 95_000_000))
    for each in CATALOGUE.products.values():
        if each.kind is ProductKind.FUTURES:
            continue  # Never advised, as below.
        for at, standing in enumerate(CLASSES):
            appetite, horizon = each.grade and max(each.grade, 1 + at % 5), (None, 365)[at % 2]
            profile = Profile(appetite=appetite, holdings=holdings[at % 3], horizon=horizon)
            profile = (
                replace(profile, letter=standing) if isinstance(standing, Letter) else replace(profile, tier=standing)
            )
            argument = argue(each, profile)
            assert argument.pros
            assert argument.cons
            said = WORDS.text(argument, "李敏", language).text
            assert not is_blocked(said, argument), said
            assert len(said) <= 1500
            if each.notice:
                assert each.notice.read_in(language) in said
            if each.kind in INVESTMENTS:
                assert Con.MAY_LOSE in argument.cons
                assert ("不承诺收益" in said) or ("not guaranteed" in said)


def test_each_fact_is_said_where_it_holds_and_only_there() -> None:
    steady, fund = product("steady-wealth"), product("index-fund")
    who = Profile(letter=Letter.B, appetite=4, holdings=HELD, horizon=365)
    assert argue(steady, who).pros == (Pro.WITHIN_APPETITE, Pro.CAN_WAIT, Pro.SPREADS, Pro.OF_BUNDLE)
    assert argue(steady, who).cons == (Con.MAY_LOSE, Con.LOCKED, Con.ELSEWHERE)
    assert argue(fund, who).pros == (Pro.FREE_AT_ANY_TIME, Pro.SPREADS, Pro.NOTHING_HELD, Pro.OF_BUNDLE)
    assert argue(fund, who).cons == (Con.MAY_LOSE, Con.AT_THE_LIMIT, Con.ELSEWHERE)
    full = replace(who, holdings=Holdings(0, 3_000_000, 0))
    assert {Con.CONCENTRATED, Con.MUCH_OF_ALL} <= set(argue(steady, full).cons)
    said = WORDS.text(argue(steady, full), "李敏", Language.ZH).text
    assert "您在本行的资产已有 100% 是这一类" in said
    assert "起购金额相当于您在本行资产的 33%" in said
    assert "有 180 天封闭期" in said
    unknown = argue(steady, replace(who, holdings=None))
    assert not {Pro.SPREADS, Pro.NOTHING_HELD} & set(unknown.pros)
    exclusive = argue(product("private-wealth"), replace(who, invited=frozenset({"private-wealth"})))
    assert exclusive.pros[0] is Pro.INVITED


def test_advice_is_on_what_may_be_shown_unasked_to_who_is_assessed() -> None:
    held = Holdings(400_000_000, 0, 0)
    rich = Profile(letter=Letter.B, appetite=5, holdings=held, horizon=365)
    found = select(CATALOGUE, 1, rich, TODAY)
    assert choose(found, "index-fund") == product("index-fund")
    assert choose(found, "futures-account") is AdvisoryRefusal.NOT_FOR_THEM
    assert choose(found, "private-wealth") is AdvisoryRefusal.NOT_FOR_THEM
    assert choose(found, "co-card") is AdvisoryRefusal.NO_PRODUCT
    assert choose(None, "index-fund") is AdvisoryRefusal.NO_PRODUCT
    unasked = select(CATALOGUE, 1, replace(rich, appetite=None), TODAY)
    assert choose(unasked, "index-fund") is AdvisoryRefusal.NOT_FOR_THEM
    assert choose(unasked, "steady-wealth") is AdvisoryRefusal.NOT_ASSESSED
    assert choose(unasked, "demand-plus") == product("demand-plus")


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(CATALOGUE.products)),
    st.none() | st.integers(1, 5),
    st.none() | st.builds(Holdings, *[st.integers(0, 10**12)] * 3),
)
def test_whoever_it_is_both_sides_are_there_and_every_figure_is_a_share(
    code: str, appetite: int | None, held: Holdings | None
) -> None:
    argument = argue(product(code), Profile(appetite=appetite, holdings=held))
    assert argument.pros
    assert argument.cons
    assert 0 <= argument.held_percent <= 100
    assert 0 <= argument.deposit_percent <= 100
    assert Pro.WITHIN_APPETITE not in argument.pros or (appetite or 0) > (argument.product.grade or 0)


def test_every_argument_has_words_in_both_languages() -> None:
    assert (set(PROS), set(CONS)) == (set(Pro), set(Con))
    assert all(each.zh != each.en for each in (*PROS.values(), *CONS.values()))


def test_a_draft_is_sent_once_by_who_read_it_while_it_is_fresh() -> None:
    draft = Advisory(7, uuid4(), "index-fund", 1, (), (), "x", 1, NOW)
    sent = send(draft, 1, NOW + DRAFT_LIVES)
    assert isinstance(sent, Advisory)
    assert sent.sent_at == NOW + DRAFT_LIVES
    assert send(sent, 1, NOW) is AdvisoryRefusal.SENT_ALREADY
    assert send(draft, 2, NOW) is AdvisoryRefusal.NOT_YOURS
    assert send(draft, 1, NOW + DRAFT_LIVES + timedelta(seconds=1)) is AdvisoryRefusal.STALE
    assert send(None, 1, NOW) is AdvisoryRefusal.NO_DRAFT
