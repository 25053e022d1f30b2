"""What booth staff read while they count tastings."""

from campaigns.members.model import Language
from campaigns.rallies.model import Booth
from campaigns.tastings.model import TastingCode
from handlers.wording.phrase import Phrase

NO_BOOTH = Phrase(
    "您现在没有要计试吃的摊位（活动进行中、在有试吃的摊位值班才有）。",
    "There is no booth whose tastings you count now: an event must run, and you on duty at a booth with tastings.",
)
LEFT = Phrase("试吃 · {booth}：还剩 {left} 份", "Tastings · {booth}: {left} left")
GIVE_BUTTON = Phrase("发 {pieces} 份", "Give {pieces}")
BACK_BUTTON = Phrase("撤回 1 份", "Take 1 back")
OUTCOMES = {
    TastingCode.GIVEN: Phrase("已记。", "Counted."),
    TastingCode.TAKEN_BACK: Phrase("已撤回 1 份。", "One is taken back."),
    TastingCode.NONE_LEFT: Phrase("没有这么多了。", "There are not as many left."),
    TastingCode.NOT_YOURS: Phrase("您没有被安排到这个摊位。", "You are not named for this booth."),
    TastingCode.NOT_NOW: Phrase("活动没有在进行。", "The event is not running."),
    TastingCode.NOTHING_TO_TAKE_BACK: Phrase(
        "10 分钟内没有您记的试吃可以撤回。", "You counted nothing in the last ten minutes."
    ),
}


def left(booth: Booth, language: Language) -> str:
    """How many tastings a booth has."""
    name = booth.name_zh if language is Language.ZH else booth.name_en
    return LEFT.say(language, booth=f"{booth.code} {name}", left=booth.tastings_left)
