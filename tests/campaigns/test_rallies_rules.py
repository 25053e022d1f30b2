"""Rallies: the whole table of states, targets, what a later plan may change, and the stored form of a plan."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.games.model import Game, GameKind
from campaigns.members.model import Language, Member
from campaigns.rallies.changes import is_as_easy, taken
from campaigns.rallies.configuration import published, read_published, restored, stored
from campaigns.rallies.model import (
    Article,
    Booth,
    BoothState,
    CouponPlan,
    GiftPlan,
    Need,
    Rally,
    RallyPlan,
    RallyRefusal,
    RallyState,
    Target,
)
from campaigns.rallies.reading import read_rally
from campaigns.rallies.rules import Step, due_step, is_open, may_join, may_run, move, open_booths, why_not_replaced
from campaigns.rallies.targets import missing_of, reached, reached_of, still_useful, suggestion
from campaigns.staff.model import Role

CODES = tuple(f"B{at}" for at in range(1, 9))
HOUR = timedelta(hours=1)
TEN = datetime(2030, 11, 28, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
EXAMPLE = Path(__file__).resolve().parents[2] / "campaigns" / "rallies" / "example.yaml"
PLAN = read_rally(EXAMPLE.read_text("utf-8"), datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
ALLOWED = {
    (RallyState.DRAFT, Step.ANNOUNCE): RallyState.ANNOUNCED,
    (RallyState.ANNOUNCED, Step.OPEN): RallyState.RUNNING,
    (RallyState.RUNNING, Step.CLOSE): RallyState.ENDED,
    (RallyState.ENDED, Step.SETTLE): RallyState.SETTLED,
}
needs = st.builds(
    lambda booths, count: Need(min(count, len(booths)), tuple(sorted(booths))),
    st.sets(st.sampled_from(CODES), min_size=1),
    st.integers(1, 8),
)
targets = st.builds(
    lambda found: Target("T1", "达人", "Champion", tuple(found)), st.lists(needs, min_size=1, max_size=3)
)
stamps = st.sets(st.sampled_from(CODES))


def rally(state: RallyState = RallyState.RUNNING, **changed: Any) -> Rally:
    booths = tuple(
        Booth(at, 1, plan.code, None, plan.name_zh, plan.name_en, plan.zone, plan.x, plan.y, plan.opens_at,
              plan.closes_at, plan.game, plan.seconds_per_visitor)
        for at, plan in enumerate(PLAN.booths, 1)
    )  # fmt: skip
    found = Rally(1, PLAN.code, "集章日", "Day", 10, None, PLAN.starts_at, PLAN.ends_at, state, booths, PLAN)
    return replace(found, **changed)


@pytest.mark.parametrize(("state", "step"), list(product(RallyState, Step)))
def test_a_rally_moves_along_its_table_and_in_no_other_way(state: RallyState, step: Step) -> None:
    assert move(state, step) == ALLOWED.get((state, step), RallyRefusal.WRONG_STATE)


def test_every_state_is_reached_from_a_draft_and_settled_is_the_end() -> None:
    state, seen = RallyState.DRAFT, [RallyState.DRAFT]
    for step in Step:
        state = ALLOWED[state, step]
        seen.append(state)
    assert seen == list(RallyState)
    assert all(move(RallyState.SETTLED, step) is RallyRefusal.WRONG_STATE for step in Step)


def test_the_clock_opens_what_was_announced_and_ends_what_runs() -> None:
    before, after = PLAN.starts_at - HOUR, PLAN.ends_at
    found = {state: [due_step(rally(state), at) for at in (before, PLAN.starts_at, after)] for state in RallyState}
    assert found[RallyState.ANNOUNCED] == [None, Step.OPEN, Step.OPEN]
    assert found[RallyState.RUNNING] == [None, None, Step.CLOSE]
    assert all(found[state] == [None] * 3 for state in (RallyState.DRAFT, RallyState.ENDED, RallyState.SETTLED))


def test_people_join_from_the_announcement_to_the_end() -> None:
    assert may_join(None) is RallyRefusal.NO_RALLY
    assert [may_join(rally(state)) for state in RallyState] == [
        RallyRefusal.NO_RALLY, None, None, RallyRefusal.OVER, RallyRefusal.OVER,
    ]  # fmt: skip
    assert [why_not_replaced(rally(state)) for state in RallyState] == [None, None, None] + [RallyRefusal.OVER] * 2


def test_an_event_is_its_organisers_and_every_team_leads() -> None:
    own, lead, other = (
        Member(10, "周", Language.ZH, frozenset({Role.WEALTH_MANAGER})),
        Member(11, "李", Language.ZH, frozenset({Role.TEAM_LEAD})),
        Member(12, "王", Language.ZH, frozenset({Role.WEALTH_MANAGER})),
    )
    assert [may_run(rally(), each) for each in (own, lead, other)] == [True, True, False]


def test_a_booth_is_open_in_its_hours_of_a_running_event_unless_it_pauses() -> None:
    found = rally()
    booth = found.booth("B4")
    assert booth is not None
    assert not is_open(booth, booth.opens_at - timedelta(seconds=1))
    assert is_open(booth, booth.opens_at)
    assert not is_open(booth, booth.closes_at)
    assert not is_open(replace(booth, state=BoothState.PAUSED), booth.opens_at)
    assert [each.code for each in open_booths(found, TEN)] == ["B1", "B2", "B3", "B5", "B6"]
    assert open_booths(rally(RallyState.ANNOUNCED), TEN) == ()


@given(targets, stamps)
def test_a_target_is_reached_when_nothing_is_missing_and_then_no_booth_is_useful(target: Target, had: set[str]) -> None:
    missing = sum(missing_of(need, had) for need in target.needs)
    assert reached(target, had) == (missing == 0) == (not still_useful(target, had))
    assert reached_of([target], had) == ({"T1"} if missing == 0 else frozenset())


@given(targets, stamps, st.sampled_from(CODES))
def test_another_stamp_never_takes_a_medal_away(target: Target, had: set[str], code: str) -> None:
    assert not reached(target, had) or reached(target, had | {code})


@given(targets, stamps)
def test_useful_booths_lead_to_the_target(target: Target, had: set[str]) -> None:
    while not reached(target, had):
        useful = still_useful(target, had)
        assert useful
        assert not useful & had
        had = had | {min(useful)}


@given(targets, targets, stamps)
def test_whoever_reached_the_old_target_has_reached_an_easier_one(old: Target, new: Target, had: set[str]) -> None:
    if is_as_easy(old, new) and reached(old, had):
        assert reached(new, had)


@given(targets)
def test_a_target_is_as_easy_as_itself_and_as_with_fewer_stamps(target: Target) -> None:
    assert is_as_easy(target, target)
    easier = tuple(replace(need, count=need.count - 1) for need in target.needs)
    assert is_as_easy(target, replace(target, needs=easier))


def test_the_next_booth_is_a_useful_open_one_with_the_shortest_wait() -> None:
    target = Target("T1", "达人", "Champion", (Need(2, ("B1", "B2", "B3")),))
    booths = rally().booths
    assert suggestion([target], booths, {"B1"}, {"B2": 9, "B3": 2}) == booths[2]
    assert suggestion([target], booths, {"B1"}, {"B3": 2}) == booths[1]
    assert suggestion([target], booths, {"B1", "B2"}, {}) == booths[2]
    assert suggestion([], booths[3:], set(), {"B4": 5}) == booths[4]
    assert suggestion([target], [], set(), {}) is None


def test_a_plan_comes_back_from_its_stored_form() -> None:
    assert restored(json.loads(json.dumps(stored(PLAN)))) == PLAN


def test_what_is_published_hides_right_answers_and_who_is_on_duty_and_nothing_else() -> None:
    shown = read_published(published(PLAN))
    quiz = shown.booths[1].game
    assert quiz.answer == 0
    hidden = replace(PLAN.booths[1], game=replace(PLAN.booths[1].game, answer=0))
    assert shown == replace(PLAN, booths=(PLAN.booths[0], hidden, *PLAN.booths[2:]))
    on_duty = replace(PLAN, booths=(replace(PLAN.booths[0], staff=(5,)), *PLAN.booths[1:]))
    assert published(on_duty) == published(PLAN)


def booth(at: int, **changed: Any) -> RallyPlan:
    """The example with another booth at this place."""
    booths = list(PLAN.booths)
    booths[at] = replace(booths[at], **changed)
    return replace(PLAN, booths=tuple(booths))


def gift(**changed: Any) -> RallyPlan:
    return replace(PLAN, gifts=(replace(PLAN.gifts[0], **changed), *PLAN.gifts[1:]))


BAG = PLAN.gifts[0].article
EASIER = replace(PLAN.targets[0], needs=(Need(2, PLAN.targets[0].needs[0].booths),))
HARDER = replace(PLAN.targets[0], needs=(Need(4, PLAN.targets[0].needs[0].booths),))
COUPON = CouponPlan("C1", "老张", Article("券", "Coupon", 9, 500), PLAN.ends_at + HOUR, "无", "none", booth="B1")


@pytest.mark.parametrize(
    "later",
    [
        PLAN,
        replace(PLAN, ends_at=PLAN.ends_at + HOUR, starts_at=PLAN.starts_at - HOUR),
        replace(PLAN, gifts_budget_fen=PLAN.gifts_budget_fen + 1, coupons=(COUPON,)),
        replace(PLAN, targets=(EASIER, *PLAN.targets[1:])),
        replace(PLAN, booths=(*PLAN.booths, replace(PLAN.booths[0], code="B7"))),
        booth(1, game=Game(GameKind.SCAN), staff=(7,), seconds_per_visitor=5, x=90, partner="老张"),
        booth(1, game=replace(PLAN.booths[1].game, tries=3)),
        booth(2, game=Game(GameKind.SPIN, tries=2)),
        booth(0, tastings=500),
        gift(article=replace(BAG, stock=301, worth_fen=1_300)),
    ],
)
def test_more_longer_and_easier_may_come_after_publication(later: RallyPlan) -> None:
    assert taken(PLAN, later) == ()


@pytest.mark.parametrize(
    ("later", "place"),
    [
        (replace(PLAN, title_zh="别的"), "title"),
        (replace(PLAN, rules=replace(PLAN.rules, conditions_en="other")), "rules"),
        (replace(PLAN, starts_at=PLAN.starts_at + HOUR), "starts"),
        (replace(PLAN, ends_at=PLAN.ends_at - HOUR), "ends"),
        (replace(PLAN, gifts_budget_fen=1), "gifts_budget_yuan"),
        (replace(PLAN, needs_real_name=True), "needs_real_name"),
        (replace(PLAN, booths=PLAN.booths[1:]), "booths.B1"),
        (booth(3, closes_at=PLAN.booths[3].closes_at - HOUR), "booths.B4"),
        (booth(1, game=replace(PLAN.booths[1].game, tries=1)), "booths.B2"),
        (booth(2, game=Game(GameKind.SPIN, tries=4)), "booths.B3"),
        (booth(0, game=PLAN.booths[1].game), "booths.B1"),
        (booth(0, tastings=None), "booths.B1"),
        (replace(PLAN, targets=(HARDER, *PLAN.targets[1:])), "targets.T1"),
        (replace(PLAN, targets=PLAN.targets[:1]), "targets.T2"),
        (replace(PLAN, gifts=PLAN.gifts[1:]), "gifts.T1"),
        (gift(article=replace(BAG, stock=299)), "gifts.T1"),
        (gift(substitute=None), "gifts.T1.substitute"),
    ],
)
def test_what_takes_from_the_customer_is_named_by_its_place(later: RallyPlan, place: str) -> None:
    assert taken(PLAN, later) == (place,)


@pytest.mark.parametrize(
    "worse",
    [
        replace(COUPON, expires_at=COUPON.expires_at - HOUR),
        replace(COUPON, conditions_zh="满 30 元"),
        replace(COUPON, article=replace(COUPON.article, stock=8)),
        replace(COUPON, booth="B2"),
    ],
)
def test_a_coupon_stays_as_good_as_it_was(worse: CouponPlan) -> None:
    before = replace(PLAN, coupons=(COUPON,))
    assert taken(before, replace(PLAN, coupons=(worse,))) == ("coupons.C1",)
    assert taken(before, PLAN) == ("coupons.C1",)
    assert taken(before, before) == ()


def test_a_gift_that_gets_a_substitute_is_no_worse() -> None:
    later = replace(PLAN, gifts=(PLAN.gifts[0], GiftPlan("T2", PLAN.gifts[1].article, BAG)))
    assert taken(PLAN, later) == ()
