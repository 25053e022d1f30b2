"""Column types that every table of ours uses the same way."""

from typing import Any

from sqlalchemy import BigInteger, DateTime, LargeBinary
from sqlmodel import Field


def moment(**options: Any) -> Any:
    """An aware point in time."""
    return Field(sa_type=DateTime(timezone=True), **options)


def big(**options: Any) -> Any:
    """A 64-bit number, as the platform's ids and our own keys are."""
    return Field(sa_type=BigInteger, **options)


def sealed(**options: Any) -> Any:
    """A value that only the vault can read."""
    return Field(sa_type=LargeBinary, **options)
