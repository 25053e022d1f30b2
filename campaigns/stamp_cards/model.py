"""One visitor's stamp card: the rally, who holds it, the stamps that stand, the medals, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from campaigns.members.model import Language
from campaigns.rallies.model import Booth, Rally, Target


@dataclass(frozen=True)
class Holder:
    """Whose card it is; `name` is the full display name, which nobody but the holder reads unmasked."""

    id: int
    name: str
    language: Language


@dataclass(frozen=True)
class Goal:
    """One target on a card: how many stamps it takes at least, and how many of them are still missing."""

    target: Target
    needed: int
    missing: int
    is_reached: bool


@dataclass(frozen=True)
class Suggestion:
    """A booth to go to next: minutes of its queue, and the metres from the booth stamped last (None before one)."""

    booth: Booth
    minutes: int
    metres: int | None


@dataclass(frozen=True)
class StampCard:
    """A card; `stamps` are the moments at which booths were stamped, by booth code, void ones left out.

    `version` is a word that changes whenever the card does.
    """

    rally: Rally
    holder: Holder
    stamps: Mapping[str, datetime]
    medals: frozenset[str] = frozenset()
    version: str = ""

    @property
    def stamped(self) -> int:
        """How many booths are stamped."""
        return len(self.stamps)
