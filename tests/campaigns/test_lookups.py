"""Looking up customers: whom words mean, what is masked, scores in a word, pages; whatever is typed, nothing raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.customers.lookups import Contact
from campaigns.customers.model import Letter, Level
from campaigns.customers.overviews import PAGE, pages
from campaigns.customers.reading import WhyQuestion, plain, read_customer, read_why
from campaigns.customers.rules import is_called, is_within_reach, level, masked_phone
from campaigns.members.model import PrivateChat
from campaigns.members.rules import masked

TYPED = st.text() | st.text("为什么為麼何是在这這类類客户戶whyABCDabcdＢ　 12345？?", max_size=20)
WORD = st.text("0123456789abcdefx", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("typed", "letter", "who"),
    [
        ("为什么是B类 12345", Letter.B, "12345"),
        ("為什麼是B類 12345", Letter.B, "12345"),
        ("为什么是Ｂ类　１２３４５？", Letter.B, "12345"),
        ("为什么是b类", Letter.B, None),
        ("為何他是C類客戶 0xb2d1", Letter.C, "0xb2d1"),
        ("0xb2d1为什么是D类", Letter.D, "0xb2d1"),
        ("为啥在A类 王*", Letter.A, "王*"),
        ("为什么是这类 12345", None, "12345"),
        ("為什麼是這一類", None, None),
        ("why B 12345", Letter.B, "12345"),
        ("Why is 12345 in class B?", Letter.B, "12345"),
        ("WHY D", Letter.D, None),
    ],
)
def test_a_question_why_is_read(typed: str, letter: Letter | None, who: str | None) -> None:
    assert read_why(typed) == WhyQuestion(letter, who)


@pytest.mark.parametrize("typed", ["为什么给我", "why me", "为什么收到这个", "B类", "为什么", "why", "是B类吗", ""])
def test_other_questions_are_left_to_others(typed: str) -> None:
    assert read_why(typed) is None


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("客户 12345", "12345"),
        ("客户12345", "12345"),
        ("客戶：0xB2D1", "0xB2D1"),
        ("客户　王＊芳", "王*芳"),
        ("customer 12345", "12345"),
        ("客户分层", None),
        ("客户经理是谁", None),
        ("我的客户", None),
    ],
)
def test_a_customer_is_named_after_the_word(typed: str, who: str | None) -> None:
    assert read_customer(typed) == who


@given(TYPED)
def test_whatever_is_typed_is_read_or_left(typed: str) -> None:
    for found in (read_why(typed), read_customer(typed)):
        assert found is None or isinstance(found, WhyQuestion | str)
    assert plain(plain(typed)) == plain(typed)


@given(WORD, st.sampled_from(Letter))
def test_a_number_after_the_question_is_the_one_meant(number: str, letter: Letter) -> None:
    assert read_why(f"为什么是{letter}类 {number}") == WhyQuestion(letter, number)
    assert read_customer(f"客户 {number}") == number


@given(st.floats(0, 100), st.tuples(st.floats(0, 100), st.floats(0, 100)).map(lambda pair: (min(pair), max(pair))))
def test_a_higher_score_never_has_a_lower_word(score: float, bounds: tuple[float, float]) -> None:
    order = [Level.LOW, Level.MIDDLE, Level.HIGH]
    assert order.index(level(score, bounds)) <= order.index(level(min(score + 1, 101), bounds))
    assert level(bounds[1], bounds) is Level.HIGH
    assert level(bounds[0], bounds) is not Level.LOW


@given(st.from_regex(r"\+86\d{11}|\+\d{7,14}", fullmatch=True))
def test_a_masked_number_shows_seven_digits_at_most(phone: str) -> None:
    shown = masked_phone(phone)
    assert "****" in shown
    assert sum(character.isdigit() for character in shown) <= 7


@given(st.text(min_size=1, max_size=8))
def test_everybody_is_called_by_the_name_and_by_its_masked_form(name: str) -> None:
    assert is_called(name, name)
    assert is_called(masked(name), name)


def test_another_name_is_not_meant() -> None:
    assert is_called("王＊芳", "王小芳")
    assert is_called("ＡＮＮＡ smith", "Anna Smith")
    assert not is_called("王芳", "王小芳")
    assert not is_called("", "王小芳")


@given(st.integers(0, 10**6))
def test_pages_hold_everybody_and_the_last_is_not_empty(total: int) -> None:
    assert pages(total) >= 1
    assert pages(total) * PAGE >= total
    assert total == 0 or (pages(total) - 1) * PAGE < total


@pytest.mark.parametrize(
    ("contact", "may"),
    [
        (Contact(is_bound=True, private_chat=PrivateChat.OPEN, agreed_to_offers=True), True),
        (Contact(is_bound=True, private_chat=PrivateChat.OPEN), False),
        (Contact(is_bound=True, private_chat=PrivateChat.BLOCKED, agreed_to_offers=True), False),
        (Contact(is_bound=True, private_chat=PrivateChat.NEVER, agreed_to_offers=True), False),
        (Contact(name="王*"), False),
    ],
)
def test_an_offer_may_go_to_the_bound_reachable_and_willing_only(contact: Contact, may: bool) -> None:
    assert contact.may_be_offered is may


def test_a_step_that_needs_more_than_anybody_has_is_not_named() -> None:
    assert is_within_reach(3_800_000)
    assert is_within_reach(-90_000_000_000)
    assert not is_within_reach(1_000_000_001)
