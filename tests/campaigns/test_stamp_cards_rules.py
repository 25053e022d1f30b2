"""How far a target is: the fewest stamps that are missing, and medals that stay."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from campaigns.rallies.model import Need, Target
from campaigns.rallies.targets import reached
from campaigns.stamp_cards.rules import missing

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
