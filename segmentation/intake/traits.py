"""Traits that several departments tell of one customer: whose word is used, what is old, where they contradict."""

from collections.abc import Iterable
from dataclasses import dataclass

from segmentation.intake.subjects import FACTS


@dataclass(frozen=True)
class Telling:
    """What one department says: the value as text, its age in days at the as-of date, the profile's confidence."""

    department: str
    value: str
    age_days: int
    confidence: float
    stale_after: int = 92

    @property
    def is_stale(self) -> bool:
        """Whether it is older than the profile lets this department's word count."""
        return self.age_days > self.stale_after


@dataclass(frozen=True)
class TraitConflict:
    """Departments that contradict each other about one customer; the first telling is the one that is used."""

    customer: str
    field: str
    tellings: tuple[Telling, ...]

    def __str__(self) -> str:
        """In words for the report."""
        said = "; ".join(
            f"{telling.value} by {telling.department} ({telling.age_days} days old, confidence {telling.confidence:g})"
            for telling in self.tellings
        )
        return f"customer {self.customer}, {self.field}: {said}; the first is used"


def trust(field: str, telling: Telling) -> float:
    """How far a word is believed, 0–1 (S-49).

    A fact such as a birthday by the department's confidence alone; of what ages, half as much after every
    `stale_after` days, so that a fresh word of a middling department beats an old one of the best.
    """
    return telling.confidence * (1.0 if field in FACTS else 0.5 ** (telling.age_days / telling.stale_after))


def by_trust(field: str, tellings: Iterable[Telling]) -> list[Telling]:
    """The word to use first; equally trusted ones by age, then by name, so that it is always the same."""
    return sorted(tellings, key=lambda told: (-trust(field, told), told.age_days, told.department))
