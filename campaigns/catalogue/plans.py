"""融资方案: plans of finance by line of business, and the one that fits an enterprise."""

from dataclasses import dataclass

from campaigns.customers.enterprises import Tier
from campaigns.offers.model import Text
from segmentation.financing import best_plan


@dataclass(frozen=True)
class FinancingPlan:
    """One plan: for which lines of business and tiers (none: all), needs it meets, products by code, how it works."""

    code: str
    name: Text
    industries: tuple[str, ...]
    tiers: tuple[Tier, ...]
    needs: tuple[str, ...]
    products: tuple[str, ...]
    words: tuple[Text, ...]


@dataclass(frozen=True)
class Business:
    """What chooses an enterprise's plan: the line of business, the tier, and what it usually needs."""

    industry: str
    tier: Tier
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class FittingPlan:
    """The plan of one enterprise, the needs that it meets and those that it leaves open."""

    plan: FinancingPlan
    met: tuple[str, ...]
    left: tuple[str, ...]


def fitting_plan(plans: tuple[FinancingPlan, ...], business: Business | None) -> FittingPlan | None:
    """What a manager may talk to an enterprise about (S-128); None where nothing is known of it or no plan fits."""
    plan = best_plan(plans, business.industry, business.tier, business.needs) if business else None
    if plan is None or business is None:
        return None
    met = tuple(each for each in business.needs if each in plan.needs)
    return FittingPlan(plan, met, tuple(each for each in business.needs if each not in met))
