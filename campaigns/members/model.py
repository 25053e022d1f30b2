"""A person in the chat, as every feature knows them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.staff.model import Role


class Language(StrEnum):
    """Languages that every sentence exists in."""

    ZH = "zh"
    EN = "en"


class PrivateChat(StrEnum):
    """Whether the bot may write to a person: it cannot write first."""

    NEVER = "never"
    OPEN = "open"
    BLOCKED = "blocked"


class Purpose(StrEnum):
    """What a consent is given for; each is asked alone (PIPL art. 14)."""

    BINDING = "binding"
    MARKETING = "marketing"
    CONTACT = "contact"


@dataclass(frozen=True)
class Introduction:
    """What an update tells about its sender."""

    id: int
    name: str
    language: Language
    is_private: bool


@dataclass(frozen=True)
class Member:
    """A person in the chat; `id` is the platform's user id, `name` the full display name."""

    id: int
    name: str
    language: Language
    roles: frozenset[Role] = frozenset({Role.CUSTOMER})
    customer_id: UUID | None = None
    private_chat: PrivateChat = PrivateChat.NEVER
    zone: str | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the person has any role beside customer."""
        return self.roles != {Role.CUSTOMER}


@dataclass(frozen=True)
class Consent:
    """One person's word on one purpose, under the wording that they saw."""

    purpose: Purpose
    given_at: datetime
    wording: str


class BindingOutcome(StrEnum):
    """What came of a shared phone number."""

    BOUND = "bound"
    ALREADY_YOURS = "already_yours"
    PROSPECT = "prospect"
    TAKEN = "taken"
    NOT_YOUR_OWN = "not_your_own"
    NO_CONSENT = "no_consent"
    UNREADABLE = "unreadable"
    BOUND_TO_ANOTHER = "bound_to_another"
