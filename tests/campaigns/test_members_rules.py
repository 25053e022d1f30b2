"""Rules on people: masked names, the table of shared numbers, the language of an app."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.members.model import BindingOutcome, Language, Member
from campaigns.members.rules import bind, language_of, masked
from campaigns.staff.model import Role

ME, OTHER = 7, 8
MINE, ANOTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("王芳", "王*"),
        ("张小明", "张*明"),
        ("欧阳小明", "欧**明"),
        ("王", "王*"),
        ("", "匿*"),
        ("   ", "匿*"),
        ("Anna Smith", "A***h"),
        ("Wolfeschlegelsteinhausen", "W***n"),
        ("Al", "A*"),
    ],
)
def test_strangers_see_a_masked_name(name: str, seen: str) -> None:
    assert masked(name) == seen


@given(st.text())
def test_a_masked_name_shows_at_most_two_characters_and_always_a_star(name: str) -> None:
    seen = masked(name)
    assert 2 <= len(seen) <= 5
    assert "*" in seen
    assert len(seen.replace("*", "")) <= 2


@given(st.text(st.characters(exclude_characters="*", exclude_categories=["Z", "C"]), min_size=2))
def test_a_masked_name_is_never_the_whole_name(name: str) -> None:
    assert masked(name) != name
    assert name not in masked(name)


def member(customer: UUID | None) -> Member:
    return Member(ME, "王芳", Language.ZH, customer_id=customer)


BIND_TABLE = [
    # bound to, contact's owner, consent, customer behind the number, that customer's holder → outcome
    (None, OTHER, True, MINE, None, BindingOutcome.NOT_YOUR_OWN),
    (None, None, True, MINE, None, BindingOutcome.NOT_YOUR_OWN),
    (None, OTHER, False, MINE, None, BindingOutcome.NOT_YOUR_OWN),
    (None, ME, False, MINE, None, BindingOutcome.NO_CONSENT),
    (None, ME, False, None, None, BindingOutcome.NO_CONSENT),
    (MINE, ME, False, MINE, ME, BindingOutcome.NO_CONSENT),
    (None, ME, True, None, None, BindingOutcome.PROSPECT),
    (None, ME, True, MINE, None, BindingOutcome.BOUND),
    (None, ME, True, MINE, OTHER, BindingOutcome.TAKEN),
    (MINE, ME, True, MINE, ME, BindingOutcome.ALREADY_YOURS),
    (ANOTHER, ME, True, MINE, None, BindingOutcome.BOUND_TO_ANOTHER),
    (ANOTHER, ME, True, MINE, OTHER, BindingOutcome.TAKEN),
]


@pytest.mark.parametrize(("bound_to", "contact", "consented", "customer", "holder", "outcome"), BIND_TABLE)
def test_a_shared_number_does_what_the_table_says(
    bound_to: UUID | None,
    contact: int | None,
    consented: bool,
    customer: UUID | None,
    holder: int | None,
    outcome: BindingOutcome,
) -> None:
    assert (
        bind(member(bound_to), contact_user=contact, consented=consented, customer=customer, holder=holder) is outcome
    )


def test_a_bound_member_who_shares_an_unknown_number_keeps_the_binding() -> None:
    outcome = bind(member(MINE), contact_user=ME, consented=True, customer=None, holder=None)
    assert outcome is BindingOutcome.BOUND_TO_ANOTHER


@given(
    st.sampled_from([None, MINE, ANOTHER]),
    st.sampled_from([None, ME, OTHER]),
    st.booleans(),
    st.sampled_from([None, MINE]),
    st.sampled_from([None, ME, OTHER]),
)
def test_nothing_binds_without_consent_to_the_own_number_of_a_free_customer(
    bound_to: UUID | None, contact: int | None, consented: bool, customer: UUID | None, holder: int | None
) -> None:
    outcome = bind(member(bound_to), contact_user=contact, consented=consented, customer=customer, holder=holder)
    if outcome is BindingOutcome.BOUND:
        assert (bound_to, contact, consented, holder) == (None, ME, True, None)
        assert customer is not None


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (None, Language.ZH),
        ("", Language.ZH),
        ("zh", Language.ZH),
        ("zh-hans", Language.ZH),
        ("ZH-TW", Language.ZH),
        ("en", Language.EN),
        ("de", Language.EN),
        ("pt-br", Language.EN),
    ],
)
def test_everybody_is_spoken_to_in_chinese_or_else_in_english(code: str | None, language: Language) -> None:
    assert language_of(code) is language


def test_every_role_beside_customer_makes_somebody_staff() -> None:
    assert not member(None).is_staff
    for role in set(Role) - {Role.CUSTOMER}:
        assert Member(ME, "李敏", Language.ZH, frozenset({Role.CUSTOMER, role})).is_staff
