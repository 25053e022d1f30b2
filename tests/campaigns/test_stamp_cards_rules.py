"""How far a target is, by the fewest stamps that are missing, and which booth is the next."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from campaigns.games.model import Game, GameKind
from campaigns.members.model import Language
from campaigns.rallies.model import Booth, Need, Rally, RallyPlan, RallyRules, RallyState, Target
from campaigns.rallies.targets import reached
from campaigns.stamp_cards.model import Holder, StampCard
from campaigns.stamp_cards.rules import missing, next_booth

CODES = tuple(f"B{at}" for at in range(1, 7))


def target(*needs: tuple[int, str]) -> Target:
    return Target("T", "勋章", "Medal", tuple(Need(count, tuple(f"B{at}" for at in booths)) for count, booths in needs))


def test_a_stamp_that_counts_twice_is_missed_once() -> None:
    assert missing(target((1, "1"), (2, "123")), ()) == 2
    assert missing(target((3, "123"), (2, "456")), {"B1", "B4"}) == 3
    assert missing(target((5, "123456")), CODES) == 0


@given(st.sets(st.sampled_from("123456")), st.integers(1, 3), st.integers(1, 6))
def test_with_a_zone_inside_the_whole_it_is_the_fewest_that_do(stamped: set[str], zone: int, whole: int) -> None:
    wanted = target((zone, "123"), (whole, "123456"))
    held = {f"B{at}" for at in stamped}
    rest = [code for code in CODES if code not in held]
    fewest = next(
        size
        for size in range(len(rest) + 1)
        if any(reached(wanted, held | set(more)) for more in combinations(rest, size))
    )
    assert missing(wanted, held) == fewest


NOON = datetime(2026, 12, 5, 4, tzinfo=UTC)


def fair(*places: tuple[int, int]) -> Rally:
    """Booths at these places on a map of a hundred metres; B1 to B3 are a target."""
    ends = NOON + timedelta(hours=6)
    booths = tuple(
        Booth(at, 1, f"B{at}", None, "店", "Shop", "红区", x, y, NOON, ends, Game(GameKind.SCAN), 30)
        for at, (x, y) in enumerate(places, start=1)
    )
    rules = RallyRules("无", "none", "A银行", "Bank A", "95500", "95500")
    wanted = (Target("T", "勋章", "Medal", (Need(3, ("B1", "B2", "B3")),)),)
    plan = RallyPlan("FAIR", "市集", "Fair", NOON, ends, (), wanted, (), (), 0, rules, "广场", "Square")
    return Rally(1, "FAIR", "市集", "Fair", 1, None, NOON, ends, RallyState.RUNNING, booths, plan)


def next_code(rally: Rally, *stamped: str, waits: dict[str, int] | None = None, shut: str = "") -> str | None:
    """Where somebody with these stamps, the last one the newest, is sent."""
    stamps = {code: NOON + timedelta(minutes=at) for at, code in enumerate(stamped)}
    medals = frozenset({"T"} if {"B1", "B2", "B3"} <= stamps.keys() else ())
    card = StampCard(rally, Holder(7, "王芳", Language.ZH), stamps, medals)
    found = next_booth(card, [booth for booth in rally.booths if booth.code != shut], waits or {})
    return found.booth.code if found else None


ROW = fair((0, 0), (10, 0), (90, 0), (12, 0))


def test_the_next_booth_is_one_that_a_target_wants_with_the_shortest_queue() -> None:
    assert next_code(ROW, waits={"B1": 9, "B2": 4, "B3": 2}) == "B3"
    assert next_code(ROW, waits={"B1": 9, "B2": 9, "B3": 9, "B4": 0}) == "B1"


def test_a_near_booth_is_worth_a_short_wait_and_no_long_one() -> None:
    assert next_code(ROW, "B1", waits={"B2": 1}) == "B2"
    assert next_code(ROW, "B1", waits={"B2": 9}) == "B3"


def test_shut_and_stamped_booths_are_not_suggested_and_after_the_medal_any_other_is() -> None:
    assert next_code(ROW, "B1", shut="B2") == "B3"
    assert next_code(ROW, "B1", "B2", "B3") == "B4"
    assert next_code(ROW, "B1", "B2", "B3", "B4") is None
