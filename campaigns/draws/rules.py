"""Pure decisions on draws: what may be published, which prize a ticket wins, and computing a draw again."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from hashlib import sha256
from itertools import accumulate

from campaigns.draws.model import (
    Draw,
    DrawCode,
    DrawOutcome,
    DrawState,
    Finding,
    Mismatch,
    Prize,
    PublishedDraw,
    Taker,
    Terms,
    Ticket,
)

MILLION = 1_000_000
TOP_PRIZE_FEN = 50_000 * 100  # Anti-Unfair Competition Law: a draw's top prize is worth at most 50,000 yuan.
SECRET_BYTES = 32


class DrawError(ValueError):
    """A draw that cannot be published; the message says why in one sentence."""


def check_draw(prizes: Sequence[Prize], terms: Terms, opens_at: datetime, closes_at: datetime, price: int) -> None:
    """Refuse a draw with an empty term, odds that are no whole, a prize too dear or a wrong last prize.

    `price` in fen per 100 points.

    Raises:
        DrawError: says what is wrong.
    """
    if not all(str(term).strip() for term in astuple(terms)):
        raise DrawError("Every term must be filled in: conditions, organiser and complaints, in both languages.")
    if closes_at <= opens_at:
        raise DrawError("A draw must close after it opens.")
    if len(prizes) < 2 or not all(prize.title_zh.strip() and prize.title_en.strip() for prize in prizes):
        raise DrawError("A draw needs at least two prizes, each with its name in both languages.")
    if sum(prize.odds for prize in prizes) != MILLION or any(prize.odds < 0 for prize in prizes):
        raise DrawError("The odds must add up to 1,000,000 parts.")
    *real, last = prizes
    if last.points or last.stock is not None:
        raise DrawError("The last prize is what remains when another is used up: without points and without end.")
    if any(prize.points < 1 or prize.stock is None or prize.stock < 1 for prize in real):
        raise DrawError("Every other prize needs points and a stock above 0.")
    if any(prize.points * price > TOP_PRIZE_FEN * 100 for prize in real):
        raise DrawError("A prize may be worth at most 50,000 yuan (Anti-Unfair Competition Law).")


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
        return draw, DrawOutcome(DrawCode.TWICE, had, draw.prizes[had.prize])
    if taker.customer_id is None:
        return draw, DrawOutcome(DrawCode.NOT_BOUND)
    if draw.state is DrawState.CLOSED or not draw.opens_at <= now < draw.closes_at:
        return draw, DrawOutcome(DrawCode.NOT_OPEN)
    after, ticket = next_ticket(draw, secret, taker.masked_name)
    return after, DrawOutcome(DrawCode.DRAWN, ticket, draw.prizes[ticket.prize])


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
