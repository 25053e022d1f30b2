"""What words name, which reason is one, who confirms until when, and what is lifted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaigns.halts.model import ASKED_FOR, Aim, Halt, HaltRefusal, HaltState, Scope
from campaigns.halts.rules import confirm, covers, lift, read_aim, read_reason, standing

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
ASKED = Halt(1, Aim(Scope.EVERYTHING), "价格写错", "赵强", NOW, HaltState.ASKED, member_id=7)


@pytest.mark.parametrize(
    ("said", "aim"),
    [
        ("全部", Aim(Scope.EVERYTHING)),
        (" ALL ", Aim(Scope.EVERYTHING)),
        ("产品 gold-fund", Aim(Scope.PRODUCT, "gold-fund")),
        ("product gold-fund", Aim(Scope.PRODUCT, "gold-fund")),
        ("promotion:12", Aim(Scope.CAMPAIGN, "promotion:12")),
        ("Offer", Aim(Scope.CAMPAIGN, "offer")),
        ("这个活动", HaltRefusal.NO_AIM),
        ("", HaltRefusal.NO_AIM),
        ("promotion:12; drop", HaltRefusal.NO_AIM),
    ],
)
def test_words_name_everything_a_product_or_a_campaign(said: str, aim: Aim | HaltRefusal) -> None:
    assert read_aim(said) == aim


def test_a_stop_has_a_reason_of_one_line() -> None:
    assert read_reason(" 价格\n写错 ") == "价格 写错"
    assert read_reason("\n") is HaltRefusal.NO_REASON
    assert read_reason("错" * 201) is HaltRefusal.TOO_LONG


def test_who_asked_confirms_once_and_within_the_hour() -> None:
    begun = confirm(ASKED, 7, NOW, stands=False)
    assert begun == replace(ASKED, state=HaltState.STANDING, stopped_at=NOW)
    assert confirm(ASKED, 8, NOW, stands=False) is HaltRefusal.NOT_YOURS
    assert confirm(ASKED, 7, NOW, stands=True) is HaltRefusal.STANDS_ALREADY
    assert confirm(ASKED, 7, NOW + ASKED_FOR, stands=False) is HaltRefusal.STALE
    assert confirm(None, 7, NOW, stands=False) is HaltRefusal.UNKNOWN
    assert isinstance(begun, Halt)
    ended = lift(begun, "王芳", NOW)
    assert ended == replace(begun, state=HaltState.LIFTED, lifted_at=NOW, lifted_by="王芳")
    assert isinstance(ended, Halt)
    assert confirm(ended, 7, NOW, stands=False) is HaltRefusal.LIFTED_ALREADY
    assert lift(ended, "王芳", NOW) is HaltRefusal.LIFTED_ALREADY
    assert standing(ASKED) is HaltRefusal.UNKNOWN


def test_a_stop_covers_a_campaign_by_its_whole_name_or_by_whole_parts_of_its_beginning() -> None:
    assert covers(Aim(Scope.EVERYTHING), "promotion:12", None)
    assert covers(Aim(Scope.CAMPAIGN, "promotion:12"), "promotion:12", None)
    assert covers(Aim(Scope.CAMPAIGN, "promotion"), "promotion:12", None)
    assert not covers(Aim(Scope.CAMPAIGN, "promotion:1"), "promotion:12", None)
    assert covers(Aim(Scope.PRODUCT, "gold-fund"), "promotion:12", "gold-fund")
    assert not covers(Aim(Scope.PRODUCT, "gold-fund"), "promotion:12", None)
