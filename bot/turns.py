"""One update's turn: its transaction, its inbox mark, and the conversation it continues."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from storage.database import UnitOfWork


@dataclass
class Turn:
    """What one update needs while it is worked on; `decided` is set when a batch has marked it already."""

    update_id: int
    uow: UnitOfWork
    conversation_key: str | None = None
    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    decided: bool = False


current: ContextVar[Turn] = ContextVar("turn")
