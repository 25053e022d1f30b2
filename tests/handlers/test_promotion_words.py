"""Every fault of a check is one sentence in both languages, with its facts filled in."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.channels.model import ChannelPolicy
from campaigns.members.model import Language
from campaigns.promotions.faults import CheckCode, CheckFault
from campaigns.promotions.files import EXAMPLE, read_promotion
from campaigns.promotions.model import Act, PromotionState, Version
from campaigns.promotions.sending import Sending
from campaigns.promotions.supplies import Bound, Rate, RateSource, Room, Supply, run_out
from handlers.wording.promotion_desk import sure
from handlers.wording.promotion_dry_runs import hours_lines, supply_lines
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


@pytest.mark.parametrize("language", Language)
def test_every_bound_and_every_source_of_a_rate_has_its_words_and_a_warning_is_one(language: Language) -> None:
    starts, ends = PLAN.send_at, PLAN.closes_at
    for bound in Bound:
        for source in RateSource:
            supply = Supply("voucher:x", (Room("x", bound, 50),))
            short, lasting = (run_out(supply, heads, Rate(0.2, source, 3), starts, ends) for heads in (1_000, 100))
            for found, is_warned in ((short, True), (lasting, False)):
                said = supply_lines(found, ZONE, language)
                assert len(said) == 2
                assert "{" not in "".join(said)
                assert said[1].startswith(("⚠️", "Warning")) == is_warned
    endless = run_out(Supply("pack:x"), 9, Rate(0.2, RateSource.TARGET), starts, ends)
    assert len(supply_lines(endless, ZONE, language)) == 1


@pytest.mark.parametrize("language", Language)
def test_hours_say_who_waits_when_the_last_one_leaves_and_who_never_hears(language: Language) -> None:
    at = PLAN.send_at
    cases = (Sending(at), Sending(at, 3, 0, at), Sending(at, 3, 2))
    assert [len(hours_lines(each, ZONE, language)) for each in cases] == [1, 2, 2]
    assert "2030-11-01 10:00" in hours_lines(Sending(at, 3, 0, at), ZONE, language)[1]


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
