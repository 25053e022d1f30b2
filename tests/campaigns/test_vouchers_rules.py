"""Vouchers' rules: who may claim, what counts, what is booked, whatever happens in whatever order."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.catalogue.model import ProductKind, Profile
from campaigns.customers.model import Letter
from campaigns.members.model import Language
from campaigns.offers.model import Risk, Text
from campaigns.vouchers.changes import favours
from campaigns.vouchers.files import read_book
from campaigns.vouchers.model import (
    Asker,
    Condition,
    Counting,
    Event,
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
from campaigns.vouchers.rules import (
    ask,
    booked,
    claim,
    confirm,
    expire,
    measure,
    offered,
    progress,
    room,
    send_back,
    step_reached,
)
from handlers.wording.audiences import LEXICON
from handlers.wording.voucher_pages import rule_page

EXAMPLE = Path(__file__).resolve().parents[2] / "campaigns" / "vouchers" / "example.yaml"
BOOK = read_book(EXAMPLE.read_text("utf-8"), LEXICON)
PLAN = BOOK.plans["fund-100k"]
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
OWNER, STAFF, CUSTOMER = 7, 9, UUID(int=1)
WANG = Asker(OWNER, CUSTOMER, Profile(letter=Letter.B, appetite=3))


def taken(plan: VoucherPlan = PLAN) -> Voucher:
    made = claim(plan, 1, WANG, [], NOW, ZONE)
    assert isinstance(made, Voucher)
    return replace(made, id=1)


def told(event: Event, yuan: int, day: date = TODAY, risk: int = 2, kind: ProductKind = ProductKind.WEALTH) -> Purchase:
    return Purchase(f"{event}{yuan}{day}", event, "steady", kind, risk, yuan * 100, day)


@pytest.mark.parametrize(
    ("asker", "refusal"),
    [
        (WANG, None),
        (replace(WANG, customer_id=None), VoucherRefusal.NOT_BOUND),
        (replace(WANG, profile=Profile(letter=Letter.A, appetite=5)), VoucherRefusal.NOT_FOR_YOU),
        (replace(WANG, belongs=False), VoucherRefusal.NOT_FOR_YOU),
        (replace(WANG, profile=Profile(letter=Letter.B)), VoucherRefusal.NOT_ASSESSED),
        (replace(WANG, profile=Profile(letter=Letter.B, appetite=2)), VoucherRefusal.UNSUITABLE),
    ],
)
def test_a_voucher_is_for_its_class_and_for_who_may_bear_its_risk(asker: Asker, refusal: VoucherRefusal | None) -> None:
    assert offered(PLAN, asker, TODAY) is refusal


def test_a_voucher_is_claimed_within_its_window_once_and_not_beside_one_that_it_does_not_go_with() -> None:
    assert offered(PLAN, WANG, PLAN.first - timedelta(1)) is VoucherRefusal.NOT_YET
    assert offered(PLAN, WANG, PLAN.last + timedelta(1)) is VoucherRefusal.OVER
    pay = BOOK.plans["pay-50"]
    held = [(taken(), PLAN)]
    assert claim(PLAN, 1, WANG, held, NOW, ZONE) is VoucherRefusal.HAD
    assert claim(pay, 1, WANG, held, NOW, ZONE) is VoucherRefusal.NO_STACKING
    fund = replace(PLAN, stacks_with=frozenset({"pay-50"}))
    pay = replace(pay, stacks_with=frozenset({"fund-100k"}))
    assert isinstance(claim(pay, 1, WANG, [(taken(), fund)], NOW, ZONE), Voucher)
    alone = replace(fund, at_once=1)
    assert claim(pay, 1, WANG, [(taken(), alone)], NOW, ZONE) is VoucherRefusal.TOO_MANY


def test_money_that_met_one_voucher_counts_for_the_next_from_the_day_after() -> None:
    done = replace(taken(), state=VoucherState.REDEEMED, met_at=NOW, ended_at=NOW)
    other = replace(PLAN, code="other")
    made = claim(other, 1, WANG, [(done, PLAN)], NOW, ZONE)
    assert isinstance(made, Voucher)
    assert made.counts_from == TODAY + timedelta(1)


@pytest.mark.parametrize(
    ("purchases", "counted"),
    [
        ([told(Event.BOUGHT, 60_000), told(Event.BOUGHT, 40_000, TODAY + timedelta(3))], 100_000),
        ([told(Event.BOUGHT, 100_000, TODAY - timedelta(1))], 0),
        ([told(Event.BOUGHT, 100_000, TODAY + timedelta(45))], 0),
        ([told(Event.BOUGHT, 100_000, risk=4)], 0),
        ([told(Event.BOUGHT, 100_000, kind=ProductKind.INSURANCE)], 0),
        ([told(Event.BOUGHT, 100_000), told(Event.RETURNED, 30_000, TODAY - timedelta(30))], 70_000),
        ([told(Event.BOUGHT, 100_000), told(Event.RETURNED, 30_000, TODAY - timedelta(31))], 100_000),
        ([told(Event.RETURNED, 30_000)], 0),
    ],
)
def test_what_counts_is_bought_in_time_of_the_right_kind_and_risk_with_returns_taken_off(
    purchases: list[Purchase], counted: int
) -> None:
    assert PLAN.condition is not None
    assert progress(PLAN.condition, taken(), purchases)[0] == counted * 100


def test_a_return_within_the_window_takes_back_what_was_paid_and_a_day_later_no_more() -> None:
    bought = told(Event.BOUGHT, 100_000)
    met, _ = measure(PLAN, taken(), [bought], NOW, ZONE)
    asked = ask(met, OWNER, CUSTOMER, NOW)
    assert isinstance(asked, Movement)
    paid = confirm(asked.voucher, STAFF, NOW)
    assert isinstance(paid, Movement)
    for after, state in ((30, VoucherState.CLAWED_BACK), (31, VoucherState.REDEEMED)):
        returned = told(Event.RETURNED, 1, TODAY + timedelta(after))
        seen, movement = measure(PLAN, paid.voucher, [bought, returned], NOW + timedelta(40), ZONE)
        assert (seen.state, movement is not None) == (state, state is VoucherState.CLAWED_BACK)


def test_nobody_pays_their_own_voucher_nor_one_that_was_not_asked_for() -> None:
    met = replace(taken(), state=VoucherState.MET)
    assert confirm(met, STAFF, NOW) is VoucherRefusal.NOT_ASKED
    asked = ask(met, OWNER, CUSTOMER, NOW)
    assert isinstance(asked, Movement)
    assert ask(met, STAFF, UUID(int=99), NOW) is VoucherRefusal.NOT_YOURS
    assert confirm(asked.voucher, OWNER, NOW) is VoucherRefusal.OWN
    assert ask(met, OWNER, CUSTOMER, met.expires_at) is VoucherRefusal.EXPIRED
    late = confirm(asked.voucher, STAFF, met.expires_at + timedelta(3))
    assert isinstance(late, Movement)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "buy", "return", "ask", "confirm", "back", "expire"]),
        st.integers(1, 3),
        st.integers(0, 4),
        st.integers(1, 4),
    ),
    max_size=30,
)


@settings(max_examples=50)
@given(acts=ACTS, stock=st.integers(1, 3), cap=st.integers(1, 3), budget=st.integers(1, 4))
def test_whatever_happens_the_equation_closes_and_no_limit_is_passed(
    acts: list[tuple[str, int, int, int]], stock: int, cap: int, budget: int
) -> None:
    plan = replace(PLAN, stock=stock, liability_fen=50_000 * cap, budget_fen=50_000 * max(budget, cap))
    figures, vouchers, purchases = Stock(), dict[int, Voucher](), dict[int, list[Purchase]]()
    now = NOW
    for act, who, days, part in acts:
        now += timedelta(days=days)
        movement: object = None
        voucher = vouchers.get(who)
        if act == "claim" and voucher is None and room(plan, figures) is None:
            made = claim(plan, 1, replace(WANG, customer_id=UUID(int=who)), [], now, ZONE)
            movement = Movement(MovementKind.CLAIMED, made, now) if isinstance(made, Voucher) else None
        elif act in {"buy", "return"}:
            event = Event.BOUGHT if act == "buy" else Event.RETURNED
            purchases.setdefault(who, []).append(told(event, 30_000 * part, now.astimezone(ZONE).date()))
            if voucher is not None:
                vouchers[who], movement = measure(plan, voucher, purchases[who], now, ZONE)
        elif voucher is not None and act != "claim":
            steps = {
                "ask": lambda each, at: ask(each, OWNER, each.customer_id, at),
                "confirm": lambda each, at: confirm(each, STAFF, at),
                "back": lambda each, at: send_back(each, STAFF, "", at),
                "expire": expire,
            }
            movement = steps[act](voucher, now)
        if isinstance(movement, Movement):
            vouchers[who], figures = movement.voucher, booked(figures, movement)
        assert figures.is_balanced
        assert min(vars(figures).values()) >= 0
        assert figures.issued <= plan.stock
        assert figures.open_fen <= plan.liability_fen
        assert figures.open_fen + figures.redeemed_fen <= plan.budget_fen
        assert figures.open == sum(each.is_open for each in vouchers.values())


def test_a_step_is_told_when_it_is_reached() -> None:
    for yuan, step in ((49_999, None), (50_000, 50), (89_999, 50), (95_000, 90)):
        assert step_reached(PLAN, replace(taken(), progress_fen=yuan * 100)) == step
    assert step_reached(PLAN, replace(taken(), state=VoucherState.MET, progress_fen=10_000_000)) is None


def test_only_what_takes_nothing_from_the_customer_favours_them() -> None:
    condition = PLAN.condition
    assert condition is not None
    better = (
        replace(PLAN, value_fen=60_000),
        replace(PLAN, last=PLAN.last + timedelta(1)),
        replace(PLAN, condition=replace(condition, at_least_fen=9_000_000, counting=Counting.WINDOW)),
        replace(PLAN, condition=None),
    )
    worse = (
        replace(PLAN, claw_back_days=31),
        replace(PLAN, holds_fen=1),
        replace(PLAN, condition=replace(condition, kinds=frozenset({ProductKind.FUND}))),
        replace(PLAN, condition=replace(condition, look_back_days=31)),
        replace(PLAN, audience="class = B"),
        replace(PLAN, liability_fen=1),
    )
    assert [favours(PLAN, each) for each in (*better, *worse)] == [True] * len(better) + [False] * len(worse)
    assert not any(favours(each, PLAN) for each in better)


OTHER = {
    "code": "other",
    "name": Text("另一张", "Another"),
    "gives": BOOK.plans["check-up"].gives,
    "value_fen": 12_300,
    "first": date(2026, 1, 1),
    "last": date(2028, 1, 1),
    "valid_days": 99,
    "claw_back_days": 0,
    "stock": 4_321,
    "budget_fen": 98_765_400,
    "liability_fen": 8_765_400,
    "partner": "别处",
    "terms": Text("别的", "Else"),
    "organiser": Text("别人", "Others"),
    "complaints": Text("12345", "12345"),
    "condition": None,
    "holds_fen": 700_000,
    "aim": None,
    "audience": "class = C",
    "stacks_with": frozenset({"pay-50"}),
    "at_once": 17,
    "remind_at": (33,),
    "notice": Text("另一种提示", "Another notice"),
}
OTHER_CONDITION = {
    "kinds": frozenset({ProductKind.FUND}),
    "products": frozenset({"gold"}),
    "at_least_fen": 100,
    "risk": Risk.R1,
    "counting": Counting.WINDOW,
    "look_back_days": 3,
    "measured_by": MeasuredBy.STAFF,
}


@pytest.mark.parametrize("language", Language)
def test_no_field_that_decides_anything_is_hidden_from_the_rule_page(language: Language) -> None:
    condition, page = PLAN.condition, rule_page(PLAN, language)
    assert condition is not None
    assert set(OTHER) == {each.name for each in fields(VoucherPlan)}
    assert set(OTHER_CONDITION) == {each.name for each in fields(Condition)}
    changed = [(name, replace(PLAN, **{name: value})) for name, value in OTHER.items()]  # type: ignore[arg-type]
    for name, value in OTHER_CONDITION.items():
        changed.append((name, replace(PLAN, condition=replace(condition, **{name: value}))))  # type: ignore[arg-type]
    assert [name for name, plan in changed if rule_page(plan, language) == page] == []
