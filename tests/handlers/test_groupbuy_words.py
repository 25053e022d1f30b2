"""What people read about group-buys: every condition is on the card, no letter anywhere, and all of it fits."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from campaigns.chains.eligibility import (
    LONGEST_REGION,
    MOST_REGIONS,
    Condition,
    ConditionFault,
    ConditionKind,
    Holding,
    Standing,
)
from campaigns.chains.model import Chain, ChainState, ClaimCode, ClaimOutcome, Entry
from campaigns.chains.rules import LONGEST_PRODUCT
from campaigns.chains.stages import LONGEST_BENEFIT, MOST_STAGES, Groupbuy, LeaderRule, Stage, StageFault
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.groupbuys.model import ExtendCode, GroupbuyRefusal, TermFault
from campaigns.groupbuys.rules import settled, view_of
from campaigns.members.model import Language
from handlers.wording import chains as chain_words
from handlers.wording import groupbuys as words
from handlers.wording.groupbuy_news import GroupbuyWords

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
DEADLINE = datetime(2026, 12, 1, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
ALERT = 200  # Telegram's most for an answer to a tap.
WIDEST = {
    ConditionKind.REGION: tuple(str(at) + "里" * (LONGEST_REGION - 1) for at in range(MOST_REGIONS)),
    ConditionKind.CLASS: ("A", "B", "C", "D"),
    ConditionKind.NOT_HOLDING: (Holding.LARGE_CERTIFICATES, Holding.STRUCTURED_DEPOSIT, Holding.WEALTH_PRODUCTS),
}
EVERY = tuple(Condition(kind, WIDEST.get(kind, ())) for kind in ConditionKind)


def groupbuy(product: str = "联名信用卡", benefit: str = "首年免年费", heads: int = 0) -> Chain:
    stages = tuple(Stage(size, benefit) for size in range(2, 2 + MOST_STAGES))
    buy = Groupbuy(1, stages, "t" * 22, LeaderRule.ENDS, ends_at_top=True)
    entries = tuple(Entry(member, "王***芳", member) for member in range(1, heads + 1))
    return Chain(
        1, 1, -100, product, 500, DEADLINE, ChainState.OPEN, 9, entries=entries, conditions=EVERY, groupbuy=buy
    )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("told", EVERY, ids=lambda told: told.kind)
def test_a_refusal_fits_the_answer_to_a_tap_and_says_what_to_do(told: Condition, language: Language) -> None:
    outcome = ClaimOutcome(ClaimCode.NOT_ELIGIBLE, unmet=told, elsewhere="群" * 128)
    said = chain_words.claim(outcome, language)
    assert len(said) <= ALERT
    assert "{" not in said
    in_group = words.ASK_THE_CARD.say(language)
    assert said != in_group


@pytest.mark.parametrize("language", Language)
def test_the_card_prints_every_condition_and_never_a_letter(language: Language) -> None:
    card = chain_words.ChainWords(ZONE, language).card(groupbuy(), NOW).text
    for told in EVERY:
        assert words.condition(told, language) in card
    classes = Condition(ConditionKind.CLASS, ("A",)), Condition(ConditionKind.CLASS, ("D",))
    assert len({words.condition(told, language) for told in classes}) == 1
    assert len({words.unmet(told, None, language) for told in classes}) == 1


@pytest.mark.parametrize("language", Language)
def test_the_fullest_card_fits_one_message(language: Language) -> None:
    fullest = groupbuy("长" * LONGEST_PRODUCT, "福" * LONGEST_BENEFIT, heads=500)
    assert len(chain_words.ChainWords(ZONE, language).card(fullest, NOW).text) <= chain_words.LONGEST


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("benefit", ["首年免年费", "基金申购费五折"])
def test_words_of_investments_carry_the_notice_wherever_they_are_printed(language: Language, benefit: str) -> None:
    chain, news = groupbuy(benefit=benefit, heads=3), GroupbuyWords(ZONE, "welfare_bot", language)
    assert chain.groupbuy
    formed = Chain(**{**vars(chain), "groupbuy": settled(chain.groupbuy, 3)})
    view = view_of(chain, 8, Standing(), (), NOW)
    said = [
        chain_words.ChainWords(ZONE, language).card(chain, NOW).text,
        news.one_missing(chain, chain.groupbuy.lowest).text,
        news.formed(formed).text,
        news.failed(chain, leader_left=True).text,
        news.extended(chain).text,
        news.invitation(view, "t" * 22, language),
        words.view(view, ZONE, language),
    ]
    assert not any(lacks_risk_notice(text) for text in said)
    assert not any(forbidden(text) for text in said)


def test_every_refusal_and_fault_has_its_sentence() -> None:
    assert {*words.CONDITIONS} == {*words.UNMET} == {*ConditionKind}
    assert {*words.EXTEND_CODES} == {*ExtendCode}
    assert {*words.REFUSALS} == {*GroupbuyRefusal}
    assert {*words.FAULTS} == {*StageFault, *ConditionFault, *TermFault}
