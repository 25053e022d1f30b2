"""Puts an event's board together from counted facts; pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from campaigns.boards.forecasts import Forecast, runs_out
from campaigns.boards.model import (
    SHOWN_MINUTES,
    Board,
    BoothLine,
    CouponLine,
    GiftLine,
    Minute,
    Notice,
    Suspect,
    Totals,
)
from campaigns.rallies.model import Booth, GiftPlan, Rally
from campaigns.suspicions.model import Sign, SuspicionState
from campaigns.waits.model import Queue

RECENT = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


class Tasted(NamedTuple):
    """So many pieces that were tasted at a booth in one moment."""

    booth_id: int
    pieces: int
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What was counted: recent moments are of the last hour, `suspects` are member ids with score and signs."""

    totals: Totals
    stamps_by_booth: Mapping[int, int] = field(default_factory=dict)
    recent_stamps: Sequence[tuple[int, datetime]] = ()
    recent_arrivals: Sequence[datetime] = ()
    recent_tastings: Sequence[Tasted] = ()
    recent_gifts: Sequence[tuple[str, datetime]] = ()
    medals: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[tuple[str, bool], int] = field(default_factory=dict)
    spent_fen: int = 0
    coupons: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    suspects: Sequence[tuple[int, int, tuple[tuple[Sign, int], ...], SuspicionState]] = ()


def board_of(
    rally: Rally,
    facts: Facts,
    queues: Mapping[str, Queue],
    names: Mapping[int, str],
    notices: Sequence[Notice],
    now: datetime,
) -> Board:
    """The board; `names` are masked, by member id."""
    return Board(
        rally,
        now,
        facts.totals,
        per_minute(facts.recent_arrivals, [at for _, at in facts.recent_stamps], now),
        tuple(_booth(booth, facts, queues[booth.code], now) for booth in rally.booths),
        tuple(_gift(rally, plan, facts, now) for plan in rally.plan.gifts),
        tuple(
            CouponLine(plan.article.title_zh, plan.article.title_en, plan.article.stock, *facts.coupons[plan.code])
            for plan in rally.plan.coupons
            if plan.code in facts.coupons
        ),
        tuple(Suspect(names.get(member, "*"), score, why, state) for member, score, why, state in facts.suspects),
        tuple(notices),
    )


def per_minute(arrivals: Collection[datetime], stamps: Collection[datetime], now: datetime) -> tuple[Minute, ...]:
    """The last sixty minutes, the oldest first; the last ends now."""
    counts = [[0, 0] for _ in range(SHOWN_MINUTES)]
    for kind, moments in enumerate((arrivals, stamps)):
        for moment in moments:
            ago = int((now - moment) / MINUTE)
            if now >= moment and ago < SHOWN_MINUTES:
                counts[SHOWN_MINUTES - 1 - ago][kind] += 1
    return tuple(Minute(*each) for each in counts)


def _booth(booth: Booth, facts: Facts, queue: Queue, now: datetime) -> BoothLine:
    recent = sum(number == booth.id and now - at <= RECENT for number, at in facts.recent_stamps)
    stamps = facts.stamps_by_booth.get(booth.id, 0)
    return BoothLine(booth, queue.waiting, queue.minutes, stamps, recent, _tastings_end(booth, facts, now))


def _tastings_end(booth: Booth, facts: Facts, now: datetime) -> Forecast | None:
    if booth.tastings_left is None:
        return None
    tasted = [each.at for each in facts.recent_tastings if each.booth_id == booth.id for _ in range(each.pieces)]
    return runs_out(booth.tastings_left, tasted, booth.opens_at, now)


def _gift(rally: Rally, plan: GiftPlan, facts: Facts, now: datetime) -> GiftLine:
    """What is left of a gift is what stock and budget both allow."""
    given = facts.given.get((plan.target, False), 0)
    left = max(0, plan.article.stock - given)
    if plan.article.worth_fen:
        left = min(left, max(0, rally.gifts_budget_fen - facts.spent_fen) // plan.article.worth_fen)
    substitutes = facts.given.get((plan.target, True), 0)
    spare = max(0, plan.substitute.stock - substitutes) if plan.substitute else 0
    taken = [at for target, at in facts.recent_gifts if target == plan.target]
    ends = runs_out(left, taken, rally.starts_at, now)
    medals = facts.medals.get(plan.target, 0)
    title = plan.article
    return GiftLine(plan.target, title.title_zh, title.title_en, medals, given + substitutes, left, spare, ends)
