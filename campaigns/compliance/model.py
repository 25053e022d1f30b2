"""What the gate knows: the policy in force and the facts about one recipient."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from campaigns.members.model import PrivateChat

ASSESSMENT_LIFE = timedelta(days=365)  # An older assessment of risk counts as none (the suitability measures of 2026).


class Standing(StrEnum):
    """How a person stands to marketing: never asked or never agreed, agreed, taken back, or kept from it.

    RESTRICTED is suspended by the bank, or wants nothing personal (PIPL art. 24); it goes before a consent.
    """

    NEVER = "never"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class GatePolicy:
    """The versioned numbers of the gate; the newest row of `gate_policies` is in force.

    Defaults: no offers from 21:00 to 09:00 in the person's zone, at most one on a local calendar day, three on seven
    days running and eight on thirty. `pressure_per_week` counts offers together with what the person's groups were
    shown, on seven days running. `zone` is the bank's, for persons who set none. Equal quiet times mean no quiet hours.
    """

    version: int = 1
    quiet_from: time = time(21)
    quiet_until: time = time(9)
    per_day: int = 1
    per_week: int = 3
    zone: str = "Asia/Shanghai"
    per_month: int = 8
    pressure_per_week: int = 14


@dataclass(frozen=True)
class Facts:
    """One recipient as of now.

    `offered_at` holds when offers reached, or may have reached, the person lately, by whichever of the customer's
    accounts; `shown_at` when offers were posted in the person's groups. `appetite` is C1–C5 by a valid assessment, None
    without one; `horizon` is for how many days the money can be bound, as the customer told or as flows say, None where
    nobody knows; `needs_review` is a high-risk customer whom nobody has cleared; `has_it` is one whom the same step of
    the same campaign reached by another account; `is_muted` is one who wants no more reminders of this kind.
    """

    private_chat: PrivateChat = PrivateChat.NEVER
    standing: Standing = Standing.NEVER
    zone: str | None = None
    offered_at: tuple[datetime, ...] = ()
    shown_at: tuple[datetime, ...] = ()
    appetite: int | None = None
    horizon: int | None = None
    is_horizon_told: bool = False
    needs_review: bool = False
    has_it: bool = False
    is_muted: bool = False
