"""Which plan of finance fits an enterprise: by line of business, by tier, and by how many of its needs it meets."""

from collections.abc import Collection, Sequence
from typing import Protocol, TypeVar

NEEDS = ("receivables_finance", "supply_chain", "cross_border_settlement", "long_term_loan", "risk_management")


class Plan(Protocol):
    """What the choice asks of a plan; no industries or no tiers mean all of them."""

    @property
    def industries(self) -> Collection[str]:
        """Lines of business that the plan is made for."""
        ...

    @property
    def tiers(self) -> Collection[str]:
        """Tiers that the plan is made for."""
        ...

    @property
    def needs(self) -> Collection[str]:
        """Needs that the plan meets."""
        ...


Found = TypeVar("Found", bound=Plan)


def best_plan(plans: Sequence[Found], industry: str, tier: str, needs: Collection[str]) -> Found | None:
    """The plan made for this line of business before one for all; of several the one that meets most needs (S-128).

    Of equals the first in the file; None where none is for this line of business and tier.
    """
    fitting = [
        each
        for each in plans
        if (not each.industries or industry in each.industries) and (not each.tiers or tier in each.tiers)
    ]
    return max(fitting, key=lambda each: (bool(each.industries), len(set(each.needs) & set(needs))), default=None)
