"""A behaviour event, its kinds, and what came of a line of a bank's file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

KEPT = timedelta(days=400)  # A year of seasons and a quarter's delay; older events are deleted and never taken in.


class EventKind(StrEnum):
    """What happened. A bank's file may tell those in `OF_A_FILE`; the others the product finds out by itself."""

    FUND_PLAN_PAUSED = "fund_plan_paused"
    FUND_PLAN_RESUMED = "fund_plan_resumed"
    PAGE_VIEWED = "page_viewed"
    LARGE_INFLOW = "large_inflow"
    PRODUCT_BOUGHT = "product_bought"
    LOGGED_IN = "logged_in"
    PAID = "paid"
    CARD_DELIVERED = "card_delivered"
    CARD_ACTIVATED = "card_activated"
    CARD_FIRST_USED = "card_first_used"
    ACCOUNT_OPENED = "account_opened"
    BIRTHDAY = "birthday"
    CLASS_UP = "class_up"
    CLASS_DOWN = "class_down"
    CHURN_WARNING = "churn_warning"
    COUPON_EXPIRING = "coupon_expiring"
    POINTS_EXPIRING = "points_expiring"
    PROSPECT_CAME = "prospect_came"
    BECAME_LEAD = "became_lead"
    AUDIENCE_ENTERED = "audience_entered"


OF_A_FILE = (
    EventKind.FUND_PLAN_PAUSED,
    EventKind.FUND_PLAN_RESUMED,
    EventKind.PAGE_VIEWED,
    EventKind.LARGE_INFLOW,
    EventKind.PRODUCT_BOUGHT,
    EventKind.LOGGED_IN,
    EventKind.PAID,
    EventKind.CARD_DELIVERED,
    EventKind.CARD_ACTIVATED,
    EventKind.CARD_FIRST_USED,
    EventKind.ACCOUNT_OPENED,
    EventKind.BIRTHDAY,
)


@dataclass(frozen=True)
class Event:
    """One event; `amount` in fen, `payload` in plain words such as a page. The same `key` is the same event.

    It is of a customer, of a member whom the bank has no customer for, or of both.
    """

    kind: EventKind
    at: datetime
    source: str
    key: str
    customer_id: UUID | None = None
    member_id: int | None = None
    amount: int | None = None
    payload: Mapping[str, str] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True)
class EventLine:
    """A line of a file that could be read: of whom by the customer's number."""

    line: int
    number: str
    kind: EventKind
    at: datetime
    amount: int | None
    payload: Mapping[str, str]
    key: str


class LineFault(StrEnum):
    """Why a line is not taken."""

    NO_NUMBER = "no_number"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_EVENT = "unknown_event"
    BAD_MOMENT = "bad_moment"
    FUTURE = "future"
    TOO_OLD = "too_old"
    BAD_AMOUNT = "bad_amount"
    BAD_JSON = "bad_json"
    TOO_LONG = "too_long"
    BAD_CHARACTER = "bad_character"
    OTHER_EVENT_OF_KEY = "other_event_of_key"


@dataclass(frozen=True)
class BadLine:
    """A line that is not taken, and what stands there."""

    line: int
    fault: LineFault
    found: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What became of a file: new events, events that were known, and lines that were not taken."""

    new: int
    known: int
    bad: tuple[BadLine, ...]
