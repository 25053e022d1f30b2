"""Pure decisions at the gift desk: what is handed out, to whom, once; what is taken back."""

from dataclasses import replace
from datetime import datetime

from campaigns.gifts.model import Gift, GiftCode, HandOut, HandOutState, Hold, Standing, Stock, Stores
from campaigns.rallies.model import Rally, RallyState
from campaigns.redemptions.model import Clerk
from campaigns.redemptions.rules import TO_UNDO

OPEN = frozenset({RallyState.RUNNING, RallyState.ENDED})  # The desk works until the rally is settled.
_HOLDS = {Hold.HELD: GiftCode.HELD, Hold.REFUSED: GiftCode.REFUSED}


def stores_of(rally: Rally, given: dict[tuple[str, bool], int], spent_fen: int) -> Stores:
    """What the desk has, by the rally's own plan and what was handed out so far."""
    stocks = []
    for plan in rally.plan.gifts:
        articles = ((False, plan.article), (True, plan.substitute))
        stocks += [
            Stock(plan.target, is_substitute, article, given.get((plan.target, is_substitute), 0))
            for is_substitute, article in articles
            if article is not None
        ]
    return Stores(tuple(stocks), rally.gifts_budget_fen, spent_fen)


def on_hand(stores: Stores, target: str) -> Stock | None:
    """What is handed out now: the gift, else the published substitute, else nothing (S-86)."""
    for is_substitute in (False, True):
        stock = stores.stock(target, is_substitute=is_substitute)
        if stock is not None and stock.left > 0 and stock.article.worth_fen <= stores.left_fen:
            return stock
    return None


def has_gift(gift: Gift) -> bool:
    """Whether anything is published for the medal at all."""
    return any(plan.target == gift.target.code for plan in gift.rally.plan.gifts)


def pieces(gift: Gift) -> int:
    """How many pieces of the medal's gift and its substitute the plan has in all."""
    articles = [
        each
        for plan in gift.rally.plan.gifts
        if plan.target == gift.target.code
        for each in (plan.article, plan.substitute)
    ]
    return sum(each.stock for each in articles if each)


def may_show(rally: Rally, hand_out: HandOut, standing: Standing) -> GiftCode | None:
    """Why a member is shown no code; None when the desk may be asked. The real name comes first (S-203)."""
    if rally.state not in OPEN:
        return GiftCode.NOT_NOW
    if hand_out.is_handed_out:
        return GiftCode.OVER
    if rally.plan.needs_real_name and standing.customer_id is None:
        return GiftCode.NOT_BOUND
    return GiftCode.HAD_BEFORE if standing.had_before else None


def may_hand_out(rally: Rally, hand_out: HandOut, standing: Standing, clerk: Clerk, now: datetime) -> GiftCode | None:
    """Why nothing is handed out; None when it is: the bank's own staff, a fresh code, once per customer (S-202)."""
    if clerk.partners is not None:
        return GiftCode.ELSEWHERE
    if refusal := may_show(rally, hand_out, standing):
        return refusal
    if hand_out.code_until is None or now >= hand_out.code_until:
        return GiftCode.STALE
    if hand_out.member_id == clerk.member_id:
        return GiftCode.OWN
    return _HOLDS.get(standing.hold)


def hand_out(
    stores: Stores, waiting: HandOut, expected: bool | None, clerk: Clerk, now: datetime
) -> tuple[Stores, HandOut] | GiftCode:
    """Take one piece out of stock and budget for a member; `expected` is whether the clerk saw the substitute.

    What is not what the clerk saw is told before anything is handed out.
    """
    stock = on_hand(stores, waiting.target)
    if stock is None:
        return GiftCode.NOTHING_LEFT
    if expected is not None and stock.is_substitute != expected:
        return GiftCode.CHANGED
    worth = stock.article.worth_fen
    after = replace(
        waiting,
        state=HandOutState.HANDED_OUT,
        is_substitute=stock.is_substitute,
        worth_fen=worth,
        handed_at=now,
        handed_by=clerk.member_id,
    )
    return _moved(stores, stock, 1, worth), after


def may_undo(rally: Rally, hand_out: HandOut, clerk: Clerk, now: datetime) -> GiftCode | None:
    """Why a hand-out stands; None when it is taken back: within ten minutes, by who did it or by a lead."""
    if not hand_out.is_handed_out or hand_out.handed_at is None:
        return GiftCode.NOT_HANDED_OUT
    if hand_out.handed_by != clerk.member_id and not clerk.is_lead:
        return GiftCode.NOT_YOURS
    return GiftCode.TOO_LATE if rally.state not in OPEN or now >= hand_out.handed_at + TO_UNDO else None


def undo(stores: Stores, handed: HandOut) -> tuple[Stores, HandOut]:
    """The piece and its worth go back into stock and budget, and the gift waits again."""
    stock = stores.stock(handed.target, is_substitute=bool(handed.is_substitute))
    if stock is None or handed.worth_fen is None:
        raise ValueError("What was handed out stands in no stock of its rally.")
    after = replace(
        handed,
        state=HandOutState.WAITING,
        is_substitute=None,
        worth_fen=None,
        handed_at=None,
        handed_by=None,
        undone=handed.undone + 1,
    )
    return _moved(stores, stock, -1, -handed.worth_fen), after


def _moved(stores: Stores, stock: Stock, pieces: int, fen: int) -> Stores:
    moved = replace(stock, given=stock.given + pieces)
    stocks = tuple(moved if each == stock else each for each in stores.stocks)
    return replace(stores, stocks=stocks, spent_fen=stores.spent_fen + fen)
