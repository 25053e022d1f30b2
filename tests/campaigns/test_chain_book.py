"""A chain through everything that can happen to it, beside the simplest model: slips of paper on two piles."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from campaigns.chains.claims import UNDO_WITHIN, act_of, decide
from campaigns.chains.model import Act, Chain, ChainState, Claim, ClaimCode, Order, Verb
from campaigns.chains.rules import extend
from campaigns.chains.waitlist import lapse

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
CHAT, LEADER, LIMIT = -100, 99, 3
CONFIRMING = timedelta(hours=12)
MEMBERS = st.integers(1, 6)
OTHERS = st.sampled_from([None, None, None, "王阿姨", "李四"])
QUANTITIES = st.integers(1, LIMIT + 1)
Person = tuple[int, str | None]


@dataclass
class Slip:
    """One person's slip: how many, and until when an offered place is to be confirmed."""

    person: Person
    arrival: int
    quantity: int
    due: datetime | None = None


class Paper:
    """Two piles of slips, held and waiting, worked by somebody patient."""

    def __init__(self, places: int, deadline: datetime) -> None:
        self.places, self.deadline, self.closed = places, deadline, False
        self.held: list[Slip] = []
        self.queue: list[Slip] = []
        self.arrivals = 0
        self.pictures: dict[int, tuple[datetime, list[Slip], list[Slip]]] = {}

    def is_over(self, now: datetime) -> bool:
        return self.closed or now >= self.deadline

    def free(self) -> int:
        return self.places - sum(slip.quantity for slip in self.held)

    def slip(self, person: Person) -> Slip | None:
        return next((slip for slip in [*self.held, *self.queue] if slip.person == person), None)

    def take_back_the_late(self, now: datetime) -> None:
        if any(slip.due and now >= slip.due for slip in self.held):
            self.held = [slip for slip in self.held if not slip.due or now < slip.due]
            self.offer(now)

    def offer(self, now: datetime) -> None:
        for slip in [] if self.is_over(now) else list(self.queue):
            if slip.quantity <= self.free():
                self.queue.remove(slip)
                slip.due = now + CONFIRMING
                self.put(self.held, slip)

    def put(self, pile: list[Slip], slip: Slip) -> None:
        pile.append(slip)
        pile.sort(key=lambda each: each.arrival)

    def picture(self, member: int, now: datetime) -> None:
        held, queue = (deepcopy([s for s in pile if s.person[0] == member]) for pile in (self.held, self.queue))
        self.pictures[member] = (now, held, queue)


