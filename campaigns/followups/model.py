"""Values: a follow-up, where it comes from, what came of it; a contact with a customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Customer, Letter
from campaigns.customers.next_actions import ActionChannel


class Source(StrEnum):
    """What a follow-up comes from; a promise is what a manager told the customer to do."""

    CARD = "card"
    PROMISE = "promise"
    NEXT_ACTION = "next_action"
    CLASS_CHANGE = "class_change"
    OFFER_ANSWERED = "offer_answered"
    COMPLAINT = "complaint"
    GIFT_DESK = "gift_desk"
    QUESTION = "question"
    APPLICATION = "application"
    LOAN = "loan"
    CAMPAIGN = "campaign"
    JOURNEY = "journey"


class FollowUpState(StrEnum):
    """Whether something is still to be done; REFUSED is the customer's no, DROPPED that nothing came of it."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"


class CloseReason(StrEnum):
    """Why a follow-up ended without success."""

    NOT_INTERESTED = "not_interested"
    HAS_ELSEWHERE = "has_elsewhere"
    TERMS = "terms"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


REFUSALS = frozenset({CloseReason.NOT_INTERESTED, CloseReason.HAS_ELSEWHERE, CloseReason.TERMS})


class Preset(StrEnum):
    """What is put down at a card most often."""

    CALL_BACK = "call_back"
    MEET = "meet"
    SEND_PAPERS = "send_papers"


@dataclass(frozen=True)
class FollowUp:
    """One follow-up; `name` is the customer's full one and is masked before anybody reads it.

    `requester_id` is who handed it to the owner and waits to see it close.
    """

    id: int
    customer: Customer
    owner_id: int
    source: Source
    why: str
    opened_at: datetime
    due_at: datetime
    state: FollowUpState = FollowUpState.OPEN
    name: str | None = None
    requester_id: int | None = None
    deferrals: int = 0
    reason: CloseReason | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state is FollowUpState.OPEN


@dataclass(frozen=True)
class Interaction:
    """A contact 联系 with a customer: when, by whom, how."""

    at: datetime
    member_id: int
    channel: ActionChannel


@dataclass(frozen=True)
class Colleague:
    """A member of staff to whom a follow-up can be handed; `roles` as codes."""

    member_id: int
    name: str
    roles: tuple[str, ...]


class FollowUpRefusal(StrEnum):
    """Why nothing happens to a follow-up."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    CLOSED = "closed"
    PUT_OFF_ENOUGH = "put_off_enough"
    NO_COLLEAGUE = "no_colleague"
    NOBODY_OWNS = "nobody_owns"


@dataclass(frozen=True)
class ServiceClock:
    """The bank's service standard 服务标准 of one version: bank days until something is done (S-131, S-133).

    `days` holds every class and every tier; a complaint has its own, whoever complains.
    """

    version: int
    days: Mapping[Letter | Tier, int]
    unclassed: int = 3
    complaint: int = 1


@dataclass(frozen=True)
class ClassChange:
    """A customer whom the latest run put into another class."""

    customer_id: UUID
    before: str
    after: str
