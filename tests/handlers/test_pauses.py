"""A pause's reason is read in the visitor's language: the usual ones, and what was written for both."""

import pytest

from campaigns.members.model import Language
from handlers.wording.pauses import reason


@pytest.mark.parametrize(
    ("stored", "zh", "en"),
    [
        ("物料用完", "物料用完", "out of material"),
        ("缺料 | Out of cups", "缺料", "Out of cups"),
        ("停电，稍后恢复", "停电，稍后恢复", "停电，稍后恢复"),
        (None, "", ""),
    ],
)
def test_a_reason_is_read_in_the_visitors_language(stored: str | None, zh: str, en: str) -> None:
    assert (reason(stored, Language.ZH), reason(stored, Language.EN)) == (zh, en)
