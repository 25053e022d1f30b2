"""Next actions that follow what happened since the run (S-124): what no longer fits goes, what news call for comes.

Chances, values and channels are the run's own. Classes, scores, shares of those alike, new products and the sharing out
of manager's time wait for the next run.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from campaigns.customers.next_actions import ActionChannel, ActionKind, ActionReason, Alternative, NextAction
from campaigns.events.model import EventKind
from campaigns.setbacks.ports import Setbacks
from segmentation.appetites import suits_one

AT_A_TIME = 1_000  # Customers a look; whoever is left comes with the next.
SURE, BASIS_POINTS, YUAN_1000 = 0.95, 10_000, 100_000
CARD_USED = frozenset({EventKind.CARD_ACTIVATED, EventKind.CARD_FIRST_USED})
SELLING = frozenset({ActionKind.PRODUCT, ActionKind.COUPON})
FOLLOWED = (
    EventKind.LARGE_INFLOW,
    EventKind.FUND_PLAN_PAUSED,
    EventKind.FUND_PLAN_RESUMED,
    EventKind.PRODUCT_BOUGHT,
    *sorted(CARD_USED),
)


class Because(StrEnum):
    """Why an action changed since the run; stands among its reasons."""

    BARRED = "since_barred"
    ASKED = "since_asked"
    ASSESSED = "since_assessed"
    UNSUITABLE = "since_unsuitable"
    BOUGHT = "since_bought"
    CARD_USED = "since_card_used"
    INFLOW = "since_inflow"
    PLAN_PAUSED = "since_plan_paused"


@dataclass(frozen=True)
class Happening:
    """An event since the day of the run; `amount` in fen."""

    kind: EventKind
    at: datetime
    amount: int | None = None


@dataclass(frozen=True)
class Known:
    """What is known of a customer today: happenings by time, appetite, horizon, bars, and the run's scores.

    `current_value` is fen a year, `assets` are fen, scores are 0–100.
    """

    happenings: tuple[Happening, ...] = ()
    appetite: int | None = None
    horizon: int | None = None
    is_barred: bool = False
    has_asked: bool = False
    is_bound: bool = False
    churn: float = 0.0
    potential: float = 0.0
    current_value: int = 0
    assets: int = 0
    letter: str = "D"


@dataclass(frozen=True)
class ActionNumbers:
    """The numbers of the run's policy that an event's action is worth by; the policy's words as its row has them."""

    reply: Mapping[str, float]
    contact_fen: Mapping[str, int]
    willing: Mapping[str, float]
    products: Mapping[str, tuple[int, int]]
    years: int
    idle_from_fen: int
    idle_share: float
    fresh: Mapping[str, float]
    margins: Mapping[str, int]

    @classmethod
    def of_policy(cls, body: Mapping[str, Any]) -> "ActionNumbers":
        """Out of a policy's row."""
        found = body["actions"]
        ways = found["channels"]
        return cls(
            reply={name: way["reply"] for name, way in ways.items()},
            contact_fen={name: way["contact_fen"] for name, way in ways.items()},
            willing=found["willing"],
            products={name: (each["risk"], each.get("locked_days", 0)) for name, each in found["products"].items()},
            years=found["years"],
            idle_from_fen=found["idle_from_fen"],
            idle_share=found["idle_share"],
            fresh=found["fresh"],
            margins=body["value"]["margins"],
        )


@dataclass(frozen=True)
class Option:
    """One action by one channel with what it is worth, and why it is there beside the run's word."""

    of: Alternative
    reasons: tuple[ActionReason, ...] = field(default=())


