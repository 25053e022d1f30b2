"""Moments in words: an end at midnight is told as the day that it ends, in both languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from campaigns.members.model import Language
from handlers.wording.times import hours, until

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


def test_a_stretch_within_a_day_says_its_day_once() -> None:
    starts = datetime(2026, 11, 28, 2, tzinfo=UTC)
    same, next_day = starts.replace(hour=9), starts.replace(day=29, hour=9)
    assert hours(starts, same, ZONE, Language.ZH) == "11月28日（周六）10:00–17:00"
    assert hours(starts, next_day, ZONE, Language.EN) == "Sat 28 Nov 10:00–Sun 29 Nov 17:00"
