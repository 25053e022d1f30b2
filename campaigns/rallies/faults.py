"""What can be wrong with the file of an event beyond what any form can have wrong."""

from enum import StrEnum

from campaigns.forms.faults import FaultError, Faults, FileFault
from campaigns.forms.faults import FileError as RallyFileError

__all__ = ["FaultError", "Faults", "FileFault", "RallyFault", "RallyFileError"]


class RallyFault(StrEnum):
    """What is wrong at one place beyond what any form can have wrong."""

    BAD_CODE = "bad_code"
    TWICE = "twice"
    BAD_TIME = "bad_time"
    BAD_MONEY = "bad_money"
    BAD_PLACE = "bad_place"
    BAD_NEED = "bad_need"
    TOO_MANY_NEEDED = "too_many_needed"
    UNKNOWN_BOOTH = "unknown_booth"
    UNKNOWN_TARGET = "unknown_target"
    UNKNOWN_PARTNER = "unknown_partner"
    ENDS_EARLY = "ends_early"
    EXPIRES_EARLY = "expires_early"
    OVER_ALREADY = "over_already"
    OUTSIDE = "outside"
    OVER_BUDGET = "over_budget"
    ONE_OF = "one_of"
    BAD_SHARES = "bad_shares"
    TOO_LONG = "too_long"
