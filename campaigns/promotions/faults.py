"""What can be wrong with a promotion: in its file, and once it is looked at beside customers, products and pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class PromotionFault(StrEnum):
    """What is wrong at one place of the file."""

    BAD_CODE = "bad_code"
    BAD_TIME = "bad_time"
    BAD_WINDOW = "bad_window"
    BAD_MONEY = "bad_money"
    BAD_SHARE = "bad_share"
    BAD_CHANNEL = "bad_channel"
    UNKNOWN_CLASS = "unknown_class"
    UNKNOWN_COST = "unknown_cost"
    NO_CHANNEL = "no_channel"
    TWICE = "twice"
    NO_CATALOGUE = "no_catalogue"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_SUPPLY = "unknown_supply"
    TOO_LONG = "too_long"


class CheckCode(StrEnum):
    """What is wrong with the whole."""

    WORDS = "words"
    AUDIENCE = "audience"
    NOBODY = "nobody"
    NO_RECIPIENTS = "no_recipients"
    OFF_SALE = "off_sale"
    BARRED = "barred"
    NO_PAGE = "no_page"
    PAGE_MISSING = "page_missing"
    OVER_BUDGET = "over_budget"
    TOO_LATE = "too_late"
    NOT_ON_OFFER = "not_on_offer"
    SUPPLY_GONE = "supply_gone"
    NOT_FOR_THEM = "not_for_them"


@dataclass(frozen=True)
class CheckFault:
    """One thing that is wrong, with the facts that its sentence needs."""

    code: CheckCode
    facts: Mapping[str, str | int] = field(default_factory=dict)
