"""When messages can leave: the foretold hold is the gate's own, and nothing is promised beyond Telegram's pace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.channels.model import Channel
from campaigns.compliance.hours import is_quiet, next_quiet
from campaigns.compliance.model import Facts, GatePolicy, Standing
from campaigns.compliance.rules import Defer, Pass, judge
from campaigns.deliveries.model import Delivery, Kind, State
from campaigns.members.model import PrivateChat
from campaigns.promotions.sending import PER_SECOND, foretell

POLICY, NOW = GatePolicy(), datetime(2030, 11, 1, 2, tzinfo=UTC)
LATER, SHANGHAI = NOW + timedelta(days=30), ZoneInfo("Asia/Shanghai")
NAMES = st.sampled_from((None, "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Nowhere/Known"))
Waiting = dict[tuple[Channel, str | None], int]
READY = Facts(PrivateChat.OPEN, Standing.AGREED)


@given(st.dictionaries(NAMES, st.integers(1, 5), min_size=1), st.integers(0, 86_400 * 200))
@settings(max_examples=50)
def test_whom_it_says_that_hours_hold_the_gate_holds_until_no_later_than_the_last_one(
    heads: dict[str | None, int], seconds: int
) -> None:
    at = NOW + timedelta(seconds=seconds)
    found = foretell({(Channel.PRIVATE, name): n for name, n in heads.items()}, at, at + timedelta(days=30), POLICY)
    due = Delivery(1, "promotion:1", "v1", 7, Kind.MARKETING, "sendMessage", {"text": "您好"}, State.PLANNED, at)
    said = {name: judge(due, replace(READY, zone=name), POLICY, at) for name in heads}
    waits = {name: each.until for name, each in said.items() if isinstance(each, Defer)}
    assert all(isinstance(each, Defer | Pass) for each in said.values())
    assert found.held == sum(heads[name] for name in waits)
    last = max([at, *waits.values()])
    assert last <= (found.last_at or at) <= last + timedelta(seconds=sum(heads.values()) / PER_SECOND + 0.1)
    assert found.too_late == 0


def test_what_the_evening_cannot_take_leaves_in_the_morning_and_what_the_window_ends_never() -> None:
    evening = datetime(2030, 11, 1, 20, 59, tzinfo=SHANGHAI)
    many: Waiting = {(Channel.PRIVATE, None): 60 * PER_SECOND + 600}  # A minute, and a rest.
    found = foretell(many, evening, LATER, POLICY)
    assert (found.held, found.last_at) == (0, datetime(2030, 11, 2, 9, 0, 20, tzinfo=SHANGHAI))
    short = foretell(many, evening, evening + timedelta(hours=2), POLICY)
    assert (short.too_late, short.last_at) == (600, evening + timedelta(minutes=1))
    text: Waiting = {(Channel.SMS, None): 5, (Channel.TASK, None): 7, (Channel.CODE, None): 9}
    night = foretell(text, evening + timedelta(hours=2), evening + timedelta(hours=3), POLICY)
    assert (night.held, night.too_late, night.last_at) == (5, 5, None)


@given(NAMES, st.integers(0, 86_400 * 400))
@settings(max_examples=50)
def test_quiet_hours_begin_when_it_is_said_and_not_before(name: str | None, seconds: int) -> None:
    zone = ZoneInfo(name if name and name != "Nowhere/Known" else "Europe/Berlin")
    at = NOW + timedelta(seconds=seconds)
    begins = next_quiet(at, zone, POLICY)
    assert begins is not None
    assert at < begins <= at + timedelta(hours=25)
    assert is_quiet(begins, zone, POLICY)
    assert is_quiet(at, zone, POLICY) or not is_quiet(begins - timedelta(microseconds=1), zone, POLICY)
    assert next_quiet(at, zone, GatePolicy(quiet_until=POLICY.quiet_from)) is None
