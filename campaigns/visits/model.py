"""Hours that a manager offers for visits, and the visits that customers book in them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from campaigns.applications.model import Application


@dataclass(frozen=True)
class Hours:
    """A stretch of one day with room for so many visits."""

    starts_at: datetime
    ends_at: datetime
    places: int


@dataclass(frozen=True)
class Slot:
    """Hours that one manager offers; `taken` counts booked visits."""

    id: int
    manager_id: int
    hours: Hours
    taken: int = 0


class VisitState(StrEnum):
    """Where a visit stands; only a booked one lies ahead."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    DONE = "done"
    NO_SHOW = "no_show"


@dataclass(frozen=True)
class Visit:
    """A visit to one person; `area` is the group's place, `photo` the platform's file id of the result."""

    id: int
    application_id: int
    member_id: int
    slot: Slot
    area: str
    address: str | None = field(default=None, repr=False)
    state: VisitState = VisitState.BOOKED
    photo: str | None = None


class HoursFault(StrEnum):
    """What is wrong with the hours that a manager wrote."""

    NO_DAY = "no_day"
    NO_HOURS = "no_hours"
    BACKWARDS = "backwards"
    PAST = "past"
    TOO_MANY = "too_many"
    BAD_PLACES = "bad_places"


class VisitRefusal(StrEnum):
    """Why a visit was not booked, not cancelled or not closed."""

    NO_APPLICATION = "no_application"
    NOT_READY = "not_ready"
    NO_SLOT = "no_slot"
    FULL = "full"
    TOO_LATE = "too_late"
    SAME = "same"
    NO_VISIT = "no_visit"
    NOT_YOURS = "not_yours"
    TOO_EARLY = "too_early"


@dataclass(frozen=True)
class Choice:
    """What a customer may choose from: the own application, the free slots, and the visit that is booked already."""

    application: Application
    slots: tuple[Slot, ...]
    booked: Visit | None = None
