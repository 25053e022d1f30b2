"""A prospect (意向客户): somebody whom a publicist spoke to, and how far their invitation is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

CONSENT_VERSION = "prospect-1"


class ProspectState(StrEnum):
    """How far a personal invitation is."""

    INVITED = "invited"
    OPENED = "opened"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True)
class Note:
    """What a publicist writes about somebody; the number is optional, in E.164 form where it is given."""

    name: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    words: str = field(default="", repr=False)


@dataclass(frozen=True)
class Prospect:
    """One recorded person with the personal code; `name` is full, to be masked before anybody reads it."""

    id: UUID
    event_id: int
    publicist_id: int
    code_id: int
    name: str = field(repr=False)
    made_at: datetime
    state: ProspectState = ProspectState.INVITED


class ProspectRefusal(StrEnum):
    """Why somebody was not recorded."""

    NOT_YOURS = "not_yours"
    NO_NAME = "no_name"
    BAD_PHONE = "bad_phone"
    TOO_MANY = "too_many"
