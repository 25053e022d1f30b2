"""An event, its publicists, their codes and tasks, and what came of each code."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from campaigns.compliance.words import Finding
from campaigns.members.model import Language


class PublicistKind(StrEnum):
    """Who spreads the word. Source: the study, 宣傳: partner, property manager, bank (S-70 to S-72)."""

    PARTNER = "partner"
    PROPERTY = "property"
    BANK = "bank"


class Material(StrEnum):
    """By what the word is spread; each publicist has one code for each."""

    FLYER = "flyer"
    POSTER = "poster"
    MOMENTS = "moments"
    CUSTOMER_GROUPS = "customer_groups"
    PROPERTY_GROUP = "property_group"
    BANK_GROUP = "bank_group"
    INVITATION = "invitation"
    DESK = "desk"


class EventState(StrEnum):
    """An event is planned until somebody cancels it; that it is over, its time says."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class EventPlan:
    """What a manager says of an event; `complaints` is the channel that the law wants beside the organiser."""

    title: str
    benefits: str
    starts_at: datetime
    complaints: str

    @property
    def is_bilingual(self) -> bool:
        """Whether title and benefits were both given in English too."""
        return all(_parts(words)[1] for words in (self.title, self.benefits))

    def title_in(self, language: Language) -> str:
        """The title in a language; 中文 | English holds both, and what was given in one is read by everybody."""
        return _in(self.title, language)

    def benefits_in(self, language: Language) -> str:
        """The benefits likewise."""
        return _in(self.benefits, language)


def _parts(words: str) -> tuple[str, str]:
    zh, _, en = words.replace("｜", "|").partition("|")
    return zh.strip(), en.strip()


def _in(words: str, language: Language) -> str:
    zh, en = _parts(words)
    return en if en and language is not Language.ZH else zh


@dataclass(frozen=True)
class Event:
    """An event (活动) of one group."""

    id: int
    group_id: int
    chat_id: int
    merchant: str
    manager_id: int
    plan: EventPlan
    state: EventState = EventState.PLANNED

    def is_ahead(self, now: datetime) -> bool:
        """Whether it will still take place."""
        return self.state is EventState.PLANNED and now < self.plan.starts_at


@dataclass(frozen=True)
class Publicist:
    """Somebody who spreads the word for one event."""

    event_id: int
    member_id: int
    kind: PublicistKind


@dataclass(frozen=True)
class JoinCode:
    """A code of one publicist and one material; a personal one (for one prospect) works for one person.

    `link` is an invite link that carries the code as its name into the group `link_group`, which was the open one when
    the link was made; None where the bot may not make links.
    """

    id: int
    event_id: int
    publicist_id: int
    material: Material
    text: str
    link: str | None = None
    link_group: int | None = None

    @property
    def is_personal(self) -> bool:
        """Whether it was made for one person."""
        return self.material is Material.INVITATION


@dataclass(frozen=True)
class TaskTemplate:
    """One task of the plan: so many days before the event, by this material, reminded at this local hour."""

    days_before: int
    material: Material
    hour: int


class TaskState(StrEnum):
    """open → done (with proof) → checked, or rejected, which may be done again; cancelled with the event."""

    OPEN = "open"
    DONE = "done"
    CHECKED = "checked"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


WAITING = frozenset({TaskState.OPEN, TaskState.REJECTED})


@dataclass(frozen=True)
class Copy:
    """Words to be forwarded as they are, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class TaskPlan:
    """A task with its day, the moment of its one reminder (None: no room for one) and its approved copy."""

    template: TaskTemplate
    due_on: date
    remind_at: datetime | None
    copy: Copy


@dataclass(frozen=True)
class PublicityTask:
    """A publicist's task (宣传任务); `proof` is the platform's name of the photo that was handed in."""

    id: int
    event_id: int
    publicist_id: int
    kind: PublicistKind
    plan: TaskPlan
    state: TaskState
    proof: str | None = None


class PlanRefusal(StrEnum):
    """Why an event was not planned."""

    NOT_YOUR_GROUP = "not_your_group"
    NO_TITLE = "no_title"
    LONG_TEXT = "long_text"
    NO_COMPLAINTS = "no_complaints"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    FORBIDDEN_WORDS = "forbidden_words"
    NO_RISK_NOTICE = "no_risk_notice"


@dataclass(frozen=True)
class PlanRefused:
    """Why an event was not planned, with the forbidden word where there is one."""

    reason: PlanRefusal
    finding: Finding | None = None


class PublicityRefusal(StrEnum):
    """Why a press came to nothing."""

    NOT_YOURS = "not_yours"
    OVER = "over"
    DONE_ALREADY = "done_already"
    NOT_DONE_YET = "not_done_yet"
    NO_PUBLICIST = "no_publicist"


class Opening(StrEnum):
    """What came of opening a code's deep link."""

    WELCOME = "welcome"
    OVER = "over"
    INSIDE = "inside"
    CANCELLED = "cancelled"
    USED = "used"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Opened:
    """The outcome with the event and the way into the group, where there are any."""

    outcome: Opening
    event: Event | None = None
    link: str | None = None


@dataclass(frozen=True)
class Traced:
    """One person who came by a code, and everything that the tables say they did since.

    `is_staff` and `is_self` set apart whom a publicist must not count (staff who add each other, oneself).
    """

    code_id: int
    member_id: int
    joined: bool = False
    left: bool = False
    welcomed: bool = False
    bound: bool = False
    chained: bool = False
    drawn: bool = False
    earned: bool = False
    redeemed: bool = False
    is_staff: bool = False
    is_self: bool = False


@dataclass(frozen=True)
class Tally:
    """Heads per step, staff and oneself apart: they are in `apart` and nowhere else."""

    opened: int = 0
    joined: int = 0
    welcomed: int = 0
    bound: int = 0
    chained: int = 0
    drawn: int = 0
    earned: int = 0
    redeemed: int = 0
    left: int = 0
    apart: int = 0


@dataclass(frozen=True)
class CodeReport:
    """What came of one code; `name` is the publicist's masked name."""

    code: str
    publicist_id: int
    name: str
    kind: PublicistKind
    material: Material
    tally: Tally


@dataclass(frozen=True)
class Progress:
    """How far one publicist's tasks are."""

    publicist: Publicist
    name: str
    states: Sequence[TaskState] = field(default=())

    def count(self, *states: TaskState) -> int:
        """How many tasks are in one of these states."""
        return sum(state in states for state in self.states)


@dataclass(frozen=True)
class PublicityReport:
    """One event from its codes to what their people did; everybody is counted once, by the first code."""

    event: Event
    codes: Sequence[CodeReport]
    progress: Sequence[Progress]
    total: Tally
