"""Who may do what, and when an invitation still counts."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from campaigns.staff.model import Absence, AbsenceRefusal, Action, Invitation, InvitationRefusal, Role

INVITATION_LIFE = timedelta(days=7)
LONGEST_ABSENCE = timedelta(days=190)  # A maternity leave with everything that can be added to it.

_EVERYBODY = frozenset(Role)
_MANAGERS = frozenset({Role.WEALTH_MANAGER, Role.TEAM_LEAD})
_LEADS = frozenset({Role.TEAM_LEAD, Role.BRANCH})

PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.CHAT: _EVERYBODY,
    Action.BIND_PHONE: _EVERYBODY,
    Action.JOIN_CHAIN: _EVERYBODY,
    Action.REGISTER_GROUP: _MANAGERS,
    Action.OPEN_CHAIN: _MANAGERS,
    Action.CLOSE_CHAIN: _MANAGERS,
    Action.TAKE_DRAW: _EVERYBODY,
    Action.PUBLISH_DRAW: _MANAGERS,
    Action.SEE_CHAIN_NAMES: _MANAGERS,
    Action.SEND_OFFERS: _MANAGERS,
    Action.SEE_CATALOGUE: _MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    Action.SET_CATALOGUE: frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    Action.POST_BUNDLES: _MANAGERS,
    Action.SEE_BOOKINGS: _MANAGERS | {Role.BRANCH},
    Action.WORK_VOUCHERS: _MANAGERS,
    Action.REDEEM: _MANAGERS | {Role.BRANCH, Role.PARTNER},
    Action.SEE_BUDGET: _MANAGERS,
    Action.INVITE_PARTNER: frozenset({Role.ADMINISTRATOR, Role.TEAM_LEAD}),
    Action.DO_TODO: _EVERYBODY,
    Action.MANAGE_TODOS: _MANAGERS,
    Action.DO_TASK: _EVERYBODY,
    Action.MANAGE_TASKS: _MANAGERS,
    Action.ANSWER_QUIZ: _EVERYBODY,
    Action.MANAGE_QUIZZES: _MANAGERS,
    Action.MANAGE_RALLIES: _MANAGERS,
    Action.FOLLOW_APPLICATIONS: _MANAGERS,
    Action.FOLLOW_LOANS: _MANAGERS,
    Action.REASSIGN_APPLICATIONS: frozenset({Role.TEAM_LEAD}),
    Action.TAKE_DAYS_OFF: _MANAGERS,
    Action.ANSWER_QUESTIONS: _MANAGERS,
    Action.WRITE_LETTERS: _MANAGERS,
    Action.DECIDE_REFERRALS: _MANAGERS | {Role.COMPLIANCE},
    Action.PLAN_PUBLICITY: _MANAGERS,
    Action.PUBLICISE: _MANAGERS | {Role.BRANCH, Role.PARTNER, Role.PROPERTY},
    Action.SEE_SEGMENTS: _MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    Action.BUILD_AUDIENCES: _MANAGERS | {Role.COMPLIANCE},
    Action.SEE_JOURNEYS: _MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    Action.STEER_JOURNEYS: frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    Action.SEE_CUSTOMERS: _MANAGERS | {Role.COMPLIANCE},
    Action.WORK_CUSTOMERS: _MANAGERS,
    Action.BROADCAST: _MANAGERS,
    Action.MANAGE_REMINDERS: _MANAGERS,
    Action.APPROVE_POSTS: frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    Action.STOP_SENDING: frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    Action.SEE_PROMOTIONS: _MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    Action.RUN_PROMOTIONS: _MANAGERS,
    Action.REVIEW_PROMOTIONS: frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    Action.OVERRIDE_CHECKLISTS: frozenset({Role.TEAM_LEAD}),
    Action.STEER_EVENTS: _MANAGERS,
    Action.SHOW_BOOTHS: _MANAGERS | {Role.BRANCH, Role.PARTNER, Role.PROPERTY},
    Action.FOLLOW_UP: _MANAGERS | {Role.BRANCH, Role.COMPLIANCE},
    Action.SEE_LOOKUPS: frozenset({Role.COMPLIANCE}),
    Action.SEE_LEDGER: _MANAGERS | _LEADS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    Action.RESOLVE_UNKNOWN: _LEADS | {Role.ADMINISTRATOR},
    Action.RELEASE_HELD: frozenset({Role.ADMINISTRATOR}),
    Action.INVITE_STAFF: frozenset({Role.ADMINISTRATOR}),
}


def may(roles: AbstractSet[Role], action: Action) -> bool:
    """Whether somebody with these roles may do this; the only answer to that question in the product."""
    return not PERMISSIONS[action].isdisjoint(roles)


def redeem(invitation: Invitation | None, now: datetime) -> Role | InvitationRefusal:
    """The role that an invitation gives, or why it gives none."""
    if invitation is None:
        return InvitationRefusal.UNKNOWN
    if invitation.used_by is not None:
        return InvitationRefusal.USED
    return InvitationRefusal.EXPIRED if now >= invitation.expires_at else invitation.role


def be_away(absence: Absence, own: Sequence[Absence], today: date) -> Absence | AbsenceRefusal:
    """Take an absence, or say why not; `own` are those that the person has already."""
    if absence.stand_in_id == absence.member_id:
        return AbsenceRefusal.YOURSELF
    if absence.ends_on < absence.starts_on:
        return AbsenceRefusal.BACKWARDS
    if absence.ends_on < today:
        return AbsenceRefusal.PAST
    if absence.ends_on - absence.starts_on > LONGEST_ABSENCE:
        return AbsenceRefusal.TOO_LONG
    overlaps = any(absence.starts_on <= each.ends_on and each.starts_on <= absence.ends_on for each in own)
    return AbsenceRefusal.OVERLAPS if overlaps else absence


def acting(member_id: int, away: Mapping[int, int]) -> int:
    """Who acts for somebody: the stand-in, the stand-in's own one …; the person where everybody is away in a ring."""
    seen, found = {member_id}, member_id
    while found in away:
        found = away[found]
        if found in seen:
            return member_id
        seen.add(found)
    return found
