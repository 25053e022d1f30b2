"""Chinese first, English for those whose app speaks English, and the person's own word over the app's."""

from campaigns.staff.model import Role
from tests.driver import Stage


def chinese(text: str) -> list[str]:
    """The Chinese characters in a text."""
    return [character for character in text if "\u4e00" <= character <= "\u9fff"]


async def test_an_english_person_is_spoken_to_in_english(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    anna = await stage.person("Anna", last_name="Smith", language_code="en-GB", phone="+8610099990002")
    await anna.joins(group)
    await stage.chain(manager, group, product="Gold card")
    await anna.taps_and_sees("我要接龙", "You are in: number 1 (1/3).")
    assert "You are in already: number 1" in await stage.asks(anna, "+1", group)
    await anna.starts(stage.bot)
    greeting = await anna.sees("Hello, I am the assistant")
    assert chinese(greeting["text"]) == list("银行")
    await anna.taps("Link my number")
    await anna.sees("Do you agree that A银行 uses your number for this?")
    await anna.taps("I agree")
    await anna.sees("Please tap “Share my number” below.")
    await anna.shares_contact()
    await anna.sees("Your number is noted")
    for words, answer in (
        ("/help", "I can do this"),
        ("/unbind", "Unlinked; the number is deleted."),
        ("hello there", "Just ask"),
        ("where is my parcel", "Your wealth manager has it"),
        ("/offer", "This is not open to you"),
        ("/why_me", "You have not received an offer"),
    ):
        found = await stage.asks(anna, words)
        assert answer in found
        assert not chinese(found)


async def test_a_person_changes_the_language_and_the_app_does_not_change_it_back(stage: Stage) -> None:
    lead = await stage.staff("Ben", Role.TEAM_LEAD, language_code="zh-hans")
    assert "All right, English" in await stage.asks(lead, "/language")
    assert "For staff:" in await stage.asks(lead, "/help")
    assert "No delivery is in doubt" in await stage.asks(lead, "/unknown")
    assert "以后用中文" in await stage.asks(lead, "language")
    wang = await stage.person("王芳", language_code="zh-hans")
    await wang.starts(stage.bot)
    await wang.taps_and_sees("English", "English from now on", stage.bot)
    assert "I can do this" in await stage.asks(wang, "/help")


async def test_an_app_without_a_language_is_chinese(stage: Stage) -> None:
    wang = await stage.person("王芳", language_code="")
    await wang.starts(stage.bot)
    await wang.sees("您好，我是A银行商户福利群小助手")
