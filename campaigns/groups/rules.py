"""The name that a merchant welfare group must have, when newcomers are greeted, and who greets whom."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from campaigns.groups.model import (
    ADDED,
    OPEN_LINK,
    REQUEST,
    UNKNOWN_SOURCE,
    BotRights,
    GroupPlan,
    Newcomer,
    PlanRefusal,
    Source,
)

SUFFIX = "商户福利群"
LONGEST_TITLE = 128
GREETING_PAUSE = timedelta(seconds=6)  # Ten greetings a minute at most: half of what Telegram takes in one group.
FLOOD = 20  # So many at once are greeted in one message, whatever their sources.

T = TypeVar("T")


def title_for(bank: str, merchant: str, number: int = 1) -> str:
    """The prescribed title, the second group of a merchant with its number.

    Source: the tiered-marketing study, 「A銀行&XX商戶福利群」 (S-63).
    """
    return f"{bank}&{merchant}{SUFFIX}{number if number > 1 else ''}"


def read_title(title: str, bank: str) -> tuple[str, int] | None:
    """Merchant and running number of a title that follows the pattern, None for every other title.

    A full-width ＆ and spaces around it are read as what they mean.
    """
    plain = unicodedata.normalize("NFKC", title).strip()
    bank_name = unicodedata.normalize("NFKC", bank)
    pattern = rf"{re.escape(bank_name)}\s*&\s*(?P<merchant>\S(?:.*\S)?)\s*{SUFFIX}(?:\s*(?P<number>[1-9]\d{{0,4}}))?"
    found = re.fullmatch(pattern, plain)
    if found is None or len(title) > LONGEST_TITLE:
        return None
    return found["merchant"], int(found["number"] or 1)


def source_of(link_name: str | None, member_id: int, actor_id: int, *, by_link: bool, by_request: bool) -> Source:
    """How somebody came, out of what the platform tells of it; a named invite link says most (S-213)."""
    if link_name:
        return Source(link_name)
    if by_request:
        return Source(REQUEST)
    if by_link:
        return Source(OPEN_LINK)
    return Source(ADDED, actor_id) if actor_id != member_id else UNKNOWN_SOURCE


def refuse_plan(
    plan: GroupPlan | None, manager_id: int, rights: BotRights, *, in_use: bool, title: str
) -> PlanRefusal | None:
    """Why a prepared group cannot be opened in a chat of this title; None when it can. Each link opens one group."""
    if plan is None:
        return PlanRefusal.UNKNOWN
    if plan.manager_id != manager_id:
        return PlanRefusal.NOT_YOURS
    if plan.group_id is not None:
        return PlanRefusal.USED
    if in_use:
        return PlanRefusal.GROUP_IN_USE
    if not rights.pin:
        return PlanRefusal.MAY_NOT_PIN
    return PlanRefusal.MAY_NOT_RENAME if title != plan.title and not rights.change_info else None


def greets_before(now: datetime) -> datetime:
    """Groups that were greeted before this moment may be greeted again; newcomers of meanwhile come together."""
    return now - GREETING_PAUSE


def parties(newcomers: Sequence[tuple[Newcomer, T]]) -> dict[T | None, list[Newcomer]]:
    """Newcomers of one group by their words; a flood gets the words that are for everybody (None)."""
    found: dict[T | None, list[Newcomer]] = {}
    for newcomer, words in newcomers:
        found.setdefault(words if len(newcomers) <= FLOOD else None, []).append(newcomer)
    return found
