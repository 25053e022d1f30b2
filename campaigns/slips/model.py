"""A slip, its use as a device or a visitor tells it, and what came of that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SlipOutcome(StrEnum):
    """What came of one use of a slip. The first three are `FINE`; what is `KEPT` is shown to people."""

    COUNTED = "counted"
    REPEATED = "repeated"
    HAD_IT = "had_it"
    NOT_YET = "not_yet"
    USED_BY_ANOTHER = "used_by_another"
    UNKNOWN_VISITOR = "unknown_visitor"
    OTHER_ACCOUNT = "other_account"
    VOIDED = "voided"
    FORGED = "forged"
    TOO_LATE = "too_late"


FINE = frozenset({SlipOutcome.COUNTED, SlipOutcome.REPEATED, SlipOutcome.HAD_IT})
KEPT = frozenset(
    {SlipOutcome.USED_BY_ANOTHER, SlipOutcome.UNKNOWN_VISITOR, SlipOutcome.OTHER_ACCOUNT, SlipOutcome.VOIDED}
)


@dataclass(frozen=True)
class SlipUse:
    """A slip that a booth's page bound to a visitor's number; `at` is by the server's clock, as the page knows it."""

    code: str
    said: str
    at: datetime


@dataclass(frozen=True)
class Giver:
    """Who hands slips in: a screen and the clerk who paired it; neither for a visitor who scanned a printed one."""

    device_id: int | None = None
    clerk_id: int | None = None


@dataclass(frozen=True)
class Slip:
    """A slip as it is stored: who used it and when, where somebody did. Only printed ones are scanned."""

    booth_id: int
    serial: int
    issued_at: datetime
    member_id: int | None = None
    at: datetime | None = None
    is_void: bool = False
    is_printed: bool = False


@dataclass(frozen=True)
class SlipResult:
    """What came of one use; `stamps` are how many the visitor has now."""

    code: str
    outcome: SlipOutcome
    member_id: int | None = None
    stamps: int = 0


@dataclass(frozen=True)
class Conflict:
    """A use that could not count, for the organiser: which slip, what was typed, why, and who is behind the number."""

    booth_id: int
    serial: int
    said: str
    kind: SlipOutcome
    member_id: int | None
    at: datetime
    stored_at: datetime


@dataclass(frozen=True)
class Supply:
    """How a booth's slips stand: given out, used, void."""

    issued: int
    used: int
    void: int
