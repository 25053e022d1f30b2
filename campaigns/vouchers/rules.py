"""Pure decisions on vouchers: who may claim, what counts, when it is met, redeemed, taken back or over (S-28, S-29)."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.catalogue.rules import fits
from campaigns.vouchers.model import (
    OPEN,
    Asker,
    Condition,
    Counting,
    MeasuredBy,
    Movement,
    MovementKind,
    Purchase,
    Stock,
    Voucher,
    VoucherPlan,
    VoucherRefusal,
    VoucherState,
)

WHOLE = 100
DAY = timedelta(days=1)


def offered(plan: VoucherPlan, asker: Asker, today: date) -> VoucherRefusal | None:
    """Why a voucher is not for somebody, whatever else they hold; None when it is.

    Source: S-28 (class), S-58 (R ≤ C, who has no valid assessment is left out), S-149 (level of investments).
    """
    if asker.customer_id is None:
        return VoucherRefusal.NOT_BOUND
    if not asker.belongs or (plan.aim is not None and not fits(plan.aim, asker.profile)):
        return VoucherRefusal.NOT_FOR_YOU
    if refusal := _unsuitable(plan.condition, asker.profile.appetite):
        return refusal
    if today < plan.first:
        return VoucherRefusal.NOT_YET
    if today > plan.last:
        return VoucherRefusal.OVER
    return VoucherRefusal.LOCKED if asker.holds_fen < (plan.holds_fen or 0) else None


def room(plan: VoucherPlan, stock: Stock) -> VoucherRefusal | None:
    """Why no piece can be given out: stock, budget, or the cap on what is outstanding (S-43)."""
    if stock.issued >= plan.stock:
        return VoucherRefusal.SOLD_OUT
    if stock.open_fen + stock.redeemed_fen + plan.value_fen > plan.budget_fen:
        return VoucherRefusal.BUDGET
    return VoucherRefusal.CAP if stock.open_fen + plan.value_fen > plan.liability_fen else None


def claim(
    plan: VoucherPlan,
    version: int,
    asker: Asker,
    held: Collection[tuple[Voucher, VoucherPlan]],
    now: datetime,
    zone: ZoneInfo,
) -> Voucher | VoucherRefusal:
    """Take a voucher; `held` are all that this customer has or had, each with its plan. A piece is taken elsewhere.

    Money that has met one voucher counts for no other, unless both say that they go together.
    """
    today = now.astimezone(zone).date()
    if refusal := offered(plan, asker, today):
        return refusal
    if any(each.code == plan.code for each, _ in held):
        return VoucherRefusal.HAD
    in_hand = [(each, other) for each, other in held if each.is_open]
    if any(not stack(plan, other) for _, other in in_hand):
        return VoucherRefusal.NO_STACKING
    if len(in_hand) >= min([plan.at_once, *(other.at_once for _, other in in_hand)]):
        return VoucherRefusal.TOO_MANY
    assert asker.customer_id is not None
    last = today + timedelta(days=plan.valid_days - 1)
    made = Voucher(
        0,
        version,
        plan.code,
        asker.customer_id,
        asker.member_id,
        plan.value_fen,
        plan.need_fen,
        now,
        _counts_from(plan, held, today, zone),
        last,
        datetime.combine(last + DAY, time(), tzinfo=zone),
    )
    return made if plan.need_fen else replace(made, state=VoucherState.MET, met_at=now)


def stack(one: VoucherPlan, other: VoucherPlan) -> bool:
    """Whether two vouchers may be held at once and met by the same money: both say so."""
    return other.code in one.stacks_with and one.code in other.stacks_with


def counts(condition: Condition, purchase: Purchase) -> bool:
    """Whether a purchase or return is of what the condition asks for, and of no higher risk."""
    is_meant = purchase.kind in condition.kinds or purchase.product in condition.products
    limit = condition.grade
    return is_meant and (purchase.risk is None or limit is None or purchase.risk <= limit)


def progress(condition: Condition, voucher: Voucher, purchases: Iterable[Purchase]) -> tuple[int, str | None]:
    """What counts in fen, and the product that most of it was bought of; returns are taken off, never below 0."""
    look_back = voucher.counts_from - timedelta(days=condition.look_back_days)
    by_product: dict[str, int] = {}
    for each in purchases:
        if not counts(condition, each):
            continue
        is_late_return = each.signed_fen < 0 and each.day > voucher.last_day
        is_early_return = each.signed_fen < 0 and look_back <= each.day < voucher.counts_from
        if voucher.counts_from <= each.day <= voucher.last_day or is_late_return or is_early_return:
            by_product[each.product] = by_product.get(each.product, 0) + each.signed_fen
    best = max(by_product, key=lambda code: (by_product[code], code), default=None)
    return max(sum(by_product.values()), 0), best


def measure(
    plan: VoucherPlan, voucher: Voucher, purchases: Collection[Purchase], now: datetime, zone: ZoneInfo
) -> tuple[Voucher, Movement | None]:
    """A voucher after everything that the bank has told of its customer, and what is booked of the change.

    Whoever brings back what was bought within the claw-back window after the redemption loses the voucher again.
    """
    condition = plan.condition
    if condition is None or condition.measured_by is MeasuredBy.STAFF:
        return voucher, None
    if voucher.state is VoucherState.REDEEMED:
        return _clawed_back(plan, condition, voucher, purchases, now, zone)
    if voucher.state not in OPEN:
        return voucher, None
    amount, product = progress(condition, voucher, purchases)
    seen = replace(voucher, progress_fen=amount, product=product)
    is_met = amount >= voucher.need_fen
    if is_met and voucher.state is VoucherState.CLAIMED:
        met = replace(seen, state=VoucherState.MET, met_at=now)
        return met, Movement(MovementKind.MET, met, now)
    if not is_met and voucher.state is not VoucherState.CLAIMED:
        back = replace(seen, state=VoucherState.CLAIMED, met_at=None, asked_at=None)
        return back, Movement(MovementKind.UNMET, back, now, reason=_why(purchases))
    return seen, None


def met_by_staff(plan: VoucherPlan, voucher: Voucher, by: int, now: datetime) -> Movement | VoucherRefusal:
    """A member of staff saw that the condition is met; never their own voucher, and only where the plan says so."""
    if plan.condition is None or plan.condition.measured_by is not MeasuredBy.STAFF:
        return VoucherRefusal.BY_FILE
    if refusal := _closed(voucher, now):
        return refusal
    if voucher.member_id == by:
        return VoucherRefusal.OWN
    if voucher.state is not VoucherState.CLAIMED:
        return VoucherRefusal.ASKED_ALREADY
    met = replace(voucher, state=VoucherState.MET, met_at=now, progress_fen=voucher.need_fen)
    return Movement(MovementKind.MET, met, now, by)


def ask(voucher: Voucher, member_id: int, customer_id: UUID | None, now: datetime) -> Movement | VoucherRefusal:
    """The first step of a redemption: the customer asks for it, by whichever account is linked now."""
    if voucher.customer_id != customer_id:
        return VoucherRefusal.NOT_YOURS
    if refusal := _closed(voucher, now):
        return refusal
    if voucher.state is VoucherState.CLAIMED:
        return VoucherRefusal.NOT_MET
    if voucher.state is VoucherState.ASKED:
        return VoucherRefusal.ASKED_ALREADY
    asked = replace(voucher, state=VoucherState.ASKED, asked_at=now)
    return Movement(MovementKind.ASKED, asked, now, member_id)


def confirm(voucher: Voucher, by: int | None, now: datetime) -> Movement | VoucherRefusal:
    """The second step: another person pays it out, or the bank's file says that it did (`by` None).

    What was asked for in time is paid even if the answer takes longer than the voucher lasts.
    """
    if by is not None and voucher.member_id == by:
        return VoucherRefusal.OWN
    if not voucher.is_open:
        return VoucherRefusal.EXPIRED if voucher.state is VoucherState.EXPIRED else VoucherRefusal.ENDED
    if voucher.state is VoucherState.CLAIMED:
        return VoucherRefusal.NOT_MET
    if by is not None and voucher.state is not VoucherState.ASKED:
        return VoucherRefusal.NOT_ASKED
    done = replace(voucher, state=VoucherState.REDEEMED, ended_at=now, ended_by=by)
    return Movement(MovementKind.REDEEMED, done, now, by)


def send_back(voucher: Voucher, by: int, reason: str, now: datetime) -> Movement | VoucherRefusal:
    """Staff do not pay it out for now, with a reason; the customer may ask again."""
    if voucher.state is not VoucherState.ASKED:
        return VoucherRefusal.NOT_ASKED if voucher.is_open else VoucherRefusal.ENDED
    back = replace(voucher, state=VoucherState.MET, asked_at=None)
    return Movement(MovementKind.SENT_BACK, back, now, by, reason)


def expire(voucher: Voucher, now: datetime) -> Movement | None:
    """The end of one that nobody asked for in time; what was asked for waits for its answer."""
    if now < voucher.expires_at or voucher.state not in {VoucherState.CLAIMED, VoucherState.MET}:
        return None
    over = replace(voucher, state=VoucherState.EXPIRED, ended_at=now)
    return Movement(MovementKind.EXPIRED, over, now)


def booked(stock: Stock, movement: Movement) -> Stock:
    """A plan's figures after a movement."""
    value = movement.voucher.value_fen
    match movement.kind:
        case MovementKind.CLAIMED:
            return replace(stock, issued=stock.issued + 1, open=stock.open + 1, open_fen=stock.open_fen + value)
        case MovementKind.REDEEMED:
            paid = replace(stock, redeemed=stock.redeemed + 1, redeemed_fen=stock.redeemed_fen + value)
            return replace(paid, open=stock.open - 1, open_fen=stock.open_fen - value)
        case MovementKind.EXPIRED:
            left = replace(stock, open=stock.open - 1, open_fen=stock.open_fen - value)
            return replace(left, expired=stock.expired + 1)
        case MovementKind.CLAWED_BACK:
            back = replace(stock, redeemed=stock.redeemed - 1, redeemed_fen=stock.redeemed_fen - value)
            return replace(back, clawed_back=stock.clawed_back + 1, clawed_back_fen=stock.clawed_back_fen + value)
        case _:
            return stock


