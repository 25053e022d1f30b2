"""Values: what a small firm asks for, where its request stands, and why it does not move."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from campaigns.members.model import Member


class LoanState(StrEnum):
    """A DRAFT is seen by its writer alone; the last three end a request."""

    DRAFT = "draft"
    ASKED = "asked"
    CONTACTED = "contacted"
    DOCUMENTS = "documents"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class LoanUse(StrEnum):
    """What the money is for."""

    STOCK = "stock"
    RENT = "rent"
    EQUIPMENT = "equipment"
    RENOVATION = "renovation"
    WAGES = "wages"
    CASH_FLOW = "cash_flow"


class Turnover(StrEnum):
    """What the firm takes in a month, in yuan: under 50,000, to 200,000, to 500,000, over it."""

    UNDER_50K = "under_50k"
    TO_200K = "to_200k"
    TO_500K = "to_500k"
    OVER_500K = "over_500k"


class ContactTime(StrEnum):
    """When the manager had best be in touch."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class DeclineReason(StrEnum):
    """Why the bank declined."""

    POLICY = "policy"
    PAPERS = "papers"
    CREDIT = "credit"
    YOUNG_FIRM = "young_firm"
    TURNOVER = "turnover"


class Firm(NamedTuple):
    """Whose loan it is and how large: registration in its normal form, whole yuan, months."""

    name: str
    registration: str
    amount_yuan: int
    months: int


@dataclass(frozen=True)
class LoanWish:
    """A whole request; `enquiry` is the consent to look at the credit record, asked apart and never forced."""

    firm: Firm
    use: LoanUse | None = None
    turnover: Turnover | None = None
    contact: ContactTime | None = None
    enquiry: bool | None = None

    @property
    def missing(self) -> str | None:
        """The first thing that nobody told yet; None for a whole request."""
        return next((name for name in ("use", "turnover", "contact", "enquiry") if getattr(self, name) is None), None)


@dataclass(frozen=True)
class LoanRequest:
    """One person's request; `version` counts its moves, so that an old button is known.

    The firm is None where the person had it deleted. `owner_id` is None in a draft.
    """

    id: int
    member_id: int
    customer_id: UUID
    wish: LoanWish | None
    state: LoanState
    asked_at: datetime
    state_since: datetime
    owner_id: int | None = None
    version: int = 0
    reason: DeclineReason | None = None

    @property
    def number(self) -> str:
        """The number on paper."""
        return f"DK{self.id:08d}"


@dataclass(frozen=True)
class LoanMove:
    """One recorded step; moves are only ever appended."""

    version: int
    at: datetime
    by: int
    state: LoanState
    reason: DeclineReason | None = None


@dataclass(frozen=True)
class LoanFile:
    """A request with its history and the full names of everybody in it."""

    request: LoanRequest
    moves: tuple[LoanMove, ...]
    names: Mapping[int, str]


class LoanFault(StrEnum):
    """What is wrong with what somebody wrote."""

    NO_NAME = "no_name"
    BAD_REGISTRATION = "bad_registration"
    BAD_AMOUNT = "bad_amount"
    BAD_TERM = "bad_term"


class LoanRefusal(StrEnum):
    """Why nothing happens."""

    NOT_BOUND = "not_bound"
    OPEN_ALREADY = "open_already"
    FIRM_ASKED = "firm_asked"
    NOBODY = "nobody"
    NO_REQUEST = "no_request"
    NOT_YOURS = "not_yours"
    INCOMPLETE = "incomplete"
    MOVED_SINCE = "moved_since"
    JUMP = "jump"
    NEEDS_REASON = "needs_reason"
    STILL_OPEN = "still_open"


class Asked(NamedTuple):
    """A request that is in: who has it, and until when they will be in touch."""

    request: LoanRequest
    owner: Member
    due_at: datetime | None
