"""Whom a promotion reaches: what decides it, why somebody is left out, and how many of whom there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from campaigns.audiences.model import Unreachable
from campaigns.catalogue.model import Class
from campaigns.channels.model import Channel
from campaigns.experiments.model import Place
from campaigns.promotions.model import Plan
from segmentation.appetites import suits_one
from segmentation.liquidity import can_wait


class Exclusion(StrEnum):
    """Why a customer of the audience is no recipient: the first that holds."""

    NO_CLASS = "no_class"
    NOT_ROUTED = "not_routed"  # The class has no channel in this promotion.
    BARRED = "barred"  # The matrix says never (S-89).
    ONCE = "once"  # An earlier version of this promotion wrote to the customer, or kept them to compare with.
    OVERLAP = "overlap"  # Another promotion that runs now has the customer.
    ERASED = "erased"
    RESTRICTED = "restricted"
    UNBOUND = "unbound"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    NO_PRIVATE_CHAT = "no_private_chat"
    NOT_ASSESSED = "not_assessed"
    UNSUITABLE = "unsuitable"
    NEED_UNKNOWN = "need_unknown"
    NEEDED_EARLIER = "needed_earlier"
    BUDGET = "budget"  # The budget was used up before.
    TOO_LATE = "too_late"  # The window was over before their turn came.
    UNSENT = "unsent"  # Planned, and nothing left before the version ended.


@dataclass(frozen=True)
class Facts:
    """All that decides of a customer, the same for many: class or tier, reach, appetite for risk, other promotions.

    `horizon` is for how many days the money can be bound, as far as the promotion's product asks.
    """

    standing: Class | None
    unreachable: Unreachable | None
    appetite: int | None
    horizon: int | None = None
    met_before: bool = False
    met_elsewhere: bool = False


@dataclass(frozen=True)
class Heads:
    """So many customers of the same facts at one place of the experiment, in one zone; None is the bank's."""

    facts: Facts
    place: Place
    count: int
    arm: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Outside:
    """A recipient whom a channel outside of the chat must reach; `arm` is None for one who is held out."""

    customer_id: UUID
    standing: Class
    arm: str | None
    channel: Channel


_OBJECTIONS = {
    Unreachable.ERASED: Exclusion.ERASED,
    Unreachable.SUSPENDED: Exclusion.RESTRICTED,
    Unreachable.NON_PERSONAL: Exclusion.RESTRICTED,
    Unreachable.OPTED_OUT: Exclusion.OPTED_OUT,
}
# What keeps a customer from each channel. An objection counts everywhere; addresses and consents of channels outside of
# the chat are asked by their own gate, when the message leaves.
OBSTACLES: Mapping[Channel, Mapping[Unreachable, Exclusion]] = {
    **dict.fromkeys(Channel, _OBJECTIONS),
    Channel.PRIVATE: {
        **_OBJECTIONS,
        Unreachable.UNBOUND: Exclusion.UNBOUND,
        Unreachable.NO_CONSENT: Exclusion.NO_CONSENT,
        Unreachable.BLOCKED: Exclusion.BLOCKED,
        Unreachable.NO_PRIVATE_CHAT: Exclusion.NO_PRIVATE_CHAT,
    },
}


def choose(plan: Plan, barred: frozenset[Class], facts: Facts) -> Channel | Exclusion:
    """The channel on which a customer is written to, or the first reason why not (S-119, S-58, S-89).

    Nothing of it depends on the experiment, so that those who are held out are such as would have been written to.
    """
    if facts.standing is None:
        return Exclusion.NO_CLASS
    channel = plan.channels.get(facts.standing)
    if channel is None:
        return Exclusion.NOT_ROUTED
    if facts.standing in barred:
        return Exclusion.BARRED
    if facts.met_before:
        return Exclusion.ONCE
    if facts.met_elsewhere and not plan.may_overlap:
        return Exclusion.OVERLAP
    obstacle = OBSTACLES[channel].get(facts.unreachable) if facts.unreachable else None
    return obstacle or _unsuited(plan, facts) or channel


def _unsuited(plan: Plan, facts: Facts) -> Exclusion | None:
    """R must not exceed C by a valid assessment, nor the term the time until the money is needed (S-58).

    Who was never asked is left out of what bears a risk, and whose need nobody knows of what binds money.
    """
    product = plan.product
    if product is None:
        return None
    if product.grade is not None and facts.appetite is None:
        return Exclusion.NOT_ASSESSED
    if not suits_one(product.grade, facts.appetite):
        return Exclusion.UNSUITABLE
    if not can_wait(product.locked_days, facts.horizon):
        return Exclusion.NEED_UNKNOWN if facts.horizon is None else Exclusion.NEEDED_EARLIER
    return None
