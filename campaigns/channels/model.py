"""Channels: the ways on which a message reaches a customer, and one message outside of the chat's ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from campaigns.compliance.model import Standing
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter
from campaigns.deliveries.model import Kind, State


class Channel(StrEnum):
    """A way to a customer; the value is what is stored."""

    PRIVATE = "private"  # a message in the private chat with the bot
    GROUP = "group"  # a post in a group
    TASK = "task"  # a manager's call or visit
    SMS = "sms"
    EMAIL = "email"
    STAFF_GROUP = "staff_group"  # a word to the group of the staff
    CODE = "code"  # a printed sheet with a code
    POPUP = "popup"  # simulated: a pop-up of the bank's app
    ACCOUNT = "account"  # simulated: an official account


IN_THE_CHAT = frozenset({Channel.PRIVATE, Channel.GROUP})  # These go through the delivery ledger.
OUTSIDE = frozenset({Channel.SMS, Channel.EMAIL, Channel.STAFF_GROUP})
SIMULATED = frozenset({Channel.POPUP, Channel.ACCOUNT})
AT_ONCE = frozenset({Channel.SMS, Channel.EMAIL, Channel.POPUP, Channel.ACCOUNT})  # They interrupt a person.
# Advertising Law art. 43: nothing is sent to a person who did not agree. A pop-up is shown to who opens the app, and a
# manager's call or a sheet at the counter is a contact of the relationship: these end with an objection.
ASKS_CONSENT = frozenset({Channel.SMS, Channel.EMAIL, Channel.ACCOUNT})
ADDRESSED = frozenset({Channel.SMS, Channel.EMAIL})


class Touch(StrEnum):
    """What a task asks of the manager."""

    CALL = "call"
    VISIT = "visit"


class NoWay(StrEnum):
    """Why a channel is passed over for a customer."""

    NO_CONSENT = "no_consent"
    NO_ADDRESS = "no_address"
    NO_PRIVATE_CHAT = "no_private_chat"
    NO_OWNER = "no_owner"
    LOW_SUB_SCORE = "low_sub_score"
    OBJECTED = "objected"
    NOT_CONFIGURED = "not_configured"
    UNCLASSED = "unclassed"


@dataclass(frozen=True)
class Step:
    """One way in the order of a class; `high_only` for members with a high sub-score alone."""

    channel: Channel
    touch: Touch = Touch.CALL
    high_only: bool = False


ORDERS: Mapping[Letter | Tier, tuple[Step, ...]] = {
    Letter.A: (Step(Channel.PRIVATE), Step(Channel.TASK, Touch.VISIT), Step(Channel.SMS)),
    Letter.B: (Step(Channel.PRIVATE), Step(Channel.TASK), Step(Channel.SMS)),
    Letter.C: (
        Step(Channel.TASK, high_only=True),
        Step(Channel.SMS),
        Step(Channel.POPUP),
        Step(Channel.CODE),
    ),
    Letter.D: (Step(Channel.POPUP),),
    Tier.STRATEGIC: (Step(Channel.TASK, Touch.VISIT), Step(Channel.EMAIL)),
    Tier.KEY: (Step(Channel.TASK), Step(Channel.EMAIL), Step(Channel.SMS)),
    Tier.GENERAL: (Step(Channel.EMAIL), Step(Channel.SMS), Step(Channel.POPUP)),
}
COSTS: Mapping[str, int] = {
    Channel.PRIVATE: 0,
    Channel.GROUP: 0,
    Channel.SMS: 10,
    Channel.EMAIL: 1,
    Channel.STAFF_GROUP: 0,
    Channel.CODE: 300,
    Channel.POPUP: 5,
    Channel.ACCOUNT: 5,
    Touch.CALL: 2_500,
    Touch.VISIT: 15_000,
}


@dataclass(frozen=True)
class ChannelPolicy:
    """What contacts cost, in fen (S-30, S-145), and from which sub-score, 0–100, a member of C is a manager's task.

    The orders of channels by class are the papers' (S-37, S-119, S-184); `costs` are by channel, of tasks by touch.
    What concluding a purchase costs (45 yuan online against 40 at the counter per 10,000) is apart: no contact.
    """

    version: int = 1
    costs: Mapping[str, int] = field(default_factory=lambda: COSTS)
    high_sub_score: float = 60.0
    orders: Mapping[Letter | Tier, tuple[Step, ...]] = field(default_factory=lambda: ORDERS)

    def cost(self, channel: Channel, touch: Touch) -> int:
        """What one contact costs, in fen."""
        return self.costs[touch if channel is Channel.TASK else channel]


@dataclass(frozen=True)
class Reach:
    """What is known of the ways to one customer: addresses, consents and objections by channel, owner, private chat.

    `standing` is that of the person in the chat; an objection there (退订, suspended, nothing personal) holds for every
    channel, one in `objections` for its own. `sub_score` 0–100 is the potential in the latest run, None without one.
    """

    segment: Letter | Tier | None = None
    sub_score: float | None = None
    addresses: frozenset[Channel] = frozenset()
    consents: frozenset[Channel] = frozenset()
    objections: frozenset[Channel] = frozenset()
    has_private_chat: bool = False
    has_owner: bool = False
    standing: Standing = Standing.NEVER


@dataclass(frozen=True)
class Route:
    """The channel of a customer, and the better ones that were passed over with the reason."""

    channel: Channel
    touch: Touch = Touch.CALL
    passed_over: tuple[tuple[Channel, NoWay], ...] = ()


@dataclass(frozen=True)
class Unreached:
    """No channel leads to the customer; every one of the class's order with its reason."""

    passed_over: tuple[tuple[Channel, NoWay], ...] = ()


