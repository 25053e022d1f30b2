"""What a segmentation run needs for next actions and tags; for commands and jobs, since frames pass through."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from segmentation.next_actions import Circumstances, NextActions
from segmentation.tags import DerivedTags


class ActionRunStore(Protocol):
    """What actions depend on beside the figures, and where a run's actions and tags are kept."""

    def circumstances(self, as_of: date, now: datetime) -> Circumstances: ...
    def digest(self, as_of: date, now: datetime) -> str: ...
    def save(self, run: UUID, actions: NextActions, tags: DerivedTags) -> None: ...


class TagRunStore(Protocol):
    """Tags that people set end when they expire; audiences follow the run."""

    def end_expired(self, now: datetime) -> int: ...
    def follow(self, run: UUID, now: datetime) -> None: ...
