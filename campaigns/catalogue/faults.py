"""What can be wrong with the catalogue's file beyond what any form can have wrong."""

from enum import StrEnum


class CatalogueFault(StrEnum):
    """What is wrong at one place."""

    BAD_CODE = "bad_code"
    TWICE = "twice"
    BAD_DAY = "bad_day"
    ENDS_EARLY = "ends_early"
    NEEDS_RISK = "needs_risk"
    TAKES_NO_RISK = "takes_no_risk"
    NEEDS_NOTICE = "needs_notice"
    NO_AIM = "no_aim"
    BAD_AIM = "bad_aim"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_CLASS = "unknown_class"
    TOO_LONG = "too_long"
    NEEDS_R5 = "needs_r5"
    NEEDS_PROVIDER = "needs_provider"
    NEEDS_ENTRANCE = "needs_entrance"
    NEVER_UNASKED = "never_unasked"
    BAD_SHARES = "bad_shares"
