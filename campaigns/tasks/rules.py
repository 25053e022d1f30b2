"""Pure decisions on tasks: which period a day belongs to, how a streak grows, what a step earns.

A period is asked by its own day, never by adding up what was done before: the next day reopens by itself.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campaigns.points.model import CampaignState
from campaigns.redemptions.model import ShelfItem
from campaigns.tasks.model import ONLY_TIME, Progress, Reward, Rhythm, Step, Task, TaskKind, TaskPlan, TaskRefusal

RHYTHMS = {TaskKind.CHECK_IN: Rhythm.DAY, TaskKind.PLAN: Rhythm.MONTH}
ONE_DAY = timedelta(days=1)


def period_of(rhythm: Rhythm, day: date) -> date:
    """The first day of the period that a day of the bank's calendar belongs to."""
    match rhythm:
        case Rhythm.DAY:
            return day
        case Rhythm.WEEK:
            return day - timedelta(days=day.weekday())
        case Rhythm.MONTH:
            return day.replace(day=1)
        case Rhythm.ONCE:
            return ONLY_TIME


def next_step(rhythm: Rhythm, last: Step | None, day: date) -> Step | None:
    """The step that a day adds, None when its period has one; a period left out starts the streak again.

    A clock that was turned back finds a later step and adds nothing.
    """
    on = period_of(rhythm, day)
    if last is not None and last.on >= on:
        return None
    follows = last is not None and rhythm is not Rhythm.ONCE and period_of(rhythm, on - ONE_DAY) == last.on
    return Step(on, last.streak + 1 if last is not None and follows else 1)


def streak_now(rhythm: Rhythm, last: Step | None, day: date) -> int:
    """The streak that still counts on a day: one whose latest period is this one or the one before."""
    if last is None or rhythm is Rhythm.ONCE:
        return 0
    on = period_of(rhythm, day)
    return last.streak if last.on in {on, period_of(rhythm, on - ONE_DAY)} else 0


def rewards(task: Task, step: Step) -> tuple[Reward, ...]:
    """What a step earns: the task's points, and a bonus where the streak has just reached a promised length."""
    own = Reward(task.plan.points, f"task:{task.id}:{step.on}")
    more = dict(task.plan.bonuses).get(step.streak)
    return (own, Reward(more, f"task:{task.id}:streak:{step.streak}:{step.on}", is_bonus=True)) if more else (own,)


def next_bonus(plan: TaskPlan, streak: int) -> tuple[int, int] | None:
    """How many more periods until the next bonus, and what it pays."""
    for length, points in plan.bonuses:
        if length > streak:
            return length - streak, points
    return None


def is_done(progress: Progress, day: date) -> bool:
    """Whether a task is done for the period of a day."""
    return next_step(progress.task.plan.rhythm, progress.last, day) is None


def may_publish(
    campaign: tuple[int | None, CampaignState, datetime] | None, by: int | None, now: datetime
) -> TaskRefusal | None:
    """Whether tasks may join a campaign: its group's manager, state and end; an operator has no `by`."""
    if campaign is None:
        return TaskRefusal.NO_CAMPAIGN
    manager, state, ends_at = campaign
    if by is not None and manager != by:
        return TaskRefusal.NOT_YOUR_CAMPAIGN
    return TaskRefusal.CAMPAIGN_OVER if state is CampaignState.CLOSED or now >= ends_at else None


def goal_of(shelf: Sequence[ShelfItem], spendable: int) -> ShelfItem | None:
    """What to save for: the cheapest thing on the shelf that the points do not buy yet."""
    dear = [item for item in shelf if item.points > spendable and item.stock > 0]
    return min(dear, key=lambda item: (item.points, item.id), default=None)
