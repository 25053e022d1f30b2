"""Quantities, items, proxies, the waitlist and undo by their rules, and all of them together beside a paper list."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.chains.claims import MOST_PROXIES, UNDO_WITHIN, act_of, decide
from campaigns.chains.model import Act, Chain, ChainState, Claim, ClaimCode, ClaimOutcome, Order, Verb
from campaigns.chains.rules import extend
from campaigns.chains.waitlist import lapse, offered

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DEADLINE = NOON + timedelta(days=2)
LATE = NOON + timedelta(hours=12)
CHAT = -100
WANG, ZHANG, LI, LEADER = 7, 8, 9, 99


def chain(places: int = 3, limit: int = 3, *items: str) -> Chain:
    return Chain(1, 1, CHAT, "水果", places, DEADLINE, ChainState.OPEN, LEADER, limit=limit, items=items)


def claim(verb: Verb, member: int, *orders: Order, proxy: str | None = None, chat: int = CHAT) -> Claim:
    return Claim(verb, member, f"王{member}*", chat, orders, proxy=proxy)


def joins(member: int, quantity: int = 1, item: int = 0, proxy: str | None = None) -> Claim:
    return claim(Verb.JOIN, member, Order(quantity, item), proxy=proxy)


def leaves(member: int, proxy: str | None = None) -> Claim:
    return claim(Verb.LEAVE, member, proxy=proxy)


def after(start: Chain, *claims: Claim, now: datetime = NOON) -> tuple[Chain, list[ClaimOutcome]]:
    outcomes = []
    acts: dict[int, Act | None] = {}
    for one in claims:
        decided, outcome = decide(start, one, now, acts.get(one.member_id))
        acts[one.member_id] = act_of(start, decided, one, now) or (
            None if outcome.code is ClaimCode.UNDONE else acts.get(one.member_id)
        )
        start = decided
        outcomes.append(outcome)
    return start, outcomes


def holders(chain: Chain) -> list[tuple[int, int]]:
    return [(entry.member_id, entry.quantity) for entry in chain.entries]


def waiters(chain: Chain) -> list[tuple[int, int]]:
    return [(entry.member_id, entry.quantity) for entry in chain.waiting]


def test_places_count_units_and_who_wants_more_than_is_free_waits() -> None:
    done, outcomes = after(chain(), joins(WANG, 2), joins(ZHANG, 2), joins(LI, 1))
    assert [outcome.code for outcome in outcomes] == [ClaimCode.JOINED, ClaimCode.WAITLISTED, ClaimCode.JOINED]
    assert (holders(done), waiters(done), done.free) == ([(WANG, 2), (LI, 1)], [(ZHANG, 2)], 0)


def test_a_free_place_is_offered_to_the_first_who_can_use_it() -> None:
    done, _ = after(chain(), joins(WANG, 2), joins(ZHANG, 1), joins(LI, 3), joins(11, 1), leaves(ZHANG))
    assert (holders(done), waiters(done)) == ([(WANG, 2), (11, 1)], [(LI, 3)])
    assert done.entries[1].confirm_by == LATE
    assert done.people == 1


def test_who_is_promoted_confirms_by_button_in_private_or_by_joining_again() -> None:
    start, _ = after(chain(1), joins(WANG), joins(ZHANG), leaves(WANG))
    for word in (claim(Verb.CONFIRM, ZHANG, chat=ZHANG), claim(Verb.JOIN, ZHANG), joins(ZHANG)):
        done, [outcome] = after(start, word)
        assert outcome == ClaimOutcome(ClaimCode.CONFIRMED, place=1, taken=1, places=1, quantity=1, limit=3)
        assert done.entries[0].confirm_by is None


def test_a_place_that_is_not_confirmed_lapses_and_goes_to_the_next() -> None:
    start, _ = after(chain(1), joins(WANG), joins(ZHANG), joins(LI), leaves(WANG))
    assert lapse(start, LATE - timedelta(microseconds=1)) == start
    done, [outcome] = after(start, claim(Verb.CONFIRM, ZHANG), now=LATE)
    assert outcome.code is ClaimCode.NOTHING_TO_CONFIRM
    assert (holders(done), waiters(done)) == ([(LI, 1)], [])
    assert [entry.confirm_by for entry in offered(start, done)] == [LATE + timedelta(hours=12)]


def test_an_offer_outlives_the_deadline_but_nobody_is_promoted_after_it() -> None:
    start, _ = after(chain(1), joins(WANG), joins(ZHANG), joins(LI))
    start, _ = after(start, leaves(WANG), now=DEADLINE - timedelta(minutes=1))
    confirmed, [outcome] = after(start, claim(Verb.CONFIRM, ZHANG, chat=ZHANG), now=DEADLINE)
    assert (outcome.code, confirmed.people) == (ClaimCode.CONFIRMED, 1)
    declined, [outcome] = after(start, leaves(ZHANG), now=DEADLINE)
    assert (outcome.code, holders(declined), waiters(declined)) == (ClaimCode.LEFT, [], [(LI, 1)])
    assert extend(declined, DEADLINE + timedelta(days=1), DEADLINE).entries[0].member_id == LI


def test_nobody_holds_more_than_the_limit_over_all_items() -> None:
    start = chain(9, 3, "苹果", "香蕉")
    done, outcomes = after(start, joins(WANG, 2, 1), joins(WANG, 2, 2), joins(WANG, 1, 2), joins(ZHANG, 1, 3))
    codes = [ClaimCode.JOINED, ClaimCode.OVER_LIMIT, ClaimCode.JOINED, ClaimCode.WHICH_ITEM]
    assert [outcome.code for outcome in outcomes] == codes
    assert [(entry.item, entry.quantity) for entry in done.entries] == [(1, 2), (2, 1)]


def test_a_tap_on_a_chain_with_items_is_asked_which_one() -> None:
    _, [outcome] = after(chain(9, 3, "苹果", "香蕉"), claim(Verb.JOIN, WANG))
    assert outcome.code is ClaimCode.WHICH_ITEM


def test_several_items_are_ordered_in_one_word_or_not_at_all() -> None:
    start = chain(9, 3, "苹果", "香蕉")
    done, _ = after(start, claim(Verb.JOIN, WANG, Order(2, 1), Order(1, 2)))
    assert [(entry.sequence, entry.item, entry.quantity) for entry in done.entries] == [(1, 1, 2), (2, 2, 1)]
    same, [outcome] = after(start, claim(Verb.JOIN, WANG, Order(2, 1), Order(2, 2)))
    assert (same, outcome.code) == (start, ClaimCode.OVER_LIMIT)


def test_a_proxy_entry_belongs_to_its_writer_and_shows_the_other_name_masked() -> None:
    done, [outcome] = after(chain(), joins(WANG, 2, proxy="王阿姨"))
    assert (outcome.place, outcome.quantity) == (1, 2)
    assert done.entries[0].shown_name == "王*姨"
    assert done.place_of(WANG) is None
    again, [outcome] = after(done, joins(WANG, 1, proxy="王阿姨"))
    assert (again, outcome.code) == (done, ClaimCode.TWICE)


def test_two_people_with_the_same_mask_are_two_people() -> None:
    done, outcomes = after(chain(), joins(WANG, proxy="王芳"), joins(WANG, proxy="王丽"))
    assert [outcome.code for outcome in outcomes] == [ClaimCode.JOINED, ClaimCode.JOINED]
    assert [entry.shown_name for entry in done.entries] == ["王*", "王*"]
    assert done.people == 2


def test_who_wrote_for_others_only_must_say_who_leaves() -> None:
    start, _ = after(chain(), joins(WANG, proxy="王芳"), joins(WANG, proxy="王丽"))
    same, [outcome] = after(start, leaves(WANG))
    assert (same, outcome.code) == (start, ClaimCode.WHICH_ENTRY)
    left, [outcome] = after(start, leaves(WANG, "王芳"))
    assert (outcome.code, [entry.proxy for entry in left.entries]) == (ClaimCode.LEFT, ["王丽"])


def test_a_member_signs_up_a_few_others_and_the_leader_as_many_as_there_are_places() -> None:
    many = [f"王{number}" for number in range(MOST_PROXIES + 1)]
    _, outcomes = after(chain(50), *(joins(WANG, proxy=name) for name in many))
    assert outcomes[-1].code is ClaimCode.MANY_PROXIES
    _, outcomes = after(chain(50), *(joins(LEADER, proxy=name) for name in many))
    assert outcomes[-1].code is ClaimCode.JOINED


@pytest.mark.parametrize(
    ("quantity", "code", "held"),
    [
        (3, ClaimCode.EDITED, 3),
        (1, ClaimCode.EDITED, 1),
        (4, ClaimCode.OVER_LIMIT, 2),
        (0, ClaimCode.OVER_LIMIT, 2),
    ],
)
def test_a_quantity_is_edited_within_the_limit_and_keeps_its_place(quantity: int, code: ClaimCode, held: int) -> None:
    start, _ = after(chain(9), joins(WANG, 2), joins(ZHANG))
    done, [outcome] = after(start, claim(Verb.EDIT, WANG, Order(quantity)))
    assert (outcome.code, holders(done)) == (code, [(WANG, held), (ZHANG, 1)])


def test_who_edits_to_more_than_is_free_keeps_what_there_was() -> None:
    start, _ = after(chain(), joins(WANG), joins(ZHANG, 2))
    assert after(start, claim(Verb.EDIT, WANG, Order(2)))[1][0].code is ClaimCode.NO_ROOM


def test_who_edits_to_fewer_lets_the_next_one_in() -> None:
    start, _ = after(chain(), joins(WANG, 3), joins(ZHANG, 2))
    done, _ = after(start, claim(Verb.EDIT, WANG, Order(1)))
    assert (holders(done), waiters(done)) == ([(WANG, 1), (ZHANG, 2)], [])


def test_who_waits_and_edits_to_what_is_free_is_in_at_once() -> None:
    start, _ = after(chain(), joins(WANG, 2), joins(ZHANG, 3))
    done, [outcome] = after(start, claim(Verb.EDIT, ZHANG, Order(1)))
    assert (outcome.place, done.entries[1].confirm_by) == (2, None)


def test_an_edit_changes_the_item_of_an_only_entry_and_asks_when_there_are_two() -> None:
    start, _ = after(chain(9, 3, "苹果", "香蕉", "橙子"), joins(WANG, 1, 1))
    done, [outcome] = after(start, claim(Verb.EDIT, WANG, Order(2, 2)))
    assert (outcome.code, done.entries[0].item, done.entries[0].quantity) == (ClaimCode.EDITED, 2, 2)
    both, _ = after(done, joins(WANG, 1, 1))
    assert after(both, claim(Verb.EDIT, WANG, Order(2)))[1][0].code is ClaimCode.WHICH_ENTRY
    assert after(both, claim(Verb.EDIT, WANG, Order(2, 3)))[1][0].code is ClaimCode.WHICH_ENTRY


def test_undo_takes_back_a_join_an_edit_and_a_leaving() -> None:
    undoes = claim(Verb.UNDO, WANG)
    start, _ = after(chain(9), joins(ZHANG))
    assert after(start, joins(WANG), undoes)[0].entries == start.entries
    two, _ = after(start, joins(WANG, 2))
    assert after(two, claim(Verb.EDIT, WANG, Order(1)), undoes)[0] == two
    assert after(two, leaves(WANG), undoes)[0] == two


def test_undo_works_once_and_for_a_few_minutes() -> None:
    undoes = claim(Verb.UNDO, WANG)
    assert after(chain(), joins(WANG), undoes, undoes)[1][-1].code is ClaimCode.NOTHING_TO_UNDO
    act = Act(WANG, NOON)
    joined, _ = after(chain(), joins(WANG))
    assert decide(joined, undoes, NOON + UNDO_WITHIN, act)[1].code is ClaimCode.NOTHING_TO_UNDO


def test_who_undoes_a_leaving_too_late_comes_first_on_the_waitlist() -> None:
    done, outcomes = after(chain(1), joins(WANG), joins(ZHANG), joins(LI), leaves(WANG), claim(Verb.UNDO, WANG))
    assert (holders(done), waiters(done)) == ([(ZHANG, 1)], [(WANG, 1), (LI, 1)])
    assert (outcomes[-1].code, outcomes[-1].waiting) == (ClaimCode.UNDONE, 1)


def test_who_gave_up_units_that_another_one_took_keeps_the_fewer() -> None:
    start, _ = after(chain(3), joins(WANG, 3), joins(ZHANG, 2))
    done, outcomes = after(start, claim(Verb.EDIT, WANG, Order(1)), claim(Verb.UNDO, WANG))
    assert (outcomes[-1].code, holders(done)) == (ClaimCode.NO_ROOM, [(WANG, 1), (ZHANG, 2)])


def test_nobody_joins_from_a_private_chat() -> None:
    start, _ = after(chain(), joins(WANG))
    assert after(start, claim(Verb.JOIN, ZHANG, chat=ZHANG))[1][0].code is ClaimCode.NO_CHAIN
    assert after(start, claim(Verb.LEAVE, ZHANG, chat=ZHANG))[1][0].code is ClaimCode.NO_CHAIN
    assert after(start, claim(Verb.LEAVE, WANG, chat=WANG))[1][0].code is ClaimCode.LEFT
