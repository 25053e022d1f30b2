"""Which words of a manager may be kept of a customer; pure.

Source: PIPL art. 6 (no more than the purpose needs), PCI DSS 3.3 (no PIN or verification code is ever stored),
JR/T 0171-2020 (C3: passwords and verification codes).
"""

import re
import unicodedata

from campaigns.notes.model import NoteRefusal

LONGEST = 300
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dx](?!\d)", re.IGNORECASE)
_SECRET = re.compile(
    r"(?:密码|密碼|口令|验证码|驗證碼|安全码|\bpin\b|\bcvv2?\b|\bcvc2?\b|\bpassword\b|\bpasscode\b)\D{0,6}\d{3,8}"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def read_note(text: str) -> str | NoteRefusal:
    """The words as they are kept, in one line and NFKC, or why they are not."""
    words = " ".join(unicodedata.normalize("NFKC", text).split())
    if not words:
        return NoteRefusal.EMPTY
    if len(words) > LONGEST:
        return NoteRefusal.TOO_LONG
    if _SECRET.search(words.casefold()):
        return NoteRefusal.LOGIN_CODE
    if any(is_identity_number(found[0]) for found in _IDENTITY.finditer(words)):
        return NoteRefusal.IDENTITY_NUMBER
    if any(is_card_number(re.sub(r"\D", "", found[0])) for found in _CARD.finditer(words)):
        return NoteRefusal.CARD_NUMBER
    return words


def is_card_number(digits: str) -> bool:
    """Whether digits pass the check of ISO/IEC 7812 (Luhn), as numbers of bank cards do."""
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def is_identity_number(text: str) -> bool:
    """Whether it passes the check of GB 11643, as numbers of identity cards do."""
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == text[17].upper()