@dataclass(frozen=True)
class ChannelDraft:
    """One message to plan outside of the chat: at most one exists per (campaign, step, channel, customer).

    `text` is the final wording; of a task it is the script, and `title` the reason. `code` is what a printed sheet
    carries (one is made where it is empty). `customer_id` is None for a word to the staff's group alone. `product` is
    the code of what it sells and `risk` its grade 1–5: it leaves only for who is assessed for it.
    """

    campaign: str
    step: str
    channel: Channel
    customer_id: UUID | None
    text: str
    due_at: datetime
    title: str = ""
    kind: Kind = Kind.MARKETING
    touch: Touch = Touch.CALL
    code: str | None = None
    expires_at: datetime | None = None
    held_out: bool = False
    product: str | None = None
    risk: int | None = None

    def __post_init__(self) -> None:
        if self.channel in IN_THE_CHAT:
            raise ValueError(f"The channel {self.channel} is the delivery ledger's: plan it through the outbox.")
        if (self.customer_id is None) != (self.channel is Channel.STAFF_GROUP):
            raise ValueError("A message goes to one customer, and a word to the staff's group to none.")


@dataclass(frozen=True)
class ChannelMessage:
    """One row of the channels' ledger; `cost_fen` is what it costs when it leaves.

    `locked_days` is for how long the product binds money by the catalogue of now; the gate looks it up.
    """

    id: int
    campaign: str
    step: str
    channel: Channel
    customer_id: UUID | None
    title: str
    text: str
    kind: Kind
    touch: Touch
    state: State
    cost_fen: int
    due_at: datetime
    code: str | None = None
    expires_at: datetime | None = None
    attempts: int = 0
    repeats: int = 0
    reason: str | None = None
    detail: str | None = None
    ended_at: datetime | None = None
    product: str | None = None
    risk: int | None = None
    locked_days: int = 0


@dataclass(frozen=True)
class Planned:
    """What came of planning: new rows, those that stood already, and those that the cost cap left out."""

    new: int = 0
    known: int = 0
    over_cap: int = 0


@dataclass(frozen=True)
class Spent:
    """One channel of a campaign: messages by state, and what those that left cost, in fen."""

    channel: Channel
    by_state: Mapping[State, int]
    cost_fen: int
