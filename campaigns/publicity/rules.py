"""Pure rules of publicity: the plan before an event, when to remind, and whom a code may count."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.compliance.hours import is_quiet, next_allowed
from campaigns.compliance.model import GatePolicy
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.members.model import Language
from campaigns.publicity.model import (
    Copy,
    Event,
    EventPlan,
    Material,
    PlanRefusal,
    PlanRefused,
    PublicistKind,
    Tally,
    TaskTemplate,
    Traced,
)
from campaigns.staff.model import Role

LONGEST_TITLE, LONGEST_BENEFITS, LONGEST_COMPLAINTS = 40, 120, 40
LONGEST_AHEAD = timedelta(days=90)
NOTICE = timedelta(hours=1)
BREATH = timedelta(hours=1)  # Between a task that comes into being late and its reminder.

# Source: the study, 提前2-3天 (S-67), and what each publicist does (S-68, S-70 to S-72).
TEMPLATES: dict[PublicistKind, tuple[TaskTemplate, ...]] = {
    PublicistKind.PARTNER: (
        TaskTemplate(3, Material.MOMENTS, 18),
        TaskTemplate(2, Material.CUSTOMER_GROUPS, 18),
        TaskTemplate(1, Material.CUSTOMER_GROUPS, 18),
        TaskTemplate(0, Material.MOMENTS, 10),
    ),
    PublicistKind.PROPERTY: (
        TaskTemplate(3, Material.POSTER, 16),
        TaskTemplate(2, Material.FLYER, 16),
        TaskTemplate(1, Material.PROPERTY_GROUP, 18),
        TaskTemplate(0, Material.PROPERTY_GROUP, 10),
    ),
    PublicistKind.BANK: (
        TaskTemplate(3, Material.BANK_GROUP, 11),
        TaskTemplate(2, Material.MOMENTS, 11),
        TaskTemplate(1, Material.BANK_GROUP, 11),
        TaskTemplate(0, Material.BANK_GROUP, 10),
    ),
}

_KINDS = (
    (Role.PARTNER, PublicistKind.PARTNER),
    (Role.PROPERTY, PublicistKind.PROPERTY),
    (Role.WEALTH_MANAGER, PublicistKind.BANK),
    (Role.TEAM_LEAD, PublicistKind.BANK),
    (Role.BRANCH, PublicistKind.BANK),
)


def kind_of(roles: Iterable[Role]) -> PublicistKind | None:
    """The kind of publicist that somebody with these roles is; None for everybody else."""
    held = set(roles)
    return next((kind for role, kind in _KINDS if role in held), None)


def check(plan: EventPlan, now: datetime) -> PlanRefusal | None:
    """Whether an event can be planned: words in their place, from an hour to ninety days ahead."""
    titles = [plan.title_in(language) for language in Language]
    benefits = [plan.benefits_in(language) for language in Language]
    texts = (
        *((title, LONGEST_TITLE) for title in titles),
        *((words, LONGEST_BENEFITS) for words in benefits),
        (plan.complaints, LONGEST_COMPLAINTS),
    )
    if not all(titles) or not all(benefits):
        return PlanRefusal.NO_TITLE
    if not plan.complaints.strip():
        return PlanRefusal.NO_COMPLAINTS
    if any(len(text) > longest for text, longest in texts):
        return PlanRefusal.LONG_TEXT
    if plan.starts_at < now + NOTICE:
        return PlanRefusal.TOO_SOON
    return PlanRefusal.TOO_FAR if plan.starts_at > now + LONGEST_AHEAD else None


def judge_copy(copies: Iterable[Copy]) -> PlanRefused | None:
    """What keeps copy from being approved: Advertising Law art. 9(3) and 25, as for every offer; None: nothing."""
    texts = [text for copy in copies for text in (copy.zh, copy.en)]
    for text in texts:
        if found := forbidden(text):
            return PlanRefused(PlanRefusal.FORBIDDEN_WORDS, found[0])
    return PlanRefused(PlanRefusal.NO_RISK_NOTICE) if any(map(lacks_risk_notice, texts)) else None


def due_day(template: TaskTemplate, starts_at: datetime, now: datetime, zone: ZoneInfo) -> date:
    """The task's local day; what would have been due before today is due today."""
    wished = starts_at.astimezone(zone).date() - timedelta(days=template.days_before)
    return max(wished, now.astimezone(zone).date())


def reminder_at(
    template: TaskTemplate, starts_at: datetime, now: datetime, zone: ZoneInfo, policy: GatePolicy
) -> datetime | None:
    """When who has not done it is reminded: at the task's hour of its day, never at night, never after the event.

    An hour that has passed already becomes the first allowed moment an hour from now.
    """
    day = due_day(template, starts_at, now, zone)
    wished = datetime.combine(day, time(template.hour), zone)
    moment = next_allowed(wished if wished > now else now + BREATH, zone, policy)
    return moment if moment < starts_at else None


def may_remind(now: datetime, zone: ZoneInfo, policy: GatePolicy) -> bool:
    """Whether a reminder may leave at this moment: a machine that stood still at night waits for the morning."""
    return not is_quiet(now, zone, policy)


def is_over(event: Event, now: datetime, zone: ZoneInfo) -> bool:
    """Whether an event's day has passed: what was offered then is promised to nobody any more."""
    return now.astimezone(zone).date() > event.plan.starts_at.astimezone(zone).date()


def is_personal_use(opened_by: Sequence[int], member_id: int) -> bool:
    """Whether a personal code still works for this person: the first who opens it keeps it."""
    return not opened_by or member_id in opened_by


def tally(traced: Iterable[Traced]) -> Tally:
    """Heads per step; staff and the publicist's own joining are counted apart alone, so that gaming is visible."""
    people = list(traced)
    counted = [each for each in people if not (each.is_staff or each.is_self)]
    steps = [step.name for step in fields(Tally) if step.name not in {"opened", "apart"}]
    heads = {step: sum(bool(getattr(each, step)) for each in counted) for step in steps}
    return Tally(opened=len(counted), apart=len(people) - len(counted), **heads)
