"""What a member shows at a desk: a long secret inside a QR code, and six characters to be typed for it."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from campaigns.redemptions.rules import new_token

SHORT = 6
CODE_LIFE = timedelta(minutes=30)  # Longer than a queue at a desk; whoever waits longer taps once for another.
_DIGITS, _LETTERS = "23456789", "ABCDEFGHJKMNPQRSTUVWXYZ"  # Nothing that looks like something else.
_SHORT = re.compile(rf"(?=.*[{_DIGITS}])(?=.*[{_LETTERS}])[{_DIGITS}{_LETTERS}]{{{SHORT}}}")


@dataclass(frozen=True)
class ShownCode:
    """A code that works once; told to the member alone, nothing of it is kept but hashes."""

    token: str = field(repr=False)
    short: str = field(repr=False)


def new_code() -> ShownCode:
    """A code that cannot be guessed; the short one has at least one digit and one letter, so that it is no word."""
    while True:
        short = "".join(secrets.choice(_DIGITS + _LETTERS) for _ in range(SHORT))
        if _SHORT.fullmatch(short):
            return ShownCode(new_token(), short)


def read_short(text: str) -> str | None:
    """The six characters that somebody typed, in either case and with blanks between; None where they are none."""
    plain = "".join(text.split()).upper()
    return plain if _SHORT.fullmatch(plain) else None


def read_key(text: str) -> tuple[str, bool]:
    """What somebody scanned or typed, as it is looked up, and whether it is the short form."""
    short = read_short(text)
    return (short, True) if short else (text, False)
