"""What managers read about their days off and who stands in."""

from datetime import date

from campaigns.members.model import Language
from campaigns.staff.model import AbsenceRefusal
from handlers.wording.phrase import Phrase
from handlers.wording.times import on_day

USAGE = Phrase(
    "请这样发：/absent 12-01 12-05（或「请假 12-01 12-05」），再选代班同事。",
    "Please send: /absent 12-01 12-05, then choose who stands in.",
)
ASK_STAND_IN = Phrase("{days}请假，谁来代班？", "Away {days}: who stands in?")
NO_COLLEAGUES = Phrase("还没有其他理财经理可以代班。", "There is no other wealth manager to stand in.")
TAKEN = Phrase(
    "已登记：{days}由 {name} 代班，期间的提醒都发给 TA。",
    "Noted: {name} stands in {days}, and gets the reminders meanwhile.",
)
REFUSALS = {
    AbsenceRefusal.PAST: Phrase("这些日子已经过去了。", "These days are over."),
    AbsenceRefusal.BACKWARDS: Phrase("结束日在开始日之前，请重写。", "The last day lies before the first."),
    AbsenceRefusal.TOO_LONG: Phrase("请假最长 190 天，请分次登记。", "190 days at most: please tell it in parts."),
    AbsenceRefusal.OVERLAPS: Phrase("这些日子已经登记过请假。", "You are away on some of these days already."),
    AbsenceRefusal.YOURSELF: Phrase("代班要选另一位同事。", "Choose somebody else to stand in."),
    AbsenceRefusal.NO_MANAGER: Phrase("代班要选一位理财经理。", "Choose a wealth manager to stand in."),
}


def days(first: date, last: date, language: Language) -> str:
    """A stretch of days; one day is said once."""
    if first == last:
        return f"{on_day(first, language)} "
    between = "至" if language is Language.ZH else " to "
    return f"{on_day(first, language)}{between}{on_day(last, language)} "
