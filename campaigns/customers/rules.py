"""Pure rules on customers."""

import unicodedata
from collections.abc import Sequence

from campaigns.customers.model import Customer, Level
from campaigns.members.rules import masked
from segmentation.intake.phones import normalise_phone

FARTHEST_FEN = 1_000_000_000  # Ten million yuan.

__all__ = ["is_called", "is_within_reach", "level", "masked_phone", "normalise_phone", "only_holder"]


def only_holder(found: Sequence[Customer]) -> Customer | None:
    """The one customer behind a number: a number that several share proves nobody's identity, so it binds none."""
    return found[0] if len(found) == 1 else None


def level(score: float, bounds: tuple[float, float]) -> Level:
    """A score in one word; a bound belongs to the level above it."""
    middle, high = bounds
    return Level.HIGH if score >= high else Level.MIDDLE if score >= middle else Level.LOW


def is_within_reach(change_fen: int) -> bool:
    """Whether a step to another class is worth naming: a prototype far away may need more assets than anybody has."""
    return change_fen <= FARTHEST_FEN


def masked_phone(phone: str) -> str:
    """A number that staff may see: +8613800138000 → 138****8000 (GB/T 35273, 6.2: shown only as far as needed)."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 8 else "****"


def is_called(words: str, name: str) -> bool:
    """Whether somebody is meant by a name or by its masked form, in any width and case."""
    return _folded(words) in {_folded(name), _folded(masked(name))}


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
