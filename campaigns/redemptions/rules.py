"""Pure decisions on redemptions: who may have what from the shelf, and who may hand it out."""

import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256

from campaigns.redemptions.model import (
    Asker,
    Clerk,
    ConfirmCode,
    RedeemCode,
    Redemption,
    RedemptionState,
    ShelfItem,
)

TO_FETCH = timedelta(days=7)
TO_UNDO = timedelta(minutes=10)
TOKEN_BYTES = 18  # 24 characters: more than 128 bits, and short enough for a start parameter


class ShelfError(ValueError):
    """Something that cannot stand on the shelf; the message says why in one sentence."""


def check_item(points: int, stock: int, starts_on: date, ends_on: date, per_person: int, offset: int | None) -> None:
    """Refuse an item whose numbers cannot be.

    Raises:
        ShelfError: says what is wrong.
    """
    if points < 1 or stock < 0 or per_person < 1:
        raise ShelfError("An item needs a price and a limit per person above 0, and a stock of at least 0.")
    if ends_on < starts_on:
        raise ShelfError("An item cannot end before it starts.")
    if offset is not None and offset < 1:
        raise ShelfError("A cash offset must be above 0 fen.")


def may_redeem(item: ShelfItem | None, asker: Asker, had: int, today: date) -> RedeemCode | None:
    """Why this is not redeemed; None when only the points are still to be asked for.

    The real name comes first (requirement S-203): an unbound member redeems nothing.
    """
    if item is None:
        return RedeemCode.UNKNOWN_ITEM
    if asker.customer_id is None:
        return RedeemCode.NOT_BOUND
    if not item.starts_on <= today <= item.ends_on:
        return RedeemCode.NOT_NOW
    if had >= item.per_person:
        return RedeemCode.ENOUGH
    return None if item.stock > 0 else RedeemCode.SOLD_OUT


def may_confirm(redemption: Redemption | None, clerk: Clerk, now: datetime) -> ConfirmCode | None:
    """Why goods are not handed out; None when they are. Nobody hands out to themselves, or for another partner."""
    if redemption is None:
        return ConfirmCode.UNKNOWN
    if clerk.partners is not None and redemption.item.partner_id not in clerk.partners:
        return ConfirmCode.ELSEWHERE
    if redemption.state is not RedemptionState.HELD or now >= redemption.lapses_at:
        return ConfirmCode.OVER
    return ConfirmCode.OWN if redemption.member_id == clerk.member_id else None


def may_undo(redemption: Redemption | None, clerk: Clerk, now: datetime) -> ConfirmCode | None:
    """Why a hand-out stands; None when it is taken back: within ten minutes, by who did it or by a lead."""
    if redemption is None:
        return ConfirmCode.UNKNOWN
    if redemption.state is not RedemptionState.HANDED_OVER or redemption.ended_at is None:
        return ConfirmCode.OVER
    if redemption.ended_by != clerk.member_id and not clerk.is_lead:
        return ConfirmCode.NOT_YOURS
    return ConfirmCode.TOO_LATE if now >= redemption.ended_at + TO_UNDO else None


def new_token() -> str:
    """What a member shows at the desk: cannot be guessed, works once."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """All that is kept of it."""
    return sha256(token.encode()).digest()
