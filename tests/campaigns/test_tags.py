"""The dictionary of tags: every entry has its words, who may set what, what contradicts what."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaigns.members.model import Language
from campaigns.staff.model import Role
from campaigns.tags.model import Tag, TagDefinition, TagRefusal, TagSource
from campaigns.tags.rules import APPETITES, DICTIONARY, expiry, may_touch, rivals
from handlers.wording.tags import MEANINGS, NAMES, SOURCES, refusal_words, tag_words, tags_words
from segmentation.tag_rules import TAGS

NOW = datetime(2026, 1, 5, tzinfo=UTC)
MANAGER, LEAD = frozenset({Role.WEALTH_MANAGER}), frozenset({Role.TEAM_LEAD})


def test_every_tag_has_a_name_a_meaning_and_a_source_in_both_languages() -> None:
    assert set(NAMES) == set(MEANINGS) == set(DICTIONARY)
    assert set(SOURCES) == set(TagSource)
    assert all(phrase.zh and phrase.en for phrase in (*NAMES.values(), *MEANINGS.values()))


def test_a_tag_of_figures_is_a_rule_s_and_set_by_nobody() -> None:
    assert {code for code, each in DICTIONARY.items() if each.source is TagSource.RULE} == set(TAGS)
    assert all(each.may_set for each in DICTIONARY.values() if each.source is not TagSource.RULE)
    assert may_touch("funds_lover", frozenset(Role)) is TagRefusal.OF_A_RULE


@pytest.mark.parametrize(
    ("code", "roles", "allowed"),
    [
        ("banks_elsewhere", MANAGER, True),
        ("banks_elsewhere", frozenset({Role.CUSTOMER}), False),
        ("credit_refused", MANAGER, False),
        ("credit_refused", LEAD, True),
        ("risk_c3", MANAGER, True),
        ("risk_c3", frozenset({Role.PARTNER}), False),
    ],
)
def test_who_may_set_a_tag_stands_in_the_dictionary(code: str, roles: frozenset[Role], allowed: bool) -> None:
    assert isinstance(may_touch(code, roles), TagDefinition) is allowed


def test_a_tag_that_nobody_knows_is_refused() -> None:
    assert may_touch("rich_uncle", LEAD) is TagRefusal.UNKNOWN_TAG


def test_a_tag_holds_for_its_days() -> None:
    assert (expiry(DICTIONARY["interest_in_loans"], NOW) - NOW).days == 180


def test_only_one_appetite_for_risk_holds() -> None:
    assert rivals("risk_c3") == frozenset(APPETITES) - {"risk_c3"}
    assert rivals("banks_elsewhere") == frozenset()


def test_a_tag_says_since_when_until_when_and_from_whom() -> None:
    tag = Tag("risk_c2", TagSource.CUSTOMER, NOW, expiry(DICTIONARY["risk_c2"], NOW), "questionnaire 17", "5")
    assert tag_words(tag, Language.ZH) == "风险偏好 C2（客户，2026-01-05 起，2027-01-05 到期）"
    assert tags_words([replace(tag, is_expired=True)], Language.EN).endswith(
        "risk appetite C2 (customer, since 2026-01-05, expired 2027-01-05)"
    )
    assert all(refusal_words(refusal, language) for refusal in TagRefusal for language in Language)
