"""Pure rules of channels: which way leads to a customer, what a cost cap lets through, and the one gate's question."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.channels.model import (
    ADDRESSED,
    ASKS_CONSENT,
    AT_ONCE,
    Channel,
    ChannelDraft,
    ChannelMessage,
    ChannelPolicy,
    NoWay,
    Reach,
    Route,
    Step,
    Unreached,
)
from campaigns.compliance.model import Facts, GatePolicy, Standing
from campaigns.compliance.rules import GateVerdict, Pass, judge
from campaigns.deliveries.model import Delivery, Kind, State
from campaigns.members.model import PrivateChat

OBJECTIONS = frozenset({Standing.WITHDRAWN, Standing.RESTRICTED})


def route(reach: Reach, policy: ChannelPolicy, missing: frozenset[Channel] = frozenset()) -> Route | Unreached:
    """The first way of the class's order that is open (S-37, S-119, S-184, S-46); why the ones before are not.

    `missing` are channels that this deployment has not been given.
    """
    if reach.segment is None:
        return Unreached(((Channel.PRIVATE, NoWay.UNCLASSED),))
    passed: list[tuple[Channel, NoWay]] = []
    for step in policy.orders[reach.segment]:
        obstacle = NoWay.NOT_CONFIGURED if step.channel in missing else blocks(step, reach, policy)
        if obstacle is None:
            return Route(step.channel, step.touch, tuple(passed))
        passed.append((step.channel, obstacle))
    return Unreached(tuple(passed))


def blocks(step: Step, reach: Reach, policy: ChannelPolicy) -> NoWay | None:
    """What closes a way for marketing to a customer; None where it is open."""
    if reach.standing in OBJECTIONS or step.channel in reach.objections:
        return NoWay.OBJECTED
    if step.high_only and (reach.sub_score is None or reach.sub_score < policy.high_sub_score):
        return NoWay.LOW_SUB_SCORE
    match step.channel:
        case Channel.PRIVATE if not reach.has_private_chat:
            return NoWay.NO_PRIVATE_CHAT
        case Channel.PRIVATE if reach.standing is not Standing.AGREED:
            return NoWay.NO_CONSENT
        case Channel.TASK if not reach.has_owner:
            return NoWay.NO_OWNER
        case channel if channel in ADDRESSED and channel not in reach.addresses:
            return NoWay.NO_ADDRESS
        case channel if channel in ASKS_CONSENT and channel not in reach.consents:
            return NoWay.NO_CONSENT
    return None


def within_cap(
    drafts: Sequence[ChannelDraft], policy: ChannelPolicy, spent: int, cap: int | None
) -> list[ChannelDraft]:
    """The drafts, in their order, that a campaign's cost cap in fen lets through (class D: S-42); all without a cap.

    Who is held out costs nothing and is left out where a message would not fit, so that the cap takes as many of them
    as of the others and the hold-out keeps its share.
    """
    if cap is None:
        return list(drafts)
    kept = []
    for draft in drafts:
        cost = policy.cost(draft.channel, draft.touch)
        if spent + cost <= cap:
            spent += 0 if draft.held_out else cost
            kept.append(draft)
    return kept


def standing_on(channel: Channel, reach: Reach) -> Standing:
    """How a customer stands to marketing on a channel: an objection anywhere counts everywhere (PIPL art. 24)."""
    if reach.standing in OBJECTIONS:
        return reach.standing
    if channel in reach.objections:
        return Standing.WITHDRAWN
    return Standing.AGREED if channel not in ASKS_CONSENT or channel in reach.consents else Standing.NEVER


def as_delivery(message: ChannelMessage) -> Delivery:
    """The message as the ledger's rules and the gate know it; what goes to staff alone is no one's private chat."""
    return Delivery(
        id=message.id,
        campaign=message.campaign,
        step=message.step,
        recipient=0 if message.customer_id is None else 1,
        kind=message.kind,
        method="sendMessage",
        payload={"text": f"{message.title}\n{message.text}".strip()},
        state=message.state,
        due_at=message.due_at,
        attempts=message.attempts,
        expires_at=message.expires_at,
        repeats=message.repeats,
        product=message.product,
        risk=message.risk,
        locked_days=message.locked_days,
    )


def judge_message(
    message: ChannelMessage, standing: Standing, facts: Facts, policy: GatePolicy, now: datetime
) -> GateVerdict:
    """The one gate's verdict: words, person, hours and caps; `facts.offered_at` counts every channel and the chat.

    A task and a printed sheet interrupt nobody, so hours and caps are not asked for them; words and objections are.
    """
    known = replace(facts, standing=standing, private_chat=PrivateChat.OPEN)
    if message.channel not in AT_ONCE:
        known, policy = replace(known, offered_at=(), shown_at=()), replace(policy, quiet_until=policy.quiet_from)
    return judge(as_delivery(message), known, policy, now)


def counts_as_offer(message: ChannelMessage, verdict: GateVerdict) -> bool:
    """Whether it takes a place under the caps once it leaves."""
    return isinstance(verdict, Pass) and message.kind is Kind.MARKETING and message.channel in AT_ONCE


def first_state(draft: ChannelDraft) -> State:
    """Where a row begins."""
    return State.HELD_OUT if draft.held_out else State.PLANNED
