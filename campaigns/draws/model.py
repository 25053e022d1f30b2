"""A draw, its prizes, the tickets that were drawn, and what the public sees of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class DrawKind(StrEnum):
    """How a draw is shown; the rules are the same."""

    JOIN = "join"
    WHEEL = "wheel"


class DrawPhase(StrEnum):
    """What the group's card says of a draw now."""

    UPCOMING = "upcoming"
    RUNNING = "running"
    ENDING = "ending"
    ENDED = "ended"


class DrawState(StrEnum):
    """OPEN from its start to its end; the secret is shown once it is CLOSED."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Prize:
    """One prize: points, how likely in parts per million, and how many there are; the last has no end and no points."""

    title_zh: str
    title_en: str
    points: int
    odds: int
    stock: int | None = None


@dataclass(frozen=True)
class Terms:
    """What the law wants to be read before taking part; no field may be empty."""

    conditions_zh: str
    conditions_en: str
    organiser_zh: str
    organiser_en: str
    complaints_zh: str
    complaints_en: str


@dataclass(frozen=True)
class DrawPlan:
    """What a manager asks for when publishing a draw."""

    kind: DrawKind
    title_zh: str
    title_en: str
    prizes: tuple[Prize, ...]
    terms: Terms
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Draw:
    """A draw as it was published; nothing of it changes afterwards.

    `commitment` is the SHA-256 of the secret in hex. `drawn` counts the tickets, `left` the prizes by their place,
    None for the one without end, and `head` is the last receipt.
    """

    id: int
    points_campaign: int
    group_id: int
    kind: DrawKind
    title_zh: str
    title_en: str
    prizes: tuple[Prize, ...]
    terms: Terms
    opens_at: datetime
    closes_at: datetime
    commitment: str
    state: DrawState = DrawState.OPEN
    drawn: int = 0
    left: tuple[int | None, ...] = ()
    head: str = ""


@dataclass(frozen=True)
class Taker:
    """Who draws: a member of the group, known to the bank."""

    member_id: int
    masked_name: str
    customer_id: UUID | None


@dataclass(frozen=True)
class DrawClaim:
    """One tap or word on a draw; `chat_id` is where it came from, since a client can press what it was never shown."""

    taker: Taker
    chat_id: int


@dataclass(frozen=True)
class Ticket:
    """One ticket as everybody may see it; `receipt` is told to its taker at once and binds all tickets before it."""

    number: int
    masked_name: str
    prize: int
    receipt: str


class DrawCode(StrEnum):
    """What came of a wish to draw."""

    DRAWN = "drawn"
    TWICE = "twice"
    NOT_BOUND = "not_bound"
    NOT_OPEN = "not_open"
    NO_DRAW = "no_draw"


@dataclass(frozen=True)
class DrawOutcome:
    """The answer to one wish; for TWICE the ticket that the person has already."""

    code: DrawCode
    ticket: Ticket | None = None
    prize: Prize | None = None
    kind: DrawKind = DrawKind.JOIN


class DrawFault(StrEnum):
    """What is wrong with the plan of a draw."""

    UNREADABLE = "unreadable"
    EMPTY_TERM = "empty_term"
    TOO_LONG = "too_long"
    ENDS_EARLY = "ends_early"
    FEW_PRIZES = "few_prizes"
    MANY_PRIZES = "many_prizes"
    NO_NAME = "no_name"
    ODDS = "odds"
    LAST_PRIZE = "last_prize"
    NO_STOCK = "no_stock"
    TOO_DEAR = "too_dear"
    FORBIDDEN_WORD = "forbidden_word"


class PublishRefusal(StrEnum):
    """Why a draw was not published."""

    NO_GROUP = "no_group"
    NOT_YOUR_GROUP = "not_your_group"
    NO_POINTS = "no_points"
    OVER_ALREADY = "over_already"
    SAME_KIND_OPEN = "same_kind_open"
    BUDGET_TOO_SMALL = "budget_too_small"
    BEYOND_CAMPAIGN = "beyond_campaign"


@dataclass(frozen=True)
class PublishedDraw:
    """All that anybody needs to compute a closed draw again."""

    draw: Draw
    secret: str
    tickets: tuple[Ticket, ...]


class Mismatch(StrEnum):
    """What a verification finds wrong."""

    SECRET = "secret"  # noqa: S105 - the name of a finding.
    NUMBER = "number"
    RESULT = "result"
    RECEIPT = "receipt"
    HEAD = "head"


@dataclass(frozen=True)
class Finding:
    """Something wrong, at the ticket with this number or at the draw as a whole."""

    mismatch: Mismatch
    number: int | None = None
