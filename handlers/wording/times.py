"""Moments in words, in the reader's zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.members.model import Language

WEEKDAYS = "一二三四五六日"


def when(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """12月25日（周五）20:00 or Fri 25 Dec 20:00, in the given zone."""
    local = moment.astimezone(zone)
    if language is Language.ZH:
        return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def until(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """An end in words: midnight is the day before at 24:00, since 00:00 of the next day is read as a day more."""
    local = moment.astimezone(zone)
    if local.hour or local.minute:
        return when(moment, zone, language)
    day = on_day(local.date() - timedelta(days=1), language)
    return f"{day}24:00" if language is Language.ZH else f"{day} 24:00"


def on_day(day: date, language: Language) -> str:
    """12月25日（周五） or Fri 25 Dec."""
    if language is Language.ZH:
        return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"
    return f"{day:%a} {day.day} {day:%b}"


def hours(starts: datetime, ends: datetime, zone: ZoneInfo, language: Language) -> str:
    """A stretch with its day said once: 12月25日（周五）10:00–17:00."""
    last = ends.astimezone(zone)
    is_one_day = starts.astimezone(zone).date() == last.date()
    return f"{when(starts, zone, language)}–{f'{last:%H:%M}' if is_one_day else when(ends, zone, language)}"


def lasting(seconds: float, language: Language) -> str:
    """A stretch of time in its two largest units; less than a minute is one minute."""
    minutes = max(int(seconds // 60), 1)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    zh, en = ("天", "小时", "分钟"), ("d", "h", "min")
    units = zh if language is Language.ZH else en
    parts = [f"{number}{unit}" for number, unit in zip((days, hours, rest), units, strict=True) if number]
    return ("" if language is Language.ZH else " ").join(parts[:2])
