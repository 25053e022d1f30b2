"""A partner, its contract with the state of the registry, what it brings by its link, and what was done when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PartnerKind(StrEnum):
    """What a partner is to a campaign."""

    BANK = "bank"
    MERCHANT = "merchant"
    PROPERTY = "property"
    PARTNER = "partner"
    BROKER = "broker"
    INSURER = "insurer"
    E_COMMERCE = "e_commerce"


@dataclass(frozen=True)
class Partner:
    """Who takes part in a campaign's cost or hands goods out."""

    id: int
    name: str
    kind: PartnerKind


class ContractState(StrEnum):
    """Where a contract stands: proposed → approved by a second person → suspended → approved again."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SUSPENDED = "suspended"


class DueItem(StrEnum):
    """What is looked at before a contract is approved."""

    LICENCE = "licence"
    REPUTATION = "reputation"
    PERSONAL_DATA = "personal_data"
    COMPLAINTS = "complaints"


class Deed(StrEnum):
    """What somebody did with a contract."""

    REGISTERED = "registered"
    PASSED = "passed"
    FAILED = "failed"
    APPROVED = "approved"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class Terms:
    """A contract as it is handed in: its number and days, who of the bank is answerable, how the partner is reached."""

    number: str
    starts_on: date
    ends_on: date
    answerable: str
    contact: str


@dataclass(frozen=True)
class Contract:
    """A partner's contract; `token` is in its link, for good."""

    partner: Partner
    terms: Terms
    state: ContractState
    token: str


@dataclass(frozen=True)
class Act:
    """One thing that somebody did with a contract; acts are only ever added."""

    deed: Deed
    by: str
    at: datetime
    note: str = ""
    item: DueItem | None = None


@dataclass(frozen=True)
class Brought:
    """What a partner's link brought: new people, those of them who opened an account since, and customers of before."""

    leads: int = 0
    accounts: int = 0
    customers: int = 0


@dataclass(frozen=True)
class Entry:
    """One line of the registry: the contract, what was done since it was last handed in, what it brings."""

    contract: Contract
    acts: Sequence[Act]
    brought: Brought


class ContractRefusal(StrEnum):
    """Why nothing was done."""

    UNKNOWN = "unknown"
    OTHER_KIND = "other_kind"
    NOT_CHECKED = "not_checked"
    SAME_PERSON = "same_person"
    APPROVED_ALREADY = "approved_already"
    NOT_APPROVED = "not_approved"