class ChainBook(RuleBasedStateMachine):
    """Every act on the chain and on the paper; both must tell the same."""

    @initialize(places=st.integers(LIMIT, 6))
    def opens(self, places: int) -> None:
        self.now, deadline = NOON, NOON + timedelta(days=2)
        self.chain = Chain(1, 1, CHAT, "水果", places, deadline, ChainState.OPEN, LEADER, limit=LIMIT)
        self.paper = Paper(places, deadline)
        self.acts: dict[int, Act | None] = {}

    def says(self, verb: Verb, member: int, quantity: int | None = None, proxy: str | None = None) -> ClaimCode:
        self.paper.take_back_the_late(self.now)
        orders = (Order(quantity),) if quantity else ()
        claim = Claim(verb, member, f"王{member}*", CHAT, orders, proxy=proxy)
        decided, outcome = decide(self.chain, claim, self.now, self.acts.get(member))
        if outcome.code is ClaimCode.UNDONE:
            self.acts[member] = None
        elif act := act_of(self.chain, decided, claim, self.now):
            self.acts[member] = act
        self.chain = decided
        return outcome.code

    @rule(member=MEMBERS, quantity=QUANTITIES, proxy=OTHERS)
    def somebody_joins(self, member: int, quantity: int, proxy: str | None) -> None:
        paper, person = self.paper, (member, proxy)
        code = self.says(Verb.JOIN, member, quantity, proxy)
        there = paper.slip(person)
        if there and there.due and there.quantity == quantity:
            assert code is ClaimCode.CONFIRMED
            self.confirmed_on_paper(member)
        elif there:
            assert code is (ClaimCode.TWICE if there in paper.held else ClaimCode.WAITING)
        elif paper.is_over(self.now):
            assert code is ClaimCode.CLOSED
        elif quantity > LIMIT:
            assert code is ClaimCode.OVER_LIMIT
        else:
            paper.picture(member, self.now)
            paper.arrivals += 1
            fits = quantity <= paper.free()
            assert code is (ClaimCode.JOINED if fits else ClaimCode.WAITLISTED)
            paper.put(paper.held if fits else paper.queue, Slip(person, paper.arrivals, quantity))

    @rule(member=MEMBERS, proxy=OTHERS)
    def somebody_leaves(self, member: int, proxy: str | None) -> None:
        paper = self.paper
        code = self.says(Verb.LEAVE, member, proxy=proxy)
        slip = paper.slip((member, proxy))
        if slip is None:
            wrote = any(each.person[0] == member for each in [*paper.held, *paper.queue])
            assert code is (ClaimCode.WHICH_ENTRY if wrote and proxy is None else ClaimCode.NOT_IN)
        elif paper.is_over(self.now) and not slip.due:
            assert code is ClaimCode.CLOSED
        else:
            assert code is ClaimCode.LEFT
            paper.picture(member, self.now)
            (paper.held if slip in paper.held else paper.queue).remove(slip)
            paper.offer(self.now)

    @rule(member=MEMBERS, quantity=QUANTITIES)
    def somebody_edits(self, member: int, quantity: int) -> None:
        paper = self.paper
        code = self.says(Verb.EDIT, member, quantity)
        slip = paper.slip((member, None))
        if slip is None:
            assert code in {ClaimCode.NOT_IN, ClaimCode.WHICH_ENTRY}
        elif paper.is_over(self.now):
            assert code is ClaimCode.CLOSED
        elif quantity > LIMIT:
            assert code is ClaimCode.OVER_LIMIT
        elif slip in paper.held and quantity - slip.quantity > paper.free():
            assert code is ClaimCode.NO_ROOM
        else:
            assert code is ClaimCode.EDITED
            if quantity != slip.quantity:
                paper.picture(member, self.now)
            slip.quantity = quantity
            if slip in paper.queue and quantity <= paper.free():
                paper.queue.remove(slip)
                paper.put(paper.held, slip)
            paper.offer(self.now)

    @rule(member=MEMBERS)
    def somebody_confirms(self, member: int) -> None:
        code = self.says(Verb.CONFIRM, member)
        offered = any(slip.due and slip.person[0] == member for slip in self.paper.held)
        assert code is (ClaimCode.CONFIRMED if offered else ClaimCode.NOTHING_TO_CONFIRM)
        self.confirmed_on_paper(member)

    def confirmed_on_paper(self, member: int) -> None:
        for slip in self.paper.held:
            slip.due = None if slip.person[0] == member else slip.due

    @rule(member=MEMBERS)
    def somebody_undoes(self, member: int) -> None:
        paper = self.paper
        code = self.says(Verb.UNDO, member)
        at, held, queue = paper.pictures.get(member, (NOON - UNDO_WITHIN, [], []))
        if self.now >= at + UNDO_WITHIN:
            assert code is ClaimCode.NOTHING_TO_UNDO
            return
        if paper.is_over(self.now):
            assert code is ClaimCode.CLOSED
            return
        rest = [slip for slip in paper.held if slip.person[0] != member]
        room = paper.places - sum(slip.quantity for slip in [*rest, *held])
        still = {slip.arrival for slip in paper.held if slip.person[0] == member}
        if room < 0 and still & {slip.arrival for slip in held}:
            assert code is ClaimCode.NO_ROOM
            return
        assert code is ClaimCode.UNDONE
        del paper.pictures[member]
        paper.held, paper.queue = rest, [slip for slip in paper.queue if slip.person[0] != member]
        for slip in held:
            paper.put(paper.held if room >= 0 else paper.queue, replace(slip, due=None))
        for slip in queue:
            paper.put(paper.queue, slip)
        paper.offer(self.now)

    @rule(minutes=st.sampled_from([1, 6, 300, 721, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.paper.take_back_the_late(self.now)
        self.chain = lapse(self.chain, self.now)

    @rule()
    def the_leader_closes(self) -> None:
        self.chain, self.paper.closed = replace(self.chain, state=ChainState.CLOSED), True

    @rule(hours=st.integers(1, 60))
    def the_leader_opens_again_or_extends(self, hours: int) -> None:
        deadline = self.now + timedelta(hours=hours)
        self.chain = extend(self.chain, deadline, self.now)
        self.paper.closed, self.paper.deadline = False, deadline
        self.paper.take_back_the_late(self.now)
        self.paper.offer(self.now)

    @invariant()
    def the_chain_is_the_paper(self) -> None:
        for entries, pile in ((self.chain.entries, self.paper.held), (self.chain.waiting, self.paper.queue)):
            shown = [((e.member_id, e.proxy), e.sequence, e.quantity, e.confirm_by) for e in entries]
            assert shown == [(slip.person, slip.arrival, slip.quantity, slip.due) for slip in pile]

    @invariant()
    def nothing_is_given_twice_or_beyond_the_places(self) -> None:
        every = [*self.chain.entries, *self.chain.waiting]
        assert 0 <= self.chain.free <= self.chain.places
        assert len({entry.sequence for entry in every}) == len({(e.member_id, e.proxy) for e in every}) == len(every)
        assert all(entry.sequence < self.chain.next_sequence and entry.quantity <= LIMIT for entry in every)

    @invariant()
    def no_place_stays_empty_that_somebody_waits_for(self) -> None:
        if not self.paper.is_over(self.now):
            assert all(entry.quantity > self.chain.free for entry in self.chain.waiting)


TestChainBook = ChainBook.TestCase
TestChainBook.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
