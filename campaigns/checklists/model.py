"""Values: the departments, what each prepares, and what is done by whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

LONGEST_REASON = 200


class Department(StrEnum):
    """Who prepares a promotion (S-182): 个金、卡中心、科技、运营."""

    RETAIL = "retail"
    CARDS = "cards"
    TECHNOLOGY = "technology"
    OPERATIONS = "operations"


class Item(StrEnum):
    """One thing to have ready."""

    AUDIENCE_AGREED = "audience"
    STAFF_TRAINED = "trained"
    BENEFITS_STOCKED = "stocked"
    PRODUCT_OPEN = "product"
    LINKS_TRIED = "links"
    LOAD_AGREED = "load"
    HOTLINE_BRIEFED = "hotline"
    COMPLAINTS_STAFFED = "complaints"


class Task(NamedTuple):
    """An item with its department; what is not required holds nothing up."""

    item: Item
    department: Department
    is_required: bool = True


class Mark(NamedTuple):
    """What somebody has ready, since when."""

    item: Item
    member_id: int
    at: datetime


class Subject(NamedTuple):
    """Which version of which promotion is prepared."""

    promotion_id: int
    version: int


@dataclass(frozen=True)
class Override:
    """A team lead's word that it starts although something is open, and why."""

    reason: str
    member_id: int
    at: datetime


@dataclass(frozen=True)
class Checklist:
    """One version's list: what is ready, and whether a lead lets it start in spite of the rest."""

    subject: Subject
    marks: tuple[Mark, ...] = ()
    override: Override | None = None


class ChecklistRefusal(StrEnum):
    """Why nothing was changed."""

    TOO_LATE = "too_late"
    NO_REASON = "no_reason"
    NOTHING_OPEN = "nothing_open"
