"""Deciding claims on a chain: join, leave, edit, confirm, undo; pure, one place after the other, never too many."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.chains.eligibility import ConditionKind, Standing, first_unmet
from campaigns.chains.model import Act, Chain, Claim, ClaimCode, ClaimOutcome, Entry, Order, Verb
from campaigns.chains.waitlist import MOST_WAITING, in_order, is_over, lapse, promote

MOST_PROXIES = 5
UNDO_WITHIN = timedelta(minutes=5)

Decided = tuple[Chain, ClaimOutcome]


def decide(chain: Chain, claim: Claim, now: datetime, act: Act | None = None) -> Decided:
    """Apply one claim; a refused claim changes nothing, except that places not confirmed in time lapse first.

    `act` is the member's latest change, for an undo. A claim counts in the chain's group; who has an entry
    may also deal with it in private.
    """
    if claim.chat_id != chain.chat_id and not _is_own_business(chain, claim):
        return chain, ClaimOutcome(ClaimCode.NO_CHAIN)
    chain = lapse(chain, now)
    match claim.verb:
        case Verb.JOIN:
            return join(chain, claim, now)
        case Verb.LEAVE:
            return leave(chain, claim, now)
        case Verb.EDIT:
            return edit(chain, claim, now)
        case Verb.CONFIRM:
            return confirm(chain, claim)
        case Verb.UNDO:
            return undo(chain, claim, now, act)


def join(chain: Chain, claim: Claim, now: datetime) -> Decided:
    """Give places at the end of the list, or on the waitlist; once per person and item, never over capacity.

    Who was promoted and joins again confirms.
    """
    orders = claim.orders or (Order(),)
    mine = _meant(chain, claim)
    if any(entry.confirm_by for entry in mine) and (not claim.orders or _units(orders) == _units(mine)):
        return confirm(chain, claim)
    if fault := _fault_of_joining(chain, claim, orders, mine, now):
        return chain, _outcome(chain, claim, fault)
    entries = [
        Entry(claim.member_id, claim.masked_name, sequence, order.item, order.quantity, claim.note, claim.proxy)
        for sequence, order in enumerate(orders, start=chain.next_sequence)
    ]
    joined = replace(chain, next_sequence=chain.next_sequence + len(entries))
    if _units(entries) <= chain.free:
        joined = replace(joined, entries=(*chain.entries, *entries))
        return joined, _outcome(joined, claim, ClaimCode.JOINED)
    joined = replace(joined, waiting=(*chain.waiting, *entries))
    return joined, _outcome(joined, claim, ClaimCode.WAITLISTED)


def leave(chain: Chain, claim: Claim, now: datetime) -> Decided:
    """Give back what the claim means while the chain is open; a place that was offered may be declined later too."""
    mine = [entry for entry in _meant(chain, claim) if _is_ordered(entry, claim)]
    if not mine:
        return chain, _outcome(chain, claim, _absent(chain, claim))
    if is_over(chain, now) and not all(entry.confirm_by for entry in mine):
        return chain, _outcome(chain, claim, ClaimCode.CLOSED)
    left = promote(_without(chain, mine), now)
    return left, _outcome(left, claim, ClaimCode.LEFT)


def edit(chain: Chain, claim: Claim, now: datetime) -> Decided:
    """Change quantity, item or note of one entry; it keeps its place in the list."""
    mine = _meant(chain, claim)
    entry = _the_one(mine, claim.orders)
    if entry is None:
        return chain, _outcome(chain, claim, ClaimCode.WHICH_ENTRY if mine else _absent(chain, claim))
    order = claim.orders[0] if claim.orders else Order(entry.quantity)
    changed = replace(entry, quantity=order.quantity, item=order.item or entry.item, note=claim.note or entry.note)
    if fault := _fault_of_editing(chain, mine, entry, changed, now):
        return chain, _outcome(chain, claim, fault)
    rest = _without(chain, [entry])
    holds = entry in chain.entries or changed.quantity <= chain.free
    edited = promote(_with(rest, [changed], holds=holds), now)
    return edited, _outcome(edited, claim, ClaimCode.EDITED)


def confirm(chain: Chain, claim: Claim) -> Decided:
    """Take the places that were offered, the member's own and those written for others."""
    ready = [entry for entry in chain.to_confirm if entry.member_id == claim.member_id]
    if not ready:
        return chain, _outcome(chain, claim, ClaimCode.NOTHING_TO_CONFIRM)
    entries = [replace(entry, confirm_by=None) if entry in ready else entry for entry in chain.entries]
    confirmed = replace(chain, entries=tuple(entries))
    return confirmed, _outcome(confirmed, claim, ClaimCode.CONFIRMED)


def undo(chain: Chain, claim: Claim, now: datetime, act: Act | None) -> Decided:
    """Bring back what the member had before the latest change, a few minutes long.

    A place that another one took meanwhile is not taken from them: who had left comes first on the waitlist,
    who gave up units keeps the fewer ones.
    """
    if act is None or now >= act.at + UNDO_WITHIN:
        return chain, _outcome(chain, claim, ClaimCode.NOTHING_TO_UNDO)
    if is_over(chain, now):
        return chain, _outcome(chain, claim, ClaimCode.CLOSED)
    mine = chain.of(claim.member_id)
    rest = _without(chain, mine)
    back = [replace(entry, confirm_by=None) for entry in act.before if entry.sequence in act.held]
    fits = _units(back) <= rest.free
    still = {entry.sequence for entry in mine if entry in chain.entries}
    if not fits and any(entry.sequence in still for entry in back):
        return chain, _outcome(chain, claim, ClaimCode.NO_ROOM)
    waits = [entry for entry in act.before if entry.sequence not in act.held]
    undone = promote(_with(_with(rest, back, holds=fits), waits, holds=False), now)
    return undone, _outcome(undone, claim, ClaimCode.UNDONE)


