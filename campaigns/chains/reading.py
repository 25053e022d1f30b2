"""Reading what a manager wrote about a chain: product, places, deadline; pure, with the time given."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.chains.model import CONFIRM_WITHIN, Plan, PlanFault
from campaigns.chains.rules import check

_CLOCK = r"(?P<hour>[01]?\d|2[0-4])(?:[:点时](?P<minute>[0-5]\d)?)?分?"
_DAYS = {"今天": 0, "今晚": 0, "today": 0, "明天": 1, "明晚": 1, "tomorrow": 1, "后天": 2}
_LIMIT = r"\s(?:每人(?:最多|限)?|限[购購]?|max)\s?(?P<limit>\d{1,4})\s?[份个個件]?(?=\s|$)"
_CONFIRMING = r"\s(?:候[补補])?(?:[确確][认認]|confirm)\s?(?P<number>\d{1,3})\s?(?P<unit>天|d|小时|h|分钟|min)(?=\s|$)"
_ITEMS = r"\s(?:品[种種项項]|[选選][项項]|items?)\s?:\s?(?P<items>.+)$"
_UNITS = {"天": "days", "d": "days", "小时": "hours", "h": "hours", "分钟": "minutes", "min": "minutes"}


@dataclass(frozen=True)
class Options:
    """What a manager may add to a plan: the most per person, what can be chosen, the time to confirm a place."""

    limit: int = 1
    items: tuple[str, ...] = ()
    confirm_within: timedelta = CONFIRM_WITHIN


def read_options(text: str) -> tuple[Options, str]:
    """Read 每人2份, 确认6小时 and, at the end, 品种：苹果、香蕉; what is left is given back."""
    plain = normal(text)
    items: tuple[str, ...] = ()
    if found := re.search(r"(?:品[种種项項]|[选選][项項]|items?)\s?:\s?(?P<items>.+)$", plain, re.IGNORECASE):
        items = tuple(item for item in re.split(r"[\s、,，/;|]+", found["items"]) if item)
        plain = plain[: found.start()]
    options = Options(items=items)
    if found := re.search(r"(?:每人(?:最多|限)?|限[购購]?|max)\s?(?P<limit>\d{1,4})\s?[份个個件]?", plain):
        options, plain = replace(options, limit=int(found["limit"])), _without(plain, found)
    if found := re.search(
        r"(?:候[补補])?(?:[确確][认認]|confirm)\s?(?P<number>\d{1,3})\s?(?P<unit>天|d|小时|h|分钟|min)", plain
    ):
        confirm_within = timedelta(**{_UNITS[found["unit"]]: int(found["number"])})
        options, plain = replace(options, confirm_within=confirm_within), _without(plain, found)
    return options, plain.strip(" ,，;")


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]}{text[found.end() :]}"


def read_plan(text: str, now: datetime, zone: ZoneInfo) -> Plan | PlanFault:
    """Read "product places deadline" and options after it; the product may hold spaces.

    Args:
        text: as typed; full-width digits and colons are read as what they mean.
        now: aware.
        zone: the zone that a deadline without one is meant in.
    """
    options, plain = read_options(text)
    found = re.fullmatch(r"(?P<product>.*\S)\s+(?P<places>\d{1,6})\s*[位个人份]?\s+(?P<deadline>\S.*)", plain)
    if found is None:
        return PlanFault.NO_PRODUCT if not plain else PlanFault.BAD_PLACES
    return _checked(found["product"], read_places(found["places"]), found["deadline"], options, now, zone)


def read_ending(product: str, places: int | None, ending: str, now: datetime, zone: ZoneInfo) -> Plan | PlanFault:
    """Read "deadline options" as the end of a plan."""
    options, deadline = read_options(ending)
    return _checked(product, places, deadline, options, now, zone)


def _checked(
    product: str, places: int | None, deadline: str, options: Options, now: datetime, zone: ZoneInfo
) -> Plan | PlanFault:
    return check(
        product,
        places,
        read_deadline(deadline, now, zone),
        now,
        limit=options.limit,
        items=options.items,
        confirm_within=options.confirm_within,
    )


def read_places(text: str) -> int | None:
    """A number of places, or None."""
    found = re.fullmatch(r"(\d{1,6})\s*[位个人份]?", normal(text))
    return int(found[1]) if found else None


def read_deadline(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Read 明天20:00, 12-31 18:00, 2026-12-31 18:00, 20:00, 3天, 2小时; None when it cannot be read.

    A date without a year is the next such date. A day without an hour ends at 20:00.
    """
    plain = normal(text).lower()
    if found := re.fullmatch(r"(\d{1,3})\s*(天|d|小时|h|分钟|min)后?", plain):
        return now + timedelta(**{_UNITS[found[2]]: int(found[1])})
    local = now.astimezone(zone)
    day, rest = _day(plain, local)
    clock = re.fullmatch(_CLOCK, rest) if rest else None
    if rest and clock is None:
        return None
    moment = _clock(clock) if clock else time(20)
    if day is None:
        return None if clock is None else _next_at(moment, local)
    return datetime.combine(day, moment, zone)


def normal(text: str) -> str:
    """Compatibility forms folded (１ → 1, ： → :), white space single."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _day(plain: str, local: datetime) -> tuple[datetime | None, str]:
    """The day that a text begins with, and what follows it."""
    for word, ahead in _DAYS.items():
        if plain.startswith(word):
            return local + timedelta(days=ahead), plain.removeprefix(word).strip()
    found = re.match(
        r"(?:(?P<year>20\d\d)[-/年.])?(?P<month>\d{1,2})[-/月.](?P<day>\d{1,2})(?:[日号]|(?=\D|$))\s*", plain
    )
    if found is None:
        return None, plain
    try:
        return _date(found, local), plain[found.end() :]
    except ValueError:
        return None, plain


def _date(found: re.Match[str], local: datetime) -> datetime:
    """A date without a year is this year's, or next year's when it has passed."""
    year = int(found["year"] or local.year)
    day = local.replace(year=year, month=int(found["month"]), day=int(found["day"]))
    return day if found["year"] or day.date() >= local.date() else day.replace(year=year + 1)


def _clock(found: re.Match[str]) -> time:
    hour = int(found["hour"])
    return time(23, 59) if hour == 24 else time(hour, int(found["minute"] or 0))


def _next_at(moment: time, local: datetime) -> datetime:
    """The next time that a clock shows this."""
    today = datetime.combine(local, moment, local.tzinfo)
    return today if today > local else today + timedelta(days=1)
