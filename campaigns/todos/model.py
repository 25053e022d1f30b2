"""A group's to-do, who has done it, and what can come of a tap on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TodoState(StrEnum):
    """Where a to-do stands: RUNNING, ENDING for its last stretch, ENDED by a person or by its deadline."""

    RUNNING = "running"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True)
class Todo:
    """A to-do of one group; `named` are those whom it is for, nobody named means everybody, later joiners too.

    `done` counts who has done it; `ending_at` is when it is about to end.
    """

    id: int
    group_id: int
    chat_id: int
    manager_id: int
    title: str
    opened_at: datetime
    ending_at: datetime
    deadline: datetime
    named: frozenset[int] = frozenset()
    done: int = 0
    is_closed: bool = False
    is_reminded: bool = False


@dataclass(frozen=True)
class TodoPlan:
    """What a manager asks for."""

    title: str
    deadline: datetime
    named: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Tick:
    """One tap on 我已完成; `chat_id` is where it came from, since a client can press what it was never shown."""

    member_id: int
    masked_name: str
    chat_id: int


class TickCode(StrEnum):
    """What came of a tap."""

    DONE = "done"
    TWICE = "twice"
    NOT_FOR_YOU = "not_for_you"
    ENDED = "ended"
    NO_TODO = "no_todo"


@dataclass(frozen=True)
class TickOutcome:
    """The answer to one tap, with how many have done it."""

    code: TickCode
    done: int = 0


class TodoFault(StrEnum):
    """What is wrong with a plan for a to-do."""

    NO_TITLE = "no_title"
    LONG_TITLE = "long_title"
    BAD_DEADLINE = "bad_deadline"
    PAST_DEADLINE = "past_deadline"


class TodoRefusal(StrEnum):
    """Why a to-do was not opened or not ended."""

    NO_GROUP = "no_group"
    NOT_YOUR_GROUP = "not_your_group"
    NO_TODO = "no_todo"
    NOT_YOURS = "not_yours"
    ENDED_ALREADY = "ended_already"


@dataclass(frozen=True)
class Missing:
    """Who has not done a to-do, for its manager alone: full names, and how many it is for as far as we know them."""

    todo: Todo
    names: tuple[str, ...]
    asked: int
