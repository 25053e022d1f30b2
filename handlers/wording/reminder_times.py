"""When a reminder comes, in words."""

from collections.abc import Collection
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.bankdays.feasts import Festival
from campaigns.members.model import Language
from campaigns.reminders.schedule import Before, Festive, Once, Rest, Thing, Timing, Weekly, Workdays
from handlers.wording.phrase import Phrase
from handlers.wording.times import WEEKDAYS, lasting, when

FESTIVALS = {
    Festival.NEW_YEAR: Phrase("元旦", "New Year"),
    Festival.NEW_YEARS_EVE: Phrase("除夕", "New Year's Eve (lunar)"),
    Festival.SPRING: Phrase("春节", "Spring Festival"),
    Festival.LANTERN: Phrase("元宵节", "Lantern Festival"),
    Festival.WOMEN: Phrase("妇女节", "Women's Day"),
    Festival.QINGMING: Phrase("清明节", "Qingming"),
    Festival.LABOUR: Phrase("劳动节", "Labour Day"),
    Festival.DRAGON_BOAT: Phrase("端午节", "Dragon Boat Festival"),
    Festival.QIXI: Phrase("七夕", "Qixi"),
    Festival.MID_AUTUMN: Phrase("中秋节", "Mid-Autumn"),
    Festival.NATIONAL: Phrase("国庆节", "National Day"),
    Festival.DOUBLE_NINTH: Phrase("重阳节", "Double Ninth"),
}
_THINGS = {
    Thing.CHAIN: Phrase("每个接龙截止前 {lead}", "{lead} before a chain ends"),
    Thing.SEAT: Phrase("接龙还差一位、截止前 {lead} 内", "within {lead} of the end, one place left in a chain"),
    Thing.TODO: Phrase("每个群待办截止前 {lead}", "{lead} before a to-do ends"),
    Thing.EVENT: Phrase("每场活动开始前 {lead}", "{lead} before an event"),
}
_RESTS = {
    Rest.ANYWAY: Phrase("", ""),
    Rest.SKIP: Phrase("，节假日不发", ", not on holidays"),
    Rest.AFTER: Phrase("，节假日顺延到下一个工作日", ", after a holiday on the next working day"),
}


def timing_words(timing: Timing, zone: ZoneInfo, language: Language) -> str:
    """A time in words."""
    match timing:
        case Once(at):
            return when(at, zone, language)
        case Weekly(days, at, rest):
            named = _days(days, language)
            return f"{named} {at:%H:%M}{_RESTS[rest].say(language)}"
        case Workdays(at):
            return Phrase("每个工作日 {at}", "on working days {at}").say(language, at=f"{at:%H:%M}")
        case Festive(festival, days_before, at):
            words = Phrase("每年{name}前 {days} 天 {at}", "every year {days} days before {name} {at}")
            on_the_day = Phrase("每年{name}当天 {at}", "every year on {name} {at}")
            facts = {"name": FESTIVALS[festival].say(language), "days": days_before, "at": f"{at:%H:%M}"}
            return (words if days_before else on_the_day).say(language, **facts)
        case Before(thing, lead):
            return _THINGS[thing].say(language, lead=lasting(lead.total_seconds(), language))
        case _:
            assert_never(timing)


def _days(days: Collection[int], language: Language) -> str:
    if len(days) == len(WEEKDAYS):
        return Phrase("每天", "every day").say(language)
    if language is Language.ZH:
        return "每周" + "、".join(WEEKDAYS[day] for day in sorted(days))
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return "every " + ", ".join(names[day] for day in sorted(days))
