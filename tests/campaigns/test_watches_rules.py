"""The risk watch's lines: what is over one is found, few people are no share, only grave signals hold sends."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.watches.model import CampaignCounts, CodeCounts, Finding, Outflow, Signal, WatchPolicy
from campaigns.watches.rules import judge_campaign, judge_code, judge_outflows, look_due

POLICY = WatchPolicy()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_look_of_a_day_begins_at_half_past_eight() -> None:
    assert look_due(datetime(2025, 11, 21, 0, 29, tzinfo=UTC), SHANGHAI) is None
    assert look_due(datetime(2025, 11, 21, 0, 30, tzinfo=UTC), SHANGHAI) == date(2025, 11, 21)


@pytest.mark.parametrize(
    ("counts", "signal", "holds"),
    [
        ({"opted_out": 11}, Signal.OPT_OUTS, True),
        ({"complained": 6}, Signal.COMPLAINTS, True),
        ({"closed": 20, "refused": 11}, Signal.REFUSALS, False),
        ({"blocked": 60}, Signal.BLOCKS, False),
    ],
)
def test_a_signal_over_its_line_is_found_and_grave_ones_hold(
    counts: dict[str, int], signal: Signal, holds: bool
) -> None:
    [found] = judge_campaign(CampaignCounts("promotion:1", 1_000, **counts), POLICY)
    assert (found.signal, found.subject, found.holds) == (signal, "promotion:1", holds)
    assert found.value > found.line


@given(st.integers(0, 10_000), st.integers(0, 4))
@settings(max_examples=50)
def test_fewer_than_five_people_are_no_share(reached: int, heads: int) -> None:
    counts = CampaignCounts("promotion:1", reached, heads, heads, heads, heads, heads)
    assert list(judge_campaign(counts, POLICY)) == []


def test_many_more_redemptions_than_usual_are_told() -> None:
    assert list(judge_code(CodeCounts("v500", 60, 25.0), POLICY)) == []
    assert list(judge_code(CodeCounts("v500", 19, 0.0), POLICY)) == []
    assert list(judge_code(CodeCounts("v500", 76, 25.0), POLICY)) == [Finding(Signal.REDEMPTIONS, "v500", 76, 75.0)]


def test_the_largest_sudden_outflows_are_told() -> None:
    small = Outflow("K1", 15_000_000, 6_000_000)
    partial = Outflow("K2", 100_000_000, 60_000_000)
    gone = [Outflow(f"K{at}", 20_000_000 + at, 0) for at in range(3, 40)]
    found = list(judge_outflows([small, partial, *gone], POLICY))
    assert len(found) == len(gone)
    assert found[0] == Finding(Signal.OUTFLOW, "K39", 20_000_039, 10_000_000)
    assert not {"K1", "K2"} & {each.subject for each in found}
