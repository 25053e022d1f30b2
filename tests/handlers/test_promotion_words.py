"""Every fault of a check is one sentence in both languages, with its facts filled in."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.channels.model import ChannelPolicy
from campaigns.members.model import Language
from campaigns.promotions.faults import CheckCode, CheckFault
from campaigns.promotions.files import EXAMPLE, read_promotion
from campaigns.promotions.model import Act, PromotionState, Version
from handlers.wording.promotion_desk import sure
from handlers.wording.promotions import check_fault

ZONE = ZoneInfo("Asia/Shanghai")
TOLD = EXAMPLE.read_text("utf-8").replace("product:", "# product:")
PLAN = read_promotion(TOLD, None, ChannelPolicy(), ZONE).plan
VERSION = Version(1, "autumn-steady", 1, PromotionState.REVIEWED, PLAN, "", 1, PLAN.opens_at)

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


def test_what_would_start_at_once_is_said_before_it_is_scheduled() -> None:
    at = VERSION.plan.send_at
    early, late = (sure(Act.SCHEDULE, VERSION, at + timedelta(hours=hours), ZONE, Language.EN) for hours in (-1, 1))
    assert "starts by itself" in early
    assert "starts at once" in late
    ended = sure(Act.RESUME, VERSION, VERSION.plan.closes_at, ZONE, Language.EN)
    assert "nothing leaves any more" in ended
    assert "goes on" in sure(Act.RESUME, VERSION, at, ZONE, Language.EN)


def test_a_fault_of_the_words_names_arm_and_language_of_the_copy() -> None:
    fault = CheckFault(CheckCode.WORDS, {**FACTS, "arm": "plain", "language": "en", "span": "保本"})
    assert "plain（en）：「保本」" in check_fault(fault, Language.ZH)
