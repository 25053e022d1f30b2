"""Templates of groups: what they may say, and whose words a newcomer gets at which hour."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.groups.templates import (
    Template,
    TemplateError,
    WelcomeText,
    filled,
    read_template,
    welcome_for,
    within,
)

NIGHT = WelcomeText("夜深了", begins=time(22), ends=time(6))
DAY = WelcomeText("白天好", begins=time(6), ends=time(22))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(21, 59), DAY),
        (time(22), NIGHT),
        (time(23, 59, 59), NIGHT),
        (time(0), NIGHT),
        (time(5, 59), NIGHT),
        (time(6), DAY),
    ],
)
def test_a_span_over_midnight_holds_on_both_sides_of_it(at: time, words: WelcomeText) -> None:
    assert welcome_for((DAY, NIGHT), "unknown", 1, at) is words


@given(st.times(), st.times(), st.times())
def test_a_span_and_the_rest_of_the_day_share_no_moment(at: time, begins: time, ends: time) -> None:
    if begins != ends:
        assert within(at, begins, ends) != within(at, ends, begins)


def test_source_stands_before_group_and_group_before_hour() -> None:
    flyer, second = WelcomeText("传单来的", source="flyer-07"), WelcomeText("二群", number=2)
    everybody = WelcomeText("欢迎")
    welcomes = (everybody, NIGHT, second, flyer)
    assert welcome_for(welcomes, "flyer-07", 2, time(23)) is flyer
    assert welcome_for(welcomes, "unknown", 2, time(23)) is second
    assert welcome_for(welcomes, "unknown", 1, time(23)) is NIGHT
    assert welcome_for(welcomes, "unknown", 1, time(12)) is everybody
    assert welcome_for((flyer,), "unknown", 1, time(12)) is None


def test_a_merchants_template_stands_over_the_default() -> None:
    own = Template(description="米店的群", welcomes=(WelcomeText("米店欢迎您"),))
    default = Template("福利群", "公告", 500, (WelcomeText("欢迎"),))
    both = own.over(default)
    assert (both.description, both.announcement, both.capacity) == ("米店的群", "公告", 500)
    assert welcome_for(both.welcomes, "unknown", 1, time(12)) == WelcomeText("米店欢迎您")


def test_names_with_braces_change_nothing() -> None:
    assert filled("欢迎 {names} 来 {title}", names="{title}") == "欢迎 {title} 来 {title}"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"colour": "red"}, "does not know colour"),
        ({"capacity": 1}, "capacity is 1"),
        ({"capacity": "500"}, "capacity is '500'"),
        ({"announcement": ""}, "announcement must be a text"),
        ({"announcement": "全国最好的福利"}, "which advertising may not say"),
        ({"description": "长" * 256}, "1 to 255"),
        ({"welcomes": ["欢迎"]}, r"welcomes\[1\] must have a text"),
        ({"welcomes": [{"source": "x"}]}, r"welcomes\[1\] must have a text"),
        ({"welcomes": [{"text": "欢迎 {name}"}]}, "fills in name"),
        ({"welcomes": [{"text": "欢迎", "from": "22:00"}]}, "both from and until"),
        ({"welcomes": [{"text": "欢迎", "from": "25:00", "until": "06:00"}]}, "write the time in quotes"),
        ({"welcomes": [{"text": "欢迎", "number": 0}]}, "number is 0"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_its_place(body: dict[str, object], complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        read_template(body)


def test_plain_data_becomes_a_template() -> None:
    entry = {"text": "夜深了，{names}", "from": "22:00", "until": "06:00", "source": "flyer-07"}
    template = read_template({"capacity": 500, "welcomes": [entry]})
    assert template.capacity == 500
    assert template.welcomes == (WelcomeText("夜深了，{names}", "flyer-07", None, time(22), time(6)),)
