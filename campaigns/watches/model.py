"""Values: the lines of the risk watch, what was counted, and what was found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

SHARES = frozenset({"opt_outs", "complaints", "refusals", "blocks", "outflow"})  # The lines from 0 to 1.


class Signal(StrEnum):
    """What a look asks for (S-143)."""

    OPT_OUTS = "opt_outs"
    COMPLAINTS = "complaints"
    REFUSALS = "refusals"
    BLOCKS = "blocks"
    REDEMPTIONS = "redemptions"
    OUTFLOW = "outflow"
    COMPLAINING = "complaining"  # A customer whose complaint is open.
    REFUSING = "refusing"  # A customer who said no again and again.


@dataclass(frozen=True)
class WatchPolicy:
    """The versioned lines; shares 0–1 of the people reached, money in fen, `fewest` people before a share counts.

    A campaign over the line of opt-outs or complaints is held; the other signals are told.
    """

    fewest: int = 5
    opt_outs: float = 0.01
    complaints: float = 0.005
    refusals: float = 0.5
    blocks: float = 0.05
    redemptions: float = 3.0  # Times the mean of the seven days before.
    redemptions_fewest: int = 20
    outflow: float = 0.5
    outflow_fen: int = 10_000_000
    refusals_of_customer: int = 3

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Out of a row; what it does not name has its default."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in body.items() if name in known})

    def as_json(self) -> dict[str, Any]:
        """Every line by its name."""
        return asdict(self)


@dataclass(frozen=True)
class CampaignCounts:
    """One campaign of the last days: people reached, and of them who opted out, complained; refusals and blocks."""

    campaign: str
    reached: int
    opted_out: int = 0
    complained: int = 0
    closed: int = 0
    refused: int = 0
    blocked: int = 0


@dataclass(frozen=True)
class CodeCounts:
    """One voucher's redemptions: of the last day, and a day's mean of the week before."""

    code: str
    today: int
    usual: float


@dataclass(frozen=True)
class Outflow:
    """A customer whose assets fell between the two latest deliveries, in fen."""

    number: str
    before_fen: int
    after_fen: int


@dataclass(frozen=True)
class Unquiet:
    """A customer to whom nothing is sent for now, and why."""

    customer_id: UUID
    signal: Signal


@dataclass(frozen=True)
class Finding:
    """What a look found: the signal, what it is about, the figure and its line; whether sends are held by it."""

    signal: Signal
    subject: str
    value: float
    line: float
    holds: bool = False


@dataclass(frozen=True)
class Look:
    """One look: what is new, and how many customers nothing is sent to for now."""

    at: datetime
    findings: tuple[Finding, ...]
    suspended: int
    released: int