def step_reached(plan: VoucherPlan, voucher: Voucher) -> int | None:
    """The highest step, in percent, of which a customer is told how far they are; None below the first (S-189)."""
    if voucher.state is not VoucherState.CLAIMED or not voucher.need_fen:
        return None
    done = voucher.progress_fen * WHOLE // voucher.need_fen
    return max((step for step in plan.remind_at if step <= done), default=None)


def _unsuitable(condition: Condition | None, appetite: int | None) -> VoucherRefusal | None:
    if condition is None or condition.grade is None:
        return None
    if appetite is None:
        return VoucherRefusal.NOT_ASSESSED
    return VoucherRefusal.UNSUITABLE if condition.grade > appetite else None


def _counts_from(plan: VoucherPlan, held: Collection[tuple[Voucher, VoucherPlan]], today: date, zone: ZoneInfo) -> date:
    start = plan.first if plan.condition and plan.condition.counting is Counting.WINDOW else today
    apart = [
        each.met_at.astimezone(zone).date() + DAY for each, other in held if each.met_at and not stack(plan, other)
    ]
    return max([start, *apart])


def _clawed_back(
    plan: VoucherPlan,
    condition: Condition,
    voucher: Voucher,
    purchases: Collection[Purchase],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Voucher, Movement | None]:
    assert voucher.ended_at is not None
    until = voucher.ended_at.astimezone(zone).date() + timedelta(days=plan.claw_back_days)
    amount, _ = progress(condition, voucher, [each for each in purchases if each.day <= until])
    if amount >= voucher.need_fen:
        return voucher, None
    reason = _why(purchases)
    back = replace(voucher, state=VoucherState.CLAWED_BACK, progress_fen=amount, ended_at=now, reason=reason)
    return back, Movement(MovementKind.CLAWED_BACK, back, now, reason=reason)


def _why(purchases: Collection[Purchase]) -> str:
    returns = [each for each in purchases if each.signed_fen < 0]
    last = max(returns, key=lambda each: (each.day, each.reference), default=None)
    return "" if last is None else f"{last.reference} {last.reason or ''}".strip()


def _closed(voucher: Voucher, now: datetime) -> VoucherRefusal | None:
    if voucher.state is VoucherState.EXPIRED or (voucher.is_open and now >= voucher.expires_at):
        return VoucherRefusal.EXPIRED
    return None if voucher.is_open else VoucherRefusal.ENDED
