"""Which words of a manager are kept, and which never."""

import pytest

from campaigns.notes.model import NoteRefusal
from campaigns.notes.rules import LONGEST, is_card_number, is_identity_number, read_note

CARD = "6222021234567890128"  # Invented; the last digit makes the check right.
IDENTITY = "11010519491231002X"  # The example of GB 11643.


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  女儿明年\n上小学 ", "女儿明年 上小学"),
        ("想了解大额存单，电话 13800138000", "想了解大额存单,电话 13800138000"),
        ("密码忘了，带她去柜面", "密码忘了,带她去柜面"),
        ("工号 1234567890123", "工号 1234567890123"),
        ("字" * LONGEST, "字" * LONGEST),
        ("字" * (LONGEST + 1), NoteRefusal.TOO_LONG),
        (" \n", NoteRefusal.EMPTY),
        (f"卡号{CARD}", NoteRefusal.CARD_NUMBER),
        (f"卡号 {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", NoteRefusal.CARD_NUMBER),
        ("".join(chr(ord(digit) + 0xFEE0) for digit in CARD), NoteRefusal.CARD_NUMBER),
        (f"身份证{IDENTITY.lower()}", NoteRefusal.IDENTITY_NUMBER),
        ("密码是 123456", NoteRefusal.LOGIN_CODE),
        ("验证码：8812", NoteRefusal.LOGIN_CODE),
        ("CVV 123", NoteRefusal.LOGIN_CODE),
        ("her PIN is 4711", NoteRefusal.LOGIN_CODE),
    ],
)
def test_words_are_kept_in_one_line_unless_they_hold_what_nobody_may_write_down(
    said: str, kept: str | NoteRefusal
) -> None:
    assert read_note(said) == kept


def test_the_checks_are_those_of_the_standards() -> None:
    assert is_card_number("4111111111111111")
    assert not is_card_number("4111111111111112")
    assert is_identity_number(IDENTITY)
    assert not is_identity_number("110105194912310021")
