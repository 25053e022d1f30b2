"""Pure rules of stops: what the words name, which reason is one, who confirms until when."""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime

from campaigns.halts.model import ASKED_FOR, LONGEST_REASON, Aim, Halt, HaltRefusal, HaltState, Scope

_EVERYTHING = frozenset({"全部", "所有", "all", "everything"})
_PRODUCT = re.compile(r"(?:产品|產品|product)[\s::]*([\w.-]{1,40})", re.IGNORECASE)
_CAMPAIGN = re.compile(r"[a-z_]{2,30}(?::[\w-]{1,40}){0,4}")


def read_aim(words: str) -> Aim | HaltRefusal:
    """What is meant: 全部, 产品 CODE, or a ledger name such as promotion:12 (or its beginning, promotion)."""
    said = unicodedata.normalize("NFKC", words).strip()
    if said.lower() in _EVERYTHING:
        return Aim(Scope.EVERYTHING)
    if found := _PRODUCT.fullmatch(said):
        return Aim(Scope.PRODUCT, found[1])
    return Aim(Scope.CAMPAIGN, said.lower()) if _CAMPAIGN.fullmatch(said.lower()) else HaltRefusal.NO_AIM


def read_reason(words: str) -> str | HaltRefusal:
    """The reason in one line, or why it is none: a stop without one is not taken."""
    reason = " ".join(words.split())
    if not reason:
        return HaltRefusal.NO_REASON
    return reason if len(reason) <= LONGEST_REASON else HaltRefusal.TOO_LONG


def confirm(found: Halt | None, by: int, now: datetime, *, stands: bool) -> Halt | HaltRefusal:
    """A stop that begins now; `stands` tells whether the same thing is stopped already."""
    if found is None:
        return HaltRefusal.UNKNOWN
    if found.member_id != by:
        return HaltRefusal.NOT_YOURS
    if stands or found.state is HaltState.STANDING:
        return HaltRefusal.STANDS_ALREADY
    if found.state is HaltState.LIFTED:
        return HaltRefusal.LIFTED_ALREADY
    if now >= found.made_at + ASKED_FOR:
        return HaltRefusal.STALE
    return replace(found, state=HaltState.STANDING, stopped_at=now)


def covers(aim: Aim, campaign: str, product: str | None) -> bool:
    """Whether a stop of this holds what a campaign sells; the sender asks the same in SQL (`storage/halts.py`)."""
    match aim.scope:
        case Scope.EVERYTHING:
            return True
        case Scope.CAMPAIGN:
            return f"{campaign}:".startswith(f"{aim.target}:")
        case Scope.PRODUCT:
            return product == aim.target


def standing(found: Halt | None) -> Halt | HaltRefusal:
    """A stop that can be lifted, or whose messages can be cancelled."""
    if found is None or found.state is HaltState.ASKED:
        return HaltRefusal.UNKNOWN
    return found if found.state is HaltState.STANDING else HaltRefusal.LIFTED_ALREADY


def lift(found: Halt | None, by: str, now: datetime) -> Halt | HaltRefusal:
    """A stop that ends now."""
    held = standing(found)
    if isinstance(held, HaltRefusal):
        return held
    return replace(held, state=HaltState.LIFTED, lifted_at=now, lifted_by=by)
