"""A partner of a campaign, and why an invitation of its staff gives nothing."""

from dataclasses import dataclass
from enum import StrEnum


class PartnerKind(StrEnum):
    """What a partner is to a campaign."""

    BANK = "bank"
    MERCHANT = "merchant"
    PROPERTY = "property"
    PARTNER = "partner"


@dataclass(frozen=True)
class Partner:
    """Who takes part in a campaign's cost or hands goods out."""

    id: int
    name: str
    kind: PartnerKind
