"""A rule page: the whole configuration by which an activity decides, as everybody may read it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Activity(StrEnum):
    """What a rule page is about."""

    JOIN_DRAW = "join_draw"
    WHEEL = "wheel"
    EARNING = "earning"


class Condition(StrEnum):
    """What an engine itself asks of a person; each has its sentence on the page."""

    IN_GROUP = "in_group"
    BOUND = "bound"
    ONCE = "once"
    IN_TIME = "in_time"
    IN_ANY_GROUP = "in_any_group"
    DAILY = "daily"
    EACH = "each"
    WHILE_IT_LASTS = "while_it_lasts"
    NOT_STAFF = "not_staff"
    MAY_END_EARLY = "may_end_early"


@dataclass(frozen=True)
class Reward:
    """One thing that can be had: points, its chance in parts per million or None for certain, its stock or no end."""

    title_zh: str
    title_en: str
    points: int
    odds: int | None = None
    stock: int | None = None


@dataclass(frozen=True)
class RulePage:
    """The configuration of an activity; an engine may decide by nothing that is not in here.

    `price` in fen per 100 points, points live for `valid_days`; `promise` is the commitment of a draw, `budget` all the
    points that there are for an activity whose rewards have no stock of their own.
    """

    activity: Activity
    title_zh: str
    title_en: str
    rewards: tuple[Reward, ...]
    conditions: frozenset[Condition]
    conditions_zh: str
    conditions_en: str
    organiser_zh: str
    organiser_en: str
    complaints_zh: str
    complaints_en: str
    opens_at: datetime
    closes_at: datetime
    valid_days: int
    price: int
    promise: str | None = None
    budget: int | None = None


@dataclass(frozen=True)
class Announcement:
    """A rule page as it was published: its canonical configuration, both texts, and the SHA-256 of all three."""

    subject: str
    version: int
    configuration: str
    text_zh: str
    text_en: str
    digest: str
    published_at: datetime


@dataclass(frozen=True)
class Unfavourable:
    """A later version that would take something away from the customer: it is not published."""

    standing: Announcement
