"""Pure decisions on stamps: when a booth gives any, and the member's code that a clerk types in."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from campaigns.rallies.model import Booth, BoothState, Rally, RallyState
from campaigns.stamps.codes import CodeRefusal
from campaigns.stamps.model import StampOutcome

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # Nothing that is read or said like something else: no 0 O, 1 I L.
MEMBER_CODE_LENGTH = 6
MEMBER_CODE_LIFE = timedelta(minutes=5)
ON = frozenset({RallyState.ANNOUNCED, RallyState.RUNNING, RallyState.ENDED})
REFUSED = {
    CodeRefusal.MALFORMED: StampOutcome.MALFORMED,
    CodeRefusal.FORGED: StampOutcome.FORGED,
    CodeRefusal.EXPIRED: StampOutcome.EXPIRED,
    CodeRefusal.EARLY: StampOutcome.EARLY,
}


def why_no_stamp(rally: Rally, booth: Booth, at: datetime) -> StampOutcome | None:
    """Why a booth gave no stamp at a moment; None when it did.

    The moment decides, not the state that a clock has reached since: who scanned before the end has the stamp,
    however late the update is worked on. A rally that was opened by hand is on, but each booth keeps its hours.
    """
    if rally.state is RallyState.DRAFT or (at < rally.starts_at and rally.state is RallyState.ANNOUNCED):
        return StampOutcome.NOT_YET
    if rally.state not in ON or at >= rally.ends_at:
        return StampOutcome.OVER
    if not booth.opens_at <= at < booth.closes_at:
        return StampOutcome.CLOSED
    return StampOutcome.PAUSED if booth.state is BoothState.PAUSED else None


def new_member_code() -> str:
    """What a visitor shows to a clerk: six characters that work once and for five minutes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(MEMBER_CODE_LENGTH))


def typed(text: str) -> str | None:
    """A member's code as a clerk typed it, in any case and with any spaces; None for what can be none."""
    code = "".join(text.split()).replace("-", "").upper()
    return code if len(code) == MEMBER_CODE_LENGTH and all(each in ALPHABET for each in code) else None


def hashed(secret: str) -> bytes:
    """All that is kept of a code, a key or a link's token."""
    return sha256(secret.encode()).digest()
