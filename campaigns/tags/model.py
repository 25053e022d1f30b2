"""Values: the dictionary of tags, and a customer's tags."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

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
