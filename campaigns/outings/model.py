"""An outing of an event, its volunteers, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.members.model import Member
from campaigns.publicity.model import Event, JoinCode


class OutingKind(StrEnum):
    """Where staff go: a school (S-177), or a desk for cards at a dealer's or wherever people are (S-162)."""

    SCHOOL = "school"
    CARD_DESK = "card_desk"


@dataclass(frozen=True)
class OutingPlan:
    """Where it is, what volunteers bring, and for how many of them there is a place."""

    kind: OutingKind
    place: str
    brings: str
    seats: int


@dataclass(frozen=True)
class Outing:
    """An outing: its title, time and manager are those of its event."""

    event: Event
    plan: OutingPlan
    taken: int = 0

    @property
    def seats_left(self) -> int:
        """Places that nobody has taken."""
        return self.plan.seats - self.taken


@dataclass(frozen=True)
class Told:
    """What one volunteer told afterwards: people reached, pieces of material handed out."""

    reached: int
    materials: int


@dataclass(frozen=True)
class Volunteer:
    """Somebody of staff who signed up."""

    member_id: int
    seat: int
    signed_at: datetime
    told: Told | None = None


@dataclass(frozen=True)
class OwnOuting:
    """An outing as somebody of staff sees it: with the own place, where there is one."""

    outing: Outing
    own: Volunteer | None = None


@dataclass(frozen=True)
class Signed:
    """A place that was taken, and the code that people at the desk or in the class scan."""

    outing: Outing
    code: JoinCode


@dataclass(frozen=True)
class Brought:
    """What the rows say of an outing's volunteers: recorded with consent, came by their codes, applied on the day."""

    leads: int = 0
    came: int = 0
    applications: int = 0


@dataclass(frozen=True)
class OutingResult:
    """What came of an outing: what volunteers told, and what the rows say."""

    outing: Outing
    volunteers: Sequence[tuple[Member, Volunteer]]
    brought: Brought

    @property
    def reached(self) -> int:
        """People reached, as volunteers told."""
        return sum(each.told.reached for _, each in self.volunteers if each.told)

    @property
    def materials(self) -> int:
        """Pieces of material handed out, likewise."""
        return sum(each.told.materials for _, each in self.volunteers if each.told)


class OutingRefusal(StrEnum):
    """Why nothing was done."""

    NOT_YOURS = "not_yours"
    OVER = "over"
    PLANNED_ALREADY = "planned_already"
    NOT_READ = "not_read"
    NO_STAFF = "no_staff"
    FULL = "full"
    SIGNED_ALREADY = "signed_already"
    NOT_SIGNED = "not_signed"
    NOT_YET = "not_yet"
