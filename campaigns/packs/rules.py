"""Pure rules of packs: for whom, the next step of the ladder, how far to a higher limit, which round it is."""

from collections.abc import Mapping, Sequence
from datetime import date

from campaigns.catalogue.model import Product, ProductKind, Profile
from campaigns.catalogue.rules import fits
from campaigns.packs.model import Every, LimitProgress, LimitRule, Pack, Standing
from campaigns.vouchers.model import VoucherPlan

WHOLE = 100


def is_for(pack: Pack, profile: Profile, *, belongs: bool) -> bool:
    """Whether a customer gets a pack: the aim fits and the audience has them (S-147 to S-152)."""
    return belongs and (pack.aim is None or fits(pack.aim, profile))


def next_step(products: Sequence[Product], standing: Standing) -> Product | None:
    """The first product of a ladder of whose kind nothing is held (S-150: 储蓄→理财→基金); None at the top."""
    held = {
        ProductKind.DEPOSIT: standing.deposits,
        ProductKind.WEALTH: standing.wealth,
        ProductKind.FUND: standing.funds,
    }
    return next((each for each in products if not held.get(each.kind, 0)), None)


def limit_progress(rule: LimitRule, standing: Standing) -> LimitProgress:
    """How far somebody is to asking for a higher credit limit: uses, and investments grown since the delivery before.

    Deposits are left out, as nothing may be given for them; the limit itself is granted by approval alone (S-20).
    """
    if not standing.before:
        return LimitProgress(rule, standing.uses, None)
    return LimitProgress(rule, standing.uses, (standing.investments - standing.before) * WHOLE // standing.before)


def worth_of(pack: Pack, plans: Mapping[str, VoucherPlan]) -> int:
    """The most that one customer gets by a pack, in fen: every voucher of it, each once (S-217)."""
    return sum(plans[code].value_fen for code in pack.vouchers if code in plans)


def round_of(every: Every, today: date) -> str:
    """The name of the round that a day is in, such as 2026Q4 (S-151)."""
    match every:
        case Every.QUARTER:
            return f"{today.year}Q{(today.month + 2) // 3}"
