"""The words of referrals: what members forward passes the gate that offers pass, in both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.members.model import Language
from campaigns.referrals.model import Doubt, Link, Programme, Side, Stage
from handlers.wording.referrals import KIND_REASONS, TOLD, copy

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("language", list(Language))
def test_what_members_forward_passes_the_gate(language: Language) -> None:
    link = Link("x" * 22, Programme(1, 1, 10_000, NOW, NOW + timedelta(days=30)), 11, None)
    said = copy(link, "A银行", "bank_bot", ZONE, language)
    assert "https://t.me/bank_bot?start=f_" in said
    assert forbidden(said) == ()
    assert not lacks_risk_notice(said)


def test_both_sides_are_told_of_every_stage_and_every_reason_has_kind_words() -> None:
    assert set(TOLD) == {(stage, side) for stage in Stage if stage is not Stage.PENDING for side in Side}
    assert set(KIND_REASONS) == set(Doubt)