def barred(before: Chain, after: Chain, claim: Claim, standings: Mapping[int, Standing]) -> ClaimOutcome | None:
    """Why a claim that brings a new entry must not; None where it may, or brings none.

    `standings` are of the claimants; somebody who is missing there is nobody whom the bank knows.
    """
    known = {entry.sequence for entry in before.of(claim.member_id)}
    if all(entry.sequence in known for entry in after.of(claim.member_id)):
        return None
    standing = standings.get(claim.member_id, Standing())
    unmet = first_unmet(before.conditions, standing, in_person=claim.proxy is None)
    if unmet is None:
        return None
    elsewhere = standing.elsewhere if unmet.kind is ConditionKind.ONCE else None
    return replace(_outcome(before, claim, ClaimCode.NOT_ELIGIBLE), unmet=unmet, elsewhere=elsewhere)


def act_of(before: Chain, after: Chain, claim: Claim, now: datetime) -> Act | None:
    """What a later undo needs to know of a change by this claim; None where nothing can be undone."""
    if claim.verb not in {Verb.JOIN, Verb.LEAVE, Verb.EDIT} or before.of(claim.member_id) == after.of(claim.member_id):
        return None
    held = frozenset(entry.sequence for entry in before.entries if entry.member_id == claim.member_id)
    return Act(claim.member_id, now, before.of(claim.member_id), held)


def _fault_of_joining(
    chain: Chain, claim: Claim, orders: Sequence[Order], mine: Sequence[Entry], now: datetime
) -> ClaimCode | None:
    if any(order.item == entry.item or not order.item for order in orders for entry in mine):
        return ClaimCode.TWICE if any(entry in chain.entries for entry in mine) else ClaimCode.WAITING
    if is_over(chain, now):
        return ClaimCode.CLOSED
    if min(order.quantity for order in orders) < 1 or _units(mine) + _units(orders) > chain.limit:
        return ClaimCode.OVER_LIMIT
    if not all(_is_item(chain, order.item) for order in orders) or len({o.item for o in orders}) < len(orders):
        return ClaimCode.WHICH_ITEM
    proxies = {entry.proxy for entry in chain.of(claim.member_id) if entry.proxy}
    if claim.proxy and claim.member_id != chain.leader_id and len(proxies | {claim.proxy}) > MOST_PROXIES:
        return ClaimCode.MANY_PROXIES
    if _units(orders) > chain.free and len(chain.waiting) + len(orders) > MOST_WAITING:
        return ClaimCode.FULL
    return None


def _fault_of_editing(
    chain: Chain, mine: Sequence[Entry], entry: Entry, changed: Entry, now: datetime
) -> ClaimCode | None:
    if is_over(chain, now):
        return ClaimCode.CLOSED
    if not _is_item(chain, changed.item) or any(e.item == changed.item for e in mine if e != entry):
        return ClaimCode.WHICH_ITEM
    if changed.quantity < 1 or _units(mine) - entry.quantity + changed.quantity > chain.limit:
        return ClaimCode.OVER_LIMIT
    if entry in chain.entries and changed.quantity - entry.quantity > chain.free:
        return ClaimCode.NO_ROOM
    return None


def _is_own_business(chain: Chain, claim: Claim) -> bool:
    """In private, somebody deals with entries that are there, or were a moment ago."""
    return (
        claim.chat_id == claim.member_id
        and (claim.verb is Verb.UNDO or bool(chain.of(claim.member_id)))
        and (claim.verb is not Verb.JOIN)
    )


def _meant(chain: Chain, claim: Claim) -> tuple[Entry, ...]:
    """The member's entries for the person whom the claim names: the member, or the one signed up."""
    return tuple(entry for entry in chain.of(claim.member_id) if entry.proxy == claim.proxy)


def _absent(chain: Chain, claim: Claim) -> ClaimCode:
    """Who has no entry of their own but wrote some for others must say which one is meant."""
    return ClaimCode.WHICH_ENTRY if claim.proxy is None and chain.of(claim.member_id) else ClaimCode.NOT_IN


def _is_ordered(entry: Entry, claim: Claim) -> bool:
    return not claim.orders or entry.item in {order.item for order in claim.orders}


def _the_one(mine: Sequence[Entry], orders: Sequence[Order]) -> Entry | None:
    """The entry that an edit means: the one of its item, or the only one."""
    if len(orders) > 1:
        return None
    same = [entry for entry in mine if orders and entry.item == orders[0].item]
    return same[0] if same else mine[0] if len(mine) == 1 else None


def _is_item(chain: Chain, item: int) -> bool:
    return 1 <= item <= len(chain.items) if chain.items else item == 0


def _units(wanted: Sequence[Entry | Order]) -> int:
    return sum(one.quantity for one in wanted)


def _without(chain: Chain, gone: Sequence[Entry]) -> Chain:
    numbers = {entry.sequence for entry in gone}
    entries = tuple(entry for entry in chain.entries if entry.sequence not in numbers)
    return replace(chain, entries=entries, waiting=tuple(e for e in chain.waiting if e.sequence not in numbers))


def _with(chain: Chain, more: Sequence[Entry], *, holds: bool) -> Chain:
    if holds:
        return replace(chain, entries=in_order([*chain.entries, *more]))
    return replace(chain, waiting=in_order([*chain.waiting, *more]))


def _outcome(chain: Chain, claim: Claim, code: ClaimCode) -> ClaimOutcome:
    return ClaimOutcome(
        code,
        chain.place_of(claim.member_id, claim.proxy),
        chain.taken,
        chain.places,
        chain.wait_of(claim.member_id, claim.proxy),
        _units(_meant(chain, claim)),
        chain.limit,
    )
