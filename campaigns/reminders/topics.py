"""What a message in the ledger reminds of, by its name there, and whether a person may mute it; pure.

Never muted are an own visit on the day before (the person asked the bank to the door), a place that must be confirmed,
a win, a receipt, an answer, a step of an application that was asked for, and whatever the law says must be told (a
consent taken back, the fulfilment of a right, a notice of risk or fraud, a closed campaign): none of these is a topic.
"""

from collections.abc import Iterable

from campaigns.reminders.model import Plan, Topic
from campaigns.reminders.rules import is_weekly
from campaigns.reminders.schedule import Before, Festive

LEDGER = "reminder:"
OWN = "own"  # To oneself: nobody else may silence it, and one does not mute what one asked for.
EVERYTHING = "all"
MUTABLE = tuple(topic for topic in Topic if topic is not Topic.VISIT)
STANDING = {
    ("points:ending", ""): Topic.POINTS,
    ("coupon:", "ending"): Topic.COUPON,
    ("application:", "nudge:"): Topic.CARD,
    ("visit:", "tomorrow"): Topic.VISIT,
}


def ledger_of(reminder_id: int) -> str:
    """The name of a reminder in the delivery ledger."""
    return f"{LEDGER}{reminder_id}"


def step_of(plan: Plan, key: str, *, own: bool) -> str:
    """The step of one occurrence: what it is about, and its key."""
    return f"{OWN if own else topic_of(plan)}:{key}"


def topic_of(plan: Plan) -> Topic:
    """What a manager's reminder is about."""
    if isinstance(plan.timing, Before):
        return Topic(plan.timing.thing.value)
    if isinstance(plan.timing, Festive):
        return Topic.FESTIVAL
    return Topic.WEEKLY if is_weekly(plan.timing) else Topic.NOTICE


def topic_in_ledger(campaign: str, step: str) -> Topic | None:
    """What a row of the ledger reminds of; None for everything that is no reminder, or one to oneself."""
    if campaign.startswith(LEDGER):
        about = step.partition(":")[0]
        return Topic(about) if about in set(Topic) else None
    for (name, begins), topic in STANDING.items():
        if campaign.startswith(name) and step.startswith(begins):
            return topic
    return None


def is_muted(topic: Topic | None, mutes: Iterable[str]) -> bool:
    """Whether a person who muted these reads nothing of this topic."""
    return topic in MUTABLE and not {EVERYTHING, topic}.isdisjoint(mutes)
