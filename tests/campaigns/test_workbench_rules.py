"""Searching among the own customers, and the one field that is asked again."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from campaigns.customers.fields import CustomerField
from campaigns.customers.model import Customer, Letter
from campaigns.workbench.model import OwnCustomer, Search, SearchKind, Update
from campaigns.workbench.rules import LONGEST_SEARCH, fits, in_order, page_of, read_search, to_ask
from handlers.wording.workbench import stage_codes, tag_codes

TODAY = date(2026, 11, 23)


def customer(number: str = "0xAB12", **known: object) -> OwnCustomer:
    return OwnCustomer(Customer(UUID(int=1), number), **known)  # type: ignore[arg-type]


ZENG = customer(
    name="曾小芳", phone="+8613800138000", letter=Letter.B, tags=frozenset({"interest_in_loans"}), stage="applied"
)


@pytest.mark.parametrize(
    "words",
    ["", "曾", "小芳", "曾*芳", "zxf", "cxf", "ZX", "zeng", "zengxf", "AB12", "ab12", "8000", "B", "Ｂ类", "有贷款意向",
     "#有贷款意向", "interest_in_loans", "已申请"],
)  # fmt: skip
def test_a_customer_is_found_by_name_pinyin_digits_class_tag_and_stage(words: str) -> None:
    assert fits(ZENG, read_search(words, tag_codes(), stage_codes()))


@pytest.mark.parametrize("words", ["王", "zxfo", "xf", "12", "8001", "A", "偏好基金", "%"])
def test_a_customer_whom_the_words_do_not_fit_is_not_found(words: str) -> None:
    assert not fits(ZENG, read_search(words, tag_codes(), {}))


def test_nobody_without_a_name_is_found_by_one() -> None:
    assert not fits(customer(), read_search("王", {}, {}))
    assert not fits(customer(), read_search("w", {}, {}))
    assert fits(customer(name="Anna Smith"), read_search("smith", {}, {}))


def test_long_words_are_cut_so_that_a_button_can_carry_them() -> None:
    found = read_search("很长:" * 20, {}, {})
    assert len(found.words) == LONGEST_SEARCH
    assert ":" not in found.words


def test_pages_are_whole_and_the_last_one_stands_for_those_behind_it() -> None:
    found = [customer(str(number)) for number in range(17)]
    assert page_of(found, Search(SearchKind.ALL), 99)[:2] == (3, 3)
    assert len(page_of(found, Search(SearchKind.ALL), 1)[2]) == 8
    assert page_of([], Search(SearchKind.ALL), 1) == (1, 1, ())


def test_whoever_waits_for_something_stands_first_then_the_class_decides() -> None:
    a, none, waits = customer("1", letter=Letter.A), customer("2"), customer("3", letter=Letter.D, open_followups=1)
    assert in_order([none, a, waits]) == [waits, a, none]


def told(name: str, age: int, *, stale: bool = True) -> CustomerField:
    return CustomerField(name, "employee", "interviews", TODAY, age, 0.8, stale)


def test_the_oldest_stale_field_is_asked_again_and_only_one() -> None:
    fields = [told("occupation", 400), told("income_band", 500), told("birth_date", 900)]
    assert to_ask(fields, [], TODAY) == fields[1]
    answered = Update("income_band", "high", datetime(2026, 11, 1, tzinfo=UTC))
    assert to_ask(fields, [answered], TODAY) == fields[0]
    old = Update("income_band", "high", datetime(2025, 11, 1, tzinfo=UTC))
    assert to_ask(fields, [old], TODAY) == fields[1]
    assert to_ask([told("occupation", 10, stale=False)], [], TODAY) is None
