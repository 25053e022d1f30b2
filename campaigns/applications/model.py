"""An application for a card (办卡申请), its stages, its moves, and what can come of them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Stage(StrEnum):
    """Where an application stands, from the entry to the card's first use; the last three end it without a card."""

    SIGNED = "signed"
    CONTACTED = "contacted"
    CONSENTED = "consented"
    APPLIED = "applied"
    APPROVED = "approved"
    DELIVERED = "delivered"
    VISIT_BOOKED = "visit_booked"
    ACTIVATED = "activated"
    DEBIT_CARD_ISSUED = "debit_card_issued"
    FIRST_USE = "first_use"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LOST = "lost"


class Reason(StrEnum):
    """Why an application ended without a card, went back, or jumped."""

    POLICY = "policy"
    PAPERS = "papers"
    DEBT = "debt"
    HELD = "held"
    ASKED = "asked"
    LEFT_CHAIN = "left_chain"
    DATA = "data"
    NO_ANSWER = "no_answer"
    NO_INTEREST = "no_interest"
    OTHER_BANK = "other_bank"
    INELIGIBLE = "ineligible"
    MISTAKE = "mistake"
    CAME_BACK = "came_back"
    NO_SHOW = "no_show"
    VISIT_OFF = "visit_off"
    BANK_FILE = "bank_file"


@dataclass(frozen=True)
class Application:
    """One person's application in one campaign.

    `version` counts its moves, so that an old button is known. `ended_from` is the stage before WITHDRAWN or LOST.
    `due_on` is the bank's day by which the next move is awaited; None once it has ended.
    """

    id: int
    chain_id: int
    campaign: str
    member_id: int
    customer_id: UUID | None
    product: str
    stage: Stage
    owner_id: int
    opened_at: datetime
    stage_since: datetime
    due_on: date | None
    version: int = 0
    ended_from: Stage | None = None

    @property
    def number(self) -> str:
        """The number on paper and in the bank's files."""
        return f"SQ{self.id:08d}"


@dataclass(frozen=True)
class Move:
    """One recorded step; `by` is None where nobody tapped. Moves are only ever appended."""

    application_id: int
    version: int
    at: datetime
    by: int | None
    from_stage: Stage | None
    stage: Stage
    reason: Reason | None = None


class MoveRefusal(StrEnum):
    """Why an application did not move."""

    NO_APPLICATION = "no_application"
    NOT_YOURS = "not_yours"
    MOVED_SINCE = "moved_since"
    JUMP = "jump"
    NEEDS_REASON = "needs_reason"
    TOO_LATE = "too_late"


class HandOverReason(StrEnum):
    """Why somebody owns an application."""

    OWN_CUSTOMER = "own_customer"
    LOAD = "load"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True)
class Candidate:
    """A manager who may own an application: how many open ones they have, and whether they are at work."""

    member_id: int
    language: str
    load: int
    is_absent: bool = False
    leads_group: bool = False


@dataclass(frozen=True)
class Entrant:
    """A member who needs an owner: their language, and who owned an application of theirs before."""

    member_id: int
    language: str
    customer_id: UUID | None = None
    known_owner: int | None = None


@dataclass(frozen=True)
class Assignment:
    """Who owns an application, and why."""

    member_id: int
    owner_id: int
    reason: HandOverReason


@dataclass(frozen=True)
class Owner:
    """Who owned an application since when; `by` handed it over, None at sign-up. Rows are only ever appended."""

    owner_id: int
    since: datetime
    reason: HandOverReason
    by: int | None = None


@dataclass(frozen=True)
class Terms:
    """The bank's own numbers of one version: working days in each stage, days overdue at which leads hear of it.

    `nudge_after` are the working days after which the customer is reminded of what waits for them.
    """

    version: int
    days: dict[Stage, int]
    escalate_after: tuple[int, ...] = (3, 5, 7)
    nudge_after: int = 2


class Verdict(StrEnum):
    """What an event of the bank's file means for an application."""

    MOVES = "moves"
    AGREES = "agrees"
    DISAGREES = "disagrees"
