"""Merchants out of lines that people type or paste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.places.model import Spot, SpotFault
from campaigns.places.rules import LONGEST_NAME, read_spot, read_spots


@pytest.mark.parametrize(
    ("line", "spot"),
    [
        ("老王面馆", Spot("老王面馆")),
        (" 老王面馆 , 幸福里 , 城东支行 ", Spot("老王面馆", "幸福里", "城东支行")),
        ("老王面馆，幸福里", Spot("老王面馆", "幸福里")),
        ("老王面馆\t幸福里\t城东支行", Spot("老王面馆", "幸福里", "城东支行")),
        ("老王面馆、幸福里", Spot("老王面馆", "幸福里")),
        ("老王面馆,,城东支行", Spot("老王面馆", None, "城东支行")),
        (",幸福里", SpotFault.EMPTY),
        ("a,b,c,d", SpotFault.TOO_MANY_PARTS),
        ("长" * (LONGEST_NAME + 1), SpotFault.TOO_LONG),
    ],
)
def test_a_line_is_a_merchant_with_its_community_and_branch(line: str, spot: Spot | SpotFault) -> None:
    assert read_spot(line) == spot


def test_empty_lines_count_and_say_nothing_and_a_merchant_twice_is_one() -> None:
    lines = ["", "米店", "  ", ",x", "米店", ",y"]
    assert read_spots(lines) == [(2, Spot("米店")), (4, SpotFault.EMPTY), (6, SpotFault.EMPTY)]


@given(st.text())
def test_no_line_makes_the_reading_fail(line: str) -> None:
    read_spot(line)
