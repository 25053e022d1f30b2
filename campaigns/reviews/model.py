"""Values: the sheet that a reviewer reads, and the button that binds a decision to the very content."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from campaigns.catalogue.model import Change
from campaigns.compliance.verdicts import Hit
from campaigns.deliveries.model import Message
from campaigns.members.model import Language
from campaigns.promotions.dry_runs import Check
from campaigns.promotions.model import Version

SEAL = 12  # So much of the hash stands on a button.


class Sealed(NamedTuple):
    """One content: a promotion's version and the beginning of its hash, as a button carries them."""

    promotion_id: int
    number: int
    seal: str


@dataclass(frozen=True)
class Final:
    """What one arm reads, word for word, in each language."""

    arm: str
    texts: Mapping[Language, Message]


@dataclass(frozen=True)
class Sheet:
    """All that a reviewer needs: final texts, what changed, what the gate says, whom it reaches and what it costs.

    `hits` are those of the words that will be read, blocking or warning, each once.
    """

    version: Version
    author: str
    finals: tuple[Final, ...]
    changes: tuple[Change, ...]
    hits: tuple[Hit, ...]
    check: Check

    @property
    def sealed(self) -> Sealed:
        """What a decision on this sheet is about."""
        return sealed(self.version)


def sealed(version: Version) -> Sealed:
    """What a button about this version carries."""
    return Sealed(version.promotion_id, version.number, version.digest[:SEAL])
