"""Every action by every channel, judged for everybody: who is eligible, the chance, the value at success, the cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.action_rules import PER_FEN, PRODUCTS, ActionRules, Channel
from segmentation.appetites import UNASKED_MOST
from segmentation.catalogue import load_catalogue
from segmentation.dimensions import LETTERS, Matrix
from segmentation.next_products import HOLDABLE, STEP, Flags, NextProducts, Places
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import Portraits
from segmentation.steps import NO_STEP
from segmentation.values import BASIS_POINTS

OFFERED = (*PRODUCTS, "money_market", "loan")
NO_PRODUCT = -1
SURE = 0.95  # Nothing is ever taken for certain.
ALWAYS, TOLD = ("call", "message", "push"), ("message", "push", "counter")


@dataclass(frozen=True)
class Option:
    """One action by one channel for every customer: what is offered, the chance 0–1, value at success and cost in fen.

    `product` points into OFFERED, or is NO_PRODUCT.
    """

    action: str
    channel: str
    allowed: Flags
    probability: Matrix
    value: Matrix
    product: Places
    amount: Matrix


@dataclass(frozen=True)
class Case:
    """What options are judged from, one row per customer; `beside` has `appetite` 1–5, `bound` and `credit_refused`."""

    features: pd.DataFrame
    portraits: Portraits
    beside: pd.DataFrame
    policy: SegmentationPolicy
    products: NextProducts

    @property
    def rules(self) -> ActionRules:
        """The policy's part for actions."""
        return self.policy.actions

    def column(self, name: str) -> Matrix:
        """A feature or a column of the portraits as numbers."""
        source = self.features if name in self.features else self.portraits.table
        return np.asarray(source[name].to_numpy(dtype=float))

    def known(self, name: str) -> Matrix:
        """A feature as numbers, NaN throughout where no department tells it."""
        return self.column(name) if name in self.features else np.full(len(self.features), np.nan)

    def letter_is(self, letter: str) -> Flags:
        """Who is of one class."""
        return np.asarray(self.portraits.assigned.letters == LETTERS.index(letter))

    def by_letter(self, numbers: Mapping[str, float]) -> Matrix:
        """A number of the customer's class."""
        return np.array([float(numbers[letter]) for letter in LETTERS])[self.portraits.assigned.letters]

    def stays(self) -> Matrix:
        """The share of untied money that is taken to stay, by the churn score."""
        return np.asarray(1 - self.column("churn") / 100)

    def lively(self) -> Matrix:
        """How much likelier than others somebody says yes, 0.5–1.5, by the potential score."""
        return np.asarray(0.5 + self.column("potential") / 100)

    def reached(self, channel: str) -> Flags:
        """Whom a channel reaches: people linked in the chat, users of the mobile bank, the counter for the rest."""
        logs_in = np.nan_to_num(self.column("logins")) > 0
        match channel:
            case "message":
                return np.asarray(self.beside["bound"].to_numpy(dtype=bool))
            case "push":
                return np.asarray(logs_in)
            case "counter":
                return np.asarray(~logs_in)
            case "visit":
                return np.asarray(self.column("assets") >= self.policy.gate_fen)
            case _:
                return np.ones(len(self.features), dtype=bool)


def options(case: Case) -> Iterator[Option]:
    """The catalogue of actions but for doing nothing; staff's time is shared out later."""
    yield from _retention(case)
    yield from _proposals(case)
    yield from _coupons(case)
    yield from _steps_up(case)
    yield from _idle_cash(case)
    yield from _loans(case)
    yield from _questionnaires(case)
    yield from _plain(case, "complete_data", TOLD, _gaps(case), case.rules.data_value_fen)
    yield from _cards(case)
    yield from _main_accounts(case)


def sale_values(case: Case, amounts: Matrix, channel: Channel) -> Matrix:
    """What a sale of each proposable product brings in fen over the policy's years, less concluding it.

    What moves out of the customer's demand deposits no longer earns their margin there, as far as it would have stayed.
    """
    rules, margins = case.rules, case.policy.value.margins
    earned = np.array([margins[code] for code in PRODUCTS])
    invested = np.array([product.invested for product in rules.products.values()])
    outside = case.by_letter(rules.fresh)[:, None]
    moved = np.minimum((1 - outside) * amounts, case.column("demand_deposit")[:, None])
    lost = moved * case.stays()[:, None] * margins["demand_deposit"]
    concluding = invested * amounts * channel.transaction_fen / PER_FEN
    return np.asarray(rules.years * (amounts * earned - lost) / BASIS_POINTS - concluding)


