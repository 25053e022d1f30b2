"""Pure rules of the registry: what was found in due diligence, who may approve, when a link works."""

from collections.abc import Sequence
from datetime import date

from campaigns.partners.model import Act, Contract, ContractRefusal, ContractState, Deed, DueItem

OUTCOMES = {Deed.PASSED: True, Deed.FAILED: False}


def latest(acts: Sequence[Act]) -> list[Act]:
    """What was done since the contract was handed in last: what was found of an older one counts no more."""
    starts = [at for at, act in enumerate(acts) if act.deed is Deed.REGISTERED]
    return list(acts[starts[-1] :]) if starts else []


def findings(acts: Sequence[Act]) -> dict[DueItem, bool]:
    """Of each item that was looked at, whether it passed; the last word on it holds."""
    return {act.item: OUTCOMES[act.deed] for act in latest(acts) if act.item is not None}


def approve(contract: Contract, acts: Sequence[Act], by: str) -> ContractRefusal | None:
    """Whether somebody may approve: everything has passed, and they neither handed it in nor looked at it."""
    if contract.state is ContractState.APPROVED:
        return ContractRefusal.APPROVED_ALREADY
    found = findings(acts)
    if not all(found.get(item) for item in DueItem):
        return ContractRefusal.NOT_CHECKED
    own = {_plain(act.by) for act in latest(acts) if act.deed in {Deed.REGISTERED, *OUTCOMES}}
    return ContractRefusal.SAME_PERSON if _plain(by) in own else None


def is_open(contract: Contract, today: date) -> bool:
    """Whether a partner's link works: approved, and within the contract's days."""
    within = contract.terms.starts_on <= today <= contract.terms.ends_on
    return contract.state is ContractState.APPROVED and within


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
