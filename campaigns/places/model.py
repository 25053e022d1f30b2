"""A place, and a merchant as it is written down in one line."""

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a place is: where people live, where they buy, where the bank is."""

    COMMUNITY = "community"
    MERCHANT = "merchant"
    BRANCH = "branch"


@dataclass(frozen=True)
class Spot:
    """A merchant with the community it serves and the branch that looks after it, by name."""

    merchant: str
    community: str | None = None
    branch: str | None = None


@dataclass(frozen=True)
class Merchant:
    """A merchant that is kept; `partner_id` is its side of the points ledger, counts are those of its groups."""

    id: int
    name: str
    community: str | None
    branch: str | None
    partner_id: int
    groups: int = 0
    members: int = 0


class SpotFault(StrEnum):
    """Why a line names no merchant."""

    EMPTY = "empty"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_LONG = "too_long"
