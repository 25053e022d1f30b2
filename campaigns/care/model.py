"""What care finds in a group, and what a manager may decide about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Suspicion(StrEnum):
    """Why a message should not stand in a group."""

    INVITE_LINK = "invite_link"  # A way into another group.
    BAIT_LINK = "bait_link"  # A link beside a promise of money.
    IMPERSONATION = "impersonation"  # Somebody who says or is named so, as if of the bank.
    SECRETS = "secrets"  # Asks for codes, passwords or transfers.
    SOLICITATION = "solicitation"  # Wants people on another channel, beside a promise.


class CaseState(StrEnum):
    """Where a removed message stands."""

    REMOVED = "removed"
    RESTORED = "restored"
    MUTED = "muted"


@dataclass(frozen=True)
class Words:
    """What somebody wrote: the text, the addresses behind its links, and the name they write under."""

    text: str
    sender: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One removed message; `words` are what was written."""

    id: int
    group_id: int
    chat_id: int
    manager_id: int
    member_id: int
    message_id: int
    reason: Suspicion
    words: str
    found_at: datetime
    state: CaseState = CaseState.REMOVED


class DecisionRefusal(StrEnum):
    """Why a manager's word on a case changes nothing."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    DECIDED = "decided"
    MAY_NOT_RESTRICT = "may_not_restrict"
