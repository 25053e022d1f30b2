"""The registry's rules: nothing is approved that did not pass, nor by who looked at it; links keep to their days."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.partners.model import (
    Act,
    Contract,
    ContractRefusal,
    ContractState,
    Deed,
    DueItem,
    Partner,
    PartnerKind,
    Terms,
)
from campaigns.partners.rules import approve, findings, is_open

NOW = datetime(2026, 12, 1, tzinfo=UTC)
DAY = date(2026, 12, 1)
TERMS = Terms("HT-1", DAY, DAY + timedelta(days=30), "李敏", "95500")
CONTRACT = Contract(Partner(1, "安心保险", PartnerKind.INSURER), TERMS, ContractState.PROPOSED, "t")
HANDED_IN = Act(Deed.REGISTERED, "甲", NOW)

looks = st.lists(
    st.builds(
        Act, st.sampled_from([Deed.PASSED, Deed.FAILED]), st.sampled_from("乙丙"), st.just(NOW), st.just(""),
        st.sampled_from(DueItem),
    ),
    max_size=8,
)  # fmt: skip


@given(looks, looks, st.sampled_from("甲乙丙丁"))
def test_a_contract_is_approved_when_the_last_word_on_every_item_is_good_and_by_somebody_else(
    before: list[Act], since: list[Act], by: str
) -> None:
    acts = [HANDED_IN, *before, HANDED_IN, *since]
    last = {act.item: act.deed is Deed.PASSED for act in since}
    refusal = approve(CONTRACT, acts, f" {by}")
    if not all(last.get(item) for item in DueItem):
        assert refusal is ContractRefusal.NOT_CHECKED
    elif by == "甲" or any(act.by == by for act in since):
        assert refusal is ContractRefusal.SAME_PERSON
    else:
        assert refusal is None
    assert findings(acts) == last


@given(st.sampled_from(ContractState), st.integers(-40, 80))
def test_a_link_works_while_its_contract_is_approved_and_runs(state: ContractState, ahead: int) -> None:
    contract = Contract(CONTRACT.partner, TERMS, state, "t")
    assert is_open(contract, DAY + timedelta(days=ahead)) == (state is ContractState.APPROVED and 0 <= ahead <= 30)
