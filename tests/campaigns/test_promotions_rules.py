"""The life of a promotion, whom it reaches, its file, and what a dry run comes to: pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.audiences.model import Unreachable
from campaigns.catalogue.files import read_catalogue
from campaigns.catalogue.model import CLASSES, Edition
from campaigns.channels.model import Channel, ChannelPolicy, Touch
from campaigns.compliance.model import GatePolicy
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from campaigns.deliveries.model import State
from campaigns.deliveries.rules import closing
from campaigns.experiments.model import Place
from campaigns.forms.faults import FileError
from campaigns.members.model import Language
from campaigns.offers.model import Risk
from campaigns.promotions import rules
from campaigns.promotions.dry_runs import reckon
from campaigns.promotions.faults import CheckCode, PromotionFault
from campaigns.promotions.files import EXAMPLE, read_promotion
from campaigns.promotions.model import (
    OVER,
    Act,
    Basis,
    Measure,
    Progress,
    PromotionRefusal,
    PromotionState,
    Version,
    Way,
)
from campaigns.promotions.recipients import Exclusion, Facts, Heads, choose
from campaigns.promotions.records import digest_of, flat, plain, restored
from handlers.wording.promotion_files import fault
from handlers.wording.promotions import CHANNELS, CHECKS, EXCLUSIONS, REFUSALS, STATES

ZONE, NOW = ZoneInfo("Asia/Shanghai"), datetime(2030, 10, 30, 4, tzinfo=UTC)
AUTHOR, REVIEWER = 1, 2
CATALOGUE = Path(__file__).parents[2] / "campaigns" / "catalogue" / "example.yaml"
EDITION = Edition(3, read_catalogue(CATALOGUE.read_text("utf-8")), "tests", NOW, "a beginning")
TOLD = EXAMPLE.read_text("utf-8")
PLAN = read_promotion(TOLD, EDITION, ChannelPolicy(), ZONE).plan
DRAFT = Version(1, "autumn-steady", 1, PromotionState.DRAFT, PLAN, digest_of("autumn-steady", 1, PLAN), AUTHOR, NOW)


def in_state(state: PromotionState) -> Version:
    """A version that came so far."""
    submitted = None if state in {PromotionState.DRAFT, PromotionState.CHECKED} else NOW
    return replace(DRAFT, state=state, submitted_at=submitted)


def test_the_example_says_what_it_says() -> None:
    assert PLAN.channels == {Letter.A: Channel.PRIVATE, Letter.B: Channel.PRIVATE, Letter.C: Channel.SMS}
    assert PLAN.targets == {Measure.PARTICIPATION: 2_000, Measure.CONVERSION: 3_500, Measure.AUM_GROWTH: 1_500_000_000}
    assert PLAN.costs.transaction == {Way.ONLINE: 4_500, Way.COUNTER: 4_000}
    assert (PLAN.costs.of(Channel.SMS, Touch.CALL), PLAN.costs.of(Channel.TASK, Touch.VISIT)) == (10, 15_000)
    assert (PLAN.hold_out, PLAN.budget_fen, PLAN.send_at.astimezone(ZONE).hour) == (1_000, 500_000, 10)
    assert PLAN.product is not None
    assert (PLAN.product.grade, PLAN.product.edition) == (2, 3)


def test_a_plan_comes_back_from_its_record_and_another_number_is_another_hash() -> None:
    assert restored(plain(PLAN)) == PLAN
    giving = replace(PLAN, gives="voucher:pay-50")
    assert restored(plain(giving)) == giving
    assert "gives" not in plain(PLAN)  # Whatever was hashed before there was such a field keeps its hash.
    assert digest_of("x", 1, restored(plain(PLAN))) == digest_of("x", 1, PLAN) != digest_of("x", 2, PLAN)
    assert flat(replace(PLAN, hold_out=0))["hold_out"] == "0"


FAULTS = (
    ("code: autumn-steady", "code: Autumn 1", PromotionFault.BAD_CODE, 3),
    ("C: sms", "C: pigeon", PromotionFault.BAD_CHANNEL, 10),
    ("C: sms", "E: sms", PromotionFault.UNKNOWN_CLASS, 10),
    ("product: steady-wealth", "product: gold", PromotionFault.UNKNOWN_PRODUCT, 11),
    ("until: 2030-11-20", "until: 2030-10-20", PromotionFault.BAD_WINDOW, 13),
    ("send_at: 2030-11-01", "send_at: 2030-12-01", PromotionFault.BAD_WINDOW, 14),
    ("name: review", "name: lecture", PromotionFault.TWICE, 21),
    ("hold_out: 10%", "hold_out: 100%", PromotionFault.BAD_SHARE, 24),
    ("budget_yuan: 5000", "budget_yuan: 0.001", PromotionFault.BAD_MONEY, 28),
    ("sms: 0.10", "pigeon: 0.10", PromotionFault.UNKNOWN_COST, 29),
    ("# gives: voucher:pay-50", "gives: voucher:nothing", PromotionFault.UNKNOWN_SUPPLY, 39),
)


def test_every_fault_of_a_file_has_its_line_and_a_sentence() -> None:
    for old, new, code, line in FAULTS:
        with pytest.raises(FileError) as caught:
            read_promotion(TOLD.replace(old, new), EDITION, ChannelPolicy(), ZONE)
        assert [(each.code, each.line) for each in caught.value.faults] == [(code, line)]
        for language in Language:
            assert fault(caught.value.faults[0], language).endswith(("。", "."))


def test_several_faults_are_told_together_and_a_misspelt_field_is_one() -> None:
    with pytest.raises(FileError) as caught:
        read_promotion(TOLD.replace("hold_out: 10%", "hold_out: x\nholdout: 1"), None, ChannelPolicy(), ZONE)
    assert len(caught.value.faults) == 3  # Among them the product of a bank without a catalogue.


@given(st.sampled_from(PromotionState), st.lists(st.sampled_from(Act), max_size=12))
@settings(max_examples=50)
def test_no_way_leads_round_the_second_person_or_out_of_an_end(start: PromotionState, acts: list[Act]) -> None:
    version, approved = in_state(start), start not in {PromotionState.DRAFT, PromotionState.CHECKED}
    for each in acts:
        after = rules.act(version, each)
        if isinstance(after, PromotionRefusal):
            continue
        assert version.state not in OVER - {PromotionState.CLOSED}
        approved = approved or each is Act.APPROVE
        assert approved or after.state not in {PromotionState.SCHEDULED, PromotionState.RUNNING}
        version = after


def test_the_author_never_approves_and_an_approval_names_what_was_read() -> None:
    checked = in_state(PromotionState.CHECKED)
    assert rules.approve(checked, checked.digest, REVIEWER) is PromotionRefusal.NOT_SUBMITTED
    submitted = rules.submit(checked, NOW)
    assert isinstance(submitted, Version)
    assert rules.submit(submitted, NOW) is PromotionRefusal.SUBMITTED_ALREADY
    assert rules.edit(submitted, PLAN, "", AUTHOR, NOW) is PromotionRefusal.UNDER_WAY
    assert rules.approve(submitted, submitted.digest, AUTHOR) is PromotionRefusal.OWN_WORK
    assert rules.approve(submitted, submitted.digest[:11], REVIEWER) is PromotionRefusal.CHANGED
    assert rules.approve(submitted, "f" * 64, REVIEWER) is PromotionRefusal.CHANGED
    assert rules.reject(submitted, submitted.digest, REVIEWER, " ") is PromotionRefusal.NO_REASON
    approved = rules.approve(submitted, submitted.digest[:12], REVIEWER)
    assert isinstance(approved, Version)
    assert approved.state is PromotionState.REVIEWED


def test_a_cancellation_wins_and_nothing_closes_while_anything_is_open() -> None:
    running = in_state(PromotionState.RUNNING)
    assert rules.may_plan(running)
    cancelled = rules.cancel(running, NOW)
    assert isinstance(cancelled, Version)
    assert not rules.may_plan(cancelled)
    assert rules.resume(cancelled) is PromotionRefusal.CANCELLED
    done = replace(running, progress=Progress(2, 2))
    assert rules.close(running, closing(0, []), NOW) is PromotionRefusal.STILL_OPEN
    assert rules.close(done, closing(2, [State.SENT, State.UNKNOWN]), NOW) is PromotionRefusal.STILL_OPEN
    assert rules.close(done, closing(3, [State.SENT, State.SENT]), NOW) is PromotionRefusal.STILL_OPEN
    assert isinstance(rules.close(done, closing(2, [State.SENT, State.HELD_OUT]), NOW), Version)
    late = rules.schedule(in_state(PromotionState.REVIEWED), Basis(), PLAN.closes_at + timedelta(seconds=1))
    assert late is PromotionRefusal.TOO_LATE


FACTS = st.builds(
    Facts,
    st.none() | st.sampled_from(CLASSES),
    st.none() | st.sampled_from(Unreachable),
    st.none() | st.integers(1, 5),
    st.sampled_from([None, 0, 179, 180]),
    st.booleans(),
    st.booleans(),
)


@given(FACTS, st.sampled_from(Channel), st.integers(0, 5), st.booleans())
@settings(max_examples=50)
def test_nobody_unwilling_unsuited_or_met_before_is_written_to(
    facts: Facts, channel: Channel, grade: int, overlaps: bool
) -> None:
    assert PLAN.product is not None
    line = replace(PLAN.product, risk=Risk(f"R{grade}"), locked_days=180) if grade else None
    plan = replace(PLAN, channels=dict.fromkeys(CLASSES, channel), product=line, may_overlap=overlaps)
    choice = choose(plan, frozenset({Letter.D, Tier.GENERAL}), facts)
    if isinstance(choice, Exclusion):
        return
    assert choice is channel
    assert facts.standing not in {None, Letter.D, Tier.GENERAL}
    assert facts.unreachable not in {Unreachable.OPTED_OUT, Unreachable.SUSPENDED, Unreachable.NON_PERSONAL}
    assert facts.unreachable is None or channel is not Channel.PRIVATE
    assert not facts.met_before
    assert overlaps or not facts.met_elsewhere
    assert not grade or (facts.appetite is not None and grade <= facts.appetite)
    assert not grade or facts.horizon == 180  # What binds money for half a year is for who needs it no earlier.


def test_a_dry_run_adds_up_costs_contacts_alone_and_says_what_can_be_seen() -> None:
    able, unasked = Facts(Letter.A, None, 3, 180), Facts(Letter.A, None, None)
    heads = [
        Heads(able, Place.ARM, 600, "lecture"),
        Heads(able, Place.ARM, 300, "review"),
        Heads(able, Place.HELD_OUT, 100),
        Heads(Facts(Letter.C, Unreachable.UNBOUND, 2, 180), Place.ARM, 90, "review"),
        Heads(replace(able, horizon=0), Place.ARM, 6, "lecture"),
        Heads(replace(able, horizon=None), Place.ARM, 5, "lecture"),
        Heads(unasked, Place.ARM, 10, "lecture"),
        Heads(Facts(Letter.D, None, 5), Place.GLOBAL_CONTROL, 7),
    ]
    found = reckon(DRAFT, heads, frozenset(), 3, (), GatePolicy(), NOW)
    assert (found.audience, found.treated, found.held_out, found.undecided) == (1_118, 990, 100, 3)
    needs = {Exclusion.NEEDED_EARLIER: 6, Exclusion.NEED_UNKNOWN: 5}
    assert found.excluded == {Exclusion.NOT_ASSESSED: 10, Exclusion.NOT_ROUTED: 7, **needs}
    assert found.cost_fen == 90 * 10
    assert (found.private, found.seconds) == (900, 30)
    assert found.smallest_lift is not None
    assert 0.06 < found.smallest_lift < 0.07
    assert reckon(DRAFT, heads[:1], frozenset(), 0, (), GatePolicy(), NOW).smallest_lift is None


def test_every_word_that_staff_may_read_is_there_in_both_languages() -> None:
    for words, kind in (
        (STATES, PromotionState),
        (CHANNELS, Channel),
        (EXCLUSIONS, Exclusion),
        (REFUSALS, PromotionRefusal),
        (CHECKS, CheckCode),
    ):
        assert set(words) == set(kind)
