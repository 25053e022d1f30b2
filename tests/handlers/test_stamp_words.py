"""What a visitor reads after a scan: in the chat the news of a medal comes once, by its own message."""

from zoneinfo import ZoneInfo

import pytest

from campaigns.members.model import Language
from campaigns.stamps.model import Stamped, StampOutcome, Title
from handlers.wording import stamps as words

ZONE = ZoneInfo("Asia/Shanghai")


def won(*medals: Title) -> Stamped:
    return Stamped(StampOutcome.STAMPED, 7, 1, 3, Title("茶艺", "Tea"), 3, 6, medals=medals)


@pytest.mark.parametrize("language", list(Language))
def test_the_chat_leaves_the_medal_to_its_own_message_and_the_mini_app_tells_it(language: Language) -> None:
    found = won(Title("达人", "Collector"))
    said = words.outcome(found, "A银行", ZONE, language)
    assert said == words.outcome(won(), "A银行", ZONE, language)
    in_app = words.outcome_in_app(found, "A银行", ZONE, language)
    assert in_app.splitlines()[:-1] == said.splitlines()
    assert in_app.splitlines()[-1].startswith("🏅")
    assert words.outcome_in_app(won(), "A银行", ZONE, language) == said