def _option(
    case: Case,
    action: str,
    way: str,
    allowed: Flags,
    willing: Matrix | float,
    value: Matrix | float,
    product: Places | int = NO_PRODUCT,
    amount: Matrix | float = 0.0,
) -> Option:
    heads = len(case.features)
    channel = case.rules.channels[way]
    chance = np.clip(channel.reply * np.asarray(willing) * case.lively(), 0, SURE)
    return Option(
        action,
        way,
        allowed & case.reached(way),
        chance,
        np.broadcast_to(np.asarray(value, dtype=float), heads),
        np.broadcast_to(np.asarray(product, dtype=np.intp), heads),
        np.broadcast_to(np.asarray(amount, dtype=float), heads),
    )


def _plain(
    case: Case, action: str, ways: tuple[str, ...], allowed: Flags, value: Matrix | float, amount: Matrix | float = 0.0
) -> Iterator[Option]:
    for way in ways:
        yield _option(case, action, way, allowed, case.rules.willing[action], value, amount=amount)


def _retention(case: Case) -> Iterator[Option]:
    """A manager calls whom the bank may lose (S-10): class B on the watch, and everybody with a churn warning."""
    churn = case.column("churn")
    watched = case.letter_is("B") & (churn >= case.policy.watch_line)
    allowed = watched | (churn >= case.policy.churn_line)
    value = np.maximum(case.column("current_value"), 0) * case.rules.years * churn / 100
    yield from _plain(case, "retention", ("visit", "call"), allowed, value, case.column("assets"))


def _proposals(case: Case) -> Iterator[Option]:
    """The next product by every channel; by each the one that is worth most there (S-56, S-126)."""
    amounts = case.products.amounts
    lacking = _lacking(case) & case.products.suitable
    for way, channel in case.rules.channels.items():
        yield _sale(case, "product", way, lacking, amounts, sale_values(case, amounts, channel), 1.0)


def _coupons(case: Case) -> Iterator[Option]:
    """The study's coupon for class B: invest 100,000 yuan, get 500 off (S-28); never for deposits (Notice 48, 2018)."""
    rules = case.rules
    amounts = np.where(case.products.amounts > 0, np.maximum(case.products.amounts, rules.coupon_from_fen), 0.0)
    invested = np.array([product.invested > 0 for product in rules.products.values()])
    within = rules.coupon_from_fen <= rules.amount_share * case.column("assets")
    lacking = _lacking(case) & case.products.suitable & invested & within[:, None]
    pull = case.by_letter(rules.coupon_pull)
    lacking &= (pull > 0)[:, None]
    for way in ALWAYS:
        value = sale_values(case, amounts, rules.channels[way]) - rules.coupon_fen
        yield _sale(case, "coupon", way, lacking, amounts, value, pull)


def _sale(
    case: Case, action: str, way: str, lacking: Flags, amounts: Matrix, values: Matrix, pull: Matrix | float
) -> Option:
    """The product whose share among those alike times its value is highest."""
    shares = case.products.likely[:, _columns()]
    worth = np.where(lacking & (values > 0), shares * values, -1.0)
    best = worth.argmax(axis=1)
    rows = np.arange(len(best))
    willing = np.minimum(shares[rows, best] * pull, 1.0)
    return _option(case, action, way, worth[rows, best] > 0, willing, values[rows, best], best, amounts[rows, best])


def _steps_up(case: Case) -> Iterator[Option]:
    """The way to the next class by more assets, told to whom it is near ("再存 38,000 元")."""
    steps, assets, rules = case.portraits.steps, case.column("assets"), case.rules
    change = steps.up_fen.astype(float)
    share = change / np.maximum(rules.step_share * assets, 1.0)
    allowed = (steps.up != NO_STEP) & (change > 0) & (share < 1)
    value = change * rules.years * case.policy.value.margins["time_deposit"] / BASIS_POINTS
    willing = rules.willing["step_up"] * np.clip(1 - share, 0, 1)
    for way in (*ALWAYS, "counter"):
        yield _option(case, "step_up", way, allowed, willing, value, amount=change)


def _idle_cash(case: Case) -> Iterator[Option]:
    """Cash on demand into a money-market product (S-57): worth the bank's while where the cash would leave anyhow."""
    rules, demand = case.rules, case.column("demand_deposit")
    amount = rules.idle_share * demand // STEP * STEP
    kept = case.stays() * case.policy.value.margins["demand_deposit"]
    value = amount * rules.years * (rules.money_market_margin - kept) / BASIS_POINTS
    allowed = (demand >= rules.idle_from_fen) & (value > 0)
    for way in ALWAYS:
        product = OFFERED.index("money_market")
        yield _option(case, "idle_cash", way, allowed, rules.willing["idle_cash"], value, product, amount)


