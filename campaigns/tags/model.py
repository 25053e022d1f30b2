"""Values: the dictionary of tags, a customer's tags, audiences and what became of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from campaigns.customers.model import Band, Letter, Lifecycle
from campaigns.staff.model import Role


class TagSource(StrEnum):
    """Who says it: a rule over figures, a department, the bank's staff, or the customer."""

    RULE = "rule"
    DEPARTMENT = "department"
    STAFF = "staff"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class TagDefinition:
    """One entry of the dictionary; a tag of a rule is set by nobody."""

    code: str
    source: TagSource
    validity_days: int
    may_set: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Tag:
    """A tag on a customer; `evidence` is what speaks for it, a figure for a rule's and words for others.

    A rule's tag stands until the next run; one that is expired says that the run is too old to be relied on.
    """

    code: str
    source: TagSource
    set_at: datetime
    expires_at: datetime
    evidence: str
    set_by: str
    is_expired: bool = False

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {**asdict(self), "set_at": self.set_at.isoformat(), "expires_at": self.expires_at.isoformat()}


class TagRefusal(StrEnum):
    """Why a tag is not set or removed."""

    UNKNOWN_TAG = "unknown_tag"
    UNKNOWN_CUSTOMER = "unknown_customer"
    NOT_ALLOWED = "not_allowed"
    OF_A_RULE = "of_a_rule"
    NO_EVIDENCE = "no_evidence"
    NOT_SET = "not_set"


@dataclass(frozen=True)
class AudienceCondition:
    """Who belongs: one of the letters, bands and stages (any where none is named), all `tags` and none of `without`."""

    letters: tuple[Letter, ...] = ()
    bands: tuple[Band, ...] = ()
    lifecycles: tuple[Lifecycle, ...] = ()
    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        """In JSON's types."""
        return {name: [str(each) for each in named] for name, named in vars(self).items()}

    @classmethod
    def from_json(cls, found: Mapping[str, list[str]]) -> "AudienceCondition":
        """Back from its row."""
        return cls(
            tuple(Letter(letter) for letter in found["letters"]),
            tuple(Band(band) for band in found["bands"]),
            tuple(Lifecycle(stage) for stage in found["lifecycles"]),
            tuple(found["tags"]),
            tuple(found["without"]),
        )


@dataclass(frozen=True)
class Audience:
    """A saved condition with its members' count after the latest run, and who joined and left in it."""

    name: str
    condition: AudienceCondition
    made_by: str
    members: int = 0
    joined: int = 0
    left: int = 0
    as_of: date | None = None

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        as_of = self.as_of.isoformat() if self.as_of else None
        return {**vars(self), "condition": self.condition.as_json(), "as_of": as_of}


@dataclass(frozen=True)
class TagCount:
    """A tag of the dictionary with the customers who have it; `is_known` is False where its figures are not there."""

    definition: TagDefinition
    customers: int
    is_known: bool = True
    rule: tuple[dict[str, Any], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        definition = self.definition
        return {
            "code": definition.code,
            "source": definition.source,
            "validity_days": definition.validity_days,
            "may_set": sorted(definition.may_set),
            "rule": list(self.rule),
            "customers": self.customers,
            "is_known": self.is_known,
        }
