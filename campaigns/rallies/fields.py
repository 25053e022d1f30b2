"""Fields of an event's file that forms in general do not have: both languages, hours, moments, money, places."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import Form, check_words
from campaigns.rallies.faults import FaultError, RallyFault

FEN = 100
DEAREST_FEN = 100_000_000 * FEN
MINUTES_OF_A_DAY = 24 * 60
CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,7}")


def both(form: Form, name: str, longest: int, default: str | None = None) -> tuple[str, str]:
    """Words in both languages, "中文 | English", or one text that serves for both; forbidden words are refused."""
    text = form.text(name, 2 * longest + 3, default)
    zh, _, en = (part.strip() for part in text.partition("|"))
    pair = zh, en or zh
    if not zh or max(map(len, pair)) > longest:
        raise FormError(FaultCode.BAD_TEXT, form.place(name), f"1–{longest}")
    check_words(form.place(name), *pair)
    return pair


def code_of(form: Form, name: str = "code") -> str:
    """A short code of a booth, a target or a coupon: a letter, then letters and digits."""
    found = form.text(name, 40)
    if not CODE.fullmatch(found):
        raise FaultError(RallyFault.BAD_CODE, form.place(name), found)
    return found


def moment(form: Form, name: str, zone: ZoneInfo, default: datetime | None = None) -> datetime:
    """A day with its hour (2026-11-28 10:00), in the bank's zone where it has none of its own."""
    if default is not None and not form.has(name):
        return default
    found = form.anything(name)
    try:
        read = found if isinstance(found, datetime) else datetime.fromisoformat(str(found).strip())
    except ValueError:
        read = None
    if read is None or (type(found) is date):
        raise FaultError(RallyFault.BAD_TIME, form.place(name), str(found))
    return read if read.tzinfo else read.replace(tzinfo=zone)


def hour(form: Form, name: str, day: datetime, default: datetime) -> datetime:
    """An hour of the event's first day (10:30), or a whole moment; without it the default.

    YAML 1.1 reads an unquoted 10:30 as the number 630, minutes since midnight: that is what it was meant to be.
    """
    if not form.has(name):
        return default
    found = form.anything(name)
    zone = day.tzinfo
    if type(found) is int and 0 <= found < MINUTES_OF_A_DAY:
        return datetime.combine(day.date(), time(), zone) + timedelta(minutes=found)
    try:
        text = str(found).strip()
        read = datetime.fromisoformat(text) if len(text) > 8 else datetime.combine(day, time.fromisoformat(text), zone)
    except ValueError:
        raise FaultError(RallyFault.BAD_TIME, form.place(name), str(found)) from None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def money(form: Form, name: str) -> int:
    """Yuan with at most two decimals, as fen; 0 is allowed."""
    found = form.anything(name)
    try:
        fen = Decimal(str(found).strip()) * FEN
        whole = int(fen)
    except (InvalidOperation, ValueError, OverflowError):
        raise FaultError(RallyFault.BAD_MONEY, form.place(name), str(found)) from None
    if isinstance(found, bool) or fen != whole or not 0 <= whole <= DEAREST_FEN:
        raise FaultError(RallyFault.BAD_MONEY, form.place(name), str(found))
    return whole


def place_on_map(form: Form, name: str) -> tuple[int, int]:
    """Two whole numbers 0–100: from the left and from the top of the map."""
    found = form.anything(name)
    if not isinstance(found, list) or len(found) != 2 or not all(type(at) is int and 0 <= at <= 100 for at in found):
        raise FaultError(RallyFault.BAD_PLACE, form.place(name), str(found))
    return found[0], found[1]


def user_ids(form: Form, name: str) -> tuple[int, ...]:
    """Telegram user ids of people, each once; empty where nobody is named."""
    found: Any = form.anything(name) if form.has(name) else []
    if not isinstance(found, list) or not all(type(each) is int and 0 < each < 2**52 for each in found):
        raise FormError(FaultCode.BAD_NUMBER, form.place(name), "[1–]")
    return tuple(dict.fromkeys(found))


def yes_or_no(form: Form, name: str) -> bool:
    """A word of YAML's for yes or no; no where it is missing."""
    found = form.anything(name) if form.has(name) else False
    if not isinstance(found, bool):
        raise FormError(FaultCode.BAD_CHOICE, form.place(name), "true / false")
    return found
