"""Pure decisions on points: who is paid while the budget lasts, which lots are spent, what a partner pays."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from campaigns.points.model import (
    GRANTS,
    Account,
    AccountKind,
    Balance,
    CampaignState,
    CloseRefusal,
    Grant,
    GrantCode,
    Movement,
    MovementReason,
    PointsCampaign,
    Settlement,
    SettlementLine,
    Share,
    Totals,
)

WHOLE = 10_000  # basis points
HUNDREDTHS = 100  # prices are per 100 points
GRACE = timedelta(days=7)
LONGEST_VALIDITY = 3 * 366
MOST_POINTS = 1_000_000_000


class CampaignError(ValueError):
    """A points campaign that cannot be; the message says why in one sentence."""


def check_campaign(price: int, valid_days: int, shares: Sequence[Share], budget: int) -> None:
    """Refuse a campaign whose price, validity, budget or contract cannot be.

    Raises:
        CampaignError: says what is wrong.
    """
    if not 1 <= price <= 1_000_000:
        raise CampaignError("The price must lie between 1 and 1,000,000 fen per 100 points.")
    if not 1 <= valid_days <= LONGEST_VALIDITY:
        raise CampaignError(f"Points must be valid for 1 to {LONGEST_VALIDITY} days.")
    if not 1 <= budget <= MOST_POINTS:
        raise CampaignError(f"The budget must lie between 1 and {MOST_POINTS:,} points.")
    if len({share.partner for share in shares}) < len(shares) or any(share.basis_points <= 0 for share in shares):
        raise CampaignError("Every partner has one share above 0.")
    if sum(share.basis_points for share in shares) != WHOLE:
        raise CampaignError("The partners' shares must add up to 100 %.")


def keys_of(campaign_id: int, grant: Grant) -> tuple[str, str | None]:
    """What makes a grant happen once: a key for the member, and one for the bank's customer where there is one."""
    occasion = f"{campaign_id}:{grant.reason}:{grant.occasion}"
    person = f"{occasion}:customer:{grant.customer_id}" if grant.customer_id else None
    return f"{occasion}:member:{grant.member_id}", person


def share_out(
    campaign: PointsCampaign,
    purse: Balance,
    grants: Sequence[Grant],
    used: Collection[str],
    now: datetime,
    today: date,
) -> tuple[list[GrantCode], list[Movement]]:
    """Decide grants in their order while the purse, a budget account, lasts; nobody is paid in part.

    `used` are the keys that earlier grants took.
    """
    left = purse.points
    taken: set[str | None] = set(used)
    codes: list[GrantCode] = []
    movements: list[Movement] = []
    for grant in grants:
        key, person = keys_of(campaign.id, grant)
        if grant.reason not in GRANTS:
            raise ValueError(f"{grant.reason} does not pay members.")
        if key in taken or (person is not None and person in taken):
            codes.append(GrantCode.TWICE)
        elif campaign.state is CampaignState.CLOSED or now >= campaign.ends_at:
            codes.append(GrantCode.CLOSED)
        elif grant.points > left:
            codes.append(GrantCode.BUDGET_EMPTY)
        else:
            codes.append(GrantCode.GRANTED)
            movements.append(_payment(campaign, purse.account, grant, today, key, person))
            taken |= {key, person}
            left -= grant.points
    return codes, movements


def _payment(
    campaign: PointsCampaign, purse: Account, grant: Grant, today: date, key: str, person: str | None
) -> Movement:
    lot = Account(AccountKind.MEMBER, campaign.id, grant.member_id, today + timedelta(days=campaign.valid_days))
    return Movement(key, purse, lot, grant.points, grant.reason, campaign.price, person)


def take(lots: Sequence[Balance], points: int, today: date) -> list[Balance] | None:
    """What to take from which lot to spend `points`: what ends first goes first; None when they do not suffice."""
    taken: list[Balance] = []
    for lot in sorted(spendable(lots, today), key=lambda lot: (lot.account.expires_on, lot.account.campaign_id)):
        part = min(points, lot.points)
        if part:
            taken.append(Balance(lot.account, part))
        points -= part
    return None if points else taken


def spendable(lots: Sequence[Balance], today: date) -> list[Balance]:
    """The lots that are still valid; the last day itself counts."""
    return [lot for lot in lots if lot.points > 0 and lot.account.expires_on >= today]


def back_to(account: Account, today: date) -> Account:
    """Where cancelled points return to: their own lot, or one that lives another week where less was left of it."""
    soonest = today + GRACE
    expires_on = max(account.expires_on, soonest)
    return Account(AccountKind.MEMBER, account.campaign_id, account.owner, expires_on)


def may_close(campaign: PointsCampaign, totals: Totals, budget: int, now: datetime) -> CloseRefusal | None:
    """Why a campaign cannot be closed yet; None when every point has come to its end.

    `budget` is what lies on the campaign's own budget, apart from what draws have set aside.
    """
    if campaign.state is CampaignState.CLOSED:
        return CloseRefusal.CLOSED_ALREADY
    if now < campaign.ends_at:
        return CloseRefusal.STILL_RUNNING
    if not totals.is_balanced:
        return CloseRefusal.OUT_OF_BALANCE
    if totals.left != budget:
        return CloseRefusal.DRAWS_OPEN
    if totals.held:
        return CloseRefusal.REDEMPTIONS_OPEN
    return CloseRefusal.MEMBERS_HOLD_POINTS if totals.outstanding else None


def returned(campaign: PointsCampaign, left: int) -> list[Movement]:
    """What a closing gives back to the issue."""
    if not left:
        return []
    budget, issue = Account(AccountKind.BUDGET, campaign.id), Account(AccountKind.ISSUE, campaign.id)
    return [Movement(f"{campaign.id}:return", budget, issue, left, MovementReason.RETURN, campaign.price)]


def settle(campaign: PointsCampaign, totals: Totals, names: Mapping[int, str]) -> Settlement:
    """The settlement sheet: the cost of all claims at the prices of their days, split by the contract to the fen.

    A partner at whom points were claimed has a line even without a share: `receives_fen` is what its claims cost.
    """
    cost = -(-sum(totals.cost.values()) // HUNDREDTHS)
    shares = {share.partner: share.basis_points for share in campaign.shares}
    pays = split(cost, shares)
    receives = split(cost, totals.cost) if cost else {}
    lines = tuple(
        SettlementLine(
            partner,
            names[partner],
            shares.get(partner, 0),
            totals.claimed.get(partner, 0),
            pays.get(partner, 0),
            receives.get(partner, 0),
        )
        for partner in sorted(shares.keys() | totals.claimed.keys())
    )
    return Settlement(campaign, totals, cost, lines)


def split(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Whole parts of an amount by weight that add up to it: what is left over goes to the largest remainders."""
    whole = sum(weights.values())
    parts = {owner: amount * weight // whole for owner, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda owner: (-(amount * weights[owner] % whole), owner))
    for owner in by_remainder[: amount - sum(parts.values())]:
        parts[owner] += 1
    return parts
