"""Pure decisions on draws: what may be published, which prize a ticket wins, and computing a draw again."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import accumulate

from campaigns.announcements.model import Activity, Condition, Reward, RulePage
from campaigns.compliance.words import forbidden
from campaigns.draws.model import (
    Draw,
    DrawCode,
    DrawFault,
    DrawKind,
    DrawOutcome,
    DrawPhase,
    DrawPlan,
    DrawState,
    Finding,
    Mismatch,
    Prize,
    PublishedDraw,
    Taker,
    Ticket,
)
from campaigns.points.model import PointsCampaign

MILLION = 1_000_000
TOP_PRIZE_FEN = 50_000 * 100  # Anti-Unfair Competition Law: a draw's top prize is worth at most 50,000 yuan.
SECRET_BYTES = 32
MOST_PRIZES = 12
LONGEST_NAME = 40
LONGEST_TERM = 300
ENDING_BEFORE = timedelta(hours=2)


# Why a wish can be refused, and the condition on the rule page that says so: there is no other refusal.
REFUSED_FOR = {
    DrawCode.TWICE: Condition.ONCE,
    DrawCode.NOT_BOUND: Condition.BOUND,
    DrawCode.NOT_OPEN: Condition.IN_TIME,
    DrawCode.NO_DRAW: Condition.IN_GROUP,
}

SENTENCES = {
    DrawFault.UNREADABLE: "{place} cannot be read.",
    DrawFault.EMPTY_TERM: "Every term must be filled in: conditions, organiser and complaints, in both languages.",
    DrawFault.TOO_LONG: "{place} is too long.",
    DrawFault.ENDS_EARLY: "A draw must close after it opens.",
    DrawFault.FEW_PRIZES: "A draw needs at least two prizes: the last one is what remains, without points.",
    DrawFault.MANY_PRIZES: "A draw has at most 12 prizes.",
    DrawFault.NO_NAME: "The title and every prize need a name in both languages.",
    DrawFault.ODDS: "The odds must add up to 1,000,000 parts (100 %).",
    DrawFault.LAST_PRIZE: "The last prize is what remains when another is used up: without points and without end.",
    DrawFault.NO_STOCK: "Every other prize needs points and a stock above 0.",
    DrawFault.TOO_DEAR: "A prize may be worth at most 50,000 yuan (Anti-Unfair Competition Law).",
    DrawFault.FORBIDDEN_WORD: "{place} may not be said in advertising.",
}


class DrawError(ValueError):
    """A draw that cannot be published; `place` is the field or word that is meant."""

    def __init__(self, fault: DrawFault, place: str = "") -> None:
        super().__init__(SENTENCES[fault].format(place=place))
        self.fault = fault
        self.place = place


def check_draw(plan: DrawPlan, price: int) -> None:
    """Refuse a draw with an empty term, odds that are no whole, a prize too dear, a wrong last prize or word.

    `price` in fen per 100 points.

    Raises:
        DrawError: says what is wrong.
    """
    if plan.closes_at <= plan.opens_at:
        raise DrawError(DrawFault.ENDS_EARLY)
    _check_prizes(plan.prizes, price)
    _check_words(plan)


def _check_prizes(prizes: Sequence[Prize], price: int) -> None:
    if len(prizes) < 2:
        raise DrawError(DrawFault.FEW_PRIZES)
    if len(prizes) > MOST_PRIZES:
        raise DrawError(DrawFault.MANY_PRIZES)
    if sum(prize.odds for prize in prizes) != MILLION or any(prize.odds < 0 for prize in prizes):
        raise DrawError(DrawFault.ODDS)
    *real, last = prizes
    if last.points or last.stock is not None:
        raise DrawError(DrawFault.LAST_PRIZE)
    if any(prize.points < 1 or prize.stock is None or prize.stock < 1 for prize in real):
        raise DrawError(DrawFault.NO_STOCK)
    if any(prize.points * price > TOP_PRIZE_FEN * 100 for prize in real):
        raise DrawError(DrawFault.TOO_DEAR)


def _check_words(plan: DrawPlan) -> None:
    """Everything that people will read is there, fits, and may be said."""
    names = {"title": (plan.title_zh, plan.title_en)}
    names |= {f"prize {at}": (prize.title_zh, prize.title_en) for at, prize in enumerate(plan.prizes, start=1)}
    for place, pair in names.items():
        if not all(name.strip() for name in pair):
            raise DrawError(DrawFault.NO_NAME)
        if any(len(name) > LONGEST_NAME for name in pair):
            raise DrawError(DrawFault.TOO_LONG, place)
    for place, term in asdict(plan.terms).items():
        if not str(term).strip():
            raise DrawError(DrawFault.EMPTY_TERM)
        if len(term) > LONGEST_TERM:
            raise DrawError(DrawFault.TOO_LONG, place)
    said = "\n".join([*(name for pair in names.values() for name in pair), *map(str, astuple(plan.terms))])
    if found := forbidden(said):
        raise DrawError(DrawFault.FORBIDDEN_WORD, found[0].word)


def plan_of(draw: Draw) -> DrawPlan:
    """What a draw was published as."""
    return DrawPlan(draw.kind, draw.title_zh, draw.title_en, draw.prizes, draw.terms, draw.opens_at, draw.closes_at)


def page_of(plan: DrawPlan, campaign: PointsCampaign, promise: str | None = None) -> RulePage:
    """The rule page of a draw: everything that `take_part` decides by, and what the points are worth."""
    return RulePage(
        activity=Activity.WHEEL if plan.kind is DrawKind.WHEEL else Activity.JOIN_DRAW,
        title_zh=plan.title_zh,
        title_en=plan.title_en,
        rewards=tuple(Reward(**asdict(prize)) for prize in plan.prizes),
        conditions=frozenset(REFUSED_FOR.values()),
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        valid_days=campaign.valid_days,
        price=campaign.price,
        promise=promise,
        **asdict(plan.terms),
    )


def phase_of(draw: Draw, now: datetime) -> DrawPhase:
    """What the card says: about to end from two hours before the end, or half-way where the draw is shorter."""
    if draw.state is DrawState.CLOSED or now >= draw.closes_at:
        return DrawPhase.ENDED
    if now < draw.opens_at:
        return DrawPhase.UPCOMING
    return DrawPhase.ENDING if now >= ending_from(draw) else DrawPhase.RUNNING


def ending_from(draw: Draw) -> datetime:
    """From when on a draw is about to end."""
    return max(draw.closes_at - ENDING_BEFORE, draw.opens_at + (draw.closes_at - draw.opens_at) / 2)


def next_change(draw: Draw, now: datetime) -> datetime | None:
    """When the card says something else by the clock alone, its end left out; None when it does not again."""
    return next((moment for moment in (draw.opens_at, ending_from(draw)) if now < moment), None)


def draw_meant(open_draws: Sequence[Draw], kind: DrawKind | None) -> Draw | None:
    """The draw that a word means: the one of its kind, or the join draw before the wheel."""
    wanted = [draw for draw in open_draws if kind is None or draw.kind is kind]
    return min(wanted, key=lambda draw: draw.kind is DrawKind.WHEEL, default=None)


def budget_of(prizes: Sequence[Prize]) -> int:
    """The points that a draw can cost at most; set aside before it opens."""
    return sum(prize.points * (prize.stock or 0) for prize in prizes)


def new_secret() -> str:
    """A secret that nobody can guess, in hex."""
    return secrets.token_hex(SECRET_BYTES)


def commitment(secret: str) -> str:
    """What is published of a secret before the draw opens."""
    return sha256(bytes.fromhex(secret)).hexdigest()


def roll(secret: str, draw_id: int, number: int) -> int:
    """The throw of one ticket, 0 to 999,999: HMAC-SHA256 of "draw:number" under the secret, as a number modulo 10^6.

    The modulus is off from even by less than 10^-70.
    """
    made = hmac.digest(bytes.fromhex(secret), f"{draw_id}:{number}".encode(), "sha256")
    return int.from_bytes(made) % MILLION


def prize_of(prizes: Sequence[Prize], left: Sequence[int | None], thrown: int) -> int:
    """The place of the prize that a throw wins: by the odds in their order, or the last where none is left."""
    at = next(at for at, bound in enumerate(accumulate(prize.odds for prize in prizes)) if thrown < bound)
    return at if left[at] is None or (left[at] or 0) > 0 else len(prizes) - 1


def next_ticket(draw: Draw, secret: str, masked_name: str) -> tuple[Draw, Ticket]:
    """Draw one more ticket: the draw with one prize less, and the ticket."""
    number = draw.drawn + 1
    prize = prize_of(draw.prizes, draw.left, roll(secret, draw.id, number))
    receipt = receipt_of(draw.head or draw.commitment, number, masked_name, prize)
    left = tuple(kept - 1 if at == prize and kept is not None else kept for at, kept in enumerate(draw.left))
    return replace(draw, drawn=number, left=left, head=receipt), Ticket(number, masked_name, prize, receipt)


def receipt_of(before: str, number: int, masked_name: str, prize: int) -> str:
    """The receipt of a ticket: SHA-256 over the receipt before it and its own line."""
    return sha256(f"{before}|{number}|{masked_name}|{prize}".encode()).hexdigest()


def take_part(
    draw: Draw, secret: str, takers: Sequence[Taker], earlier: Mapping[str, Ticket], now: datetime
) -> tuple[Draw, list[DrawOutcome]]:
    """Decide wishes in their order: one ticket per member and per customer of the bank.

    `earlier` are the tickets of those who drew before, by `keys_of`.
    """
    known, outcomes = dict(earlier), []
    for taker in takers:
        draw, outcome = _take(draw, secret, taker, known, now)
        outcomes.append(outcome)
        if outcome.code is DrawCode.DRAWN and outcome.ticket is not None:
            known |= dict.fromkeys(keys_of(taker), outcome.ticket)
    return draw, outcomes


def keys_of(taker: Taker) -> tuple[str, ...]:
    """By what a person is known again."""
    return f"member:{taker.member_id}", f"customer:{taker.customer_id}"


def _take(
    draw: Draw, secret: str, taker: Taker, known: Mapping[str, Ticket], now: datetime
) -> tuple[Draw, DrawOutcome]:
    if had := next((known[key] for key in keys_of(taker) if key in known), None):
        return draw, DrawOutcome(DrawCode.TWICE, had, draw.prizes[had.prize], draw.kind)
    if taker.customer_id is None:
        return draw, DrawOutcome(DrawCode.NOT_BOUND)
    if draw.state is DrawState.CLOSED or not draw.opens_at <= now < draw.closes_at:
        return draw, DrawOutcome(DrawCode.NOT_OPEN)
    after, ticket = next_ticket(draw, secret, taker.masked_name)
    return after, DrawOutcome(DrawCode.DRAWN, ticket, draw.prizes[ticket.prize], draw.kind)


def verify(published: PublishedDraw) -> list[Finding]:
    """Compute a closed draw again from public data alone; an empty list means that all is as it was promised."""
    told = published.draw
    findings = [] if _fits(published) else [Finding(Mismatch.SECRET)]
    again = replace(told, drawn=0, head="", left=tuple(prize.stock for prize in told.prizes))
    for place, ticket in enumerate(published.tickets, start=1):
        again, right = next_ticket(again, published.secret, ticket.masked_name)
        if ticket.number != place:
            findings.append(Finding(Mismatch.NUMBER, ticket.number))
        elif ticket.prize != right.prize:
            findings.append(Finding(Mismatch.RESULT, ticket.number))
        elif ticket.receipt != right.receipt:
            findings.append(Finding(Mismatch.RECEIPT, ticket.number))
    if (again.drawn, again.head) != (told.drawn, told.head):
        findings.append(Finding(Mismatch.HEAD))
    return findings


def _fits(published: PublishedDraw) -> bool:
    try:
        return hmac.compare_digest(commitment(published.secret), published.draw.commitment)
    except ValueError:
        return False
