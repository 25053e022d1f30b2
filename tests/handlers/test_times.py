"""Moments in words: an end at midnight is told as the day that it ends, in both languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from campaigns.members.model import Language
from handlers.wording.times import until

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (datetime(2026, 11, 25, 16, tzinfo=UTC), "11月25日（周三）24:00", "Wed 25 Nov 24:00"),
        (datetime(2026, 11, 25, 16, 1, tzinfo=UTC), "11月26日（周四）00:01", "Thu 26 Nov 00:01"),
        (datetime(2026, 11, 25, 4, tzinfo=UTC), "11月25日（周三）12:00", "Wed 25 Nov 12:00"),
    ],
)
def test_an_end_at_midnight_is_the_day_before(moment: datetime, zh: str, en: str) -> None:
    assert (until(moment, ZONE, Language.ZH), until(moment, ZONE, Language.EN)) == (zh, en)
