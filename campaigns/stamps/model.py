"""A code that was used, a stamp that was earned, and what can come of asking for one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.rallies.model import StampWay


class StampOutcome(StrEnum):
    """What came of asking for a stamp; every one has its own sentence."""

    STAMPED = "stamped"
    ALREADY = "already"
    OTHER_ACCOUNT = "other_account"
    VOIDED = "voided"
    GAME = "game"
    MALFORMED = "malformed"
    FORGED = "forged"
    EXPIRED = "expired"
    EARLY = "early"
    NOT_YET = "not_yet"
    OVER = "over"
    CLOSED = "closed"
    PAUSED = "paused"
    UNKNOWN_PERSON = "unknown_person"


@dataclass(frozen=True)
class StampClaim:
    """Somebody scanned a code; `at` is the time of the update that brought it, `customer_id` who is bound to it."""

    member_id: int
    customer_id: UUID | None
    code: str
    at: datetime


@dataclass(frozen=True)
class Award:
    """A stamp that was earned at a booth, whichever way; `nonce` is that of the code, or a slip's serial number."""

    booth_id: int
    member_id: int
    customer_id: UUID | None
    way: StampWay
    at: datetime
    nonce: str | None = None
    device_id: int | None = None
    given_by: int | None = None


@dataclass(frozen=True)
class Title:
    """A name in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Stamped:
    """The outcome for one person: how many `stamps` of the rally's `booths` they have now, and medals won by this one.

    `reason` is why a booth is paused; `opens_at` and `closes_at` are the booth's, or the rally's where it is not on.
    """

    outcome: StampOutcome
    member_id: int
    rally_id: int | None = None
    booth_id: int | None = None
    booth: Title | None = None
    stamps: int = 0
    booths: int = 0
    medals: tuple[Title, ...] = ()
    is_newcomer: bool = False
    reason: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True)
class Use:
    """One use of a code or another way to a stamp, kept whatever came of it."""

    member_id: int
    way: StampWay
    at: datetime
    outcome: StampOutcome
    rally_id: int | None = None
    booth_id: int | None = None
    nonce: str | None = None
    made_at: datetime | None = None


@dataclass(frozen=True)
class Holding:
    """What somebody has in a rally: the codes of booths whose stamps count, and of targets whose medals were won."""

    booths: frozenset[str]
    medals: frozenset[str]

    @property
    def stamps(self) -> int:
        """How many stamps count."""
        return len(self.booths)
