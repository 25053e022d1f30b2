"""How far a day's data can be trusted: gaps by department, stale fields, fields that departments disagree about."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.customers.fields import FieldCount


@dataclass(frozen=True)
class DataQuality:
    """Counts of customers: `missing` by department, `conflicts` by field; `fields` known and stale (S-49, S-50)."""

    missing: Mapping[str, int]
    fields: tuple[FieldCount, ...]
    conflicts: Mapping[str, int]
