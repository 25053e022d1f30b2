"""A referral, the stages it passes, why it is held or void, and what both sides get."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Stage(StrEnum):
    """Where a referral stands: pending → named → opened → paid; held waits for a person, the rest are ends."""

    PENDING = "pending"
    NAMED = "named"
    OPENED = "opened"
    PAID = "paid"
    HELD = "held"
    VOID = "void"
    CLAWED_BACK = "clawed_back"


class Side(StrEnum):
    """The two who are rewarded."""

    REFERRER = "referrer"
    NEWCOMER = "newcomer"


class Doubt(StrEnum):
    """Why a referral is held for a person, or was made void."""

    SELF = "self"
    EXISTING_CUSTOMER = "existing_customer"
    RING = "ring"
    BURST = "burst"
    TWICE = "twice"
    FULL = "full"
    ACCOUNT_CLOSED = "account_closed"
    LATE = "late"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Programme:
    """The terms of a referral campaign: one version, which never changes once it is open.

    Each side gets `points` of a points campaign (100 yuan in the study), the new side `free_months` of free messages
    too, as long as `places` last: who gave the real name has one. `cooling` runs from the opening of the account; a
    link is good for `patience`. More than `burst` newcomers of one referrer within `burst_within` are held.
    """

    id: int
    points_campaign: int
    points: int
    starts_at: datetime
    ends_at: datetime
    places: int = 1_000
    title_zh: str = "老带新"
    title_en: str = "Bring a friend"
    condition_zh: str = "在本行新开立账户"
    condition_en: str = "opens a first account with us"
    version: int = 1
    free_months: int = 3
    cooling: timedelta = timedelta(days=7)
    patience: timedelta = timedelta(days=30)
    burst: int = 100
    burst_within: timedelta = timedelta(seconds=60)

    @property
    def budget(self) -> int:
        """The points that both sides of every place cost together."""
        return 2 * self.points * self.places


@dataclass(frozen=True)
class Referral:
    """One newcomer brought by one member; `resumes` is where a held one goes on when a person lets it."""

    id: int
    programme_id: int
    referrer_id: int
    newcomer_id: int
    made_at: datetime
    stage: Stage = Stage.PENDING
    doubt: Doubt | None = None
    resumes: Stage | None = None
    customer_id: UUID | None = None
    opened_on: date | None = None
    pays_at: datetime | None = None
    free_until: date | None = None


class StartCode(StrEnum):
    """What came of opening a referral link."""

    STARTED = "started"
    OWN_LINK = "own_link"
    REFERRED_ALREADY = "referred_already"
    CUSTOMER_ALREADY = "customer_already"
    STAFF = "staff"
    FULL = "full"
    RING = "ring"
    NOT_NOW = "not_now"
    UNKNOWN_LINK = "unknown_link"


@dataclass(frozen=True)
class Opener:
    """Who opened a link, and what is known of them at this moment.

    `was_referred` by anybody; `is_customer`: bound to a customer of the bank; `brought` are all members whom the
    opener brought, through however many links. `places_left` of the programme.
    """

    member_id: int
    was_referred: bool
    is_customer: bool
    brought: frozenset[int] = frozenset()
    is_staff: bool = False
    places_left: int = 1


@dataclass(frozen=True)
class Named:
    """The newcomer gave the real name: bound to a customer, whom the bank knew since a day, or did not know.

    `was_brought`: the same customer came by another referral; `places_left` before this one.
    """

    customer_id: UUID
    referrer_customer_id: UUID | None
    known_since: date | None
    was_brought: bool = False
    places_left: int = 1


@dataclass(frozen=True)
class AccountOpened:
    """The bank's file says that the newcomer opened an account."""

    on: date


@dataclass(frozen=True)
class AccountClosed:
    """The bank's file says that the account is closed again."""

    on: date


@dataclass(frozen=True)
class Released:
    """A person looked at a held referral and let it go on."""


@dataclass(frozen=True)
class Rejected:
    """A person looked at a held referral and ended it."""


Event = Named | AccountOpened | AccountClosed | Released | Rejected


@dataclass(frozen=True)
class Link:
    """A member's own link of a programme; whoever opens it was brought by that member."""

    token: str
    programme: Programme
    referrer_id: int
    referrer_customer_id: UUID | None


class LinkRefusal(StrEnum):
    """Why somebody gets no link."""

    NO_PROGRAMME = "no_programme"
    NOT_BOUND = "not_bound"
    STAFF = "staff"


class OpenRefusal(StrEnum):
    """Why a programme cannot be opened."""

    NO_CAMPAIGN = "no_campaign"
    BEYOND_CAMPAIGN = "beyond_campaign"
    BUDGET_TOO_SMALL = "budget_too_small"
    ANOTHER_RUNS = "another_runs"


@dataclass(frozen=True)
class Shortfall:
    """Points that a claw-back did not find any more, by side."""

    referrer: int = 0
    newcomer: int = 0

    @property
    def points(self) -> int:
        """Both together."""
        return self.referrer + self.newcomer


@dataclass(frozen=True)
class Doubtful:
    """What a person sees of a held referral: who (masked), how many the same member brought, and the facts."""

    referral: Referral
    referrer: str
    newcomer: str
    brought: int
    together: int
    known_since: date | None


@dataclass(frozen=True)
class Unreturned:
    """A claw-back that fell short: who still has, or has spent, how many points."""

    referral_id: int
    referrer: str
    newcomer: str
    missing: Shortfall


class DecideCode(StrEnum):
    """What came of a person's word on a held referral."""

    RELEASED = "released"
    REJECTED = "rejected"
    SETTLED_ALREADY = "settled_already"
    OWN = "own"
    UNKNOWN = "unknown"


class AccountEvent(StrEnum):
    """What the bank's file tells of a customer's account."""

    OPENED = "opened"
    CLOSED = "closed"


Told = tuple[UUID, AccountEvent, date]


class FileCode(StrEnum):
    """What came of a line of the bank's file."""

    OPENED = "opened"
    HELD = "held"
    VOID = "void"
    CLAWED_BACK = "clawed_back"
    KEPT = "kept"
    UNCHANGED = "unchanged"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_EVENT = "unknown_event"
    FUTURE = "future"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class FileLine:
    """The report on one line; `note` says what cannot be read."""

    line: int
    code: FileCode
    note: str = ""


@dataclass(frozen=True)
class ProgrammeBooks:
    """How a programme stands: referrals by stage and doubt, points that lie in its purse, are paid, came back."""

    programme: Programme
    stages: dict[Stage, int]
    doubts: dict[Doubt, int]
    paid: int
    returned: int
    missing: int
    is_closed: bool
