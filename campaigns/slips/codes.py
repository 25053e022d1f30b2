"""A slip's code: a booth and a serial number signed by the server, 32 characters; and a visitor's number as it is said.

The number carries a check digit of H. Michael Damm's method (Total anti-symmetrische Quasigruppen, 2004), which finds
every single wrong digit and every two neighbours that changed places.
"""

import base64
import binascii
import hashlib
import hmac
import struct
import unicodedata

MAC_BYTES = 16
LENGTH = 32
PURPOSE = b"slip v1"
BODY = struct.Struct(">II")
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
LONGEST_NUMBER = 18


def mint(secret: bytes, booth_id: int, serial: int) -> str:
    """The code of a booth's slip with this serial number (requirement S-211)."""
    body = BODY.pack(booth_id, serial)
    return base64.urlsafe_b64encode(body + _sign(secret, body)).decode()


def claimed(code: str) -> tuple[int, int] | None:
    """The booth and the serial number that a code claims, believed by nobody; None for what is no slip."""
    raw = _raw(code)
    return BODY.unpack(raw[: BODY.size]) if raw else None


def is_genuine(secret: bytes, code: str) -> bool:
    """Whether this server signed the code."""
    raw = _raw(code)
    return raw is not None and hmac.compare_digest(_sign(secret, raw[: BODY.size]), raw[BODY.size :])


def spoken(number: int) -> str:
    """A visitor's number with its check digit, as it stands on the card and is typed at a booth."""
    return f"{number}{_damm(str(number))}"


def heard(text: str) -> int | None:
    """The number behind what was typed, in any width and with any spaces; None where a digit must be wrong."""
    digits = unicodedata.normalize("NFKC", "".join(text.split())).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= LONGEST_NUMBER) or _damm(digits):
        return None
    return int(digits[:-1]) or None


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return interim


def _raw(code: str) -> bytes | None:
    if len(code) != LENGTH or not code.isascii():
        return None
    try:
        return base64.b64decode(code, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def _sign(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, PURPOSE + body, hashlib.sha256)[:MAC_BYTES]
