"""Who may take a place: conditions that are published with a chain, and the one that a claimant does not meet.

A chain refuses for nothing that is not among its conditions, and its card prints every one of them.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

LETTERS = frozenset("ABCD")
LONGEST_REGION = 20
MOST_REGIONS = 5
MOST_HOLDINGS = 3


class ConditionKind(StrEnum):
    """What can be asked of a claimant, in the order in which it is looked at."""

    IN_PERSON = "in_person"
    BOUND = "bound"
    REGION = "region"
    CLASS = "class"
    NOT_HOLDING = "not_holding"
    ONCE = "once"


class Holding(StrEnum):
    """What the bank's latest delivery can say that a customer has."""

    CARDS = "cards"
    TIME_DEPOSIT = "time_deposit"
    STRUCTURED_DEPOSIT = "structured_deposit"
    LARGE_CERTIFICATES = "large_certificates"
    WEALTH_PRODUCTS = "wealth_products"
    FUNDS = "funds"
    ASSET_PLANS = "asset_plans"
    LOANS = "loans"


INVESTMENTS = frozenset({Holding.STRUCTURED_DEPOSIT, Holding.WEALTH_PRODUCTS, Holding.FUNDS, Holding.ASSET_PLANS})


@dataclass(frozen=True)
class Condition:
    """One demand; `values` are its letters, regions or holdings, of which any one fulfils CLASS and REGION."""

    kind: ConditionKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What is known of a claimant: never said to anybody, only compared.

    `regions` are the customer's and the group's places, `elsewhere` the title of the claimant's other group in the same
    campaign.
    """

    customer_id: UUID | None = None
    letter: str | None = field(default=None, repr=False)
    regions: frozenset[str] = field(default=frozenset(), repr=False)
    holdings: frozenset[str] = field(default=frozenset(), repr=False)
    elsewhere: str | None = None


class ConditionFault(StrEnum):
    """What is wrong with conditions that somebody wants to set."""

    UNKNOWN_LETTER = "unknown_letter"
    NO_REGION = "no_region"
    MANY_REGIONS = "many_regions"
    UNKNOWN_HOLDING = "unknown_holding"
    MANY_HOLDINGS = "many_holdings"


def check_conditions(wanted: Iterable[Condition]) -> tuple[Condition, ...] | ConditionFault:
    """One condition of each kind in the order of their asking; what the bank alone can tell asks for a bound number."""
    asked: dict[ConditionKind, frozenset[str]] = {}
    for condition in wanted:
        asked[condition.kind] = asked.get(condition.kind, frozenset()) | {value.strip() for value in condition.values}
    if fault := _fault(asked):
        return fault
    if ConditionKind.CLASS in asked or ConditionKind.NOT_HOLDING in asked:
        asked.setdefault(ConditionKind.BOUND, frozenset())
    return tuple(Condition(kind, tuple(sorted(asked[kind]))) for kind in ConditionKind if kind in asked)


def first_unmet(conditions: Sequence[Condition], standing: Standing, *, in_person: bool = True) -> Condition | None:
    """The first condition that a claimant does not meet; None when the claimant may take a place."""
    return next((each for each in conditions if not _is_met(each, standing, in_person=in_person)), None)


def same_place(name: str) -> str:
    """A place's name as it is compared: any width and case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _is_met(condition: Condition, standing: Standing, *, in_person: bool) -> bool:
    match condition.kind:
        case ConditionKind.IN_PERSON:
            return in_person
        case ConditionKind.BOUND:
            return standing.customer_id is not None
        case ConditionKind.REGION:
            return not {*map(same_place, condition.values)}.isdisjoint(map(same_place, standing.regions))
        case ConditionKind.CLASS:
            return standing.letter in condition.values
        case ConditionKind.NOT_HOLDING:
            return standing.holdings.isdisjoint(condition.values)
        case ConditionKind.ONCE:
            return standing.elsewhere is None


def _fault(asked: dict[ConditionKind, frozenset[str]]) -> ConditionFault | None:
    letters, regions = asked.get(ConditionKind.CLASS), asked.get(ConditionKind.REGION)
    if letters is not None and not (letters and LETTERS.issuperset(letters)):
        return ConditionFault.UNKNOWN_LETTER
    if regions is not None and not (regions and all(0 < len(name) <= LONGEST_REGION for name in regions)):
        return ConditionFault.NO_REGION
    if regions is not None and len(regions) > MOST_REGIONS:
        return ConditionFault.MANY_REGIONS
    holdings = asked.get(ConditionKind.NOT_HOLDING)
    if holdings is not None and not (holdings and {*map(str, Holding)}.issuperset(holdings)):
        return ConditionFault.UNKNOWN_HOLDING
    return ConditionFault.MANY_HOLDINGS if holdings is not None and len(holdings) > MOST_HOLDINGS else None
