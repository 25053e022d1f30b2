"""Applications by their rules: the whole table of moves, owners, due days, and what the bank's file means."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.applications.due import dates, escalate_on, level_on
from campaigns.applications.model import (
    Application,
    Assignment,
    Candidate,
    Entrant,
    HandOverReason,
    MoveRefusal,
    Reason,
    Stage,
    Verdict,
)
from campaigns.applications.rules import (
    BACK,
    DEFAULT_TERMS,
    ENDED,
    NEXT,
    OPEN,
    PATH,
    REASONS,
    adopt,
    assign,
    backward,
    by_leaving,
    correct,
    judge,
    move,
)

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
DUE = date(2026, 11, 24)
STAGES = (*PATH, Stage.DECLINED, Stage.WITHDRAWN, Stage.LOST)
# m: one may move there. b: only back, as a correction. r: only what a person settles by the bank's file. -: stays.
TABLE = {
    #                        sig con agr app apr del vis act deb use dec wit los
    Stage.SIGNED:            "-   m   m   r   r   r   r   r   r   r   r   m   m",
    Stage.CONTACTED:         "b   -   m   r   r   r   r   r   r   r   r   m   m",
    Stage.CONSENTED:         "b   b   -   m   r   r   r   r   r   r   r   m   m",
    Stage.APPLIED:           "b   b   b   -   m   r   r   r   r   r   m   m   m",
    Stage.APPROVED:          "b   b   b   b   -   m   r   r   r   r   r   m   m",
    Stage.DELIVERED:         "b   b   b   b   b   -   m   m   r   r   r   m   m",
    Stage.VISIT_BOOKED:      "b   b   b   b   b   b   -   m   r   r   r   m   m",
    Stage.ACTIVATED:         "b   b   b   b   b   b   b   -   m   m   r   m   m",
    Stage.DEBIT_CARD_ISSUED: "b   b   b   b   b   b   b   b   -   m   r   m   m",
    Stage.FIRST_USE:         "b   b   b   b   b   b   b   b   b   -   r   r   r",
    Stage.DECLINED:          "b   b   b   b   r   r   r   r   r   r   -   r   r",
    Stage.WITHDRAWN:         "b   b   b   r   r   r   r   r   r   r   r   -   r",
    Stage.LOST:              "b   b   b   b   b   b   r   r   r   r   r   r   -",
}  # fmt: skip
ENDED_FROM = {Stage.DECLINED: Stage.APPLIED, Stage.WITHDRAWN: Stage.CONSENTED, Stage.LOST: Stage.DELIVERED}


def application(stage: Stage = Stage.SIGNED) -> Application:
    ended = ENDED_FROM.get(stage)
    return Application(1, 1, "chain:1", 7, None, "联名信用卡", stage, 90, NOW, NOW, DUE, 3, ended)


def reason_for(to: Stage) -> Reason | None:
    return REASONS[to][0] if to in REASONS else None


def test_the_table_names_every_stage_and_every_event() -> None:
    assert set(STAGES) == set(TABLE) == set(Stage) == set(NEXT)
    assert all(len(row.split()) == len(STAGES) for row in TABLE.values())


@pytest.mark.parametrize(
    ("stage", "to", "mark"),
    [(stage, to, mark) for stage, row in TABLE.items() for to, mark in zip(STAGES, row.split(), strict=True)],
)
def test_every_stage_answers_every_event_as_the_table_says(stage: Stage, to: Stage, mark: str) -> None:
    before = application(stage)
    moved = move(before, to, reason_for(to), NOW, DUE)
    back = correct(before, to, Reason.MISTAKE, NOW, DUE)
    settled = adopt(before, to, NOW, DUE)
    assert (isinstance(moved, Application), isinstance(back, Application)) == (mark == "m", mark == "b")
    assert isinstance(settled, Application) == (mark != "-")
    for refused in (moved, back, settled):
        assert isinstance(refused, Application) or refused is MoveRefusal.JUMP
    for after in (moved, back, settled):
        if isinstance(after, Application):
            assert (after.stage, after.version, after.stage_since) == (to, 4, NOW)
            assert (after.due_on is None) == (to in ENDED)
            assert replace(after, stage=stage, version=3, due_on=DUE, ended_from=before.ended_from) == before


@pytest.mark.parametrize("stage", sorted(OPEN))
@pytest.mark.parametrize("reason", [*Reason, None])
def test_an_end_without_a_card_needs_a_reason_of_its_list_and_a_step_on_takes_none(
    stage: Stage, reason: Reason | None
) -> None:
    for to in NEXT[stage]:
        fits = reason in REASONS[to] if to in REASONS else reason is None
        outcome = move(application(stage), to, reason, NOW, DUE)
        assert isinstance(outcome, Application) is fits
        assert fits or outcome is MoveRefusal.NEEDS_REASON
    for to in backward(application(stage)):
        assert isinstance(correct(application(stage), to, reason, NOW, DUE), Application) is (reason in BACK)


@given(st.lists(st.tuples(st.sampled_from(STAGES), st.sampled_from([*Reason, None])), max_size=30))
def test_whatever_is_tried_an_end_remembers_where_it_came_from_and_can_be_taken_back(
    tries: list[tuple[Stage, Reason | None]],
) -> None:
    now = application()
    for to, reason in tries:
        for act in (move, correct):
            outcome = act(now, to, reason, NOW, DUE)
            now = outcome if isinstance(outcome, Application) else now
        assert (now.ended_from in OPEN) == (now.stage in ENDED - {Stage.FIRST_USE})
        assert now.ended_from is None or backward(now)[0] is now.ended_from


def test_leaving_the_chain_withdraws_until_the_bank_has_the_application() -> None:
    early = {stage for stage in Stage if by_leaving(application(stage)) is Stage.WITHDRAWN}
    assert early == {Stage.SIGNED, Stage.CONTACTED, Stage.CONSENTED}


@pytest.mark.parametrize(
    ("stage", "event", "verdict"),
    [
        (Stage.CONSENTED, Stage.APPLIED, Verdict.MOVES),
        (Stage.APPLIED, Stage.DECLINED, Verdict.MOVES),
        (Stage.DELIVERED, Stage.ACTIVATED, Verdict.MOVES),
        (Stage.VISIT_BOOKED, Stage.DELIVERED, Verdict.AGREES),
        (Stage.FIRST_USE, Stage.APPLIED, Verdict.AGREES),
        (Stage.DECLINED, Stage.DECLINED, Verdict.AGREES),
        (Stage.DECLINED, Stage.APPLIED, Verdict.AGREES),
        (Stage.DECLINED, Stage.ACTIVATED, Verdict.DISAGREES),
        (Stage.SIGNED, Stage.APPLIED, Verdict.DISAGREES),
        (Stage.APPROVED, Stage.ACTIVATED, Verdict.DISAGREES),
        (Stage.ACTIVATED, Stage.DECLINED, Verdict.DISAGREES),
        (Stage.LOST, Stage.APPROVED, Verdict.DISAGREES),
    ],
)
def test_the_banks_file_moves_agrees_or_disagrees(stage: Stage, event: Stage, verdict: Verdict) -> None:
    assert judge(stage, event) is verdict


def test_the_owner_of_a_customer_stays_and_others_go_by_language_then_load() -> None:
    candidates = [
        Candidate(90, "zh", load=2, leads_group=True),
        Candidate(91, "zh", load=1),
        Candidate(92, "en", load=0),
        Candidate(93, "zh", load=0, is_absent=True),
    ]
    entrants = [
        Entrant(1, "zh", known_owner=93),
        Entrant(2, "zh"),
        Entrant(3, "zh"),
        Entrant(4, "zh"),
        Entrant(5, "en"),
    ]
    found = [(each.member_id, each.owner_id, each.reason) for each in assign(entrants, candidates)]
    assert found == [
        (1, 93, HandOverReason.OWN_CUSTOMER),
        (2, 91, HandOverReason.LOAD),
        (3, 90, HandOverReason.LOAD),  # Two each: the manager of the group first.
        (4, 91, HandOverReason.LOAD),
        (5, 92, HandOverReason.LOAD),
    ]


@given(st.integers(0, 40), st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_everybody_gets_an_owner_and_the_load_is_shared(heads: int, loads: list[int]) -> None:
    candidates = [Candidate(90 + at, "zh", load, leads_group=at == 0) for at, load in enumerate(loads)]
    found = assign([Entrant(member, "zh") for member in range(heads)], candidates)
    assert [each.member_id for each in found] == list(range(heads))
    assert all(isinstance(each, Assignment) for each in found)
    after = [load + sum(each.owner_id == 90 + at for each in found) for at, load in enumerate(loads)]
    busy = [total for total, load in zip(after, loads, strict=True) if total > load]
    assert not busy or max(busy) <= min(after) + 1


@pytest.mark.parametrize(
    ("stage", "since", "due", "escalate", "nudge"),
    [
        (Stage.SIGNED, date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 26), None),
        (Stage.SIGNED, date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 12), None),  # Over National Day.
        (Stage.DELIVERED, date(2026, 11, 20), date(2026, 11, 27), date(2026, 12, 2), date(2026, 11, 24)),
        (Stage.FIRST_USE, date(2026, 11, 20), None, None, None),
        (Stage.LOST, date(2026, 11, 20), None, None, None),
    ],
)
def test_days_follow_from_the_stage_over_weekends_and_holidays(
    stage: Stage, since: date, due: date | None, escalate: date | None, nudge: date | None
) -> None:
    found = dates(stage, since, DEFAULT_TERMS)
    assert (found.due_on, found.escalate_on, found.nudge_on) == (due, escalate, nudge)


def test_a_booked_visit_is_due_on_its_own_day() -> None:
    visit = date(2026, 12, 4)
    assert dates(Stage.VISIT_BOOKED, date(2026, 11, 20), DEFAULT_TERMS, visit).due_on == visit


def test_the_leads_hear_on_the_third_fifth_and_seventh_working_day() -> None:
    due = date(2026, 9, 28)  # National Day's holidays follow.
    days = [escalate_on(due, told, DEFAULT_TERMS) for told in range(4)]
    assert days == [date(2026, 10, 8), date(2026, 10, 10), date(2026, 10, 13), None]
    levels = [level_on(due, day, DEFAULT_TERMS) for day in (due, date(2026, 10, 7), *filter(None, days))]
    assert levels == [0, 0, 1, 2, 3]
