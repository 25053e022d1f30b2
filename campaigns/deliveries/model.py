"""The ledger's values: what is to be sent, to whom, and the states that a delivery passes through."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a delivery stands; PLANNED and RETRY are due when their time has come."""

    PLANNED = "planned"
    RETRY = "retry"
    DISPATCHING = "dispatching"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    HELD_OUT = "held_out"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


PENDING = frozenset({State.PLANNED, State.RETRY, State.DISPATCHING})


class Kind(StrEnum):
    """Why a message is sent, which decides the gate's questions and whether it may repeat."""

    SERVICE = "service"  # An answer or reminder that the person's own act asked for: may repeat once when unknown.
    MARKETING = "marketing"  # An offer: consent, quiet hours and caps apply; never sent twice.
    CARD = "card"  # A message that lives and is edited in place.


class Reason(StrEnum):
    """Why a delivery was suppressed, deferred, cancelled or failed."""

    NO_PRIVATE_CHAT = "no_private_chat"
    BLOCKED = "blocked"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    MUTED = "muted"
    RESTRICTED = "restricted"
    NOT_ASSESSED = "not_assessed"
    UNSUITABLE = "unsuitable"
    NEED_UNKNOWN = "need_unknown"
    NEEDED_EARLIER = "needed_earlier"
    NEEDS_REVIEW = "needs_review"
    CUSTOMER_REACHED = "customer_reached"
    QUIET_HOURS = "quiet_hours"
    FREQUENCY_CAP = "frequency_cap"
    NO_RISK_NOTICE = "no_risk_notice"
    FORBIDDEN_WORDS = "forbidden_words"
    BOT_REMOVED = "bot_removed"
    CARD_LOST = "card_lost"
    WITHDRAWN = "withdrawn"
    HALTED = "halted"
    TOO_LATE = "too_late"
    REFUSED_BY_PLATFORM = "refused_by_platform"
    TIMED_OUT = "timed_out"
    KILLED = "killed"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    NOT_DRAWN = "not_drawn"
    TOO_MANY_ATTEMPTS = "too_many_attempts"


@dataclass(frozen=True)
class Button:
    """One inline button: a label with either callback data (at most 64 bytes) or an address."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Picture:
    """What to draw at the moment of sending: the painter's subject, and the row and person that it is about."""

    subject: str
    of: int
    person: int


@dataclass(frozen=True)
class Message:
    """The final words that a person will read, with their button rows; plain text without markup.

    With a picture they are its caption; the ledger keeps what is drawn, never the drawing.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None

    @property
    def posting(self) -> str:
        """The method that posts it."""
        return "sendPhoto" if self.picture else "sendMessage"

    @property
    def editing(self) -> str:
        """The method that puts it in the place of an older one."""
        return "editMessageMedia" if self.picture else "editMessageText"

    def payload(self) -> dict[str, Any]:
        """The message's part of a Bot API call."""
        keyboard = [[_button(button) for button in row] for row in self.buttons]
        markup = {"reply_markup": {"inline_keyboard": keyboard}}
        if self.picture is None:
            return {"text": self.text, **markup}
        return {"caption": self.text, **markup, "picture": asdict(self.picture)}


def _button(button: Button) -> dict[str, str]:
    place = {"url": button.url} if button.url else {"callback_data": button.data or "-"}
    return {"text": button.label, **place}


@dataclass(frozen=True)
class Draft:
    """One message to plan: at most one exists per (campaign, step, recipient).

    `product` is the code of what it sells and `risk` that product's grade, 1 to 5: what names a grade leaves only for
    who is assessed for it.
    """

    campaign: str
    step: str
    recipient: int
    message: Message
    kind: Kind
    due_at: datetime
    expires_at: datetime | None = None
    pin: bool = False
    origin_chat: int | None = None
    product: str | None = None
    risk: int | None = None


@dataclass(frozen=True)
class Errand:
    """One call that posts nothing, such as a deletion: at most one exists per (campaign, step, chat)."""

    campaign: str
    step: str
    chat: int
    method: str
    payload: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Delivery:
    """One row of the ledger; `payload` is the Bot API call without the chat.

    `locked_days` is for how long the product binds money by the catalogue of now; the gate looks it up.
    """

    id: int
    campaign: str
    step: str
    recipient: int
    kind: Kind
    method: str
    payload: Mapping[str, Any] = field(repr=False)
    state: State
    due_at: datetime
    attempts: int = 0
    reason: str | None = None
    message_id: int | None = None
    expires_at: datetime | None = None
    pin: bool = False
    origin_chat: int | None = None
    repeats: int = 0
    product: str | None = None
    risk: int | None = None
    locked_days: int = 0

    @property
    def is_private(self) -> bool:
        """Whether the recipient is one person (Telegram gives groups negative ids)."""
        return self.recipient > 0
