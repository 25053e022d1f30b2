"""What is handed out: for how many there is room, what ends first, on which day, and at which rate."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.customers.model import Letter
from campaigns.draws.model import Draw, DrawKind, Prize, Terms
from campaigns.gifts.model import Stock as Pieces
from campaigns.gifts.model import Stores
from campaigns.promotions.supplies import (
    Bound,
    Rate,
    RateSource,
    Room,
    Supply,
    of_draw,
    of_gifts,
    of_vouchers,
    run_out,
)
from campaigns.rallies.model import Article
from campaigns.vouchers.files import read_book
from campaigns.vouchers.model import Stock
from campaigns.vouchers.rules import room
from handlers.wording.audiences import LEXICON

ZONE, NOW = ZoneInfo("Asia/Shanghai"), datetime(2030, 11, 1, 2, tzinfo=UTC)
END = NOW + timedelta(days=20)
BOOK = read_book((Path(__file__).parents[2] / "campaigns/vouchers/example.yaml").read_text("utf-8"), LEXICON).plans
FUND, PAY = BOOK["fund-100k"], BOOK["pay-50"]
FIFTH = Rate(0.2, RateSource.TARGET)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
@settings(max_examples=50)
def test_the_bound_that_is_said_to_end_first_is_the_one_that_refuses_the_next_claim(
    pieces: int, budget: int, cap: int, value: int
) -> None:
    plan = replace(PAY, stock=pieces, budget_fen=budget, liability_fen=cap, value_fen=value)
    supply = of_vouchers("voucher:pay-50", None, [(plan, Stock())], ZONE)
    assert supply.first is not None
    taken = supply.first.takers
    before, after = (Stock(issued=n, open=n, open_fen=n * value) for n in (taken - 1, taken))
    assert taken == 0 or room(plan, before) is None
    assert room(plan, after) is not None


def test_a_pack_lasts_as_long_as_the_first_of_its_vouchers_and_is_on_offer_while_all_are() -> None:
    later = replace(FUND, first=date(2026, 11, 5))
    found = of_vouchers("pack:growing", FUND.aim, [(later, Stock(open_fen=4_950_000)), (PAY, Stock())], ZONE)
    assert found.first == Room("fund-100k", Bound.CAP, 1)
    assert found.classes == {Letter.B}
    assert found.covers(datetime(2026, 11, 5, tzinfo=ZONE), datetime(2027, 2, 1, tzinfo=ZONE))
    assert not found.covers(datetime(2026, 11, 4, tzinfo=ZONE), datetime(2027, 2, 1, tzinfo=ZONE))
    assert of_vouchers("pack:bare", None, [], ZONE).first is None


def test_a_draws_prize_lasts_for_its_stock_divided_by_its_odds() -> None:
    prizes = (Prize("", "cup", 500, 10_000, 5), Prize("", "pen", 50, 200_000, 40), Prize("", "thanks", 0, 790_000))
    terms = Terms("", "", "", "", "", "")
    draw = Draw(7, 1, 1, DrawKind.JOIN, "", "", prizes, terms, NOW, END, "", left=(3, 40, None))
    found = of_draw("draw:7", draw)
    assert [(each.piece, each.takers) for each in found.rooms] == [("cup", 300), ("pen", 200)]
    assert found.first == found.rooms[1]


def test_gifts_last_with_their_substitutes_and_as_long_as_the_budget_pays_the_dearer() -> None:
    stocks = (
        Pieces("all", False, Article("", "", 50, 3_000), 20),
        Pieces("all", True, Article("", "", 10, 1_000)),
        Pieces("half", False, Article("", "", 100, 2_000)),
    )
    found = of_gifts("rally:day", Stores(stocks, 500_000, 350_000), NOW, END)
    assert found.rooms == (
        Room("all", Bound.STOCK, 40),
        Room("half", Bound.STOCK, 100),
        Room("rally:day", Bound.BUDGET, 30),
    )


@given(st.integers(0, 500), st.integers(0, 1_000), st.floats(0, 1))
@settings(max_examples=50)
def test_it_is_short_exactly_when_more_are_expected_than_there_is_room_for(
    takers: int, addressed: int, share: float
) -> None:
    supply = Supply("voucher:x", (Room("x", Bound.STOCK, takers), Room("x", Bound.CAP, takers + 1)))
    found = run_out(supply, addressed, Rate(share, RateSource.TARGET), NOW, END)
    assert found.is_short == (found.expected > takers)
    if found.ends_at is not None:
        assert takers < addressed
        assert NOW <= found.ends_at <= END


def test_takers_come_evenly_and_what_has_no_bound_never_ends() -> None:
    supply = Supply("voucher:x", (Room("x", Bound.STOCK, 50),))
    assert run_out(supply, 1_000, FIFTH, NOW, END).ends_at == NOW + timedelta(days=5)
    assert run_out(Supply("pack:x"), 1_000, FIFTH, NOW, END).ends_at is None
