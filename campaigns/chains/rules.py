"""Pure decisions on chains: join, leave, open, when to remind and when to end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.chains.model import (
    Chain,
    ChainState,
    Claim,
    ClaimCode,
    ClaimOutcome,
    Entry,
    Plan,
    PlanFault,
    Verb,
)

LONGEST_PRODUCT = 60
MOST_PLACES = 500
REMIND_BEFORE = timedelta(hours=2)


def decide(chain: Chain, claim: Claim, now: datetime) -> tuple[Chain, ClaimOutcome]:
    """Apply one claim; the chain comes back unchanged when the claim is refused, or comes from another chat."""
    if claim.chat_id != chain.chat_id:
        return chain, ClaimOutcome(ClaimCode.NO_CHAIN)
    match claim.verb:
        case Verb.JOIN:
            return join(chain, claim, now)
        case Verb.LEAVE:
            return leave(chain, claim, now)


def join(chain: Chain, claim: Claim, now: datetime) -> tuple[Chain, ClaimOutcome]:
    """Give the member one place at the end of the list; one per person, never over capacity, never late."""
    place = chain.place_of(claim.member_id)
    if place is not None:
        return chain, _outcome(chain, ClaimCode.TWICE, place)
    if is_over(chain, now):
        return chain, _outcome(chain, ClaimCode.CLOSED)
    if chain.is_full:
        return chain, _outcome(chain, ClaimCode.FULL)
    entry = Entry(claim.member_id, claim.masked_name, chain.next_sequence)
    joined = replace(chain, entries=(*chain.entries, entry), next_sequence=chain.next_sequence + 1)
    return joined, _outcome(joined, ClaimCode.JOINED, len(joined.entries))


def leave(chain: Chain, claim: Claim, now: datetime) -> tuple[Chain, ClaimOutcome]:
    """Give the place back while the chain is open; those behind move up."""
    if chain.place_of(claim.member_id) is None:
        return chain, _outcome(chain, ClaimCode.NOT_IN)
    if is_over(chain, now):
        return chain, _outcome(chain, ClaimCode.CLOSED)
    left = replace(chain, entries=tuple(e for e in chain.entries if e.member_id != claim.member_id))
    return left, _outcome(left, ClaimCode.LEFT)


def moved(before: Chain, after: Chain) -> tuple[list[int], list[int]]:
    """The members who hold a place now and held none before, in their order; and those who hold none any more."""
    old = [entry.member_id for entry in before.entries]
    new = [entry.member_id for entry in after.entries]
    return [member for member in new if member not in old], [member for member in old if member not in new]


def chain_meant(open_chains: Sequence[Chain], verb: Verb, member_id: int) -> Chain | None:
    """The one chain that a word can mean: the only one open, or the only one that the leaving member is in."""
    if verb is Verb.LEAVE and len(open_chains) > 1:
        open_chains = [chain for chain in open_chains if chain.place_of(member_id) is not None]
    return open_chains[0] if len(open_chains) == 1 else None


def is_over(chain: Chain, now: datetime) -> bool:
    """Closed by a person or by its deadline; the moment of the deadline itself is late."""
    return chain.state is ChainState.CLOSED or now >= chain.deadline


def check(product: str, places: int | None, deadline: datetime | None, now: datetime) -> Plan | PlanFault:
    """Make a plan of what a manager asked for, or name the first thing wrong with it."""
    name = " ".join(product.split())
    if not name:
        return PlanFault.NO_PRODUCT
    if len(name) > LONGEST_PRODUCT:
        return PlanFault.LONG_PRODUCT
    if places is None or not 1 <= places <= MOST_PLACES:
        return PlanFault.BAD_PLACES
    if deadline is None:
        return PlanFault.BAD_DEADLINE
    return Plan(name, places, deadline) if deadline > now else PlanFault.PAST_DEADLINE


def remind_at(opened_at: datetime, deadline: datetime) -> datetime:
    """When the group is reminded: two hours before the deadline, or half-way where the chain is shorter."""
    return max(deadline - REMIND_BEFORE, opened_at + (deadline - opened_at) / 2)


def _outcome(chain: Chain, code: ClaimCode, place: int | None = None) -> ClaimOutcome:
    return ClaimOutcome(code, place, len(chain.entries), chain.places)
