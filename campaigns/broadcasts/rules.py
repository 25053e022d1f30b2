"""Pure rules of posts: which words may leave, who approves them, until when they are taken back."""

from datetime import datetime

from campaigns.broadcasts.model import Broadcast, BroadcastRefusal, BroadcastState
from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check

LONGEST = 800
READ_IN = Context(venue=Venue.GROUP)


def read_post(text: str) -> str | BroadcastRefusal:
    """The words of a post, or why they may not leave: the gate of words asks as it will when they leave."""
    words = text.strip()
    if not words:
        return BroadcastRefusal.EMPTY
    if len(words) > LONGEST:
        return BroadcastRefusal.TOO_LONG
    against = {hit.rule for hit in check(words, READ_IN).hits if hit.verdict is Outcome.BLOCK}
    if against == {"risk_notice"}:
        return BroadcastRefusal.NO_RISK_NOTICE
    return BroadcastRefusal.FORBIDDEN_WORDS if against else words


def decide(found: Broadcast | None, by: int) -> Broadcast | BroadcastRefusal:
    """A post that this person may approve or refuse: nobody approves the own words."""
    if found is None:
        return BroadcastRefusal.UNKNOWN
    if found.author_id == by:
        return BroadcastRefusal.OWN_WORDS
    return found if found.state is BroadcastState.WAITING else BroadcastRefusal.DECIDED


def choose(found: Broadcast | None, by: int, own: frozenset[int]) -> Broadcast | BroadcastRefusal:
    """A post whose groups its author may choose now: approved, and not on its way."""
    if found is None or found.author_id != by or not own:
        return BroadcastRefusal.UNKNOWN
    if found.state is BroadcastState.WAITING:
        return BroadcastRefusal.NOT_APPROVED
    return found if found.state is BroadcastState.APPROVED else BroadcastRefusal.DECIDED


def take_back(found: Broadcast | None, by: int, now: datetime) -> Broadcast | BroadcastRefusal:
    """A post that can still be taken back: within a minute, by its author."""
    if found is None or found.author_id != by:
        return BroadcastRefusal.UNKNOWN
    if found.state is not BroadcastState.PLACED or found.leaves_at is None:
        return BroadcastRefusal.DECIDED
    return found if now < found.leaves_at else BroadcastRefusal.TOO_LATE
