"""Points by their rules: nobody is paid twice or in part, what ends first is spent first, parts add up to the fen."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.points.model import (
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
    Share,
    Totals,
)
from campaigns.points.rules import (
    CampaignError,
    back_to,
    check_campaign,
    may_close,
    returned,
    settle,
    share_out,
    split,
    take,
)

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ENDS = NOW + timedelta(days=3)
BANK, SHOP = 1, 2
SHARES = (Share(BANK, 6_000), Share(SHOP, 4_000))
CAMPAIGN = PointsCampaign(7, "入群抽波豆", 100, 30, SHARES, ENDS)
CUSTOMER = UUID(int=1)
GRANTS = st.lists(
    st.builds(
        Grant,
        member_id=st.integers(1, 5),
        points=st.integers(1, 40),
        reason=st.just(MovementReason.JOIN),
        occasion=st.sampled_from(["once", "2026-11-22"]),
        customer_id=st.sampled_from([None, CUSTOMER]),
    ),
    max_size=30,
)


def join(member: int, points: int = 10, customer: UUID | None = None, occasion: str = "once") -> Grant:
    return Grant(member, points, MovementReason.JOIN, occasion, customer)


def shared(left: int, *grants: Grant, used: frozenset[str] = frozenset()) -> tuple[list[GrantCode], list[Movement]]:
    return share_out(CAMPAIGN, purse(left), grants, used, NOW, TODAY)


def purse(points: int) -> Balance:
    return Balance(Account(AccountKind.BUDGET, 7), points)


def lot(points: int, days: int, campaign: int = 7) -> Balance:
    return Balance(Account(AccountKind.MEMBER, campaign, 11, TODAY + timedelta(days=days)), points)


def totals(**given: int) -> Totals:
    counts = {"issued": 100, "left": 100, "outstanding": 0, "held": 0, "expired": 0, "void": 0} | given
    return Totals(**counts, claimed={}, cost={})


def test_a_member_is_paid_once_for_an_occasion_and_again_for_the_next() -> None:
    codes, movements = shared(100, join(11), join(11), join(11, occasion="again"))
    assert codes == [GrantCode.GRANTED, GrantCode.TWICE, GrantCode.GRANTED]
    assert [m.target.owner for m in movements] == [11, 11]


def test_a_customer_of_the_bank_is_paid_once_through_two_members() -> None:
    codes, _ = shared(100, join(11, customer=CUSTOMER), join(12, customer=CUSTOMER), join(13))
    assert codes == [GrantCode.GRANTED, GrantCode.TWICE, GrantCode.GRANTED]


def test_an_empty_budget_pays_nobody_in_part_and_a_smaller_wish_still_fits() -> None:
    codes, movements = shared(15, join(11), join(12), join(13, points=5))
    assert codes == [GrantCode.GRANTED, GrantCode.BUDGET_EMPTY, GrantCode.GRANTED]
    assert sum(m.points for m in movements) == 15


def test_what_earlier_movements_took_is_not_paid_again() -> None:
    _, [movement] = shared(100, join(11))
    assert shared(100, join(11), used=frozenset({movement.key}))[0] == [GrantCode.TWICE]


def test_the_moment_of_the_end_is_late() -> None:
    assert share_out(CAMPAIGN, purse(100), [join(11)], (), ENDS, TODAY)[0] == [GrantCode.CLOSED]


def test_a_movement_that_is_no_payment_is_a_fault() -> None:
    with pytest.raises(ValueError, match="does not pay"):
        shared(100, Grant(11, 1, MovementReason.CLAIM, "once"))


@given(left=st.integers(0, 200), grants=GRANTS)
def test_grants_never_exceed_the_budget_nor_repeat(left: int, grants: list[Grant]) -> None:
    codes, movements = shared(left, *grants)
    assert sum(m.points for m in movements) <= left
    assert len(codes) == len(grants)
    assert codes.count(GrantCode.GRANTED) == len(movements)
    keys = Counter(key for m in movements for key in (m.key, m.person_key) if key)
    assert max(keys.values(), default=1) == 1


@given(lots=st.lists(st.builds(lot, st.integers(1, 50), st.integers(-5, 40)), max_size=8), points=st.integers(1, 120))
def test_spending_takes_what_ends_first_and_exactly_what_is_asked(lots: list[Balance], points: int) -> None:
    valid = [each for each in lots if each.account.expires_on >= TODAY]
    taken = take(lots, points, TODAY)
    if taken is None:
        assert sum(each.points for each in valid) < points
        return
    assert sum(each.points for each in taken) == points
    last = max(each.account.expires_on for each in taken)
    sooner = sum(each.points for each in valid if each.account.expires_on < last)
    assert sum(each.points for each in taken if each.account.expires_on < last) == sooner


def test_points_are_good_on_their_last_day() -> None:
    assert take([lot(10, 0)], 10, TODAY) is not None
    assert take([lot(10, -1)], 10, TODAY) is None


def test_cancelled_points_live_at_least_another_week() -> None:
    assert back_to(lot(1, 2).account, TODAY).expires_on == TODAY + timedelta(days=7)
    assert back_to(lot(1, 20).account, TODAY).expires_on == TODAY + timedelta(days=20)


@given(amount=st.integers(0, 10**9), weights=st.dictionaries(st.integers(1, 9), st.integers(1, 10_000), min_size=1))
def test_parts_add_up_to_the_whole_and_none_is_off_by_a_fen(amount: int, weights: dict[int, int]) -> None:
    parts, whole = split(amount, weights), sum(weights.values())
    assert sum(parts.values()) == amount
    assert all(abs(part * whole - amount * weights[owner]) < whole for owner, part in parts.items())


def test_the_settlement_splits_the_cost_and_names_who_only_hands_out() -> None:
    found = Totals(1_000, 0, 0, 0, {SHOP: 600, 3: 400}, 0, 0, {SHOP: 60_050, 3: 40_000})
    sheet = settle(CAMPAIGN, found, {BANK: "A银行", SHOP: "幸福里", 3: "书店"})
    assert sheet.cost_fen == 1_001
    assert [(line.name, line.claimed, line.pays_fen) for line in sheet.lines] == [
        ("A银行", 0, 601),
        ("幸福里", 600, 400),
        ("书店", 400, 0),
    ]
    assert sum(line.receives_fen for line in sheet.lines) == sum(line.pays_fen for line in sheet.lines) == 1_001


@pytest.mark.parametrize(
    ("found", "refusal"),
    [
        (totals(issued=99), CloseRefusal.OUT_OF_BALANCE),
        (totals(left=90, held=10), CloseRefusal.REDEMPTIONS_OPEN),
        (totals(left=90, outstanding=10), CloseRefusal.MEMBERS_HOLD_POINTS),
        (totals(left=90, expired=10), None),
    ],
)
def test_a_campaign_closes_only_when_every_point_came_to_its_end(found: Totals, refusal: CloseRefusal | None) -> None:
    assert may_close(CAMPAIGN, found, found.left, ENDS) == refusal


def test_a_campaign_with_an_open_draw_is_not_closed() -> None:
    assert may_close(CAMPAIGN, totals(), 60, ENDS) is CloseRefusal.DRAWS_OPEN


def test_a_running_or_closed_campaign_is_not_closed() -> None:
    assert may_close(CAMPAIGN, totals(), 100, NOW) is CloseRefusal.STILL_RUNNING
    closed = PointsCampaign(7, "", 100, 30, SHARES, ENDS, state=CampaignState.CLOSED)
    assert may_close(closed, totals(), 100, ENDS) is CloseRefusal.CLOSED_ALREADY
    assert returned(CAMPAIGN, 0) == []


@pytest.mark.parametrize(
    ("price", "days", "shares", "budget", "said"),
    [
        (0, 30, SHARES, 1, "price"),
        (100, 0, SHARES, 1, "valid"),
        (100, 30, SHARES, 0, "budget"),
        (100, 30, SHARES[:1], 1, "add up"),
        (100, 30, (*SHARES, Share(SHOP, 1)), 1, "one share"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(
    price: int, days: int, shares: tuple[Share, ...], budget: int, said: str
) -> None:
    with pytest.raises(CampaignError, match=said):
        check_campaign(price, days, shares, budget)
