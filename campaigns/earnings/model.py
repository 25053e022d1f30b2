"""Rules by which members earn points, what objects to one, and the lines of a department's events."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from campaigns.points.model import GrantCode


class EarnEvent(StrEnum):
    """What a rule pays for."""

    JOIN = "join"
    BIND = "bind"
    CHECK_IN = "check_in"
    TASK = "task"
    PRODUCT = "product"
    REFERRAL = "referral"
    DEPOSIT = "deposit"


class EarnLimit(StrEnum):
    """How often a rule pays one person: ever, each day of the bank, or for each task, event or friend."""

    ONCE = "once"
    DAILY = "daily"
    EACH = "each"


class RuleState(StrEnum):
    """A rule pays while ACTIVE; an activation passes the compliance gate."""

    DRAFT = "draft"
    ACTIVE = "active"
    STOPPED = "stopped"


@dataclass(frozen=True)
class EarnRule:
    """One rule of a points campaign; `product` is the department's word for the event that PRODUCT pays for.

    `ends_at`, where its end before the campaign's was announced, is the first moment of the day that it pays no more.
    """

    id: int
    campaign_id: int
    event: EarnEvent
    points: int
    limit: EarnLimit
    title_zh: str
    title_en: str
    product: str | None = None
    state: RuleState = RuleState.DRAFT
    ends_at: datetime | None = None


class ObjectionCode(StrEnum):
    """Why the compliance gate does not let a rule become active."""

    PAYS_FOR_DEPOSITS = "pays_for_deposits"
    FORBIDDEN_WORD = "forbidden_word"
    NO_RISK_NOTICE = "no_risk_notice"
    NO_RULE = "no_rule"
    STOPPED = "stopped"
    PAID_ALREADY = "paid_already"
    CHECK_IN_TASK = "check_in_task"
    PAID_ELSEWHERE = "paid_elsewhere"
    CAMPAIGN_OVER = "campaign_over"
    NO_COMPLAINTS = "no_complaints"
    NOT_ACTIVE = "not_active"
    ANNOUNCED = "announced"
    UNFAVOURABLE = "unfavourable"


@dataclass(frozen=True)
class Imprint:
    """Whom a rule page names (Promotion Rules 2020): the organiser and where complaints go, in both languages."""

    organiser_zh: str
    organiser_en: str
    complaints_zh: str
    complaints_en: str


@dataclass(frozen=True)
class Objection:
    """One objection; `word` and `law` where a word is meant."""

    code: ObjectionCode
    word: str = ""
    law: str = ""


@dataclass(frozen=True)
class Earned:
    """What came of one rule for one member."""

    rule: EarnRule
    code: GrantCode


@dataclass(frozen=True)
class Earner:
    """Who earns: the member, and the bank's customer where the member is bound."""

    member_id: int
    customer_id: UUID | None


@dataclass(frozen=True)
class Arrival:
    """A newcomer whom a rule for joining or binding has still to judge."""

    rule: EarnRule
    earner: Earner


@dataclass(frozen=True)
class EventLine:
    """One line of a department's file: a customer did something on a day."""

    line: int
    number: str
    event: str
    on: date


class LineCode(StrEnum):
    """What came of a line."""

    PAID = "paid"
    TWICE = "twice"
    BUDGET_EMPTY = "budget_empty"
    CLOSED = "closed"
    NO_RULE = "no_rule"
    UNKNOWN_CUSTOMER = "unknown_customer"
    NOT_BOUND = "not_bound"
    FUTURE = "future"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class LineOutcome:
    """The report on one line; `note` says what cannot be read."""

    line: int
    code: LineCode
    points: int = 0
    note: str = ""