def adapt(action: NextAction, known: Known, numbers: ActionNumbers) -> NextAction:
    """What to do next, of what the run found and what has happened since; the same facts give the same answer.

    Nothing is ever added that the run's policy does not price, and what no longer fits never comes back by itself.
    """
    first = Option(_as_alternative(action), action.reasons) if action.channel else None
    found = [*([first] if first else []), *(Option(each) for each in action.alternatives)]
    gone = {at: reason for at, each in enumerate(found) if (reason := _misfit(each.of, known, numbers))}
    kept = [each for at, each in enumerate(found) if at not in gone]
    for new in _called_for(action, known, numbers):
        kept = [each for each in kept if each.of.action is not new.of.action or _pays_more(each, new)]
        kept += [] if any(each.of.action is new.of.action for each in kept) else [new]
    kept.sort(key=lambda each: -each.of.expected_value_fen)  # Stable: of equals the run's own goes first.
    products = tuple(each for each in action.products if _may_hear_of(each.product, known, numbers))
    if kept and first and kept[0] is first:
        return replace(action, alternatives=tuple(each.of for each in kept[1:3]), products=products)
    why = _reasons(kept, list(dict.fromkeys(gone.values())), first is None or 0 in gone)
    if not kept:
        return action if first is None else replace(_nothing(action), reasons=why, products=products)
    return _led_by(action, kept, why, products)


def _misfit(found: Alternative, known: Known, numbers: ActionNumbers) -> Because | None:
    """Why an option no longer fits."""
    bought = any(each.kind is EventKind.PRODUCT_BOUGHT for each in known.happenings)
    match found.action:
        case ActionKind.LOAN if known.is_barred:
            return Because.BARRED
        case ActionKind.LOAN if known.has_asked:
            return Because.ASKED
        case ActionKind.RISK_QUESTIONNAIRE if known.appetite is not None:
            return Because.ASSESSED
        case ActionKind.ACTIVATE_CARD if any(each.kind in CARD_USED for each in known.happenings):
            return Because.CARD_USED
        case kind if kind in SELLING and bought:
            return Because.BOUGHT
        case kind if kind in SELLING and not _may_hear_of(found.product, known, numbers):
            return Because.UNSUITABLE
    return None


def _may_hear_of(product: str | None, known: Known, numbers: ActionNumbers) -> bool:
    risk, locked = numbers.products.get(product or "", (0, 0))
    return suits_one(risk, known.appetite, locked, known.horizon)


def _pays_more(one: Option, other: Option) -> bool:
    return one.of.expected_value_fen >= other.of.expected_value_fen


def _called_for(action: NextAction, known: Known, numbers: ActionNumbers) -> Iterator[Option]:
    """What events call for, valued as the run would: a product for money that came in, a call for a paused plan."""
    came = sum(each.amount or 0 for each in known.happenings if each.kind is EventKind.LARGE_INFLOW)
    bought = any(each.kind is EventKind.PRODUCT_BOUGHT for each in known.happenings)
    lively = 0.5 + known.potential / 100
    if came >= numbers.idle_from_fen and not bought:
        amount = int(numbers.idle_share * came) // YUAN_1000 * YUAN_1000
        reason = ActionReason(Because.INFLOW, float(came), 0.95)
        ways = (ActionChannel.MESSAGE,) if known.is_bound else (ActionChannel.CALL, ActionChannel.PUSH)
        sales = (
            sale
            for each in action.products
            if _may_hear_of(each.product, known, numbers)
            for sale in _worth(
                ActionKind.PRODUCT, ways, each.product, amount, _sale_value(each.product, amount, known, numbers),
                each.share * lively, numbers, reason,
            )
        )  # fmt: skip
        yield from sorted(sales, key=lambda each: -each.of.expected_value_fen)[:1]
    last = next((each.kind for each in reversed(known.happenings) if each.kind in _PLANS), None)
    if last is EventKind.FUND_PLAN_PAUSED:
        value = max(known.current_value, 0) * numbers.years * max(known.churn, 50.0) / 100
        reason, ways = ActionReason(Because.PLAN_PAUSED, 0.0, 0.95), (ActionChannel.CALL,)
        yield from _worth(ActionKind.RETENTION, ways, None, known.assets, value, lively, numbers, reason)


