"""The prescribed name of a merchant welfare group."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.groups.rules import LONGEST_TITLE, merchant_of, title_for

BANK = "A银行"


@pytest.mark.parametrize(
    ("title", "merchant"),
    [
        ("A银行&幸福里商户福利群", "幸福里"),
        ("A银行＆幸福里商户福利群", "幸福里"),
        ("Ａ银行 & 幸福里 商户福利群", "幸福里"),
        ("  A银行&幸福里商户福利群  ", "幸福里"),
        ("A银行&幸福里商户福利群2", "幸福里"),
        ("A银行&幸福里商户福利群 12", "幸福里"),
        ("A银行&7-11商户福利群", "7-11"),
        ("A银行&M&M商户福利群", "M&M"),
    ],
)
def test_a_title_after_the_pattern_names_its_merchant(title: str, merchant: str) -> None:
    assert merchant_of(title, BANK) == merchant


@pytest.mark.parametrize(
    "title",
    [
        "",
        "幸福里商户福利群",
        "A银行幸福里商户福利群",
        "A银行&商户福利群",
        "A银行& 商户福利群",
        "B银行&幸福里商户福利群",
        "A银行&幸福里福利群",
        "A银行&幸福里商户福利群!",
        "欢迎A银行&幸福里商户福利群",
        f"A银行&{'长' * LONGEST_TITLE}商户福利群",
    ],
)
def test_every_other_title_is_refused(title: str) -> None:
    assert merchant_of(title, BANK) is None


@given(st.text("幸福里商场ABC&·-", min_size=1, max_size=20))
def test_the_prescribed_title_names_its_own_merchant(merchant: str) -> None:
    assert merchant_of(title_for(BANK, merchant), BANK) == merchant


@given(st.text(), st.text())
def test_no_title_and_no_bank_makes_the_pattern_fail(title: str, bank: str) -> None:
    merchant_of(title, bank)
