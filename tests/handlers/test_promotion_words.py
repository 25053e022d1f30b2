"""Every fault of a check is one sentence in both languages, with its facts filled in."""

import pytest

from campaigns.members.model import Language
from campaigns.promotions.faults import CheckCode, CheckFault
from handlers.wording.promotions import check_fault

FACTS: dict[str, str | int] = {
    **dict.fromkeys(("arm", "span", "basis", "basis_zh", "advice", "advice_zh", "found", "product"), "某词"),
    **dict.fromkeys(("first", "last", "classes", "page", "until", "language", "supply"), "某词"),
    **dict.fromkeys(("position", "audience", "yuan", "cost", "cap"), 12),
}


@pytest.mark.parametrize("language", Language)
def test_every_fault_has_its_sentence(language: Language) -> None:
    for code in CheckCode:
        said = check_fault(CheckFault(code, FACTS), language)
        assert said
        assert "{" not in said


def test_a_fault_of_the_words_names_arm_and_language_of_the_copy() -> None:
    fault = CheckFault(CheckCode.WORDS, {**FACTS, "arm": "plain", "language": "en", "span": "保本"})
    assert "plain（en）：「保本」" in check_fault(fault, Language.ZH)
