"""The gift desk as a machine of medals, gifts, substitutes, undos and stock, against a count; and its refusals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from campaigns.gifts.model import GiftCode, HandOut, Hold, Standing, Stores
from campaigns.gifts.rules import hand_out, may_hand_out, may_show, may_undo, on_hand, stores_of, undo
from campaigns.rallies.model import RallyState
from campaigns.redemptions.codes import new_code, read_short
from campaigns.redemptions.model import Clerk
from campaigns.redemptions.rules import TO_UNDO
from tests import rally_day

START = datetime(2026, 11, 28, 2, tzinfo=UTC)
RALLY = rally_day.rally(START)
TARGETS = {"T1": ([1_200, 350], [2, 1]), "T2": ([4_000], [1])}
MEMBERS = range(1, 4)
CLERK, OTHER, LEAD = Clerk(91), Clerk(92), Clerk(93, is_lead=True)
members, targets = st.sampled_from(MEMBERS), st.sampled_from(sorted(TARGETS))


class GiftMachine(RuleBasedStateMachine):
    """Anybody earns, shows, gets and gives back in any order; the model only counts pieces and fen."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.budget = RALLY.gifts_budget_fen
        self.stores: Stores = stores_of(RALLY, {}, 0)
        self.gifts: dict[tuple[str, int], HandOut] = {}
        self.given: dict[tuple[str, int], tuple[int, int, datetime]] = {}  # place, clerk, when

    def pieces(self, target: str, place: int) -> int:
        return sum(given[0] == place for (of, _), given in self.given.items() if of == target)

    def spent(self) -> int:
        return sum(TARGETS[target][0][place] for (target, _), (place, _, _) in self.given.items())

    def due(self, target: str) -> int | None:
        """The place of what is to be handed out: the gift, else the substitute."""
        costs, stock = TARGETS[target]
        fits = [cost <= self.budget - self.spent() for cost in costs]
        found = (at for at in range(len(costs)) if self.pieces(target, at) < stock[at] and fits[at])
        return next(found, None)

    @initialize(short=st.sampled_from((0, 4_500)))
    def begin(self, short: int) -> None:
        """Every other time there is less money than everything costs."""
        self.budget -= short
        self.stores = replace(self.stores, budget_fen=self.budget)

    @rule(member=members, goal=targets)
    def earn_or_show(self, member: int, goal: str) -> None:
        fresh = HandOut(len(self.gifts) + 1, RALLY.id, goal, member, self.now)
        gift = self.gifts.setdefault((goal, member), fresh)
        if may_show(RALLY, gift, Standing(member, None)) is None:
            assert (goal, member) not in self.given
            self.gifts[goal, member] = replace(gift, code_until=self.now + timedelta(minutes=30))

    @rule(
        member=members,
        goal=targets,
        clerk=st.sampled_from((CLERK, OTHER, CLERK, Clerk(1))),
        hold=st.sampled_from((Hold.NONE, Hold.NONE, Hold.NONE, Hold.HELD, Hold.REFUSED)),
        expected=st.sampled_from((None, None, True, False)),
    )
    def scan(self, member: int, goal: str, clerk: Clerk, hold: Hold, expected: bool | None) -> None:
        gift = self.gifts.get((goal, member))
        if gift is None:
            return
        refusal = may_hand_out(RALLY, gift, Standing(member, None, hold=hold), clerk, self.now)
        is_fresh = gift.code_until is not None and self.now < gift.code_until
        had, is_own = (goal, member) in self.given, clerk.member_id == member
        assert (refusal is None) == (not had and is_fresh and not is_own and hold is Hold.NONE)
        if refusal is not None:
            return
        place, outcome = self.due(goal), hand_out(self.stores, gift, expected, clerk, self.now)
        if place is None:
            assert outcome is GiftCode.NOTHING_LEFT
        elif expected is not None and expected != bool(place):
            assert outcome is GiftCode.CHANGED
        else:
            assert not isinstance(outcome, GiftCode)
            self.stores, self.gifts[goal, member] = outcome
            self.given[goal, member] = (place, clerk.member_id, self.now)

    @rule(member=members, goal=targets, clerk=st.sampled_from((CLERK, OTHER, LEAD)))
    def take_back(self, member: int, goal: str, clerk: Clerk) -> None:
        gift, given = self.gifts.get((goal, member)), self.given.get((goal, member))
        if gift is None:
            return
        refusal = may_undo(RALLY, gift, clerk, self.now)
        in_time = given is not None and self.now < given[2] + TO_UNDO
        may = given is not None and in_time and (clerk.is_lead or clerk.member_id == given[1])
        assert (refusal is None) == may
        if refusal is None:
            self.stores, self.gifts[goal, member] = undo(self.stores, gift)
            del self.given[goal, member]

    @rule(minutes=st.integers(1, 12))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def stock_and_budget_agree_with_the_count_and_are_never_below_zero(self) -> None:
        for stock in self.stores.stocks:
            assert stock.given == self.pieces(stock.target, int(stock.is_substitute))
            assert stock.left >= 0
        assert self.stores.spent_fen == self.spent()
        assert self.stores.left_fen >= 0
        assert {key for key, gift in self.gifts.items() if gift.is_handed_out} == set(self.given)


GiftMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
TestGiftMachine = GiftMachine.TestCase

WAITING = HandOut(1, 1, "T1", 11, START, code_until=START + timedelta(minutes=30))
KNOWN = Standing(11, UUID(int=5))


@pytest.mark.parametrize(
    ("state", "names", "standing", "clerk", "code"),
    [
        (RallyState.RUNNING, False, Standing(11, None), CLERK, None),
        (RallyState.ENDED, True, KNOWN, CLERK, None),
        (RallyState.ANNOUNCED, False, KNOWN, CLERK, GiftCode.NOT_NOW),
        (RallyState.SETTLED, False, KNOWN, CLERK, GiftCode.NOT_NOW),
        (RallyState.RUNNING, True, Standing(11, None), CLERK, GiftCode.NOT_BOUND),
        (RallyState.RUNNING, False, replace(KNOWN, had_before=True), CLERK, GiftCode.HAD_BEFORE),
        (RallyState.RUNNING, False, replace(KNOWN, hold=Hold.HELD), LEAD, GiftCode.HELD),
        (RallyState.RUNNING, False, replace(KNOWN, hold=Hold.REFUSED), LEAD, GiftCode.REFUSED),
        (RallyState.RUNNING, False, KNOWN, Clerk(11), GiftCode.OWN),
        (RallyState.RUNNING, False, KNOWN, Clerk(91, frozenset({1})), GiftCode.ELSEWHERE),
    ],
)
def test_who_gets_a_gift_and_who_hears_why_not(
    state: RallyState, names: bool, standing: Standing, clerk: Clerk, code: GiftCode | None
) -> None:
    rally = rally_day.rally(START, state, needs_real_name=names)
    assert may_hand_out(rally, WAITING, standing, clerk, START) is code


def test_the_substitute_is_handed_out_once_the_gift_or_its_money_has_run_out() -> None:
    fresh = stores_of(RALLY, {}, 0)
    gone = stores_of(RALLY, {("T1", False): 2}, 2_400)
    poor = stores_of(RALLY, {}, RALLY.gifts_budget_fen - 400)
    names = [stock and stock.article.title_zh for stock in (on_hand(each, "T1") for each in (fresh, gone, poor))]
    assert names == ["帆布袋", "钥匙扣", "钥匙扣"]
    assert on_hand(stores_of(RALLY, {("T1", False): 2, ("T1", True): 1}, 2_750), "T1") is None
    assert on_hand(fresh, "T9") is None


def test_six_characters_are_read_as_people_type_them_and_words_are_not() -> None:
    short = new_code().short
    assert read_short(f" {short[:3].lower()} {short[3:]} ") == short
    assert [read_short(words) for words in ("THANKS", "234567", "AB12", "I0O1L2", "核销")] == [None] * 5
