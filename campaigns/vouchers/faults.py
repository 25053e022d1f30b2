"""What can be wrong with the file of vouchers beyond what any form or the catalogue's file can have wrong."""

from enum import StrEnum


class VoucherFault(StrEnum):
    """What is wrong at one place."""

    FOR_DEPOSITS = "for_deposits"
    GIFT_FOR_INVESTMENT = "gift_for_investment"
    NO_CONDITION = "no_condition"
    NEEDS_RISK = "needs_risk"
    NEEDS_NOTICE = "needs_notice"
    ABOVE_CONDITION = "above_condition"
    CAP_TOO_LOW = "cap_too_low"
    BAD_AUDIENCE = "bad_audience"
    UNKNOWN_VOUCHER = "unknown_voucher"
    UNKNOWN_PRODUCT = "unknown_product"
    ONE_SIDED = "one_sided"
    UNFAVOURABLE = "unfavourable"
    TOO_LONG = "too_long"
