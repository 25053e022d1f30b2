"""Fields that age: what is known of a customer, from whom, since when, how surely, and what should be asked again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from segmentation.intake.traits import Telling, by_trust

CONTACT = "contact"
CONSUMPTION_BANDS = ((20_000_000, "over_200k"), (5_000_000, "50k_200k"), (1_000_000, "10k_50k"), (0, "under_10k"))
TENURE_BANDS = ((10, "over_10_years"), (3, "3_to_10_years"), (1, "1_to_3_years"), (0, "under_1_year"))


@dataclass(frozen=True)
class CustomerField:
    """One field as it is used: its value as a band, the department that told it, when, and how far it is trusted.

    `value` is None where something is on file that is never shown, such as a contact. `others` are the words of other
    departments that contradict it, in the order of trust.
    """

    name: str
    value: str | None
    source: str
    as_of: date
    age_days: int
    confidence: float
    stale: bool
    others: tuple[Telling, ...] = ()

    @property
    def is_in_conflict(self) -> bool:
        """Whether another department says something else."""
        return bool(self.others)

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {**asdict(self), "as_of": self.as_of.isoformat(), "conflict": self.is_in_conflict}


@dataclass(frozen=True)
class FieldCount:
    """Of how many customers a field is known, and of how many it is stale."""

    name: str
    known: int
    stale: int


@dataclass(frozen=True)
class StaleCustomer:
    """A customer to ask again: the stale fields with department, day and age in days, the oldest first."""

    number: str
    assets_fen: int
    fields: tuple[CustomerField, ...]


@dataclass(frozen=True)
class StaleFields:
    """What should be asked again as of a day; the customers with most stale fields first, then by assets (S-50)."""

    as_of: date
    counts: tuple[FieldCount, ...]
    customers: tuple[StaleCustomer, ...]

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        people = [{**asdict(one), "fields": [field.as_json() for field in one.fields]} for one in self.customers]
        return {"as_of": self.as_of.isoformat(), "counts": [asdict(one) for one in self.counts], "customers": people}


def read_fields(words: Mapping[str, Sequence[Telling]], as_of: date) -> tuple[CustomerField, ...]:
    """The fields of a customer out of the departments' words, by name (S-49).

    Where departments say different things, the fresher and more trusted one is used.
    """
    return tuple(_field(name, by_trust(name, told), as_of) for name, told in sorted(words.items()) if told)


def _field(name: str, told: Sequence[Telling], as_of: date) -> CustomerField:
    first = told[0]
    value = value_band(name, first.value, as_of)
    others = (Telling(**{**vars(word), "value": value_band(name, word.value, as_of) or ""}) for word in told[1:])
    return CustomerField(
        name=name,
        value=value,
        source=first.department,
        as_of=as_of - timedelta(days=first.age_days),
        age_days=first.age_days,
        confidence=first.confidence,
        stale=first.is_stale,
        others=tuple(word for word, raw in zip(others, told[1:], strict=True) if raw.value != first.value),
    )


def value_band(name: str, value: str, as_of: date) -> str | None:
    """A value as a manager sees it: birthdays as ten years of age, first days and spending as bands, contacts never."""
    match name:
        case "birth_date":
            tens = _years(date.fromisoformat(value), as_of) // 10 * 10
            return f"{tens}-{tens + 9}"
        case "customer_since":
            return _band(_years(date.fromisoformat(value), as_of), TENURE_BANDS)
        case "consumption":
            return _band(int(value), CONSUMPTION_BANDS)
        case "contact":
            return None
    return value


def _band(value: int, bands: Iterable[tuple[int, str]]) -> str | None:
    return next((name for line, name in bands if value >= line), None)


def _years(day: date, until: date) -> int:
    return until.year - day.year - ((until.month, until.day) < (day.month, day.day))
