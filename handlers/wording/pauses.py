"""Why a booth is paused, in the reader's language: the usual reasons, or what the organiser wrote for both."""

from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.rally_pages import of_both

PAUSE_REASONS = (
    Phrase("排队太长", "too long a queue"),
    Phrase("物料用完", "out of material"),
    Phrase("设备故障", "a broken device"),
    Phrase("短暂休息", "a short break"),
)


def reason(stored: str | None, language: Language) -> str:
    """One of the usual reasons by its Chinese words, or the reader's part of `中文 | English`."""
    known = next((each for each in PAUSE_REASONS if each.zh == stored), None)
    return known.say(language) if known else of_both(stored or "", language)
