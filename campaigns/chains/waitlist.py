"""The waitlist of a chain: candidates in order of arrival, promotion, confirmation, lapse."""

from dataclasses import replace
from datetime import datetime

from campaigns.chains.model import Chain, ChainState, Entry

MOST_WAITING = 1000


def is_over(chain: Chain, now: datetime) -> bool:
    """Closed by a person or by its deadline; the moment of the deadline itself is late."""
    return chain.state is ChainState.CLOSED or now >= chain.deadline


def promote(chain: Chain, now: datetime) -> Chain:
    """Offer what is free to the candidates in their order; who wants more than is free lets the next one pass.

    The promoted hold their place until `confirm_within` has gone by. A chain that is over promotes nobody.
    """
    if is_over(chain, now) or not chain.waiting:
        return chain
    free, held, waiting = chain.free, list(chain.entries), []
    for entry in chain.waiting:
        if entry.quantity <= free:
            free -= entry.quantity
            held.append(replace(entry, confirm_by=now + chain.confirm_within))
        else:
            waiting.append(entry)
    return replace(chain, entries=in_order(held), waiting=tuple(waiting))


def lapse(chain: Chain, now: datetime) -> Chain:
    """Take back the places that were not confirmed in time and offer them to the next; the moment itself is late."""
    late = lapsed(chain, now)
    if not late:
        return chain
    return promote(replace(chain, entries=tuple(entry for entry in chain.entries if entry not in late)), now)


def offered(before: Chain, after: Chain) -> list[Entry]:
    """The entries that were promoted between two states."""
    known = {(entry.sequence, entry.confirm_by) for entry in before.to_confirm}
    return [entry for entry in after.to_confirm if (entry.sequence, entry.confirm_by) not in known]


def lapsed(before: Chain, now: datetime) -> list[Entry]:
    """The entries of a state whose time to confirm is over."""
    return [entry for entry in before.to_confirm if entry.confirm_by and now >= entry.confirm_by]


def in_order(entries: list[Entry]) -> tuple[Entry, ...]:
    """Entries by their sequence."""
    return tuple(sorted(entries, key=lambda entry: entry.sequence))
