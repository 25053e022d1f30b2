"""Which posts may leave, who approves them, and until when they are taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.broadcasts.model import GRACE, Broadcast, BroadcastRefusal, BroadcastState
from campaigns.broadcasts.rules import LONGEST, choose, decide, read_post, take_back

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
AUTHOR, OTHER = 7, 8
OWN = frozenset({1, 2})


def post(state: BroadcastState, leaves_at: datetime | None = None) -> Broadcast:
    return Broadcast(1, AUTHOR, "周六有活动", state, leaves_at=leaves_at)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (" 周六有活动 ", "周六有活动"),
        (" ", BroadcastRefusal.EMPTY),
        ("长" * (LONGEST + 1), BroadcastRefusal.TOO_LONG),
        ("稳赚不赔", BroadcastRefusal.FORBIDDEN_WORDS),
        ("基金新品", BroadcastRefusal.NO_RISK_NOTICE),
        ("基金新品，理财非存款，产品有风险，投资须谨慎", "基金新品，理财非存款，产品有风险，投资须谨慎"),
    ],
)
def test_words_pass_the_gate_before_anybody_is_asked(said: str, read: str | BroadcastRefusal) -> None:
    assert read_post(said) == read


def test_somebody_else_decides_once() -> None:
    waiting = post(BroadcastState.WAITING)
    assert decide(waiting, OTHER) is waiting
    assert decide(waiting, AUTHOR) is BroadcastRefusal.OWN_WORDS
    assert decide(None, OTHER) is BroadcastRefusal.UNKNOWN
    for state in set(BroadcastState) - {BroadcastState.WAITING}:
        assert decide(post(state), OTHER) is BroadcastRefusal.DECIDED


def test_the_author_chooses_groups_between_approval_and_sending() -> None:
    approved = post(BroadcastState.APPROVED)
    assert choose(approved, AUTHOR, OWN) is approved
    assert choose(approved, OTHER, OWN) is BroadcastRefusal.UNKNOWN
    assert choose(approved, AUTHOR, frozenset()) is BroadcastRefusal.UNKNOWN
    assert choose(post(BroadcastState.WAITING), AUTHOR, OWN) is BroadcastRefusal.NOT_APPROVED
    assert choose(post(BroadcastState.PLACED, NOW), AUTHOR, OWN) is BroadcastRefusal.DECIDED


def test_a_post_is_taken_back_within_its_minute_and_not_at_its_end() -> None:
    placed = post(BroadcastState.PLACED, NOW + GRACE)
    assert timedelta(seconds=60) == GRACE
    assert take_back(placed, AUTHOR, NOW + timedelta(seconds=59)) is placed
    assert take_back(placed, AUTHOR, NOW + GRACE) is BroadcastRefusal.TOO_LATE
    assert take_back(placed, OTHER, NOW) is BroadcastRefusal.UNKNOWN
    assert take_back(post(BroadcastState.CANCELLED), AUTHOR, NOW) is BroadcastRefusal.DECIDED
