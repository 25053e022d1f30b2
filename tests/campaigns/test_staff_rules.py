"""Who may do what, written out in full; and when an invitation counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.staff.model import Absence, AbsenceRefusal, Action, Invitation, InvitationRefusal, Role
from campaigns.staff.reading import read_days
from campaigns.staff.rules import INVITATION_LIFE, PERMISSIONS, acting, be_away, may, redeem

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)

ROLES = (
    Role.CUSTOMER,
    Role.WEALTH_MANAGER,
    Role.TEAM_LEAD,
    Role.BRANCH,
    Role.PARTNER,
    Role.PROPERTY,
    Role.COMPLIANCE,
    Role.ADMINISTRATOR,
)
MATRIX = {
    #                        customer manager lead branch partner property compliance administrator
    Action.CHAT:            "yes      yes     yes  yes    yes     yes      yes        yes",
    Action.BIND_PHONE:      "yes      yes     yes  yes    yes     yes      yes        yes",
    Action.JOIN_CHAIN:      "yes      yes     yes  yes    yes     yes      yes        yes",
    Action.REGISTER_GROUP:  "no       yes     yes  no     no      no       no         no",
    Action.OPEN_CHAIN:      "no       yes     yes  no     no      no       no         no",
    Action.CLOSE_CHAIN:     "no       yes     yes  no     no      no       no         no",
    Action.TAKE_DRAW:       "yes      yes     yes  yes    yes     yes      yes        yes",
    Action.PUBLISH_DRAW:    "no       yes     yes  no     no      no       no         no",
    Action.SEE_CHAIN_NAMES: "no       yes     yes  no     no      no       no         no",
    Action.SEND_OFFERS:     "no       yes     yes  no     no      no       no         no",
    Action.WORK_VOUCHERS:   "no       yes     yes  no     no      no       no         no",
    Action.REDEEM:          "no       yes     yes  yes    yes     no       no         no",
    Action.SEE_BUDGET:      "no       yes     yes  no     no      no       no         no",
    Action.INVITE_PARTNER:  "no       no      yes  no     no      no       no         yes",
    Action.DO_TODO:         "yes      yes     yes  yes    yes     yes      yes        yes",
    Action.MANAGE_TODOS:    "no       yes     yes  no     no      no       no         no",
    Action.DO_TASK:         "yes      yes     yes  yes    yes     yes      yes        yes",
    Action.MANAGE_TASKS:    "no       yes     yes  no     no      no       no         no",
    Action.ANSWER_QUIZ:     "yes      yes     yes  yes    yes     yes      yes        yes",
    Action.MANAGE_QUIZZES:  "no       yes     yes  no     no      no       no         no",
    Action.MANAGE_RALLIES:  "no       yes     yes  no     no      no       no         no",
    Action.FOLLOW_APPLICATIONS: "no   yes     yes  no     no      no       no         no",
    Action.REASSIGN_APPLICATIONS: "no no      yes  no     no      no       no         no",
    Action.TAKE_DAYS_OFF:   "no       yes     yes  no     no      no       no         no",
    Action.ANSWER_QUESTIONS: "no      yes     yes  no     no      no       no         no",
    Action.WRITE_LETTERS:   "no       yes     yes  no     no      no       no         no",
    Action.DECIDE_REFERRALS: "no      yes     yes  no     no      no       yes        no",
    Action.PLAN_PUBLICITY:  "no       yes     yes  no     no      no       no         no",
    Action.PUBLICISE:       "no       yes     yes  yes    yes     yes      no         no",
    Action.SEE_SEGMENTS:    "no       yes     yes  no     no      no       yes        yes",
    Action.BUILD_AUDIENCES: "no       yes     yes  no     no      no       yes        no",
    Action.SEE_JOURNEYS:    "no       yes     yes  no     no      no       yes        yes",
    Action.STEER_JOURNEYS:  "no       no      yes  no     no      no       yes        no",
    Action.MANAGE_REMINDERS: "no      yes     yes  no     no      no       no         no",
    Action.SEE_BOOKINGS:    "no       yes     yes  yes    no      no       no         no",
    Action.SEE_CATALOGUE:   "no       yes     yes  no     no      no       yes        yes",
    Action.SET_CATALOGUE:   "no       no      yes  no     no      no       yes        no",
    Action.POST_BUNDLES:    "no       yes     yes  no     no      no       no         no",
    Action.FOLLOW_LOANS:    "no       yes     yes  no     no      no       no         no",
    Action.SEE_CUSTOMERS:   "no       yes     yes  no     no      no       yes        no",
    Action.WORK_CUSTOMERS:  "no       yes     yes  no     no      no       no         no",
    Action.BROADCAST:       "no       yes     yes  no     no      no       no         no",
    Action.APPROVE_POSTS:   "no       no      yes  no     no      no       yes        no",
    Action.STOP_SENDING:    "no       no      yes  no     no      no       yes        no",
    Action.SEE_PROMOTIONS:  "no       yes     yes  no     no      no       yes        yes",
    Action.RUN_PROMOTIONS:  "no       yes     yes  no     no      no       no         no",
    Action.REVIEW_PROMOTIONS: "no     no      yes  no     no      no       yes        no",
    Action.OVERRIDE_CHECKLISTS: "no   no      yes  no     no      no       no         no",
    Action.STEER_EVENTS:    "no       yes     yes  no     no      no       no         no",
    Action.SHOW_BOOTHS:     "no       yes     yes  yes    yes     yes      no         no",
    Action.FOLLOW_UP:       "no       yes     yes  yes    no      no       yes        no",
    Action.SEE_LOOKUPS:     "no       no      no   no     no      no       yes        no",
    Action.SEE_LEDGER:      "no       yes     yes  yes    no      no       yes        yes",
    Action.RESOLVE_UNKNOWN: "no       no      yes  yes    no      no       no         yes",
    Action.RELEASE_HELD:    "no       no      no   no     no      no       no         yes",
    Action.INVITE_STAFF:    "no       no      no   no     no      no       no         yes",
}  # fmt: skip


def test_the_matrix_covers_every_role_and_every_action() -> None:
    assert set(ROLES) == set(Role)
    assert set(MATRIX) == set(Action) == set(PERMISSIONS)
    assert all(len(row.split()) == len(ROLES) for row in MATRIX.values())


@pytest.mark.parametrize(
    ("role", "action", "allowed"),
    [
        (role, action, word == "yes")
        for action, row in MATRIX.items()
        for role, word in zip(ROLES, row.split(), strict=True)
    ],
)
def test_a_role_may_do_what_the_matrix_says(role: Role, action: Action, allowed: bool) -> None:
    assert may({role}, action) is allowed
    assert may({Role.CUSTOMER, role}, action) is (allowed or may({Role.CUSTOMER}, action))


@pytest.mark.parametrize("action", list(Action))
def test_nobody_without_a_role_may_do_anything(action: Action) -> None:
    assert not may(frozenset(), action)


def invitation(used_by: int | None = None) -> Invitation:
    return Invitation(b"hash", Role.WEALTH_MANAGER, 1, NOW + INVITATION_LIFE, used_by)


@pytest.mark.parametrize(
    ("found", "now", "outcome"),
    [
        (invitation(), NOW, Role.WEALTH_MANAGER),
        (invitation(), NOW + INVITATION_LIFE - timedelta(seconds=1), Role.WEALTH_MANAGER),
        (invitation(), NOW + INVITATION_LIFE, InvitationRefusal.EXPIRED),
        (invitation(used_by=9), NOW, InvitationRefusal.USED),
        (invitation(used_by=9), NOW + INVITATION_LIFE, InvitationRefusal.USED),
        (None, NOW, InvitationRefusal.UNKNOWN),
    ],
)
def test_an_invitation_gives_its_role_once_and_for_a_week(
    found: Invitation | None, now: datetime, outcome: Role | InvitationRefusal
) -> None:
    assert redeem(found, now) is outcome


@pytest.mark.parametrize(
    ("starts", "ends", "stand_in", "refusal"),
    [
        (23, 27, 2, None),
        (20, 22, 2, None),  # Begun already.
        (10, 20, 2, AbsenceRefusal.PAST),
        (27, 23, 2, AbsenceRefusal.BACKWARDS),
        (23, 27, 1, AbsenceRefusal.YOURSELF),
        (30, 30, 2, AbsenceRefusal.OVERLAPS),
    ],
)
def test_an_absence_lies_ahead_once_and_names_somebody_else(
    starts: int, ends: int, stand_in: int, refusal: AbsenceRefusal | None
) -> None:
    absence = Absence(1, date(2026, 11, starts), date(2026, 11, ends), stand_in)
    own = [Absence(1, date(2026, 11, 28), date(2026, 12, 4), 2)]
    assert be_away(absence, own, date(2026, 11, 21)) == (refusal or absence)


def test_an_absence_ends_within_half_a_year() -> None:
    absence = Absence(1, date(2026, 11, 23), date(2027, 11, 23), 2)
    assert be_away(absence, [], date(2026, 11, 21)) is AbsenceRefusal.TOO_LONG


@pytest.mark.parametrize(
    ("away", "acts"),
    [({}, 1), ({1: 2}, 2), ({1: 2, 2: 3}, 3), ({1: 2, 2: 1}, 1), ({1: 2, 2: 3, 3: 2}, 1), ({2: 3}, 1)],
)
def test_the_stand_in_of_the_stand_in_acts_and_a_ring_leaves_it_to_the_person(away: dict[int, int], acts: int) -> None:
    assert acting(1, away) == acts


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("12-01 12-05", date(2026, 12, 1), date(2026, 12, 5)),
        ("请假 １２月１日到１２月５日", date(2026, 12, 1), date(2026, 12, 5)),
        ("11/20", date(2026, 11, 20), date(2026, 11, 20)),
        ("12-30 到 1-3", date(2026, 12, 30), date(2027, 1, 3)),
        ("2027-02-01 02-03", date(2027, 2, 1), date(2027, 2, 3)),
        ("5-1", date(2027, 5, 1), date(2027, 5, 1)),
    ],
)
def test_days_off_are_read_as_people_write_them(words: str, first: date, last: date) -> None:
    assert read_days(words, date(2026, 11, 21)) == (first, last)


@pytest.mark.parametrize("words", ["", "请假", "13-01", "02-30", "12-01 12-02 12-03", "12-01 5", "明天"])
def test_what_is_no_day_is_asked_again(words: str) -> None:
    assert read_days(words, date(2026, 11, 21)) is None
