"""What an organiser sees of an event now, and a notice to those who are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.boards.forecasts import Forecast
from campaigns.rallies.model import Booth, Rally
from campaigns.suspicions.model import Sign, SuspicionState

NEARBY = timedelta(minutes=60)
GRACE = timedelta(seconds=60)
NOTICES_AN_HOUR = 3
LINK_LIVES = timedelta(minutes=5)
BOARD_LIVES = timedelta(hours=12)
SHOWN_MINUTES = 60


@dataclass(frozen=True)
class BoothLine:
    """One booth: people who wait and for how many minutes, stamps in all and in the last ten minutes, tastings."""

    booth: Booth
    waiting: int
    wait_minutes: int
    stamps: int
    recent: int
    tastings_end: Forecast | None


@dataclass(frozen=True)
class GiftLine:
    """The gift of a target: medals won, handed out, what is left of it and of its substitute, when it runs out."""

    target: str
    title_zh: str
    title_en: str
    medals: int
    given: int
    left: int
    substitutes_left: int
    ends: Forecast | None


@dataclass(frozen=True)
class Suspect:
    """Somebody whose gift a person looks at first; the name is masked."""

    name: str
    score: int
    signs: tuple[tuple[Sign, int], ...]  # With how often each was seen.
    state: SuspicionState


@dataclass(frozen=True)
class CouponLine:
    """A merchant's coupon and how often it was issued and redeemed."""

    title_zh: str
    title_en: str
    stock: int
    issued: int
    redeemed: int


@dataclass(frozen=True)
class Totals:
    """Counts of the whole event; `nearby` are those who stamped or joined within the hour, whether muted or not."""

    visitors: int
    nearby: int
    stamps: int
    void: int
    medals: int
    gifts: int
    refused_codes: int
    waiting_messages: int


@dataclass(frozen=True)
class Minute:
    """One minute of the last sixty: who came, and the stamps earned."""

    arrivals: int
    stamps: int


@dataclass(frozen=True)
class Board:
    """An event at one moment; `minutes` are the last sixty, the oldest first."""

    rally: Rally
    at: datetime
    totals: Totals
    minutes: tuple[Minute, ...]
    booths: tuple[BoothLine, ...]
    gifts: tuple[GiftLine, ...]
    coupons: tuple[CouponLine, ...]
    suspects: tuple[Suspect, ...]
    notices: tuple["Notice", ...]


class NoticeKind(StrEnum):
    """What can be told with one tap; the first three are about a booth."""

    FREE = "free"
    PAUSED = "paused"
    RESUMED = "resumed"
    GIFTS_LOW = "gifts_low"
    ENDING = "ending"


OF_A_BOOTH = frozenset({NoticeKind.FREE, NoticeKind.PAUSED, NoticeKind.RESUMED})


@dataclass(frozen=True)
class Notice:
    """A notice that was placed; until `leaves_at` it can be taken back."""

    id: int
    rally_id: int
    booth: str | None
    kind: NoticeKind
    placed_at: datetime
    leaves_at: datetime
    heads: int
    cancelled_at: datetime | None = None


@dataclass(frozen=True)
class Preview:
    """What a notice would say in both languages, how many would get it, and how many had enough this hour."""

    zh: str
    en: str
    heads: int
    spared: int


class BoardRefusal(StrEnum):
    """Why nothing happens on a board."""

    CLOSED = "closed"  # The link or the session is none, was used, or has ended.
    FORBIDDEN = "forbidden"
    NOT_RUNNING = "not_running"
    NO_BOOTH = "no_booth"
    NOBODY = "nobody"
    JUST_TOLD = "just_told"
    UNTRUE = "untrue"
    TOO_LATE = "too_late"
    ALREADY = "already"
