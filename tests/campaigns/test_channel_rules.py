"""Which way leads to a customer, what the cost cap lets through, and what the one gate is asked."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.channels.model import (
    AT_ONCE,
    IN_THE_CHAT,
    Channel,
    ChannelDraft,
    ChannelMessage,
    ChannelPolicy,
    NoWay,
    Reach,
    Route,
    Touch,
    Unreached,
)
from campaigns.channels.rules import judge_message, route, standing_on, within_cap
from campaigns.compliance.model import Facts, GatePolicy, Standing
from campaigns.compliance.rules import Defer, Pass, Suppress
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from campaigns.deliveries.model import Kind, Reason, State
from campaigns.experiments.model import Arm, Experiment, Place
from campaigns.experiments.rules import assign
from segmentation.experiments.balance import check_sample_ratio

POLICY = ChannelPolicy()
NOON = datetime(2025, 11, 21, 4, tzinfo=UTC)  # Noon in Shanghai.
NIGHT = datetime(2025, 11, 21, 15, tzinfo=UTC)
EVERYTHING = frozenset(Channel)

reaches = st.builds(
    Reach,
    st.sampled_from([*Letter, *Tier, None]),
    st.one_of(st.none(), st.floats(0, 100)),
    st.frozensets(st.sampled_from(Channel)),
    st.frozensets(st.sampled_from(Channel)),
    st.frozensets(st.sampled_from(Channel)),
    st.booleans(),
    st.booleans(),
    st.sampled_from(Standing),
)


def reach(segment: Letter | Tier, **known: object) -> Reach:
    full = {
        "sub_score": 50.0,
        "addresses": EVERYTHING,
        "consents": EVERYTHING,
        "has_private_chat": True,
        "has_owner": True,
        "standing": Standing.AGREED,
    }
    return Reach(segment, **(full | known))  # type: ignore[arg-type]


def message(
    channel: Channel = Channel.SMS, text: str = "明天起柜台有新的开户礼遇，详情请到网点了解。"
) -> ChannelMessage:
    customer = None if channel is Channel.STAFF_GROUP else uuid4()
    return ChannelMessage(
        1, "promotion:1", "v1", channel, customer, "", text, Kind.MARKETING, Touch.CALL, State.PLANNED, 10, NOON
    )


@pytest.mark.parametrize(
    ("segment", "channel", "touch"),
    [
        (Letter.A, Channel.PRIVATE, Touch.CALL),
        (Letter.B, Channel.PRIVATE, Touch.CALL),
        (Letter.C, Channel.SMS, Touch.CALL),
        (Letter.D, Channel.POPUP, Touch.CALL),
        (Tier.STRATEGIC, Channel.TASK, Touch.VISIT),
        (Tier.KEY, Channel.TASK, Touch.CALL),
        (Tier.GENERAL, Channel.EMAIL, Touch.CALL),
    ],
)
def test_each_class_and_tier_has_its_channel(segment: Letter | Tier, channel: Channel, touch: Touch) -> None:
    found = route(reach(segment), POLICY)
    assert isinstance(found, Route)
    assert (found.channel, found.touch) == (channel, touch)


def test_only_a_high_sub_score_makes_a_member_of_c_a_managers_task() -> None:
    high = route(reach(Letter.C, sub_score=60.0), POLICY)
    assert high == Route(Channel.TASK)
    low = route(reach(Letter.C, sub_score=59.9), POLICY)
    assert low == Route(Channel.SMS, Touch.CALL, ((Channel.TASK, NoWay.LOW_SUB_SCORE),))


def test_a_missing_address_or_consent_leads_to_the_next_way_and_says_why() -> None:
    nothing = route(reach(Letter.C, addresses=frozenset()), POLICY)
    assert nothing == Route(
        Channel.POPUP, Touch.CALL, ((Channel.TASK, NoWay.LOW_SUB_SCORE), (Channel.SMS, NoWay.NO_ADDRESS))
    )
    unasked = route(reach(Letter.A, has_private_chat=False, has_owner=False, consents=frozenset()), POLICY)
    assert unasked == Unreached(
        (
            (Channel.PRIVATE, NoWay.NO_PRIVATE_CHAT),
            (Channel.TASK, NoWay.NO_OWNER),
            (Channel.SMS, NoWay.NO_CONSENT),
        )
    )


def test_a_branch_notice_is_what_is_left_for_c() -> None:
    left = reach(Letter.C, addresses=frozenset(), objections=frozenset({Channel.POPUP}))
    found = route(left, POLICY)
    assert isinstance(found, Route)
    assert found.channel is Channel.CODE


@given(reaches)
@settings(max_examples=50)
def test_no_way_leads_past_an_objection_or_a_missing_consent(found: Reach) -> None:
    chosen = route(found, POLICY)
    if isinstance(chosen, Route):
        assert found.standing not in {Standing.WITHDRAWN, Standing.RESTRICTED}
        assert chosen.channel not in found.objections
        assert chosen.channel in IN_THE_CHAT or standing_on(chosen.channel, found) is Standing.AGREED


def test_a_cost_cap_ends_the_uniform_push() -> None:
    drafts = [ChannelDraft("promotion:1", "v1", Channel.POPUP, uuid4(), "你好", NOON) for _ in range(10)]
    assert len(within_cap(drafts, POLICY, 0, 22)) == 4
    assert len(within_cap(drafts, POLICY, 20, 22)) == 0
    assert len(within_cap(drafts, POLICY, 0, None)) == 10
    held = [ChannelDraft("promotion:1", "v1", Channel.POPUP, uuid4(), "你好", NOON, held_out=True)]
    assert within_cap(held, POLICY, 17, 22) == held
    assert within_cap(held, POLICY, 18, 22) == []


def test_a_cost_cap_takes_as_many_of_the_held_out_as_of_the_arms() -> None:
    """The sample-ratio check of a campaign whose budget ends half way finds nothing, whatever the channels cost."""
    experiment = Experiment("autumn", (Arm("a", 1), Arm("b", 1)), hold_out=2_000)
    drafts, places = [], []
    for number in range(4_000):
        place = assign(experiment, str(UUID(int=number)))
        channel = Channel.SMS if number % 3 else Channel.POPUP
        drafts.append(
            ChannelDraft(
                "promotion:1", "v1", channel, UUID(int=number), "你好", NOON, held_out=place.place is Place.HELD_OUT
            )
        )
        places.append(place.arm or place.place.value)
    of = dict(zip((draft.customer_id for draft in drafts), places, strict=True))
    kept = Counter(of[draft.customer_id] for draft in within_cap(drafts, POLICY, 0, 13_003))
    assert 1_800 < kept.total() < 2_200
    assert check_sample_ratio(kept, {"a": 0.4, "b": 0.4, "held_out": 0.2}).p > 0.05


@given(
    st.lists(st.tuples(st.sampled_from(sorted(AT_ONCE)), st.booleans()), min_size=1, max_size=12), st.integers(0, 60)
)
@settings(max_examples=50)
def test_whether_the_cap_takes_somebody_asks_nothing_of_the_own_place(
    line: list[tuple[Channel, bool]], cap: int
) -> None:
    drafts = [
        ChannelDraft("promotion:1", "v1", channel, UUID(int=at), "你好", NOON, held_out=held_out)
        for at, (channel, held_out) in enumerate(line)
    ]
    *before, last = drafts
    other = replace(last, held_out=not last.held_out)
    assert (last in within_cap(drafts, POLICY, 0, cap)) == (other in within_cap([*before, other], POLICY, 0, cap))


@pytest.mark.parametrize("channel", sorted(IN_THE_CHAT))
def test_the_chats_channels_are_the_ledgers(channel: Channel) -> None:
    with pytest.raises(ValueError, match="outbox"):
        ChannelDraft("promotion:1", "v1", channel, uuid4(), "你好", NOON)
    with pytest.raises(ValueError, match="one customer"):
        ChannelDraft("promotion:1", "v1", Channel.SMS, None, "你好", NOON)


def test_the_gate_reads_words_on_every_channel() -> None:
    for channel in set(Channel) - IN_THE_CHAT:
        verdict = judge_message(message(channel, "保本保息，稳赚不赔！"), Standing.AGREED, Facts(), GatePolicy(), NOON)
        assert verdict == Suppress(Reason.FORBIDDEN_WORDS), channel


def test_the_gate_asks_the_person_whatever_the_channel() -> None:
    for channel in set(Channel) - IN_THE_CHAT - {Channel.STAFF_GROUP}:
        verdict = judge_message(message(channel), Standing.WITHDRAWN, Facts(), GatePolicy(), NOON)
        assert verdict == Suppress(Reason.OPTED_OUT), channel


def test_quiet_hours_and_caps_hold_back_what_interrupts_and_nothing_else() -> None:
    offered = Facts(offered_at=(NOON - timedelta(hours=1),))
    for channel in set(Channel) - IN_THE_CHAT:
        at_night = judge_message(message(channel), Standing.AGREED, Facts(), GatePolicy(), NIGHT)
        twice = judge_message(message(channel), Standing.AGREED, offered, GatePolicy(quiet_from=time(0)), NOON)
        if channel in AT_ONCE:
            assert isinstance(at_night, Defer)
            assert isinstance(twice, Defer)
            assert (at_night.reason, twice.reason) == (Reason.QUIET_HOURS, Reason.FREQUENCY_CAP)
        else:
            assert at_night == twice == Pass()
