"""The prescribed name of a merchant welfare group."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.groups.model import UNKNOWN_SOURCE, BotRights, Group, GroupPlan, Newcomer, PlanRefusal, Source
from campaigns.groups.rules import FLOOD, LONGEST_TITLE, parties, read_title, refuse_plan, source_of, title_for

BANK = "A银行"
NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
ALL = BotRights(pin=True, change_info=True)


@pytest.mark.parametrize(
    ("title", "merchant", "number"),
    [
        ("A银行&幸福里商户福利群", "幸福里", 1),
        ("A银行＆幸福里商户福利群", "幸福里", 1),
        ("Ａ银行 & 幸福里 商户福利群", "幸福里", 1),
        ("  A银行&幸福里商户福利群  ", "幸福里", 1),
        ("A银行&幸福里商户福利群2", "幸福里", 2),
        ("A银行&幸福里商户福利群 12", "幸福里", 12),
        ("A银行&7-11商户福利群", "7-11", 1),
        ("A银行&M&M商户福利群", "M&M", 1),
    ],
)
def test_a_title_after_the_pattern_names_its_merchant_and_number(title: str, merchant: str, number: int) -> None:
    assert read_title(title, BANK) == (merchant, number)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "幸福里商户福利群",
        "A银行幸福里商户福利群",
        "A银行&商户福利群",
        "A银行& 商户福利群",
        "B银行&幸福里商户福利群",
        "A银行&幸福里福利群",
        "A银行&幸福里商户福利群!",
        "欢迎A银行&幸福里商户福利群",
        f"A银行&{'长' * LONGEST_TITLE}商户福利群",
    ],
)
def test_every_other_title_is_refused(title: str) -> None:
    assert read_title(title, BANK) is None


@given(st.text("幸福里商场ABC&·-7", min_size=1, max_size=20), st.integers(1, 9_999))
def test_the_prescribed_title_names_its_own_merchant(merchant: str, number: int) -> None:
    assert read_title(title_for(BANK, merchant, number), BANK) == (merchant, number)


@given(st.text(), st.text())
def test_no_title_and_no_bank_makes_the_pattern_fail(title: str, bank: str) -> None:
    read_title(title, bank)


def plan(manager: int = 1, group: int | None = None) -> GroupPlan:
    return GroupPlan(1, "token", manager, 1, "幸福里", 1, title_for(BANK, "幸福里"), NOW, group)


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (refuse_plan(None, 1, ALL, in_use=False, title="新群"), PlanRefusal.UNKNOWN),
        (refuse_plan(plan(manager=2), 1, ALL, in_use=False, title="新群"), PlanRefusal.NOT_YOURS),
        (refuse_plan(plan(group=5), 1, ALL, in_use=False, title="新群"), PlanRefusal.USED),
        (refuse_plan(plan(), 1, ALL, in_use=True, title="新群"), PlanRefusal.GROUP_IN_USE),
        (refuse_plan(plan(), 1, BotRights(change_info=True), in_use=False, title="新群"), PlanRefusal.MAY_NOT_PIN),
        (refuse_plan(plan(), 1, BotRights(pin=True), in_use=False, title="新群"), PlanRefusal.MAY_NOT_RENAME),
        (refuse_plan(plan(), 1, BotRights(pin=True), in_use=False, title=title_for(BANK, "幸福里")), None),
        (refuse_plan(plan(), 1, ALL, in_use=False, title="新群"), None),
    ],
)
def test_a_prepared_group_opens_once_for_its_manager_where_the_bot_may_name_it(
    refused: PlanRefusal | None, why: PlanRefusal | None
) -> None:
    assert refused == why


def test_the_name_of_a_link_says_more_than_who_let_somebody_in() -> None:
    assert source_of("flyer-07", 5, 9, by_link=True, by_request=True) == Source("flyer-07")
    assert source_of(None, 5, 9, by_link=True, by_request=True) == Source("request")
    assert source_of(None, 5, 5, by_link=True, by_request=False) == Source("link")
    assert source_of(None, 5, 9, by_link=False, by_request=False) == Source("added", 9)
    assert source_of(None, 5, 5, by_link=False, by_request=False) == UNKNOWN_SOURCE


def test_few_newcomers_get_words_of_their_source_and_a_flood_those_for_everybody() -> None:
    group = Group(1, -1, "t", "m", 1, NOW)
    few = [(Newcomer(group, number, "x"), "传单" if number % 2 else None) for number in range(4)]
    assert [(words, len(party)) for words, party in parties(few).items()] == [(None, 2), ("传单", 2)]
    many = [(Newcomer(group, number, "x"), "传单") for number in range(FLOOD + 1)]
    assert [(words, len(party)) for words, party in parties(many).items()] == [(None, FLOOD + 1)]
