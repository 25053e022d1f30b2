"""Loan requests: no wrong registration passes, what may be asked has limits, and no state is jumped over."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.compliance.words import forbidden
from campaigns.loans.model import (
    ContactTime,
    DeclineReason,
    Firm,
    LoanFault,
    LoanRefusal,
    LoanRequest,
    LoanState,
    LoanUse,
    LoanWish,
    Turnover,
)
from campaigns.loans.reading import holds_registration, read_amount, read_months, read_request
from campaigns.loans.rules import (
    DIGITS,
    LEAST_MONTHS,
    LEAST_YUAN,
    MOST_MONTHS,
    MOST_YUAN,
    NEXT,
    OPEN,
    check_digit,
    check_firm,
    move,
    read_registration,
    submit,
    tell,
)
from campaigns.members.model import Language
from handlers.wording import loans as words

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
REAL = "91350100M000100Y43"  # The example of GB 32100-2015.
FIRM = Firm("幸福里水果店", REAL, 200_000, 12)
WISH = LoanWish(FIRM, LoanUse.STOCK, Turnover.TO_200K, ContactTime.MORNING, enquiry=False)
CODES = st.builds(
    lambda head, region, tail: f"{head}{region}{tail}",
    st.text(DIGITS, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(DIGITS, min_size=9, max_size=9),
)


def request(state: LoanState = LoanState.ASKED, version: int = 1, wish: LoanWish | None = WISH) -> LoanRequest:
    reason = DeclineReason.PAPERS if state is LoanState.DECLINED else None
    owner = None if state is LoanState.DRAFT else 7
    return LoanRequest(1, 5, UUID(int=1), wish, state, NOW, NOW, owner, version, reason)


@given(CODES, st.integers(0, 17), st.sampled_from(DIGITS))
def test_a_registration_with_one_wrong_place_is_none(first: str, at: int, other: str) -> None:
    whole = first + check_digit(first)
    assert read_registration(whole) == whole
    wrong = whole[:at] + other + whole[at + 1 :]
    assert (read_registration(wrong) is None) is (wrong != whole)


@given(CODES, st.integers(8, 15))
def test_a_registration_with_two_neighbours_swapped_is_none(first: str, at: int) -> None:
    whole = first + check_digit(first)
    swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
    assert (read_registration(swapped) is None) is (swapped != whole)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert read_registration(text) is None or len(read_registration(text) or "") == 18
    assert isinstance(read_request(text), LoanFault)
    read_amount(text)
    read_months(text)


def test_registrations_are_read_as_people_write_them() -> None:
    assert read_registration(REAL) == REAL
    assert read_registration(" ９１３５０１００ m000100y43 ") == REAL
    assert holds_registration(f"代码：{REAL}")
    assert holds_registration("代码:９１３５０１００M000100Y44，期限")
    assert not holds_registration("+1 我要两份 13800138000")
    for wrong in ("91350100M000100Y42", "91350100M000100Y4", "91350100I000100Y43", "", "x" * 18):
        assert read_registration(wrong) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("店名：幸福里水果店\n统一社会信用代码：91350100M000100Y43\n金额：20万\n期限：12个月", FIRM),
        ("店名: 幸福里水果店 代码: 91350100m000100y43 金额: 200,000元 期限: 1年", FIRM),
        ("name: 幸福里水果店\ncode: 91350100M000100Y43\namount: 200000\nterm: 12 months", FIRM),
        ("代码：91350100M000100Y43 金额：20万 期限：12", LoanFault.NO_NAME),
        ("店名：水果店 代码：91350100M000100Y44 金额：20万 期限：12", LoanFault.BAD_REGISTRATION),
        ("店名：水果店 代码：91350100M000100Y43 金额：很多 期限：12", LoanFault.BAD_AMOUNT),
        ("店名：水果店 代码：91350100M000100Y43 金额：20万 期限：100年", LoanFault.BAD_TERM),
        ("我要贷款", LoanFault.NO_NAME),
    ],
)
def test_four_lines_are_read_or_the_first_fault_is_told(text: str, found: Firm | LoanFault) -> None:
    assert read_request(text) == found


@given(st.integers(-10, 10 * MOST_YUAN), st.integers(-10, 10 * MOST_MONTHS))
def test_amounts_and_terms_keep_within_their_limits(yuan: int, months: int) -> None:
    found = check_firm("水果店", REAL, yuan, months)
    is_possible = LEAST_YUAN <= yuan <= MOST_YUAN and LEAST_MONTHS <= months <= MOST_MONTHS
    assert isinstance(found, Firm) is is_possible


def test_every_state_answers_every_move_as_the_table_says() -> None:
    assert set(NEXT) == set(LoanState)
    for state in LoanState:
        for to in LoanState:
            reason = DeclineReason.CREDIT if to is LoanState.DECLINED else None
            outcome = move(request(state), 1, to, reason, NOW)
            allowed = state is not LoanState.DRAFT and to in NEXT[state]
            assert isinstance(outcome, LoanRequest) is allowed
            if isinstance(outcome, LoanRequest):
                assert (outcome.state, outcome.version, outcome.reason) == (to, 2, reason)
            else:
                assert outcome is LoanRefusal.JUMP
    assert all(not NEXT[state] for state in set(LoanState) - OPEN - {LoanState.DRAFT})


def test_a_decline_needs_a_reason_nothing_else_has_one_and_an_old_button_is_known() -> None:
    there = request(LoanState.DOCUMENTS)
    assert move(there, 1, LoanState.DECLINED, None, NOW) is LoanRefusal.NEEDS_REASON
    assert move(there, 1, LoanState.APPROVED, DeclineReason.POLICY, NOW) is LoanRefusal.NEEDS_REASON
    assert move(there, 0, LoanState.APPROVED, None, NOW) is LoanRefusal.MOVED_SINCE


@settings(max_examples=30)
@given(st.sampled_from(["use", "turnover", "contact", "enquiry"]), st.booleans())
def test_a_draft_is_handed_in_whole_by_its_writer_and_no_to_the_enquiry_is_as_good(name: str, agreed: bool) -> None:
    draft = request(LoanState.DRAFT, 0, replace(WISH, enquiry=agreed))
    assert draft.wish is not None
    done = submit(draft, 5, 7, NOW)
    assert isinstance(done, LoanRequest)
    assert (done.state, done.owner_id, done.version) == (LoanState.ASKED, 7, 1)
    nothing: dict[str, Any] = {name: None}
    lacking = replace(draft, wish=replace(draft.wish, **nothing))
    assert submit(lacking, 5, 7, NOW) is LoanRefusal.INCOMPLETE
    assert submit(draft, 6, 7, NOW) is LoanRefusal.NO_REQUEST
    assert submit(done, 5, 7, NOW) is LoanRefusal.OPEN_ALREADY
    assert tell(done, 5, WISH) is LoanRefusal.NO_REQUEST
    assert tell(draft, 6, WISH) is LoanRefusal.NO_REQUEST


def test_no_word_promises_approval_or_a_rate_and_every_news_has_the_notice() -> None:
    spoken = words.LoanWords()
    for language in Language:
        texts = [words.begin(language), words.check(WISH, language), words.mine([request()], language)]
        news = [spoken.moved(request(state), language).text for state in words.MOVED]
        for text in (*texts, *news):
            assert words.RISK.say(language) in text
        everything = [*texts, *news, spoken.asked(request(), "王芳", language).text]
        everything += [phrase.say(language) for phrase in (*words.QUESTIONS.values(), *words.REFUSALS.values())]
        for text in everything:
            assert not forbidden(text), text
            for promise in ("秒批", "必批", "包过", "保证通过", "最低利率", "guaranteed", "instant approval"):
                assert promise not in text
        assert words.NO_PROMISE.say(language) in words.begin(language)
    assert "王芳" not in spoken.asked(request(), "王芳", Language.ZH).text
