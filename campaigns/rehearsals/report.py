"""What a rehearsal found: cost, ends of prizes, queues, messages, tricks and who was held; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from campaigns.rallies.model import RallyPlan
from campaigns.rehearsals.model import TRICKS, Course, Manner, Queue, Verb
from campaigns.rehearsals.queues import queues

BOT_A_MINUTE = 30 * 60  # core.telegram.org/bots/faq: about 30 messages a second to all chats together.
CHAT_A_MINUTE = 60  # And one a second in one chat.


class Way(StrEnum):
    """What was played with: the whole bot in a chat, or the services alone."""

    CHAT = "chat"
    SERVICES = "services"


class HandedOut(NamedTuple):
    """One gift that left the desk."""

    target: str
    visitor: int
    is_substitute: bool
    worth_fen: int
    at: datetime


@dataclass(frozen=True)
class Outcomes:
    """What the product has stored after the day, by visitor."""

    stamps: Mapping[int, int]
    medals: int
    gifts: Sequence[HandedOut]
    held: frozenset[int]
    refused: Mapping[str, int]
    coupons_fen: int = 0


@dataclass(frozen=True)
class Messages:
    """Calls that post or edit, by the domain's minute; `refused` were answered 429. None where no chat was played."""

    total: int
    peak: int
    peak_at: datetime | None
    busiest_chat: int
    refused: int
    limit: int = BOT_A_MINUTE
    chat_limit: int = CHAT_A_MINUTE


@dataclass(frozen=True)
class PrizeEnd:
    """A gift's day: how many of it and of its substitute went, and when the last one did."""

    target: str
    title_zh: str
    stock: int
    given: int
    gone_at: datetime | None
    substitutes: int


@dataclass(frozen=True)
class TrickEnd:
    """A way to cheat: tried so often, so many stamps let through, people who tried, held, and gifts they got."""

    verb: Verb
    tried: int
    let_through: int
    people: int
    held: int
    gifts: int


@dataclass(frozen=True)
class Rehearsed:
    """The whole report; `seconds` are real ones, money is in fen; idle is who of the ring has no second stamp."""

    code: str
    way: Way
    seed: int
    visitors: int
    honest: int
    steps: int
    seconds: float
    stamps: int
    medals: int
    gifts: int
    gifts_fen: int
    coupons_fen: int
    budget_fen: int
    prizes: tuple[PrizeEnd, ...]
    queues: tuple[Queue, ...]
    tricks: tuple[TrickEnd, ...]
    ring: int
    ring_held: int
    ring_idle: int
    honest_held: int
    honest_refused: int
    refused: Mapping[str, int] = field(default_factory=dict)
    messages: Messages | None = None

    @property
    def steps_a_second(self) -> float:
        """How fast it was played."""
        return self.steps / self.seconds if self.seconds else 0.0


def report(
    plan: RallyPlan, course: Course, found: Outcomes, way: Way, seed: int, seconds: float, messages: Messages | None
) -> Rehearsed:
    """Put together what was planned and what the product made of it."""
    honest = {each.number for each in course.visitors if each.manner.is_honest}
    ring = {each.number for each in course.visitors if each.manner is Manner.RING}
    scans = Counter(step.visitor for step in course.steps if step.verb is Verb.SCAN)
    missed = sum(max(0, scans[number] - found.stamps.get(number, 0)) for number in honest)
    return Rehearsed(
        plan.code,
        way,
        seed,
        len(course.visitors),
        len(honest),
        len(course.steps),
        seconds,
        sum(found.stamps.values()),
        found.medals,
        len(found.gifts),
        sum(each.worth_fen for each in found.gifts),
        found.coupons_fen,
        plan.gifts_budget_fen,
        tuple(_prize(plan, gift.target, found.gifts) for gift in plan.gifts),
        queues(course, [booth.code for booth in plan.booths]),
        tuple(_trick(verb, course, scans, found) for verb in TRICKS),
        len(ring),
        len(ring & found.held),
        sum(found.stamps.get(number, 0) < 2 for number in ring),
        len(honest & found.held),
        missed,
        found.refused,
        messages,
    )


def messages_of(calls: Sequence[tuple[datetime, int, bool]]) -> Messages:
    """Figures of calls, each with its moment, its chat and whether it was refused for its pace."""
    taken = sorted((at.replace(second=0, microsecond=0), chat) for at, chat, refused in calls if not refused)
    minutes = {minute: [chat for _, chat in each] for minute, each in groupby(taken, key=lambda call: call[0])}
    peak_at = max(minutes, key=lambda minute: len(minutes[minute]), default=None)
    busiest = max((max(Counter(chats).values()) for chats in minutes.values()), default=0)
    peak = len(minutes[peak_at]) if peak_at else 0
    return Messages(len(taken), peak, peak_at, busiest, len(calls) - len(taken))


def _prize(plan: RallyPlan, target: str, gifts: Sequence[HandedOut]) -> PrizeEnd:
    article = next(each.article for each in plan.gifts if each.target == target)
    own = sorted(each.at for each in gifts if each.target == target and not each.is_substitute)
    spare = sum(each.target == target and each.is_substitute for each in gifts)
    gone_at = own[-1] if own and (len(own) >= article.stock or spare) else None
    return PrizeEnd(target, article.title_zh, article.stock, len(own), gone_at, spare)


def _trick(verb: Verb, course: Course, scans: Mapping[int, int], found: Outcomes) -> TrickEnd:
    """Whoever tried has the own stamps of honest turns; what is more was let through."""
    steps = [step.visitor for step in course.steps if step.verb is verb]
    people = set(steps)
    let_through = sum(max(0, found.stamps.get(each, 0) - scans.get(each, 0)) for each in people)
    gifts = sum(gift.visitor in people for gift in found.gifts)
    return TrickEnd(verb, len(steps), let_through, len(people), len(people & found.held), gifts)
