"""The settlement of vouchers: what became of every piece, by voucher, and what was paid, by partner and product."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.vouchers.model import MovementKind, Stock


@dataclass(frozen=True)
class Sheet:
    """One voucher's figures as they are kept, as its rows say, and as its movements say; limits in pieces and fen."""

    code: str
    pieces: int
    budget_fen: int
    liability_fen: int
    kept: Stock
    rows: Stock
    movements: Stock

    @property
    def is_balanced(self) -> bool:
        """Whether issued = redeemed + expired + clawed back + open, the same by all three, and within every limit."""
        kept = self.kept
        is_within = kept.issued <= self.pieces and kept.open_fen <= self.liability_fen
        is_paid = kept.open_fen + kept.redeemed_fen <= self.budget_fen
        return kept.is_balanced and is_within and is_paid and kept == self.rows == self.movements


@dataclass(frozen=True)
class Payout:
    """What stands paid to customers at one partner for one product (None where nothing had to be bought)."""

    partner: str
    code: str
    product: str | None
    redeemed: int
    redeemed_fen: int
    clawed_back: int
    clawed_back_fen: int


@dataclass(frozen=True)
class Settlement:
    """All vouchers with what was paid."""

    sheets: tuple[Sheet, ...]
    payouts: tuple[Payout, ...]

    @property
    def is_balanced(self) -> bool:
        """Whether every sheet is."""
        return all(each.is_balanced for each in self.sheets)


def stock_of(found: Mapping[MovementKind, tuple[int, int]]) -> Stock:
    """The figures that movements add up to: how many of each kind, and their worth in fen."""

    def of(kind: MovementKind) -> tuple[int, int]:
        return found.get(kind, (0, 0))

    (claimed, claimed_fen), (paid, paid_fen) = of(MovementKind.CLAIMED), of(MovementKind.REDEEMED)
    (expired, expired_fen), (back, back_fen) = of(MovementKind.EXPIRED), of(MovementKind.CLAWED_BACK)
    return Stock(
        issued=claimed,
        open=claimed - paid - expired,
        redeemed=paid - back,
        expired=expired,
        clawed_back=back,
        open_fen=claimed_fen - paid_fen - expired_fen,
        redeemed_fen=paid_fen - back_fen,
        clawed_back_fen=back_fen,
    )
