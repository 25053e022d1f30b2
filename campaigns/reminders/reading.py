"""Reading a line such as "周五 15:00 本群 接龙今晚截止": a time, an audience, words; pure, the time given."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.bankdays.feasts import Festival
from campaigns.chains.reading import normal, read_deadline
from campaigns.reminders.schedule import Before, Festive, Once, Rest, Thing, Timing, Weekly, Workdays

MOST_WORDS = 4  # Of a time: 3 days before mid-autumn 10:00.
MOST_BEFORE = timedelta(days=60)
_CLOCK = r"(?P<part>上午|早上|中午|下午|晚上)?\s?(?P<hour>[01]?\d|2[0-3])(?:[:点时](?P<minute>[0-5]\d|半)?)分?"
_NUMBER = r"(?P<number>\d{1,4})\s?(?P<unit>天|日|days?|d|小时|hours?|h|分钟|min)"
_REST = r"(?:\s?(?P<rest>(?:节假日|遇假|放假)(?:顺延|跳过|不发)|next-workday|skip-holidays))?"
_WEEKDAYS = {**{sign: day for day, sign in enumerate("一二三四五六日")}, "天": 6}
_NAMED_DAYS = {name: day for day, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_NAMED = "|".join(_NAMED_DAYS)
_FESTIVALS = {
    "元旦": Festival.NEW_YEAR,
    "除夕": Festival.NEW_YEARS_EVE,
    "春节": Festival.SPRING,
    "元宵": Festival.LANTERN,
    "妇女节": Festival.WOMEN,
    "三八": Festival.WOMEN,
    "清明": Festival.QINGMING,
    "劳动节": Festival.LABOUR,
    "五一": Festival.LABOUR,
    "端午": Festival.DRAGON_BOAT,
    "七夕": Festival.QIXI,
    "中秋": Festival.MID_AUTUMN,
    "国庆": Festival.NATIONAL,
    "重阳": Festival.DOUBLE_NINTH,
    **{each.value.replace("_", "-"): each for each in Festival},
}
_FEAST = "|".join(_FESTIVALS)
_THINGS = {
    "接龙": Thing.CHAIN,
    "差一位": Thing.SEAT,
    "还差一位": Thing.SEAT,
    "待办": Thing.TODO,
    "活动": Thing.EVENT,
    **{each.value: each for each in Thing},
}
_THING = "|".join(_THINGS)
_KEPT_THINGS = {Thing.CHAIN: "接龙", Thing.SEAT: "差一位", Thing.TODO: "待办", Thing.EVENT: "活动"}
_KEPT_REST = {Rest.ANYWAY: "", Rest.SKIP: " 节假日跳过", Rest.AFTER: " 节假日顺延"}
_HERE = {"本群", "这个群", "here"}
_ALL = {"全部群", "所有群", "我的群", "所有的群", "allgroups"}
_ME = {"我", "自己", "我自己", "me"}
_DROP = {"过时不发", "过时不补", "过时作废", "drop"}
_LATE = re.compile(r"(?:补发|晚到|late)(?P<number>\d{1,3})(?P<unit>天|d|小时|h)")
_TITLES = re.compile(r"(?:群|groups?):(?P<names>\S+)")
_PERSON = re.compile(r"(?:客户|@|to:)[::]?(?P<name>\S+)")
_IS_TIME = re.compile(r"[:点时分]|\d\s?(?:天后?|d|h|min)$")
_AUDIENCE = re.compile(
    r"(?:客群|audience)\s*[::]?\s*(?:[「“\"](?P<quoted>[^」”\"]+)[」”\"]|(?P<plain>\S+))", re.IGNORECASE
)


class Whom(StrEnum):
    """How an audience was named."""

    HERE = "here"
    GROUP = "group"
    GROUPS = "groups"
    ALL_GROUPS = "all_groups"
    ME = "me"
    PERSON = "person"
    LINE = "line"


@dataclass(frozen=True)
class Request:
    """What a line says, None where it says nothing; `named` is what the audience is called by."""

    timing: Timing | None
    whom: Whom | None
    named: str
    words: str
    useful: timedelta | None = None


def read_request(text: str, now: datetime, zone: ZoneInfo) -> Request:
    """Read "time audience words"; audience and what becomes of a late one may stand anywhere before the words."""
    timing, rest = _leading_time(text.strip(), now, zone)
    whom: Whom | None = None
    named, useful = "", None
    while word := re.match(r"\S+", rest):
        late = read_lateness(word[0])
        found = read_audience(rest) if whom is None else None
        if found is not None:
            whom, named, rest = found
        elif late is not None:
            useful, rest = late, rest[word.end() :].strip()
        else:
            break
    return Request(timing, whom, named, rest.strip(), useful)


def read_audience(text: str) -> tuple[Whom, str, str] | None:
    """An audience at the beginning of a text: how it is named, its name, and what follows; None where there is none."""
    word = text.split(maxsplit=1)[0] if text.split() else ""
    rest = text[len(word) :].strip()
    plain = normal(word).lower()
    for words, whom in ((_HERE, Whom.HERE), (_ALL, Whom.ALL_GROUPS), (_ME, Whom.ME)):
        if plain in words:
            return whom, "", rest
    if found := _AUDIENCE.match(text):
        return Whom.LINE, (found["quoted"] or found["plain"]).strip(), text[found.end() :].strip()
    if found := _TITLES.fullmatch(normal(word)):
        return Whom.GROUPS, found["names"], rest
    if found := _PERSON.fullmatch(normal(word)):
        return Whom.PERSON, found["name"], rest
    return None


def read_lateness(word: str) -> timedelta | None:
    """How long a late one is of use: 过时不发 is not at all, 补发6小时 six hours; None where the word says nothing."""
    plain = normal(word).lower()
    if plain in _DROP:
        return timedelta()
    found = _LATE.fullmatch(plain)
    if found is None:
        return None
    number = int(found["number"])
    return timedelta(days=number) if found["unit"] in {"天", "d"} else timedelta(hours=number)


def read_timing(text: str, now: datetime, zone: ZoneInfo) -> Timing | None:
    """Read 周五 15:00, 每周一三五 9:00 节假日顺延, 每天 9:00, 工作日 9:00, 中秋前3天 10:00, 接龙前1天, 明天 9:00 …"""
    plain = normal(text).lower()
    if re.match(r"\d{4}-\d\d-\d\dt", plain):
        return _iso(plain)
    for read in (_before, _weekly, _workdays, _festive):
        if found := read(plain):
            return found
    return _weekday_once(plain, now, zone) or _once(plain, now, zone)


def kept(timing: Timing) -> str:
    """A timing as it is kept: a line that `read_timing` reads as the same."""
    match timing:
        case Once(at):
            return at.astimezone(UTC).isoformat()
        case Weekly(days, at, rest):
            signs = "".join("一二三四五六日"[day] for day in sorted(days))
            return f"每周{signs} {at:%H:%M}{_KEPT_REST[rest]}"
        case Workdays(at):
            return f"工作日 {at:%H:%M}"
        case Festive(festival, days_before, at):
            return f"{festival.replace('_', '-')}前{days_before}天 {at:%H:%M}"
        case Before(thing, lead):
            return f"{_KEPT_THINGS[thing]}前{lead // timedelta(minutes=1)}分钟"


def _leading_time(text: str, now: datetime, zone: ZoneInfo) -> tuple[Timing | None, str]:
    """The longest beginning that is a time, and what follows it."""
    ends = [found.end() for found in re.finditer(r"\S+", text)][:MOST_WORDS]
    for end in reversed(ends):
        timing = read_timing(text[:end], now, zone)
        if timing is not None:
            return timing, text[end:].strip()
    return None, text


def _iso(plain: str) -> Once | None:
    try:
        at = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return Once(at) if at.tzinfo else None


def _weekly(plain: str) -> Weekly | None:
    found = re.fullmatch(rf"每(?:周|星期|礼拜)(?P<days>[一二三四五六日天、,和]+)\s?{_CLOCK}{_REST}", plain)
    if found:
        days = frozenset(_WEEKDAYS[sign] for sign in found["days"] if sign in _WEEKDAYS)
        return Weekly(days, _wall(found), _rest(found["rest"])) if days else None
    if found := re.fullmatch(rf"(?:每天|每日|daily)\s?{_CLOCK}{_REST}", plain):
        return Weekly(frozenset(range(7)), _wall(found), _rest(found["rest"]))
    found = re.fullmatch(rf"every (?P<days>(?:{_NAMED})(?:,(?:{_NAMED}))*) {_CLOCK}{_REST}", plain)
    if found is None:
        return None
    named = frozenset(_NAMED_DAYS[name] for name in found["days"].split(","))
    return Weekly(named, _wall(found), _rest(found["rest"]))


def _workdays(plain: str) -> Workdays | None:
    found = re.fullmatch(rf"(?:每个?)?(?:工作日|workdays)\s?{_CLOCK}", plain)
    return Workdays(_wall(found)) if found else None


def _festive(plain: str) -> Festive | None:
    found = re.fullmatch(rf"(?P<name>{_FEAST})节?(?:前(?P<days>\d{{1,2}})天)?\s?{_CLOCK}", plain)
    found = found or re.fullmatch(rf"(?P<days>\d{{1,2}})d before (?P<name>{_FEAST}) {_CLOCK}", plain)
    if found is None:
        return None
    return Festive(_FESTIVALS[found["name"]], int(found["days"] or 0), _wall(found))


def _before(plain: str) -> Before | None:
    found = re.fullmatch(rf"(?P<thing>{_THING})(?:截止|结束|开始)?前\s?{_NUMBER}", plain)
    found = found or re.fullmatch(rf"{_NUMBER} before (?P<thing>{_THING})", plain)
    if found is None:
        return None
    number, unit = int(found["number"]), found["unit"][0]
    lead = timedelta(
        **{{"天": "days", "日": "days", "d": "days", "小": "hours", "h": "hours"}.get(unit, "minutes"): number}
    )
    return Before(_THINGS[found["thing"]], lead) if timedelta() < lead <= MOST_BEFORE else None


def _weekday_once(plain: str, now: datetime, zone: ZoneInfo) -> Once | None:
    found = re.fullmatch(rf"(?P<week>本|这|下)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])\s?{_CLOCK}", plain)
    if found:
        week, weekday = found["week"], _WEEKDAYS[found["day"]]
    elif found := re.fullmatch(rf"(?P<day>{_NAMED})\s{_CLOCK}", plain):
        week, weekday = None, _NAMED_DAYS[found["day"]]
    else:
        return None
    today = now.astimezone(zone).date()
    day = today + timedelta(days=weekday - today.weekday() + (7 if week == "下" else 0))
    moment = datetime.combine(day, _wall(found), zone)
    if week is None and moment <= now:
        moment = datetime.combine(day + timedelta(days=7), _wall(found), zone)
    return Once(moment.astimezone(UTC))


def _once(plain: str, now: datetime, zone: ZoneInfo) -> Once | None:
    """What chains read as a deadline; a bare day or number alone is no time of day."""
    at = read_deadline(_spelled(plain), now, zone)
    return Once(at.astimezone(UTC)) if at is not None and _IS_TIME.search(plain) else None


def _spelled(plain: str) -> str:
    """下午3点半 as 15:30, which deadlines are written in."""
    found = re.search(_CLOCK + "$", plain)
    return (
        f"{plain[: found.start()]}{_wall(found):%H:%M}"
        if found and (found["part"] or found["minute"] == "半")
        else plain
    )


def _wall(found: re.Match[str]) -> time:
    hour, minute = int(found["hour"]), found["minute"]
    late = found["part"] in {"下午", "晚上"} or (found["part"] == "中午" and hour < 11)
    return time(hour + 12 if late and hour < 12 else hour, 30 if minute == "半" else int(minute or 0))


def _rest(said: str | None) -> Rest:
    if not said:
        return Rest.ANYWAY
    return Rest.AFTER if said.endswith(("顺延", "next-workday")) else Rest.SKIP