def _sale_value(product: str, amount: int, known: Known, numbers: ActionNumbers) -> float:
    """What a sale brings over the policy's years, less what the same money would have earned on demand."""
    moved = (1 - numbers.fresh[known.letter]) * (1 - known.churn / 100) * numbers.margins["demand_deposit"]
    return amount * numbers.years * (numbers.margins[product] - moved) / BASIS_POINTS


_PLANS = frozenset({EventKind.FUND_PLAN_PAUSED, EventKind.FUND_PLAN_RESUMED})


def _worth(
    kind: ActionKind,
    ways: Collection[ActionChannel],
    product: str | None,
    amount: int,
    value: float,
    lively: float,
    numbers: ActionNumbers,
    reason: ActionReason,
) -> Iterator[Option]:
    """The way that is worth most, if any pays."""
    willing = numbers.willing.get(kind, 1.0)
    chances = {way: min(numbers.reply[way] * willing * lively, SURE) for way in ways}
    worth = {way: int(chances[way] * value - numbers.contact_fen[way]) for way in ways}
    best = max(worth, key=lambda way: worth[way])
    if worth[best] > 0:
        chance = round(chances[best], 4)
        yield Option(Alternative(kind, best, product, amount, chance, worth[best], waits=False), (reason,))


def _reasons(kept: Sequence[Option], gone: Sequence[Because], first_went: bool) -> tuple[ActionReason, ...]:
    """What the new first option speaks for itself, and why the run's own went."""
    own = kept[0].reasons if kept else ()
    return (*own, *(ActionReason(each, 0.0, 0.9) for each in gone if first_went))[:3]


def _led_by(
    action: NextAction, kept: Sequence[Option], reasons: tuple[ActionReason, ...], products: tuple[Any, ...]
) -> NextAction:
    lead = kept[0].of
    return replace(
        action,
        action=lead.action,
        channel=lead.channel,
        product=lead.product,
        amount_fen=lead.amount_fen,
        probability=lead.probability,
        expected_value_fen=lead.expected_value_fen,
        waits=lead.waits,
        reasons=reasons or action.reasons,
        alternatives=tuple(each.of for each in kept[1:3]),
        products=products,
    )


def _nothing(action: NextAction) -> NextAction:
    return replace(
        action,
        action=ActionKind.NOTHING,
        channel=None,
        product=None,
        amount_fen=0,
        probability=0.0,
        expected_value_fen=0,
        waits=False,
        alternatives=(),
    )


def _as_alternative(action: NextAction) -> Alternative:
    assert action.channel is not None
    return Alternative(
        action.action,
        action.channel,
        action.product,
        action.amount_fen,
        action.probability,
        action.expected_value_fen,
        action.waits,
    )


class AdaptingStore(Protocol):
    """What adapting needs of the database."""

    async def affected(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Customers of whom something is news since their action was made or adapted, at most so many."""
        ...

    async def numbers(self) -> ActionNumbers | None:
        """Those of the newest run's policy; None before a run."""
        ...

    async def read(self, customers: Sequence[UUID], now: datetime) -> Sequence[tuple[UUID, NextAction, Known]]:
        """The run's own word on these customers, and what is known of them today."""
        ...

    async def keep(self, adapted: Sequence[tuple[UUID, NextAction]], now: datetime) -> None:
        """Put what to do next in the place of the run's word, which stays beside it."""
        ...


class AdaptingService:
    """Adapts next actions inside one unit of work."""

    def __init__(self, store: AdaptingStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def tick(self, setbacks: Setbacks) -> int:
        """Re-score whom something happened to, some at a time; returns how many were looked at.

        One that cannot be re-scored holds up no other.
        """
        now = self._now()
        customers = await self._store.affected(now, AT_A_TIME)
        numbers = await self._store.numbers() if customers else None
        if numbers is None:
            return 0
        await setbacks.apart("actions", customers, partial(self._adapt, numbers, now))
        return len(customers)

    async def _adapt(self, numbers: ActionNumbers, now: datetime, customers: Sequence[UUID]) -> None:
        found = await self._store.read(customers, now)
        await self._store.keep([(who, adapt(action, known, numbers)) for who, action, known in found], now)
