"""Pure decisions of settling: the sheet from what was counted, who pays what, and when a rally may be settled."""

from collections import Counter
from collections.abc import Mapping

from campaigns.coupons.model import CouponCount
from campaigns.gifts.model import Stores
from campaigns.points.rules import WHOLE, split
from campaigns.rallies.model import Rally
from campaigns.rallies.rules import Step, move
from campaigns.settlements.model import CouponLine, GiftLine, PartnerLine, RallySheet, SettleRefusal, TastingLine

Handed = Mapping[tuple[str, bool], tuple[int, int]]
UNUSED = CouponCount(0, 0, 0, 0, 0, 0, 0)


def sheet_of(
    rally: Rally, stores: Stores, handed: Handed, coupons: Mapping[str, CouponCount], tastings: Mapping[str, int]
) -> RallySheet:
    """The sheet: stocks against hand-outs that stand, coupons by what became of them, tastings as counted.

    `handed` are pieces and fen by target and substitute, `tastings` what was counted as given by booth.
    """
    gifts = tuple(
        GiftLine(
            stock.target,
            stock.is_substitute,
            stock.article.title_zh,
            stock.article.stock,
            stock.left,
            *handed.get((stock.target, stock.is_substitute), (0, 0)),
        )
        for stock in stores.stocks
    )
    lines = tuple(
        _coupon(plan.code, plan.article.title_zh, plan.partner, plan.article.stock, coupons.get(plan.code, UNUSED))
        for plan in rally.plan.coupons
    )
    tasted = tuple(
        TastingLine(plan.code, plan.tastings, booth.tastings_left or 0, tastings.get(plan.code, 0))
        for plan in rally.plan.booths
        if plan.tastings is not None and (booth := rally.booth(plan.code))
    )
    spent = sum(line.worth_fen for line in gifts)
    cost, partners = shares(rally, spent, lines)
    return RallySheet(
        rally.code,
        rally.title_zh,
        rally.state,
        rally.gifts_budget_fen,
        stores.spent_fen,
        gifts,
        lines,
        tasted,
        cost,
        partners,
    )


def shares(rally: Rally, gifts_fen: int, coupons: tuple[CouponLine, ...]) -> tuple[int, tuple[PartnerLine, ...]]:
    """The cost, and who pays and receives what of it, to the fen, as points are settled.

    Merchants receive what was redeemed at them, the organiser what its desk handed out; the organiser pays what no
    partner's share covers.
    """
    organiser = rally.plan.rules.organiser_zh
    receives = Counter({organiser: gifts_fen})
    for line in coupons:
        receives[line.partner] += line.redeemed_fen
    weights = Counter(rally.plan.shares)
    weights[organiser] += WHOLE - sum(rally.plan.shares.values())
    cost = sum(receives.values())
    names = list(dict.fromkeys([organiser, *rally.plan.shares, *receives]))
    pays = split(cost, {at: weights[name] for at, name in enumerate(names)})
    lines = (PartnerLine(name, weights[name], pays[at], receives[name]) for at, name in enumerate(names))
    return cost, tuple(lines)


def may_settle(rally: Rally, sheet: RallySheet) -> SettleRefusal | None:
    """Why a rally is not settled yet; None once it has ended, no coupon is open, and everything adds up."""
    if move(rally.state, Step.SETTLE) != "settled":
        return SettleRefusal.STILL_RUNNING
    if not sheet.is_balanced:
        return SettleRefusal.OUT_OF_BALANCE
    return SettleRefusal.COUPONS_OPEN if any(line.left for line in sheet.coupons) else None


def _coupon(code: str, title: str, partner: str, stock: int, count: CouponCount) -> CouponLine:
    return CouponLine(
        code, title, partner, stock, count.issued, count.redeemed, count.expired, count.void, count.left,
        count.redeemed_fen,
    )  # fmt: skip
