"""The code on a booth's screen: made by the server every 15 s, good for 30 s, signed so that nobody else can make one.

A code is 32 bytes as 43 characters of [A-Za-z0-9_-], so that it fits a Telegram start parameter behind `k_`:
the booth's number, the quarter of a minute it was made in, a nonce, and 128 bits of HMAC-SHA256 (RFC 2104) over them.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

SLOT = timedelta(seconds=15)
LIFE = timedelta(seconds=30)
SKEW = timedelta(seconds=2)  # Telegram tells whole seconds, by a clock that is not ours.
SECRET_BYTES = 32
NONCE_BYTES = 8
MAC_BYTES = 16
LENGTH = 43
PURPOSE = b"stamp code v1"
BODY = struct.Struct(f">II{NONCE_BYTES}s")
LARGEST_BOOTH = 2**32 - 1


class CodeRefusal(StrEnum):
    """Why a code gives no stamp: it is none, the signature is not ours, it is too old, or of a time to come."""

    MALFORMED = "malformed"
    FORGED = "forged"
    EXPIRED = "expired"
    EARLY = "early"


@dataclass(frozen=True)
class Code:
    """What a genuine code says; `made_at` is the beginning of its quarter of a minute."""

    booth_id: int
    made_at: datetime
    nonce: bytes

    @property
    def ends_at(self) -> datetime:
        """From when on nobody gets a stamp for it."""
        return self.made_at + LIFE


def mint(secret: bytes, booth_id: int, at: datetime, nonce: bytes) -> str:
    """The code of a booth for the quarter of a minute that holds `at` (requirement S-83).

    Raises:
        ValueError: the booth's number needs more than 32 bits, or the nonce is not 8 bytes long.
    """
    if not 0 < booth_id <= LARGEST_BOOTH or len(nonce) != NONCE_BYTES:
        raise ValueError("A code needs a booth number of at most 32 bits and a nonce of 8 bytes.")
    body = BODY.pack(booth_id, slot_of(at), nonce)
    return base64.urlsafe_b64encode(body + _sign(secret, body)).rstrip(b"=").decode()


def check(secret: bytes, code: str, at: datetime) -> Code | CodeRefusal:
    """What a code says when it was used at `at`, the time of the update that brought it, not of its processing.

    A forged code is told apart before its time is looked at: nobody learns anything from one.
    """
    raw = _raw(code)
    if raw is None:
        return CodeRefusal.MALFORMED
    body, signature = raw[: BODY.size], raw[BODY.size :]
    if not hmac.compare_digest(_sign(secret, body), signature):
        return CodeRefusal.FORGED
    found = _read(body)
    if at + SKEW < found.made_at:
        return CodeRefusal.EARLY
    return CodeRefusal.EXPIRED if at >= found.ends_at + SKEW else found


def claimed(code: str) -> Code | None:
    """What a code claims, believed by nobody: it tells under which rally's secret to check; None for no code."""
    raw = _raw(code)
    return _read(raw[: BODY.size]) if raw else None


def screen_nonce(secret: bytes, device_id: int, at: datetime) -> bytes:
    """The nonce of one screen in one quarter of a minute: asked for twice, a screen shows the same code."""
    return hmac.digest(secret, b"screen nonce v1" + struct.pack(">QI", device_id, slot_of(at)), hashlib.sha256)[
        :NONCE_BYTES
    ]


def slot_of(at: datetime) -> int:
    """The quarter of a minute that holds a moment, counted from 1970."""
    return int(at.timestamp()) // int(SLOT.total_seconds())


def next_code_at(at: datetime) -> datetime:
    """When a screen shows another code."""
    return _begin(slot_of(at) + 1)


def _begin(slot: int) -> datetime:
    return datetime.fromtimestamp(slot * int(SLOT.total_seconds()), UTC)


def _read(body: bytes) -> Code:
    booth_id, slot, nonce = BODY.unpack(body)
    return Code(booth_id, _begin(slot), nonce)


def _raw(code: str) -> bytes | None:
    """The bytes of a code in its one spelling; a second spelling of the same bytes is none."""
    if len(code) != LENGTH or not code.isascii():
        return None
    try:
        raw = base64.b64decode(code + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == code else None


def _sign(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, PURPOSE + body, hashlib.sha256)[:MAC_BYTES]
