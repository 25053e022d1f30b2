"""为什么给我: why a person got a promotion, by what its audience asked and the class that chose the channel."""

from dataclasses import dataclass
from typing import Protocol

from campaigns.audiences.model import Everybody, Expression, Fault, terms
from campaigns.customers.model import ClassReason
from campaigns.members.model import Member
from campaigns.promotions.model import Version


@dataclass(frozen=True)
class Received:
    """The version that reached a person last, the class at that time, and what made the class where it still holds.

    `locked_days` is for how long the product binds money, as the gate was told then; `is_need_told` whether it let this
    through because of the person's own word on when the money is needed, else because of flows.
    """

    version: Version
    standing: str | None
    reasons: tuple[ClassReason, ...] = ()
    locked_days: int = 0
    is_need_told: bool = False


@dataclass(frozen=True)
class PromotionWhy:
    """The true reason: the fields that the audience's line asks about, each once, and what made the class."""

    received: Received
    fields: tuple[str, ...]


class Log(Protocol):
    """Where it stands what reached whom."""

    async def last_received(self, member: Member) -> Received | None:
        """The promotion that reached a person, where nothing else of marketing came after it."""
        ...


class Audiences(Protocol):
    """Whom a line means."""

    async def read(self, line: str, me: int | None = None) -> Expression | Fault:
        """The line as a tree, or what is wrong with it."""
        ...


class PromotionReasons:
    """Reasons inside one unit of work."""

    def __init__(self, log: Log, audiences: Audiences) -> None:
        self._log = log
        self._audiences = audiences

    async def why(self, member: Member) -> PromotionWhy | None:
        """Why the member got the last message; None where that was no promotion."""
        found = await self._log.last_received(member)
        if found is None:
            return None
        plan, author = found.version.plan, found.version.author_id
        line = await self._audiences.read(plan.audience, author)
        asked = (
            [] if isinstance(line, Fault) else [each.field for each in terms(line) if not isinstance(each, Everybody)]
        )
        return PromotionWhy(found, tuple(dict.fromkeys(asked)))
