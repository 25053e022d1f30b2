"""What follows news before the next run: what no longer fits goes, what an event calls for comes, no more."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.customers.adapting import FOLLOWED, ActionNumbers, Because, Happening, Known, adapt
from campaigns.customers.next_actions import (
    ActionChannel,
    ActionKind,
    ActionReason,
    Alternative,
    NextAction,
    NextProduct,
)
from campaigns.events.model import EventKind
from campaigns.members.model import Language
from handlers.wording.next_actions import SINCE, action_lines
from segmentation.appetites import suits_one
from segmentation.policy import SegmentationPolicy

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NUMBERS = ActionNumbers.of_policy(SegmentationPolicy().as_json())
LOAN = Alternative(ActionKind.LOAN, ActionChannel.CALL, "loan", 5_000_000, 0.1, 9_000, waits=False)
FUND = Alternative(ActionKind.PRODUCT, ActionChannel.PUSH, "funds", 4_000_000, 0.02, 7_000, waits=False)
ASK = Alternative(ActionKind.RISK_QUESTIONNAIRE, ActionChannel.PUSH, None, 0, 0.02, 5_000, waits=False)


def action(first: Alternative, *others: Alternative) -> NextAction:
    return NextAction(
        "1",
        date(2025, 12, 31),
        first.action,
        first.channel,
        first.product,
        first.amount_fen,
        first.probability,
        first.expected_value_fen,
        80.0,
        first.waits,
        (ActionReason("inflow", 1.0, 0.9),),
        others,
        (NextProduct("structured_deposit", 0.4, 1_000_000), NextProduct("time_deposit", 0.3, 1_000_000)),
    )


def happened(kind: EventKind, amount: int | None = None) -> Known:
    return Known((Happening(kind, NOW, amount),), appetite=5, horizon=365, churn=60.0, current_value=900_000)


knowns = st.builds(
    Known,
    st.lists(st.builds(Happening, st.sampled_from(list(FOLLOWED)), st.just(NOW), st.integers(0, 10**10))).map(tuple),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(0, 400),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.floats(0, 100),
    st.floats(0, 100),
    st.integers(-(10**7), 10**8),
)


@given(st.permutations([LOAN, FUND, ASK]), knowns)
@settings(max_examples=50)
def test_whatever_happens_nothing_unfit_is_left_and_the_best_leads(found: list[Alternative], known: Known) -> None:
    adapted = adapt(action(*found), known, NUMBERS)
    kinds = {adapted.action, *(each.action for each in adapted.alternatives)}
    assert not ((known.is_barred or known.has_asked) and ActionKind.LOAN in kinds)
    assert not (known.appetite is not None and ActionKind.RISK_QUESTIONNAIRE in kinds)
    for product in (adapted.product, *(each.product for each in adapted.alternatives)):
        risk, locked = NUMBERS.products.get(product or "", (0, 0))
        assert suits_one(risk, known.appetite, locked, known.horizon)
    assert all(adapted.expected_value_fen >= each.expected_value_fen for each in adapted.alternatives)
    assert adapt(action(*found), known, NUMBERS) == adapted
    for language in Language:
        assert all("{" not in line for line in action_lines(adapted, language))


@given(st.permutations([LOAN, FUND, ASK]))
@settings(max_examples=6)
def test_without_news_the_runs_own_word_stands(found: list[Alternative]) -> None:
    own = action(*sorted(found, key=lambda each: -each.expected_value_fen))
    quiet = Known(appetite=None, horizon=365)
    assert adapt(own, quiet, NUMBERS).action is own.action
    free = Known(appetite=5, horizon=365)
    loan_first = action(LOAN, FUND)
    assert adapt(loan_first, free, NUMBERS) == loan_first


@pytest.mark.parametrize(
    ("known", "lead", "because"),
    [
        (replace(happened(EventKind.PAID), happenings=(), is_barred=True), ActionKind.PRODUCT, Because.BARRED),
        (replace(happened(EventKind.PAID), happenings=(), has_asked=True), ActionKind.PRODUCT, Because.ASKED),
        (happened(EventKind.LARGE_INFLOW, 900_000_000), ActionKind.PRODUCT, Because.INFLOW),
        (happened(EventKind.FUND_PLAN_PAUSED), ActionKind.RETENTION, Because.PLAN_PAUSED),
    ],
)
def test_each_news_leads_to_its_action_and_says_why(known: Known, lead: ActionKind, because: Because) -> None:
    adapted = adapt(action(LOAN, FUND), known, NUMBERS)
    assert adapted.action is lead
    assert because in {each.code for each in adapted.reasons}


def test_a_plan_that_goes_on_again_and_a_small_inflow_call_for_nothing() -> None:
    paused = happened(EventKind.FUND_PLAN_PAUSED)
    resumed = replace(paused, happenings=(*paused.happenings, Happening(EventKind.FUND_PLAN_RESUMED, NOW)))
    assert adapt(action(LOAN, FUND), resumed, NUMBERS).action is ActionKind.LOAN
    small = happened(EventKind.LARGE_INFLOW, NUMBERS.idle_from_fen - 1)
    assert adapt(action(LOAN, FUND), small, NUMBERS).action is ActionKind.LOAN


def test_money_that_is_needed_earlier_takes_products_off_the_list() -> None:
    needed = Known(appetite=5, horizon=29)
    assert [each.product for each in adapt(action(LOAN), needed, NUMBERS).products] == ["time_deposit"]


def test_every_news_has_its_words() -> None:
    assert set(SINCE) == set(Because)
