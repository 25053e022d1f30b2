"""Traits that several departments tell of one customer, and where they contradict each other."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Telling:
    """What one department says: the value as text, its age in days at the as-of date, the profile's confidence."""

    department: str
    value: str
    age_days: int
    confidence: float


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
