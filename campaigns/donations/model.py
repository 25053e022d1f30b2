"""A promise to give for every opened account, its books, its payments and what everybody may read of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from campaigns.offers.model import Text


@dataclass(frozen=True)
class Pledge:
    """What the bank promised (S-176): so many fen for each account opened from `first` to `last`, up to a cap.

    `agreement` is the number of the agreement with the recipient, which the Charity Law (art. 37, 2016) wants signed
    before a business promises in public to give. An account that is closed within `withdrawn_within` days counts no
    more.
    """

    code: str
    name: Text
    recipient: Text
    agreement: str
    purpose: Text
    fen_each: int
    cap_fen: int
    first: date
    last: date
    withdrawn_within: int
    contact: str


@dataclass(frozen=True)
class KeptPledge:
    """A pledge with its row."""

    id: int
    pledge: Pledge


@dataclass(frozen=True)
class Books:
    """How a pledge stands: accounts that count, withdrawn, beyond the cap; what is promised by them and what is paid.

    `paid_fen` may be above `accrued_fen` when accounts were withdrawn after the payment: the rest is set against the
    next one.
    """

    accounts: int = 0
    withdrawn: int = 0
    beyond_cap: int = 0
    accrued_fen: int = 0
    paid_fen: int = 0

    @property
    def owed_fen(self) -> int:
        """What is still to be paid; below 0 what was paid too much."""
        return self.accrued_fen - self.paid_fen


@dataclass(frozen=True)
class SheetLine:
    """One day of openings on a settlement sheet; `withdrawn` accounts were paid for before and are taken back."""

    day: date
    accounts: int
    fen: int
    withdrawn: int = 0
    withdrawn_fen: int = 0


@dataclass(frozen=True)
class Sheet:
    """The settlement sheet of one payment: what is new since the one before, less what was withdrawn since."""

    lines: tuple[SheetLine, ...]

    @property
    def accounts(self) -> int:
        """Accounts that are paid for."""
        return sum(line.accounts for line in self.lines)

    @property
    def withdrawn(self) -> int:
        """Accounts that were paid for and count no more."""
        return sum(line.withdrawn for line in self.lines)

    @property
    def fen(self) -> int:
        """What the payment is."""
        return sum(line.fen - line.withdrawn_fen for line in self.lines)


@dataclass(frozen=True)
class Payment:
    """A payment to the recipient; `reference` is the number of the transfer."""

    reference: str
    fen: int
    paid_at: datetime
    made_by: str
    sheet: Sheet


@dataclass(frozen=True)
class Standing:
    """A pledge with its books and payments: what the public page says, no names in it."""

    kept: KeptPledge
    books: Books
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True)
class Opening:
    """One account that the bank's file told of."""

    customer_id: UUID
    opened_on: date


class PledgeRefusal(StrEnum):
    """Why nothing was done."""

    UNKNOWN = "unknown"
    OVERLAPS = "overlaps"
    COUNTED_ALREADY = "counted_already"
    NOTHING_OWED = "nothing_owed"
    NO_DONATION = "no_donation"
    TAKEN_BACK_ALREADY = "taken_back_already"
