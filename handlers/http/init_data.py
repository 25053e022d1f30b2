"""Checks what Telegram tells a Mini App about who opened it: signature, age and form, before anything is believed.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl

from aiogram.utils.web_app import WebAppInitData, check_webapp_signature, parse_webapp_init_data

from campaigns.members.model import Introduction
from campaigns.members.rules import language_of

LONGEST = 4096
MOST_FIELDS = 32
FRESH = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)
LARGEST_USER = 2**52 - 1
HASH = re.compile(r"[0-9a-f]{64}")
MOMENT = re.compile(r"[0-9]{1,11}")


class InitDataRefusal(StrEnum):
    """Why it is not believed."""

    MALFORMED = "malformed"
    FORGED = "forged"
    OLD = "old"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Opening:
    """Who opened the Mini App, and the parameter of the link that opened it (empty without one)."""

    who: Introduction
    start: str


def read_init_data(init_data: str, token: str, now: datetime) -> Opening | InitDataRefusal:
    """Who opened the Mini App of the bot with this token; a refusal for everything that does not prove it.

    It may be five minutes old and a minute ahead of our clock, since whoever copies it could be its person meanwhile.
    """
    fields = _fields(init_data)
    if fields is None:
        return InitDataRefusal.MALFORMED
    if not check_webapp_signature(token, init_data):
        return InitDataRefusal.FORGED
    age = now.timestamp() - int(fields["auth_date"])
    if not -AHEAD.total_seconds() <= age <= FRESH.total_seconds():
        return InitDataRefusal.OLD
    try:
        return _opening(parse_webapp_init_data(init_data))
    except (ValueError, TypeError, RecursionError):
        return InitDataRefusal.MALFORMED


def _fields(init_data: str) -> dict[str, str] | None:
    """The fields of a query string in which the signature can be looked for without a fault; None for any other."""
    if not init_data.isascii() or len(init_data) > LONGEST:
        return None
    try:
        pairs = parse_qsl(init_data, strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    fields = dict(pairs)
    is_plain = all(name.isascii() and name.isidentifier() and "\n" not in value for name, value in pairs)
    is_whole = HASH.fullmatch(fields.get("hash", "")) and MOMENT.fullmatch(fields.get("auth_date", ""))
    return fields if is_plain and is_whole and len(fields) == len(pairs) else None


def _opening(found: WebAppInitData) -> Opening | InitDataRefusal:
    """The person behind data whose signature is right."""
    user = found.user
    if user is None or user.is_bot or not 0 < user.id <= LARGEST_USER:
        return InitDataRefusal.NOBODY
    name = f"{user.first_name} {user.last_name or ''}".strip() or "?"
    return Opening(Introduction(user.id, name, language_of(user.language_code), is_private=False), _start(found))


def _start(found: WebAppInitData) -> str:
    start = found.start_param or ""
    return start if re.fullmatch(r"[A-Za-z0-9_-]{1,512}", start) else ""
