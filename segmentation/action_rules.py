"""What next actions are made of, as policy: channels and their costs, products and their risk, assumed chances."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from segmentation.dimensions import FEN, LETTERS

PER_FEN = 10_000 * FEN  # Transaction costs are said per 10,000 yuan invested.


@dataclass(frozen=True)
class Channel:
    """A way to a customer: `contact_fen` for one contact, a manager's `minutes`, and `reply`.

    `reply` is the chance (0–1) that somebody who wants the thing says yes this way. `transaction_fen` is what
    concluding costs per 10,000 yuan invested (S-30: 45 yuan online, 40 at the counter), which is no cost of a contact.
    """

    contact_fen: int
    minutes: int
    reply: float
    transaction_fen: int


@dataclass(frozen=True)
class ProductRule:
    """A kind of product to propose: risk grade R1–R5, least amount, and 1 where buying costs a transaction, else 0.

    `locked_days` is the shortest time for which the money in any of its products cannot be had, 0 where it can be taken
    out early; each product's own is asked again where it is shown and when a message leaves.
    """

    risk: int
    minimum_fen: int
    invested: int = 0
    locked_days: int = 0


CHANNELS: Mapping[str, Channel] = {
    "visit": Channel(15_000, 90, 0.30, 4_000),
    "call": Channel(2_500, 15, 0.20, 4_000),
    "message": Channel(10, 0, 0.06, 4_500),
    "push": Channel(5, 0, 0.02, 4_500),
    "counter": Channel(300, 0, 0.05, 4_000),
}
PRODUCTS: Mapping[str, ProductRule] = {
    "structured_deposit": ProductRule(2, 10_000 * FEN, locked_days=30),
    "time_deposit": ProductRule(1, 1_000 * FEN),
    "wealth_products": ProductRule(2, 1_000 * FEN, invested=1),
    "funds": ProductRule(3, 1_000 * FEN, invested=1),
    "asset_plans": ProductRule(4, 300_000 * FEN, invested=1, locked_days=90),
    "large_certificates": ProductRule(1, 200_000 * FEN),
}
WILLING: Mapping[str, float] = {
    "retention": 0.5,
    "step_up": 0.3,
    "idle_cash": 0.5,
    "complete_data": 0.5,
    "risk_questionnaire": 0.5,
    "activate_card": 0.3,
    "main_account": 0.2,
}


@dataclass(frozen=True)
class ActionRules:
    """Everything that expected values hang on; a beginning that every bank replaces by its own figures.

    `willing` is the share that would agree where no product's holders tell it. `fresh` is the share of a proposed
    amount that comes from elsewhere, by class: the rest moves out of demand deposits, whose margin is lost (S-3: the
    assets of B are spread over several banks). `priority` orders manager's time by class, 1 first; 0 gets none (S-46,
    S-42). `manager_hours` is what there is between two runs. Business counts for `years`. `coupon_pull` is by class how
    many times likelier a coupon makes a purchase; 0 for classes that get none. From `settled_from` on an account is the
    main one; who stands between `settling_from` and it with `settling_inflow_fen` a quarter may be asked to make it so.
    """

    channels: Mapping[str, Channel] = field(default_factory=lambda: CHANNELS)
    products: Mapping[str, ProductRule] = field(default_factory=lambda: PRODUCTS)
    willing: Mapping[str, float] = field(default_factory=lambda: WILLING)
    fresh: Mapping[str, float] = field(default_factory=lambda: {"A": 0.7, "B": 0.8, "C": 0.6, "D": 0.6})
    priority: Mapping[str, int] = field(default_factory=lambda: {"A": 1, "B": 1, "C": 2, "D": 0})
    manager_hours: int = 2_000
    years: int = 3
    held_from_fen: int = 1_000 * FEN
    shrink: int = 50
    amount_share: float = 0.5
    step_share: float = 0.5
    coupon_from_fen: int = 100_000 * FEN
    coupon_fen: int = 500 * FEN
    coupon_pull: Mapping[str, float] = field(default_factory=lambda: {"A": 0.0, "B": 1.5, "C": 0.0, "D": 0.0})
    idle_from_fen: int = 50_000 * FEN
    idle_share: float = 0.8
    money_market_margin: int = 30
    loan_loss: int = 60
    data_value_fen: int = 20 * FEN
    card_share: float = 0.6
    settled_from: float = 0.7
    settling_from: float = 0.3
    settling_inflow_fen: int = 15_000 * FEN

    def __post_init__(self) -> None:
        if problem := _problem(self):
            raise ValueError(problem)


def read_rules(found: Mapping[str, Any]) -> ActionRules:
    """The rules out of a policy's row; what an earlier form does not say has its default.

    Raises:
        TypeError, ValueError: the row says what no rules can.
    """
    known = {each.name for each in fields(ActionRules)}
    given = {name: value for name, value in found.items() if name in known}
    if "channels" in given:
        given["channels"] = {name: Channel(**way) for name, way in given["channels"].items()}
    if "willing" in given:
        given["willing"] = {**WILLING, **given["willing"]}
    if "products" in given:
        given["products"] = {name: _product(name, product) for name, product in given["products"].items()}
    return ActionRules(**given)


def _lines(rules: ActionRules) -> tuple[float, ...]:
    """Shares that are no chances."""
    return rules.amount_share, rules.idle_share, rules.card_share, rules.settled_from, rules.settling_from


def _product(name: str, found: Mapping[str, Any]) -> ProductRule:
    """One product; a row of before `locked_days` was kept has the default's."""
    default = PRODUCTS.get(name)
    return ProductRule(**{"locked_days": default.locked_days if default else 0, **found})


def _problem(rules: ActionRules) -> str:
    """What is wrong with the rules, in one sentence; empty for nothing."""
    for name, known in (("channels", CHANNELS), ("products", PRODUCTS), ("willing", WILLING)):
        if set(getattr(rules, name)) != set(known):
            return f"actions.{name} must name {', '.join(known)}."
    if not set(rules.fresh) == set(rules.priority) == set(rules.coupon_pull) == set(LETTERS):
        return "actions.fresh, actions.priority and actions.coupon_pull need a number for each of A, B, C and D."
    shares = (*rules.willing.values(), *rules.fresh.values(), *(way.reply for way in rules.channels.values()))
    if not all(0 <= share <= 1 for share in (*shares, *_lines(rules))):
        return "Every share and chance of actions must lie between 0 and 1."
    if not all(1 <= each.risk <= 5 and each.invested in (0, 1) for each in rules.products.values()):
        return "The risk of a product is a grade from 1 to 5, and invested is 0 or 1."
    if any(each.locked_days < 0 for each in rules.products.values()):
        return "The locked_days of a product must not be negative."
    if rules.step_share <= 0 or rules.years < 1 or rules.shrink < 1:
        return "actions.step_share, actions.years and actions.shrink must be above 0."
    amounts = (
        rules.manager_hours,
        rules.coupon_fen,
        rules.data_value_fen,
        rules.held_from_fen,
        *rules.coupon_pull.values(),
    )
    costs = ((way.contact_fen, way.minutes, way.transaction_fen) for way in rules.channels.values())
    if any(number < 0 for number in (*amounts, *(number for way in costs for number in way))):
        return "Costs, hours and amounts of actions must not be negative."
    return ""
