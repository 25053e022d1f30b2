"""Who may take a place: nothing is asked that is not a condition, and every condition is looked at."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.chains.eligibility import (
    MOST_HOLDINGS,
    Condition,
    ConditionFault,
    ConditionKind,
    Holding,
    Standing,
    check_conditions,
    first_unmet,
)

CUSTOMER = UUID(int=7)
REGIONS = ("幸福里", "阳光里")
HELD = [*map(str, Holding)][:MOST_HOLDINGS]
VALUES = {ConditionKind.CLASS: "ABCD", ConditionKind.REGION: REGIONS, ConditionKind.NOT_HOLDING: HELD}
ONE_BY_ONE = [Condition(kind, (value,)) for kind, values in VALUES.items() for value in values]
PLAIN = [Condition(kind) for kind in ConditionKind if kind not in VALUES]
CONDITIONS = st.sampled_from([*ONE_BY_ONE, *PLAIN, Condition(ConditionKind.CLASS, ("A", "C"))])
STANDINGS = st.builds(
    Standing,
    customer_id=st.sampled_from([None, CUSTOMER]),
    letter=st.sampled_from([None, *"ABCD"]),
    regions=st.sampled_from([frozenset(), frozenset(REGIONS[:1]), frozenset(REGIONS)]),
    holdings=st.sampled_from([frozenset(), frozenset(HELD[:1]), frozenset(HELD)]),
    elsewhere=st.sampled_from([None, "B群"]),
)
FEW = settings(max_examples=50, deadline=None)


def asked(*conditions: Condition) -> tuple[Condition, ...]:
    checked = check_conditions(conditions)
    assert isinstance(checked, tuple)
    return checked


@FEW
@given(st.lists(CONDITIONS), STANDINGS, st.booleans())
def test_a_refusal_always_names_a_published_condition(
    wanted: list[Condition], standing: Standing, in_person: bool
) -> None:
    conditions = asked(*wanted)
    unmet = first_unmet(conditions, standing, in_person=in_person)
    assert unmet is None or unmet in conditions
    alone = [each for each in conditions if first_unmet([each], standing, in_person=in_person)]
    assert unmet == next(iter(alone), None)


def test_without_conditions_nobody_is_refused() -> None:
    assert first_unmet((), Standing(elsewhere="B群"), in_person=False) is None


@FEW
@given(st.lists(CONDITIONS))
def test_conditions_stand_once_each_in_the_order_of_asking(wanted: list[Condition]) -> None:
    kinds = [each.kind for each in asked(*wanted)]
    assert kinds == [kind for kind in ConditionKind if kind in kinds]
    assert asked(*asked(*wanted)) == asked(*wanted)
    assert {each.kind for each in wanted} <= set(kinds)


def test_what_only_the_bank_can_tell_asks_for_a_bound_number() -> None:
    assert asked(Condition(ConditionKind.CLASS, ("B", "A"))) == (
        Condition(ConditionKind.BOUND),
        Condition(ConditionKind.CLASS, ("A", "B")),
    )


@pytest.mark.parametrize(
    ("condition", "standing", "met"),
    [
        (Condition(ConditionKind.BOUND), Standing(), False),
        (Condition(ConditionKind.BOUND), Standing(CUSTOMER), True),
        (Condition(ConditionKind.CLASS, ("A", "B")), Standing(CUSTOMER, letter="B"), True),
        (Condition(ConditionKind.CLASS, ("A", "B")), Standing(CUSTOMER, letter="C"), False),
        (Condition(ConditionKind.CLASS, ("A", "B")), Standing(CUSTOMER), False),
        (Condition(ConditionKind.REGION, ("幸福里",)), Standing(regions=frozenset({" 幸福里 ", "C区"})), True),
        (Condition(ConditionKind.REGION, ("幸福里",)), Standing(regions=frozenset({"阳光里"})), False),
        (Condition(ConditionKind.NOT_HOLDING, ("cards",)), Standing(holdings=frozenset({"cards"})), False),
        (Condition(ConditionKind.NOT_HOLDING, ("cards",)), Standing(holdings=frozenset({"funds"})), True),
        (Condition(ConditionKind.ONCE), Standing(elsewhere="B群"), False),
        (Condition(ConditionKind.ONCE), Standing(), True),
    ],
)
def test_a_condition_is_met_or_not(condition: Condition, standing: Standing, met: bool) -> None:
    assert (first_unmet([condition], standing) is None) is met


def test_who_signs_up_another_does_not_meet_in_person() -> None:
    in_person = Condition(ConditionKind.IN_PERSON)
    assert first_unmet([in_person], Standing(CUSTOMER), in_person=False) == in_person
    assert first_unmet([in_person], Standing(CUSTOMER)) is None


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        (Condition(ConditionKind.CLASS, ("E",)), ConditionFault.UNKNOWN_LETTER),
        (Condition(ConditionKind.CLASS), ConditionFault.UNKNOWN_LETTER),
        (Condition(ConditionKind.REGION), ConditionFault.NO_REGION),
        (Condition(ConditionKind.REGION, ("长" * 21,)), ConditionFault.NO_REGION),
        (Condition(ConditionKind.REGION, tuple("一二三四五六")), ConditionFault.MANY_REGIONS),
        (Condition(ConditionKind.NOT_HOLDING, ("gold",)), ConditionFault.UNKNOWN_HOLDING),
        (Condition(ConditionKind.NOT_HOLDING, tuple(Holding)[:4]), ConditionFault.MANY_HOLDINGS),
    ],
)
def test_a_condition_that_means_nothing_is_refused(condition: Condition, fault: ConditionFault) -> None:
    assert check_conditions([condition]) is fault


def test_a_standing_does_not_show_itself_in_a_log() -> None:
    shown = repr(Standing(CUSTOMER, "B", frozenset(REGIONS), frozenset({"cards"})))
    assert not any(word in shown for word in ("'B'", "幸福里", "cards"))
