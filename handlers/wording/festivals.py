"""What festivals propose to a manager ahead of them, and what groups read before them."""

from dataclasses import dataclass

from campaigns.bankdays.feasts import Festival
from campaigns.members.model import Language
from campaigns.reminders.festivals import Idea
from handlers.wording.phrase import Phrase
from handlers.wording.reminder_times import FESTIVALS

FESTIVAL_DATA = "festival"
FOLLOW_DATA = "festivals_on"

FOLLOW_BUTTON = Phrase("＋ 节日策划", "＋ Festivals")
FOLLOWED = Phrase(
    "好的，每年 {count} 个节日前 21 天的 9:30 提醒你策划（/remind 可以改、停）。",
    "All right: {count} festivals a year are proposed to you 21 days ahead, at 9:30 (/remind changes that).",
)
FOLLOWED_ALREADY = Phrase(
    "节日策划已经都设好了，发 /remind 查看。", "Every festival is in your book already: see /remind."
)
INVITE_BUTTON = Phrase("提前 3 天提醒各群", "Remind all groups 3 days before")
_IDEA = Phrase(
    "【{name}策划】还有 {days} 天。\n1. 客群：/audience {line}，看人数和能发到的人\n"
    "2. 福利或营销活动：/offer、/promotion，文案和产品先送审\n3. 群里：点下面按钮，提前 3 天提醒各群",
    "[{name}] {days} days ahead.\n1. Whom: /audience {line} counts them and those within reach\n"
    "2. What: /offer or /promotion; words and products are approved first\n3. The groups: the button below",
)
_MONTHS = {
    Festival.WOMEN: Phrase(
        "可以做成 3 月「女性专属权益月」：整月一个客群、每周一项权益。",
        "It can be a month of its own: one audience, a benefit each week of March.",
    ),
    Festival.DOUBLE_NINTH: Phrase(
        "敬老话题：反诈、医保、适老服务，不推高风险产品。",
        "Speak of fraud, health and easy service; nothing of high risk.",
    ),
}
_INVITATION = Phrase(
    "{name}快到了，提前祝大家节日快乐！节日活动请看群公告。",
    "{name} is near: happy holidays! See the announcement for what is on.",
)


@dataclass(frozen=True)
class FestivalWords:
    """The sentences of festivals (`campaigns.reminders.festivals.FestivalWording`)."""

    language: Language = Language.ZH

    def idea(self, idea: Idea, days: int, language: Language) -> str:
        """What the manager reads ahead of it."""
        text = _IDEA.say(language, name=FESTIVALS[idea.festival].say(language), days=days, line=idea.line)
        month = _MONTHS.get(idea.festival)
        return f"{text}\n{month.say(language)}" if month else text

    def invitation(self, festival: Festival) -> str:
        """What groups read some days before; the manager changes it at will."""
        return _INVITATION.say(self.language, name=FESTIVALS[festival].say(self.language))
