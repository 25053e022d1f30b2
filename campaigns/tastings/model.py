"""What came of counting a tasting."""

from dataclasses import dataclass
from enum import StrEnum

from campaigns.rallies.model import Booth


class TastingCode(StrEnum):
    """Counted, taken back, or why not."""

    GIVEN = "given"
    TAKEN_BACK = "taken_back"
    NONE_LEFT = "none_left"
    NOT_YOURS = "not_yours"
    NOT_NOW = "not_now"
    NOTHING_TO_TAKE_BACK = "nothing_to_take_back"


@dataclass(frozen=True)
class Tasted:
    """The outcome, with the booth as it stands now where there is one."""

    code: TastingCode
    booth: Booth | None = None
