"""Which changes of a running voucher favour the customer: no others are kept (S-206, Promotion Rules 2020)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from campaigns.vouchers.model import Condition, Counting, VoucherPlan

AS_MUCH = ("value_fen", "last", "valid_days", "stock", "at_once", "budget_fen", "liability_fen")
MAY_CHANGE = (*AS_MUCH, "first", "claw_back_days", "stacks_with", "holds_fen", "condition", "remind_at")


def worsened(old: Mapping[str, VoucherPlan], new: Mapping[str, VoucherPlan], today: date) -> list[str]:
    """The codes that a new file takes something from while they are on offer, or drops."""
    running = [code for code, plan in old.items() if plan.first <= today <= plan.last]
    return [code for code in running if code not in new or not favours(old[code], new[code])]


def favours(old: VoucherPlan, new: VoucherPlan) -> bool:
    """Whether a change takes nothing from the customer while a voucher is on offer (S-206, Promotion Rules 2020).

    As much or more of what there is, as easy or easier to meet, as long or longer; everything else stays.
    """
    return (
        replace(old, **{name: getattr(new, name) for name in MAY_CHANGE}) == new
        and all(getattr(new, name) >= getattr(old, name) for name in AS_MUCH)
        and new.first <= old.first
        and new.claw_back_days <= old.claw_back_days
        and new.stacks_with >= old.stacks_with
        and (new.holds_fen or 0) <= (old.holds_fen or 0)
        and _as_easy(old.condition, new.condition)
    )


def _as_easy(old: Condition | None, new: Condition | None) -> bool:
    if old is None or new is None:
        return new is None
    return (
        (old.risk, old.measured_by) == (new.risk, new.measured_by)
        and new.at_least_fen <= old.at_least_fen
        and new.look_back_days <= old.look_back_days
        and (new.counting is old.counting or new.counting is Counting.WINDOW)
        and new.kinds >= old.kinds
        and new.products >= old.products
    )
