"""A recall: which campaign, why, and what became of each message that had arrived."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """How one message is taken back; where one fails, the next is tried."""

    DELETE = "delete"
    EDIT = "edit"  # Its words become the correction.
    CORRECT = "correct"  # The correction follows it.


class RecallState(StrEnum):
    """What became of one message."""

    PENDING = "pending"
    RECALLED = "recalled"
    CORRECTED = "corrected"
    FAILED = "failed"


class RecallRefusal(StrEnum):
    """Why nothing is recalled."""

    NO_REASON = "no_reason"
    NOTHING_SENT = "nothing_sent"


@dataclass(frozen=True)
class Reach:
    """What a recall of a campaign would touch now: what arrived, what waits, and what is in doubt."""

    campaign: str
    arrived: int
    waiting: int
    doubtful: int


@dataclass(frozen=True)
class Recall:
    """One recall; `made_by` is a member's id or an operator's name."""

    id: int
    campaign: str
    reason: str
    made_by: str
    made_at: datetime
    counts: dict[RecallState, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Recalled:
    """One message on its way back, and how its latest try in the ledger ended; None before there is one.

    `message_id` is None where a person said that it arrived, or its group has moved.
    """

    delivery_id: int
    recall_id: int
    way: Way
    recipient: int
    method: str
    message_id: int | None
    correction: str
    arrived: bool | None = None
