"""What only shows once all parts of a plan are together: codes, hours, references, the budget, the partners."""

from collections.abc import Callable, Collection, Sequence

from campaigns.rallies.faults import Faults, RallyFault
from campaigns.rallies.model import RallyPlan


def check_whole(plan: RallyPlan, faults: Faults, partners: Collection[str] | None) -> None:
    """Keep every fault of the whole; `partners` are the names that are known, None where nobody can say."""
    for check in CHECKS:
        check(plan, faults)
    for place, name in _partners(plan):
        if partners is not None and name not in partners:
            faults.add(RallyFault.UNKNOWN_PARTNER, place, name)


def gifts_cost(plan: RallyPlan) -> int:
    """What all gifts of a plan cost if every piece is handed out, substitutes too, in fen."""
    articles = [article for gift in plan.gifts for article in (gift.article, gift.substitute) if article]
    return sum(article.stock * article.worth_fen for article in articles)


def partners_of(plan: RallyPlan) -> frozenset[str]:
    """The names of all partners that a plan names."""
    return frozenset(name for _, name in _partners(plan))


def check_once(place: str, codes: Sequence[str], faults: Faults) -> None:
    """Each code once; `place` has a gap for the number of the entry."""
    for at, code in enumerate(codes, 1):
        if code in codes[: at - 1]:
            faults.add(RallyFault.TWICE, place.format(at), code)


def _codes(plan: RallyPlan, faults: Faults) -> None:
    """Each code of targets, gifts and coupons once."""
    check_once("targets.{}.code", [target.code for target in plan.targets], faults)
    check_once("gifts.{}.target", [gift.target for gift in plan.gifts], faults)
    check_once("coupons.{}.code", [coupon.code for coupon in plan.coupons], faults)


def _hours(plan: RallyPlan, faults: Faults) -> None:
    """Every booth's hours lie within the event's."""
    for at, booth in enumerate(plan.booths, 1):
        if not plan.starts_at <= booth.opens_at < booth.closes_at <= plan.ends_at:
            faults.add(RallyFault.OUTSIDE, f"booths.{at}.opens")


def _gifts(plan: RallyPlan, faults: Faults) -> None:
    """Every gift is of a target that there is, and the budget covers the last piece."""
    targets = {target.code for target in plan.targets}
    for at, gift in enumerate(plan.gifts, 1):
        if gift.target not in targets:
            faults.add(RallyFault.UNKNOWN_TARGET, f"gifts.{at}.target", gift.target)
    if plan.gifts_budget_fen < (cost := gifts_cost(plan)):
        faults.add(RallyFault.OVER_BUDGET, "gifts_budget_yuan", f"{cost / 100:.2f}")


def _coupons(plan: RallyPlan, faults: Faults) -> None:
    """Every coupon has its booth or target, and outlives the event."""
    booths, targets = {booth.code for booth in plan.booths}, {target.code for target in plan.targets}
    for at, coupon in enumerate(plan.coupons, 1):
        if coupon.booth is not None and coupon.booth not in booths:
            faults.add(RallyFault.UNKNOWN_BOOTH, f"coupons.{at}.booth", coupon.booth)
        if coupon.target is not None and coupon.target not in targets:
            faults.add(RallyFault.UNKNOWN_TARGET, f"coupons.{at}.target", coupon.target)
        if coupon.expires_at < plan.ends_at:
            faults.add(RallyFault.EXPIRES_EARLY, f"coupons.{at}.expires")


def _partners(plan: RallyPlan) -> list[tuple[str, str]]:
    """Where partners are named, and which."""
    booths = [(f"booths.{at}.partner", booth.partner) for at, booth in enumerate(plan.booths, 1) if booth.partner]
    coupons = [(f"coupons.{at}.partner", coupon.partner) for at, coupon in enumerate(plan.coupons, 1)]
    return [*booths, *coupons, *((f"shares.{name}", name) for name in plan.shares)]


CHECKS: tuple[Callable[[RallyPlan, Faults], None], ...] = (_codes, _hours, _gifts, _coupons)
