"""A stamp rally, its booths, targets and medals, and the plan of all of it as an organiser writes it down."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from campaigns.games.model import Game
from campaigns.groups.model import Group


class RallyState(StrEnum):
    """From a DRAFT that only staff see to SETTLED, when nothing can change any more."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    RUNNING = "running"
    ENDED = "ended"
    SETTLED = "settled"


class BoothState(StrEnum):
    """Whether a booth gives stamps now."""

    OPEN = "open"
    PAUSED = "paused"


class StampWay(StrEnum):
    """How a stamp was earned."""

    CODE = "code"
    STAFF = "staff"
    SLIP = "slip"
    QUIZ = "quiz"
    SPIN = "spin"
    PHOTO = "photo"


@dataclass(frozen=True)
class Need:
    """A part of a target: at least `count` of these booths; `zone` where they are the booths of one."""

    count: int
    booths: tuple[str, ...]
    zone: str | None = None


@dataclass(frozen=True)
class Target:
    """What earns a medal: every need is met; booths are named by their codes (S-85)."""

    code: str
    title_zh: str
    title_en: str
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Article:
    """Something that is handed out: how many there are, and what one is worth in fen."""

    title_zh: str
    title_en: str
    stock: int
    worth_fen: int


@dataclass(frozen=True)
class GiftPlan:
    """The gift of a target, and what is handed out once it has run out."""

    target: str
    article: Article
    substitute: Article | None = None


@dataclass(frozen=True)
class CouponPlan:
    """A merchant's coupon: given with the stamp of `booth` or with the medal of `target`, redeemed at `partner`."""

    code: str
    partner: str
    article: Article
    expires_at: datetime
    conditions_zh: str
    conditions_en: str
    booth: str | None = None
    target: str | None = None


@dataclass(frozen=True)
class BoothPlan:
    """A booth as the file describes it; `x` and `y` are 0–100 on the map, `staff` are Telegram user ids."""

    code: str
    name_zh: str
    name_en: str
    zone: str
    x: int
    y: int
    opens_at: datetime
    closes_at: datetime
    game: Game
    seconds_per_visitor: int
    partner: str | None = None
    tastings: int | None = None
    staff: tuple[int, ...] = ()


@dataclass(frozen=True)
class RallyRules:
    """What the law wants to be read before taking part; no field is empty."""

    conditions_zh: str
    conditions_en: str
    organiser_zh: str
    organiser_en: str
    complaints_zh: str
    complaints_en: str


@dataclass(frozen=True)
class RallyPlan:
    """A whole event as its file says it; `map_metres` is the width of the map, for distances between booths.

    With `needs_real_name` only who is known as a customer of the bank gets a gift (S-203). `shares` are the partners'
    parts of the cost by name, in basis points; without any the organiser pays all.
    """

    code: str
    title_zh: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    booths: tuple[BoothPlan, ...]
    targets: tuple[Target, ...]
    gifts: tuple[GiftPlan, ...]
    coupons: tuple[CouponPlan, ...]
    gifts_budget_fen: int
    rules: RallyRules
    place_zh: str
    place_en: str
    map_metres: int = 100
    needs_real_name: bool = False
    shares: dict[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Booth:
    """A booth as it stands now; `reason` is why it is paused, `tastings_left` None where nothing is tasted."""

    id: int
    rally_id: int
    code: str
    partner_id: int | None
    name_zh: str
    name_en: str
    zone: str
    x: int
    y: int
    opens_at: datetime
    closes_at: datetime
    game: Game
    seconds_per_visitor: int
    state: BoothState = BoothState.OPEN
    reason: str | None = None
    tastings_left: int | None = None


class Visit(NamedTuple):
    """Somebody who has a new stamp, and the booth that it is of."""

    member_id: int
    booth: Booth


@dataclass(frozen=True)
class Rally:
    """An event day; everything that decides is in `plan`, which is what the rule page shows (S-82)."""

    id: int
    code: str
    title_zh: str
    title_en: str
    organiser_id: int
    place_id: int | None
    starts_at: datetime
    ends_at: datetime
    state: RallyState
    booths: tuple[Booth, ...]
    plan: RallyPlan

    @property
    def targets(self) -> tuple[Target, ...]:
        """What earns medals."""
        return self.plan.targets

    @property
    def gifts_budget_fen(self) -> int:
        """What all gifts together may cost."""
        return self.plan.gifts_budget_fen

    def booth(self, code: str) -> Booth | None:
        """The booth with this code."""
        return next((booth for booth in self.booths if booth.code == code), None)


@dataclass(frozen=True)
class RallyMember:
    """Somebody who takes part; `number` is short enough to be said at a booth whose network failed."""

    rally_id: int
    member_id: int
    number: int
    joined_at: datetime
    source: str
    is_muted: bool = False


@dataclass(frozen=True)
class Medal:
    """A target that somebody reached."""

    rally_id: int
    target_code: str
    member_id: int
    reached_at: datetime


class RallyRefusal(StrEnum):
    """Why nothing happens to a rally."""

    NO_RALLY = "no_rally"
    NOT_YOURS = "not_yours"
    WRONG_STATE = "wrong_state"
    OVER = "over"
    NO_GROUP = "no_group"
    NO_BOOTH = "no_booth"
    NO_REASON = "no_reason"
    NO_ORGANISER = "no_organiser"
    PAGE_TOO_LONG = "page_too_long"


@dataclass(frozen=True)
class TakenAway:
    """A later plan that would take something from the customer; `places` are where, as written in the file."""

    places: tuple[str, ...]


@dataclass(frozen=True)
class Loaded:
    """What came of loading a plan; `version` of the rules is the one that holds now, None while it is a draft."""

    rally: Rally
    is_new: bool
    version: int | None = None


@dataclass(frozen=True)
class Placing:
    """Where a rally may be announced: the organiser's groups and which of them are chosen or had it already."""

    rally: Rally
    groups: tuple[Group, ...]
    chosen: frozenset[int]
    told: frozenset[int] = frozenset()


@dataclass(frozen=True)
class RallyPreview:
    """The rules as they will be posted, and whom the chosen groups hold, each person counted once."""

    placing: Placing
    page: str
    heads: int


@dataclass(frozen=True)
class BoothFigures:
    """How many stamps a booth gave, and who waits there for a clerk's word."""

    booth: Booth
    stamps: int
    waiting: int


@dataclass(frozen=True)
class RallyFigures:
    """An event at one look: who takes part, stamps, medals, and its booths."""

    rally: Rally
    members: int
    stamps: int
    medals: int
    booths: tuple[BoothFigures, ...]


@dataclass(frozen=True)
class OwnStand:
    """How far somebody is: stamped booths by code, reached targets by code, and where to go next."""

    rally: Rally
    member: RallyMember
    stamped: frozenset[str]
    medals: frozenset[str]
    suggestion: Booth | None


@dataclass(frozen=True)
class Joined:
    """Somebody who takes part now; `is_new` the first time."""

    rally: Rally
    member: RallyMember
    is_new: bool