def _loans(case: Case) -> Iterator[Option]:
    """A loan for whom books and record speak (S-129): the rule of `lending.propose_to_person` for a whole run."""
    rules, amount = case.rules, loan_amounts(case)
    value = amount * rules.years * (case.policy.value.margins["loans"] - rules.loan_loss) / BASIS_POINTS
    allowed = (amount > 0) & (value > 0)
    for way in ALWAYS:
        product, willing = OFFERED.index("loan"), case.products.likely[:, HOLDABLE.index("loans")]
        yield _option(case, "loan", way, allowed, willing, value, product, amount)


def loan_amounts(case: Case) -> Matrix:
    """What may be proposed as a loan in fen; 0 where nothing is (steady inflow, no loan yet, not new, not refused)."""
    bounds, inflow = case.policy.lending, np.nan_to_num(case.column("inflow"))
    shares = np.array([bounds.shares[name] for name in load_catalogue().qualitative["credit_grade"].categories])
    grades = case.known("credit_grade")
    share = np.where(np.isnan(grades), bounds.unknown_share, shares[np.nan_to_num(grades).astype(int)])
    months = np.fmax(case.known("salary_months"), case.known("income_months"))
    barred = (
        case.products.held[:, HOLDABLE.index("loans")]
        | case.portraits.table["provisional"].to_numpy(dtype=bool)
        | case.beside["credit_refused"].to_numpy(dtype=bool)
        | (months < bounds.steady_months)
        | (inflow < bounds.inflow_from_fen)
    )
    amount = np.minimum(bounds.inflows * inflow * share, bounds.most_fen) // STEP * STEP
    return np.asarray(np.where(barred, 0.0, amount))


def _questionnaires(case: Case) -> Iterator[Option]:
    """Ask about risk first where a product above R2 would pay and nobody ever asked; a call proposes it then (S-58)."""
    unasked = case.beside["appetite"].isna().to_numpy()
    risky = np.array([product.risk > UNASKED_MOST for product in case.rules.products.values()])
    lacking = _lacking(case) & risky & unasked[:, None]
    call = case.rules.channels["call"]
    chances = case.products.likely[:, _columns()] * call.reply
    later = chances * sale_values(case, case.products.amounts, call) - call.contact_fen
    value = np.where(lacking, later, 0.0).max(axis=1)
    yield from _plain(case, "risk_questionnaire", ALWAYS, value > 0, value)


def _cards(case: Case) -> Iterator[Option]:
    """Use the card and the phone instead of the counter (S-44, S-145): for holders who do most there."""
    dealings, prices = np.nan_to_num(case.column("counter_dealings")), case.policy.value
    saved = prices.dealings["counter_dealings"] - prices.dealings["transfers"]
    allowed = (np.nan_to_num(case.column("cards")) > 0) & (case.column("counter_share") >= case.rules.card_share)
    value = dealings * prices.quarters * case.rules.years * saved
    yield from _plain(case, "activate_card", (*ALWAYS, "counter"), allowed & (value > 0), value)


def _main_accounts(case: Case) -> Iterator[Option]:
    """Become the account where everyday money runs (S-59): salary, bills and card here for who is half-way there."""
    rules, settled = case.rules, case.known("settlement_share")
    inflow = np.nan_to_num(case.column("inflow"))
    allowed = (settled >= rules.settling_from) & (settled < rules.settled_from) & (inflow >= rules.settling_inflow_fen)
    amount = np.where(allowed, (rules.settled_from - np.nan_to_num(settled)) * inflow, 0.0) // STEP * STEP
    value = amount * rules.years * case.policy.value.margins["demand_deposit"] / BASIS_POINTS
    yield from _plain(case, "main_account", (*ALWAYS, "counter"), allowed & (value > 0), value, amount)


def _gaps(case: Case) -> Flags:
    """Whose data have gaps: a department that says nothing, or a class that is only provisional."""
    missing = np.array([bool(names) for names in case.portraits.missing], dtype=bool)
    return np.asarray(missing | case.portraits.table["provisional"].to_numpy(dtype=bool))


def _lacking(case: Case) -> Flags:
    """Proposable products that a customer does not hold and has the means for."""
    least = np.array([product.minimum_fen for product in case.rules.products.values()])
    return np.asarray(~case.products.held[:, _columns()] & (case.products.amounts >= least))


def _columns() -> list[int]:
    return [HOLDABLE.index(code) for code in PRODUCTS]
