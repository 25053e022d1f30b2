"""Values: a note or a need of a customer, and why words are not kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoteKind(StrEnum):
    """A note 备注 is for remembering, a need 需求 stands until it is met."""

    NOTE = "note"
    NEED = "need"


@dataclass(frozen=True)
class Note:
    """One note; `author` is the member's id of who wrote it."""

    id: int
    kind: NoteKind
    words: str
    author: int
    at: datetime


class NoteRefusal(StrEnum):
    """Why words are not kept."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CARD_NUMBER = "card_number"
    IDENTITY_NUMBER = "identity_number"
    LOGIN_CODE = "login_code"
