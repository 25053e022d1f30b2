"""Pure decisions on coupons: what a stamp or a medal is worth, who may redeem, when somebody is reminded."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.coupons.model import Coupon, CouponCode, CouponState
from campaigns.rallies.model import CouponPlan, Rally, RallyState, Visit
from campaigns.redemptions.model import Clerk
from campaigns.redemptions.rules import TO_UNDO

REMINDED_BEFORE = timedelta(days=1)
MORNING, EVENING = time(9), time(20)
_ENDS = {
    CouponState.REDEEMED: CouponCode.OVER,
    CouponState.EXPIRED: CouponCode.EXPIRED,
    CouponState.VOID: CouponCode.VOID,
}


def earned(rally: Rally, booth: str, medals: Collection[str], had: Collection[str], now: datetime) -> list[CouponPlan]:
    """The coupons that a stamp of this booth, or medals that somebody has, are worth and that they do not have (S-84).

    In the order of their codes, so that whoever takes several from stock takes them in one order.
    """
    plans = (
        plan
        for plan in rally.plan.coupons
        if plan.code not in had and now < plan.expires_at and (plan.booth == booth or plan.target in medals)
    )
    return sorted(plans, key=lambda plan: plan.code)


def takers_of(
    rally: Rally,
    visits: Sequence[Visit],
    medals: Mapping[int, Collection[str]],
    had: Mapping[int, Collection[str]],
    now: datetime,
) -> list[tuple[CouponPlan, list[int]]]:
    """Who gets which coupon for these stamps, the plans in the order of their codes, members in that of the stamps."""
    takers: dict[str, dict[int, None]] = {}
    for member_id, booth in visits:
        for plan in earned(rally, booth.code, medals.get(member_id, ()), had.get(member_id, ()), now):
            takers.setdefault(plan.code, {})[member_id] = None
    plans = {plan.code: plan for plan in rally.plan.coupons}
    return [(plans[code], list(takers[code])) for code in sorted(takers)]


def remind_at(issued: datetime, expires: datetime, zone: ZoneInfo) -> datetime | None:
    """When somebody is reminded of a coupon, once: a day before its end, or half-way where it is shorter; by day.

    None where the day leaves no such hour.
    """
    moment = expires - min(REMINDED_BEFORE, (expires - issued) / 2)
    wall = moment.astimezone(zone)
    if wall.time() < MORNING:
        moment = datetime.combine(wall.date(), MORNING, tzinfo=zone)
    elif wall.time() >= EVENING:
        moment = datetime.combine(wall.date(), EVENING, tzinfo=zone) - timedelta(hours=1)
    return moment if issued < moment < expires else None


def may_show(rally: Rally, coupon: Coupon, now: datetime) -> CouponCode | None:
    """Why a member is shown no code; None when the coupon can be redeemed."""
    if coupon.state is not CouponState.ISSUED:
        return _ENDS[coupon.state]
    if now >= coupon.expires_at:
        return CouponCode.EXPIRED
    return CouponCode.NOT_NOW if rally.state is RallyState.SETTLED else None


def may_redeem(rally: Rally, coupon: Coupon, clerk: Clerk, now: datetime) -> CouponCode | None:
    """Why a coupon is not redeemed; None when it is: by the partner's own clerk, with a fresh code, once."""
    if clerk.partners is None or coupon.partner_id not in clerk.partners:
        return CouponCode.ELSEWHERE
    if refusal := may_show(rally, coupon, now):
        return refusal
    if coupon.code_until is None or now >= coupon.code_until:
        return CouponCode.STALE
    return CouponCode.OWN if coupon.member_id == clerk.member_id else None


def may_undo(rally: Rally, coupon: Coupon, clerk: Clerk, now: datetime) -> CouponCode | None:
    """Why a redemption stands; None when it is taken back: within ten minutes, by who did it or by a lead."""
    if coupon.state is not CouponState.REDEEMED or coupon.ended_at is None:
        return _ENDS.get(coupon.state, CouponCode.OVER)
    if coupon.ended_by != clerk.member_id and not clerk.is_lead:
        return CouponCode.NOT_YOURS
    is_late = rally.state is RallyState.SETTLED or now >= coupon.ended_at + TO_UNDO
    return CouponCode.TOO_LATE if is_late else None
