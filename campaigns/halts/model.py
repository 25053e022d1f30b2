"""Values: what is stopped, by whom and why, and how it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

LONGEST_REASON = 200
ASKED_FOR = timedelta(hours=1)


class Scope(StrEnum):
    """How much is stopped."""

    EVERYTHING = "everything"
    CAMPAIGN = "campaign"
    PRODUCT = "product"


class HaltState(StrEnum):
    """ASKED waits for its confirmation; STANDING holds messages; LIFTED holds nothing any more."""

    ASKED = "asked"
    STANDING = "standing"
    LIFTED = "lifted"


class Aim(NamedTuple):
    """What is to be stopped: a ledger name or its beginning, a product's code, or "" for everything."""

    scope: Scope
    target: str = ""


@dataclass(frozen=True)
class Halt:
    """One stop; `member_id` is None for one from the command line."""

    id: int
    aim: Aim
    reason: str
    made_by: str
    made_at: datetime
    state: HaltState
    member_id: int | None = None
    stopped_at: datetime | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None


class Held(NamedTuple):
    """A stop with how many messages it holds now."""

    halt: Halt
    waiting: int


class Sending(NamedTuple):
    """A campaign with how many marketing messages of it wait."""

    campaign: str
    waiting: int


class HaltRefusal(StrEnum):
    """Why nothing was stopped or lifted."""

    NO_AIM = "no_aim"
    NO_REASON = "no_reason"
    TOO_LONG = "too_long"
    STANDS_ALREADY = "stands_already"
    STALE = "stale"
    NOT_YOURS = "not_yours"
    UNKNOWN = "unknown"
    LIFTED_ALREADY = "lifted_already"
    NOTHING_HELD = "nothing_held"
    MORE_HELD = "more_held"
