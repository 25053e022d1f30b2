"""Tasks, how far a member has come with them, and what can come of doing one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.points.model import Statement
from campaigns.redemptions.model import ShelfItem

ONLY_TIME = date.min  # The period of what is done once.


class TaskKind(StrEnum):
    """What a member does: check in (打卡), check in a fund plan (定投打卡), read, answer, or hand in a proof."""

    CHECK_IN = "check_in"
    PLAN = "plan"
    READ = "read"
    QUESTION = "question"
    PROOF = "proof"


class Rhythm(StrEnum):
    """How often a task may be done, by the bank's calendar: once a day, week (from Monday) or month, or ever."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ONCE = "once"


@dataclass(frozen=True)
class TaskPlan:
    """A task as it is published; `bonuses` pay more points when a streak reaches a length, `answer` counts from 1."""

    kind: TaskKind
    rhythm: Rhythm
    title_zh: str
    title_en: str
    points: int
    body_zh: str = ""
    body_en: str = ""
    bonuses: tuple[tuple[int, int], ...] = ()
    options: tuple[str, ...] = ()
    answer: int = 0


@dataclass(frozen=True)
class Task:
    """A task of a points campaign."""

    id: int
    campaign_id: int
    plan: TaskPlan


@dataclass(frozen=True)
class Step:
    """A task done in the period that begins `on`; `streak` counts the periods in a row, this one included."""

    on: date
    streak: int


@dataclass(frozen=True)
class Reward:
    """Points for a step, and the occasion that pays them once."""

    points: int
    occasion: str
    is_bonus: bool = False


class ProofState(StrEnum):
    """A proof waits for a person, who takes or refuses it."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Proof:
    """What a member handed in: words, a photo or both."""

    id: int
    task: Task
    member_id: int
    text: str
    photo: str | None
    state: ProofState = ProofState.WAITING


@dataclass(frozen=True)
class Progress:
    """One task as one member stands to it: the latest step, and whether a proof waits for a person."""

    task: Task
    last: Step | None = None
    is_waiting: bool = False


@dataclass(frozen=True)
class Planet:
    """A member's progress card: points, tasks, the streak to tell of, and the next thing on the shelf to save for."""

    statement: Statement
    tasks: tuple[Progress, ...]
    today: date
    goal: ShelfItem | None


class TaskCode(StrEnum):
    """What came of doing a task."""

    DONE = "done"
    TWICE = "twice"
    WRONG = "wrong"
    NEEDS_PROOF = "needs_proof"
    WAITING = "waiting"
    NO_TASK = "no_task"


@dataclass(frozen=True)
class TaskOutcome:
    """The answer: what was paid, of it as a bonus, and the streak; 0 paid where the budget is used up."""

    code: TaskCode
    points: int = 0
    bonus: int = 0
    streak: int = 0


class ProofCode(StrEnum):
    """What came of a decision on a proof."""

    DECIDED = "decided"
    DECIDED_ALREADY = "decided_already"
    NOT_YOURS = "not_yours"


class TaskRefusal(StrEnum):
    """Why tasks were not published."""

    NO_CAMPAIGN = "no_campaign"
    NOT_YOUR_CAMPAIGN = "not_your_campaign"
    CAMPAIGN_OVER = "campaign_over"
    CHECK_IN_RULE = "check_in_rule"
