"""Bundles as portfolios: how much of what is held each product would take, what stays as it is, and the risk of all."""

from dataclasses import dataclass

from campaigns.catalogue.model import Holdings, Product, Selection

YUAN = 100
WHOLE = 100


@dataclass(frozen=True)
class Position:
    """One product's share in whole percent, and the amount in fen; None where nobody told what is held."""

    product: Product
    percent: int
    amount: int | None = None


@dataclass(frozen=True)
class Portfolio:
    """The positions, how many percent stay as they are, and the highest grade among them (None: none has one)."""

    positions: tuple[Position, ...]
    rest: int
    grade: int | None
    holdings: Holdings | None = None


def portfolio(selection: Selection, holdings: Holdings | None) -> Portfolio | None:
    """What a customer's bundle comes to (S-26); None where it is no portfolio or nothing of it can be bought.

    Nobody's share grows because another product is left out: what may not be shown, and what would be less than the
    least that can be bought, stays as it is. A portfolio is as risky as the riskiest product in it.
    """
    total = holdings.total if holdings and holdings.total else None
    positions = [
        Position(each, selection.bundle.shares[each.code], _amount(total, selection.bundle.shares[each.code]))
        for each in selection.shown
        if each.code in selection.bundle.shares
    ]
    bought = tuple(each for each in positions if _is_enough(each))
    if not bought:
        return None
    grades = [each.product.grade for each in bought if each.product.grade]
    rest = WHOLE - sum(each.percent for each in bought)
    return Portfolio(bought, rest, max(grades, default=None), holdings if total else None)


def _amount(total: int | None, percent: int) -> int | None:
    """Whole hundreds of yuan, rounded down."""
    step = 100 * YUAN
    return None if total is None else total * percent // WHOLE // step * step


def _is_enough(position: Position) -> bool:
    least = (position.product.minimum or 0) * YUAN
    return position.amount is None or position.amount >= max(least, 1)
