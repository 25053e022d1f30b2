"""Draws by their rules: odds as published, stock never exceeded, and nothing changed that a verification misses."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from campaigns.draws.model import (
    Draw,
    DrawCode,
    DrawKind,
    DrawPlan,
    DrawState,
    Finding,
    Mismatch,
    Prize,
    PublishedDraw,
    Taker,
    Terms,
    Ticket,
)
from campaigns.draws.rules import (
    MILLION,
    DrawError,
    budget_of,
    check_draw,
    commitment,
    keys_of,
    new_secret,
    next_ticket,
    prize_of,
    roll,
    take_part,
    verify,
)

OPENS = datetime(2026, 11, 22, 4, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=1)
SECRET = "5e" * 32
TERMS = Terms("实名绑定的群成员每人一次", "Bound members, once each", "A银行", "Bank A", "95500", "95500")
PRIZES = (
    Prize("一等奖", "First", 888, 1_000, 2),
    Prize("二等奖", "Second", 88, 99_000, 500),
    Prize("三等奖", "Third", 8, 400_000, 100_000),
    Prize("谢谢参与", "Thank you", 0, 500_000),
)


def draw(secret: str = SECRET, prizes: tuple[Prize, ...] = PRIZES) -> Draw:
    left = tuple(prize.stock for prize in prizes)
    return Draw(
        3, 7, 1, DrawKind.JOIN, "入群抽波豆", "Join draw", prizes, TERMS, OPENS, CLOSES, commitment(secret), left=left
    )


def plan(prizes: tuple[Prize, ...] = PRIZES, terms: Terms = TERMS) -> DrawPlan:
    return DrawPlan(DrawKind.JOIN, "入群抽波豆", "Join draw", prizes, terms, OPENS, CLOSES)


def taker(member: int, customer: int | None = -1) -> Taker:
    number = member if customer == -1 else customer
    return Taker(member, f"王{member}*", UUID(int=number) if number is not None else None)


def published(count: int, secret: str = SECRET, prizes: tuple[Prize, ...] = PRIZES) -> PublishedDraw:
    after, outcomes = take_part(draw(secret, prizes), secret, [taker(n) for n in range(1, count + 1)], {}, OPENS)
    tickets = tuple(outcome.ticket for outcome in outcomes if outcome.ticket)
    return PublishedDraw(replace(after, state=DrawState.CLOSED), secret, tickets)


def chi_square(counts: Counter[int], count: int) -> float:
    expected = [count * prize.odds / MILLION for prize in PRIZES]
    return sum((counts[at] - wanted) ** 2 / wanted for at, wanted in enumerate(expected))


def test_ten_thousand_draws_follow_the_published_odds() -> None:
    endless = tuple(replace(prize, stock=MILLION) for prize in PRIZES[:-1]) + PRIZES[-1:]
    counts = Counter(ticket.prize for ticket in published(10_000, prizes=endless).tickets)
    assert chi_square(counts, 10_000) < 16.27  # chi-square with 3 degrees of freedom: passed by 99.9 % of fair draws


def test_a_draw_that_ignores_its_odds_fails_the_same_test() -> None:
    assert chi_square(Counter(n % 4 for n in range(10_000)), 10_000) > 16.27


def test_each_person_draws_once_and_sees_the_same_ticket_again() -> None:
    after, [first, again, other] = take_part(draw(), SECRET, [taker(1), taker(1), taker(9, customer=1)], {}, OPENS)
    assert [o.code for o in (first, again, other)] == [DrawCode.DRAWN, DrawCode.TWICE, DrawCode.TWICE]
    assert first.ticket == again.ticket == other.ticket
    assert after.drawn == 1


def test_a_second_round_makes_no_winner_twice_and_no_last_batch_negative() -> None:
    few = (replace(PRIZES[0], odds=900_000, stock=3), replace(PRIZES[-1], odds=100_000))
    people = [taker(number) for number in range(1, 31)]
    after, first = take_part(draw(prizes=few), SECRET, people, {}, OPENS)
    had = {key: o.ticket for one, o in zip(people, first, strict=True) if o.ticket for key in keys_of(one)}
    again, second = take_part(after, SECRET, people, had, OPENS)
    assert {outcome.code for outcome in second} == {DrawCode.TWICE}
    assert again == after
    assert sum(outcome.prize == few[0] for outcome in first) == 3
    assert again.left == (0, None)


def test_who_is_not_bound_does_not_draw_and_takes_no_number() -> None:
    after, [outcome] = take_part(draw(), SECRET, [taker(1, customer=None)], {}, OPENS)
    assert (outcome.code, after) == (DrawCode.NOT_BOUND, draw())


@pytest.mark.parametrize("now", [OPENS - timedelta(seconds=1), CLOSES])
def test_before_its_start_and_from_its_end_on_nobody_draws(now: datetime) -> None:
    assert take_part(draw(), SECRET, [taker(1)], {}, now)[1][0].code is DrawCode.NOT_OPEN


def test_a_used_up_prize_becomes_the_last_one() -> None:
    assert prize_of(PRIZES, (0, 1, 1, None), 0) == 3
    assert prize_of(PRIZES, (1, 1, 1, None), 999) == 0
    assert prize_of(PRIZES, (1, 1, 1, None), 1_000) == 1


@settings(max_examples=30, deadline=None)
@given(secret=st.binary(min_size=32, max_size=32), stock=st.integers(1, 3), count=st.integers(0, 120))
def test_no_prize_is_drawn_more_often_than_there_are(secret: bytes, stock: int, count: int) -> None:
    prizes = (replace(PRIZES[0], odds=500_000, stock=stock), replace(PRIZES[-1], odds=500_000))
    found = published(count, secret.hex(), prizes)
    won = sum(ticket.prize == 0 for ticket in found.tickets)
    assert won <= stock
    assert won * 888 <= budget_of(prizes)
    assert found.draw.left[0] == stock - won
    assert verify(found) == []


def test_an_honest_draw_is_verified() -> None:
    assert verify(published(200)) == []


def test_a_changed_secret_is_found() -> None:
    changed = replace(published(20), secret=new_secret())
    assert Finding(Mismatch.SECRET) in verify(changed)
    assert verify(replace(changed, secret=b"no secret at all".hex())) != []


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 49), prize=st.integers(0, 3), name=st.sampled_from(["王*", "李*"]))
def test_any_changed_line_is_found(at: int, prize: int, name: str) -> None:
    honest = published(50)
    line = honest.tickets[at]
    for changed in (replace(line, prize=prize), replace(line, masked_name=name), replace(line, receipt="0" * 64)):
        tickets = (*honest.tickets[:at], changed, *honest.tickets[at + 1 :])
        assert (verify(replace(honest, tickets=tickets)) == []) == (changed == line)


def test_a_dropped_or_doubled_or_swapped_ticket_is_found() -> None:
    honest = published(10)
    a, b, *rest = honest.tickets
    for tickets in ((b, *rest), (a, a, b, *rest), (b, a, *rest), honest.tickets[:-1]):
        assert verify(replace(honest, tickets=tuple(tickets))) != []


def test_a_ticket_does_not_depend_on_who_draws_it() -> None:
    prizes = {next_ticket(draw(), SECRET, name)[1].prize for name in ("张*", "李*", "王*")}
    assert len(prizes) == 1
    assert roll(SECRET, 3, 1) != roll(SECRET, 3, 2) != roll(SECRET, 4, 2)


@pytest.mark.parametrize(
    ("prizes", "terms", "price", "said"),
    [
        (PRIZES, replace(TERMS, complaints_en=" "), 100, "Every term"),
        (PRIZES[1:], TERMS, 100, "add up"),
        (PRIZES[-1:], TERMS, 100, "at least two"),
        ((replace(PRIZES[0], odds=MILLION), replace(PRIZES[-1], odds=0, points=1)), TERMS, 100, "last prize"),
        ((replace(PRIZES[0], odds=MILLION, stock=0), replace(PRIZES[-1], odds=0)), TERMS, 100, "stock above 0"),
        (PRIZES, TERMS, 563_064, "50,000 yuan"),
    ],
)
def test_a_draw_that_may_not_be_is_refused(prizes: tuple[Prize, ...], terms: Terms, price: int, said: str) -> None:
    with pytest.raises(DrawError, match=said):
        check_draw(plan(prizes, terms), price)


def test_a_top_prize_of_just_50000_yuan_is_allowed() -> None:
    prizes = (replace(PRIZES[0], points=50_000, odds=1), replace(PRIZES[-1], odds=MILLION - 1))
    check_draw(plan(prizes), 10_000)
    with pytest.raises(DrawError, match="50,000"):
        check_draw(plan(prizes), 10_001)


def test_a_draw_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(DrawError, match="close after"):
        check_draw(replace(plan(), opens_at=CLOSES, closes_at=OPENS), 100)


class Drawing(RuleBasedStateMachine):
    """Anybody draws in any order, twice, under a second member's name, before and after: stock and tickets agree."""

    SCARCE = (
        Prize("一等奖", "First", 88, 400_000, 2),
        Prize("二等奖", "Second", 8, 400_000, 3),
        Prize("谢谢", "Thanks", 0, 200_000),
    )

    def __init__(self) -> None:
        super().__init__()
        self.now = OPENS - timedelta(hours=1)
        self.draw = draw(prizes=self.SCARCE)
        self.known: dict[str, Ticket] = {}
        self.tickets: list[Ticket] = []

    @rule(batch=st.lists(st.tuples(st.integers(1, 8), st.none() | st.integers(1, 6)), max_size=6))
    def people_draw(self, batch: list[tuple[int, int | None]]) -> None:
        takers = [taker(member, customer) for member, customer in batch]
        self.draw, outcomes = take_part(self.draw, SECRET, takers, self.known, self.now)
        for each, outcome in zip(takers, outcomes, strict=True):
            had = next((self.known[key] for key in keys_of(each) if key in self.known and "None" not in key), None)
            if outcome.code is DrawCode.DRAWN:
                assert outcome.ticket is not None
                assert had is None
                assert each.customer_id is not None
                assert OPENS <= self.now < CLOSES
                self.known |= dict.fromkeys(keys_of(each), outcome.ticket)
                self.tickets.append(outcome.ticket)
            elif had is not None:
                assert (outcome.code, outcome.ticket) == (DrawCode.TWICE, had)

    @rule(hours=st.integers(1, 9))
    def hours_pass(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def stock_and_tickets_agree(self) -> None:
        won = Counter(ticket.prize for ticket in self.tickets)
        assert self.draw.drawn == len(self.tickets)
        for at, (prize, left) in enumerate(zip(self.SCARCE, self.draw.left, strict=True)):
            assert (prize.stock is None and left is None) or (
                left is not None and left >= 0 and left + won[at] == prize.stock
            )

    def teardown(self) -> None:
        closed = replace(self.draw, state=DrawState.CLOSED)
        assert verify(PublishedDraw(closed, SECRET, tuple(self.tickets))) == []


TestDrawing = Drawing.TestCase
TestDrawing.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
