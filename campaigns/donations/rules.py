"""Pure rules of donations: for how many accounts there is room, and what a payment is for."""

from collections.abc import Iterable

from campaigns.donations.model import Pledge, Sheet, SheetLine


def room(pledge: Pledge, accrued_fen: int) -> int:
    """For how many more accounts the cap has room; a part of a donation is none."""
    return max(pledge.cap_fen - accrued_fen, 0) // pledge.fen_each


def sheet_of(lines: Iterable[SheetLine]) -> Sheet:
    """A sheet with its days in order, those with nothing on them left out."""
    return Sheet(tuple(sorted((each for each in lines if each.accounts or each.withdrawn), key=lambda each: each.day)))
