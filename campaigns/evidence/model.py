"""What proves a delivery: its words, why this person, consent, gate, attempts, outcome and recall."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.channels.model import Channel


@dataclass(frozen=True)
class Consent:
    """One consent that stood when the message left: its purpose, and the version of the words that were agreed to."""

    purpose: str
    wording: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class AudienceReason:
    """Why this customer: the class with its reasons by the run of that time, and the place in the promotion.

    Of a journey: what began it, when that happened and who told it.
    """

    letter: str | None = None
    reasons: Any = None
    run: str | None = None
    as_of: str | None = None
    audience: str | None = None
    place: str | None = None
    arm: str | None = None
    trigger: str | None = None
    since: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Retraction:
    """How the message was taken back."""

    reason: str
    way: str
    state: str
    made_by: str
    ended_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    """One message; `gate` is the minutes of the gate's last look, None where it was never asked.

    `delivery` is its number in the ledger of its channel. `recipient` is a chat; outside of the chat the customer's id,
    None of a word to the staff's group.
    """

    delivery: int
    campaign: str
    step: str
    version: int | None
    product: str | None
    risk: int | None
    kind: str
    recipient: int | str | None
    text: str
    planned_at: datetime
    state: str
    reason: str | None
    detail: str | None
    attempts: int
    repeats: int
    message_id: int | None
    ended_at: datetime | None
    gate: Mapping[str, Any] | None
    consents: tuple[Consent, ...] = ()
    why: AudienceReason = AudienceReason()
    recall: Retraction | None = None
    channel: Channel | None = None  # None for the chat's own ledger.
