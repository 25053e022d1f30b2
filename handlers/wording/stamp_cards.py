"""What people read on their stamp card: in the picture, under it, and in the Mini App."""

import re
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.rallies.model import Booth, Rally, RallyState, Target
from campaigns.stamp_cards.model import Goal, StampCard
from campaigns.stamp_cards.rules import goals
from handlers.wording.phrase import Phrase
from handlers.wording.times import hours

CHINESE = re.compile("[一-鿿]")
OWNER = Phrase("{name} 的集章卡", "{name}'s stamp card")
COUNT = Phrase("{stamped}/{booths} 枚", "{stamped} of {booths}")
MEDAL_WON = Phrase("勋章已获得", "medal won")
MEDAL_MISSING = Phrase("再集 {missing} 枚", "{missing} more to go")
OPEN_CARD = Phrase("打开集章地图", "Open map and card")
HEAD = Phrase("【集章】{title}", "[Stamps] {title}")
FAR = Phrase("已集 {stamped}/{booths} 枚印章。", "{stamped} of {booths} stamps.")
NEXT_GOAL = Phrase("再集 {missing} 枚得「{medal}」勋章。", "{missing} more for the “{medal}” medal.")
WON = Phrase(
    "🏅 已得「{medal}」勋章，发「我的礼品」看伴手礼。", "🏅 You won the “{medal}” medal: /gifts shows its gift."
)
NOT_WON = Phrase("未获得", "not won")
IS_OVER = Phrase("活动已结束，谢谢参加！", "It is over. Thank you for coming!")
SEAL = "之印"
FOOT = Phrase("到摊位扫码盖章，集齐得勋章", "Scan at the booths: stamps win medals")


def title_of(rally: Rally, language: Language) -> str:
    """The event's name in one language."""
    return rally.title_zh if language is Language.ZH else rally.title_en


def name_of(booth: Booth, language: Language) -> str:
    """A booth's name in one language."""
    return booth.name_zh if language is Language.ZH else booth.name_en


def seal_of(booth: Booth) -> str:
    """The Chinese name, or its beginning with 之印 as seals are cut; the code where there is none."""
    name = "".join(CHINESE.findall(booth.name_zh))
    return (name if len(name) <= 4 else f"{name[:2]}{SEAL}") or booth.code


def medal_of(target: Target, language: Language) -> str:
    """A medal's name in one language."""
    return target.title_zh if language is Language.ZH else target.title_en


def is_over(rally: Rally) -> bool:
    """Whether nothing can be won any more."""
    return rally.state in {RallyState.ENDED, RallyState.SETTLED}


def goal_words(rally: Rally, goal: Goal, language: Language) -> str:
    """How far a target is, as long as it can be reached."""
    if goal.is_reached:
        return MEDAL_WON.say(language)
    return NOT_WON.say(language) if is_over(rally) else MEDAL_MISSING.say(language, missing=goal.missing)


def foot(rally: Rally, language: Language) -> str:
    """The last line of the picture."""
    return (IS_OVER if is_over(rally) else FOOT).say(language)


def moment_words(rally: Rally, zone: ZoneInfo, language: Language) -> str:
    """When and where: 11月22日（周日）10:00–18:00 · 幸福里广场."""
    place = rally.plan.place_zh if language is Language.ZH else rally.plan.place_en
    return f"{hours(rally.starts_at, rally.ends_at, zone, language)} · {place}"


def caption(card: StampCard, language: Language) -> str:
    """What stands under the picture: how many stamps, the medals won, and the nearest one to come while one can."""
    lines = [
        HEAD.say(language, title=title_of(card.rally, language)),
        FAR.say(language, stamped=card.stamped, booths=len(card.rally.booths)),
    ]
    known = goals(card)
    lines += [WON.say(language, medal=medal_of(each.target, language)) for each in known if each.is_reached]
    open_ = [each for each in known if not each.is_reached and each.missing]
    if is_over(card.rally):
        lines.append(IS_OVER.say(language))
    elif open_:
        nearest = min(open_, key=lambda each: each.missing)
        lines.append(NEXT_GOAL.say(language, missing=nearest.missing, medal=medal_of(nearest.target, language)))
    return "\n".join(lines)


class StampCardWords:
    """The card's message in the chat; `app` is what links into the Mini App begin with, None where there is none."""

    def __init__(self, app: str | None) -> None:
        self._app = app

    def card(self, card: StampCard) -> Message:
        """Caption and button of the picture."""
        language = card.holder.language
        label, link = OPEN_CARD.say(language), f"{self._app}rally_{card.rally.id}"
        buttons = ((Button(label, url=link),),) if self._app else ()
        return Message(caption(card, language), buttons)
