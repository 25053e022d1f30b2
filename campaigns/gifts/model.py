"""The gift of a target, one member's right to it, what the desk has left, and what can come of a scan."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.rallies.model import Article, Rally, Target
from campaigns.redemptions.codes import ShownCode


@dataclass(frozen=True)
class Stock:
    """The pieces of one article for one target, the gift or its published substitute; `given` were handed out."""

    target: str
    is_substitute: bool
    article: Article
    given: int = 0

    @property
    def left(self) -> int:
        """How many are there still."""
        return self.article.stock - self.given


@dataclass(frozen=True)
class Stores:
    """Everything that a rally's gift desk has: its stocks, and the budget that all gifts together may cost, in fen."""

    stocks: tuple[Stock, ...]
    budget_fen: int
    spent_fen: int = 0

    @property
    def left_fen(self) -> int:
        """What gifts may still cost."""
        return self.budget_fen - self.spent_fen

    def stock(self, target: str, *, is_substitute: bool) -> Stock | None:
        """The gift of a target, or its substitute."""
        own = (each for each in self.stocks if each.target == target and each.is_substitute == is_substitute)
        return next(own, None)


class HandOutState(StrEnum):
    """WAITING until the desk hands the gift out; a hand-out that is taken back waits again."""

    WAITING = "waiting"
    HANDED_OUT = "handed_out"


@dataclass(frozen=True)
class HandOut:
    """One member's right to the gift of one target; `undone` counts the times that a hand-out was taken back.

    `is_substitute` and `worth_fen` say what was handed out; `code_until` is how long the code that was shown lives.
    """

    id: int
    rally_id: int
    target: str
    member_id: int
    made_at: datetime
    state: HandOutState = HandOutState.WAITING
    code_until: datetime | None = None
    is_substitute: bool | None = None
    worth_fen: int | None = None
    handed_at: datetime | None = None
    handed_by: int | None = None
    undone: int = 0
    customer_id: UUID | None = None

    @property
    def is_handed_out(self) -> bool:
        """Whether the member has the gift."""
        return self.state is HandOutState.HANDED_OUT


class Hold(StrEnum):
    """What people say of a suspicion: nothing is held, a lead must look, a lead said no."""

    NONE = "none"
    HELD = "held"
    REFUSED = "refused"


@dataclass(frozen=True)
class Standing:
    """Who asks for a gift, as the desk must know them: whether another of the same customer's accounts had it."""

    member_id: int
    customer_id: UUID | None
    had_before: bool = False
    hold: Hold = Hold.NONE


class GiftCode(StrEnum):
    """What came of asking for a code, of a scan, of handing out or of taking back."""

    READY = "ready"
    HANDED_OUT = "handed_out"
    UNDONE = "undone"
    UNKNOWN = "unknown"
    STALE = "stale"
    OVER = "over"
    NOT_HANDED_OUT = "not_handed_out"
    OWN = "own"
    ELSEWHERE = "elsewhere"
    NOT_NOW = "not_now"
    NOT_BOUND = "not_bound"
    HAD_BEFORE = "had_before"
    HELD = "held"
    REFUSED = "refused"
    CHANGED = "changed"
    NOTHING_LEFT = "nothing_left"
    TOO_LATE = "too_late"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class Gift:
    """One member's gift as the member or the desk sees it: the rally, the medal, and what is handed out now.

    `stock` is None where nothing is left.
    """

    rally: Rally
    target: Target
    hand_out: HandOut
    stock: Stock | None


@dataclass(frozen=True)
class Shown:
    """What came of asking for a code; the code is told once, to the member alone."""

    code: GiftCode
    gift: Gift | None = None
    shown: ShownCode | None = None


@dataclass(frozen=True)
class Seen:
    """What the desk sees or what came of its tap, with the gift as it stands now where there is one."""

    code: GiftCode
    gift: Gift | None = None
