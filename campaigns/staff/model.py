"""Roles, the actions they are asked for, and the invitation that makes someone staff."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the bank; everybody is at least a customer."""

    CUSTOMER = "customer"
    WEALTH_MANAGER = "wealth_manager"
    TEAM_LEAD = "team_lead"
    BRANCH = "branch"
    PARTNER = "partner"
    PROPERTY = "property"
    COMPLIANCE = "compliance"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """Everything a person can ask of the bot; `may` answers for each."""

    CHAT = "chat"
    BIND_PHONE = "bind_phone"
    JOIN_CHAIN = "join_chain"
    REGISTER_GROUP = "register_group"
    OPEN_CHAIN = "open_chain"
    CLOSE_CHAIN = "close_chain"
    TAKE_DRAW = "take_draw"
    PUBLISH_DRAW = "publish_draw"
    SEE_CHAIN_NAMES = "see_chain_names"
    SEND_OFFERS = "send_offers"
    SEE_CATALOGUE = "see_catalogue"
    SET_CATALOGUE = "set_catalogue"
    POST_BUNDLES = "post_bundles"
    SEE_BOOKINGS = "see_bookings"
    WORK_VOUCHERS = "work_vouchers"
    REDEEM = "redeem"
    SEE_BUDGET = "see_budget"
    INVITE_PARTNER = "invite_partner"
    DO_TODO = "do_todo"
    MANAGE_TODOS = "manage_todos"
    DO_TASK = "do_task"
    MANAGE_TASKS = "manage_tasks"
    ANSWER_QUIZ = "answer_quiz"
    MANAGE_QUIZZES = "manage_quizzes"
    MANAGE_RALLIES = "manage_rallies"
    FOLLOW_APPLICATIONS = "follow_applications"
    FOLLOW_LOANS = "follow_loans"
    REASSIGN_APPLICATIONS = "reassign_applications"
    TAKE_DAYS_OFF = "take_days_off"
    ANSWER_QUESTIONS = "answer_questions"
    WRITE_LETTERS = "write_letters"
    DECIDE_REFERRALS = "decide_referrals"
    PLAN_PUBLICITY = "plan_publicity"
    PUBLICISE = "publicise"
    SEE_SEGMENTS = "see_segments"
    BUILD_AUDIENCES = "build_audiences"
    SEE_JOURNEYS = "see_journeys"
    STEER_JOURNEYS = "steer_journeys"
    SEE_CUSTOMERS = "see_customers"
    WORK_CUSTOMERS = "work_customers"
    FOLLOW_UP = "follow_up"
    BROADCAST = "broadcast"
    APPROVE_POSTS = "approve_posts"
    MANAGE_REMINDERS = "manage_reminders"
    STOP_SENDING = "stop_sending"
    SEE_PROMOTIONS = "see_promotions"
    RUN_PROMOTIONS = "run_promotions"
    REVIEW_PROMOTIONS = "review_promotions"
    OVERRIDE_CHECKLISTS = "override_checklists"
    STEER_EVENTS = "steer_events"
    SHOW_BOOTHS = "show_booths"
    SEE_LOOKUPS = "see_lookups"
    SEE_LEDGER = "see_ledger"
    RESOLVE_UNKNOWN = "resolve_unknown"
    RELEASE_HELD = "release_held"
    INVITE_STAFF = "invite_staff"


@dataclass(frozen=True)
class Invitation:
    """A one-time link that gives a role; only the token's hash is kept."""

    token_hash: bytes
    role: Role
    invited_by: int | None
    expires_at: datetime
    used_by: int | None = None


class InvitationRefusal(StrEnum):
    """Why an invitation link does not work."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Absence:
    """Days on which somebody is away, both included, and who acts meanwhile."""

    member_id: int
    starts_on: date
    ends_on: date
    stand_in_id: int


class AbsenceRefusal(StrEnum):
    """Why an absence was not taken."""

    PAST = "past"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"
    OVERLAPS = "overlaps"
    YOURSELF = "yourself"
    NO_MANAGER = "no_manager"
