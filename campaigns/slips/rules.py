"""Pure decisions on slips: whether one use counts, and when it was."""

from datetime import datetime

from campaigns.rallies.model import Rally, RallyState
from campaigns.slips.model import Slip, SlipOutcome

LARGEST_BATCH = 500
SHEET = 24


class SlipError(ValueError):
    """Slips that cannot be issued; the message says why in one sentence."""


def check_batch(count: int, rally: Rally) -> None:
    """Refuse a batch that nobody needs.

    Raises:
        SlipError: says what is wrong.
    """
    if not 1 <= count <= LARGEST_BATCH:
        raise SlipError(f"Ask for 1 to {LARGEST_BATCH} slips at a time.")
    if rally.state is RallyState.SETTLED:
        raise SlipError(f"The event {rally.code} is settled: its slips would count for nothing.")


def earned_at(slip: Slip, told: datetime, now: datetime) -> datetime:
    """When a slip was used: what the device tells, but never before it was issued and never after now."""
    return min(max(told, slip.issued_at), now)


def use(slip: Slip, rally: Rally, member_id: int | None, at: datetime) -> SlipOutcome | None:
    """Why a use is no new stamp; None where it is one, unless the visitor has the booth's stamp already.

    The first visitor whose use arrives keeps the slip; the same visitor again is a repetition and no conflict. A pause
    of the booth is not asked for: a page without network could not know.
    """
    if member_id is not None and slip.member_id == member_id:
        return SlipOutcome.REPEATED
    if slip.is_void:
        return SlipOutcome.VOIDED
    if rally.state is RallyState.SETTLED or at >= rally.ends_at:
        return SlipOutcome.TOO_LATE
    if rally.state is RallyState.DRAFT or (at < rally.starts_at and rally.state is RallyState.ANNOUNCED):
        return SlipOutcome.NOT_YET
    if member_id is None:
        return SlipOutcome.UNKNOWN_VISITOR
    return SlipOutcome.USED_BY_ANOTHER if slip.member_id is not None else None
