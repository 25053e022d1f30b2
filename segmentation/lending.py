"""A loan that the bank may propose unasked: by flows, cards and credit record, bounded, or why there is none (S-129).

Plain enough for the bot to load; `segmentation.action_options` asks the same of a whole run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from segmentation.intake.subjects import CREDIT_GRADES, ENTERPRISE_GRADES

STEP, FIRM_STEP = 100_000, 1_000_000  # Proposals are whole thousands of yuan, those to firms whole ten thousands; fen.


class NoLoan(StrEnum):
    """Why nothing is proposed; the first that holds."""

    REFUSED = "refused"  # Credit is refused, something is overdue, or the record is poor.
    ASKED = "asked"  # A request is under way, or was declined lately.
    HOLDS_ONE = "holds_one"
    NEW = "new"
    NO_RECORD = "no_record"
    NO_FLOWS = "no_flows"
    UNSTEADY = "unsteady"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True)
class LendingRules:
    """The bounds of a proposal, part of the versioned policy; an assumption to begin with.

    A person gets at most `inflows` times a quarter's inflow, cut by the `shares` of the credit grade, and `most_fen`;
    from `inflow_from_fen` a quarter on, with income in `steady_months` of twelve where that is known. A firm gets the
    share of a year's settlement of `firm_shares`, less what it owes, and at most `firm_most_fen`; none without a grade.
    """

    inflows: int = 2
    inflow_from_fen: int = 1_500_000
    most_fen: int = 30_000_000
    steady_months: int = 6
    shares: Mapping[str, float] = field(default_factory=lambda: {"poor": 0, "fair": 0.5, "good": 1, "excellent": 1})
    unknown_share: float = 0.5
    firm_shares: Mapping[str, float] = field(
        default_factory=lambda: {"C": 0, "B": 0, "BB": 0.03, "BBB": 0.05, "A": 0.08, "AA": 0.10, "AAA": 0.10}
    )
    firm_most_fen: int = 1_000_000_000

    def __post_init__(self) -> None:
        if set(self.shares) != set(CREDIT_GRADES) or set(self.firm_shares) != set(ENTERPRISE_GRADES):
            raise ValueError(f"Lending needs a share for {', '.join((*CREDIT_GRADES, *ENTERPRISE_GRADES))}.")
        shares = (*self.shares.values(), *self.firm_shares.values(), self.unknown_share)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("Every share of lending must lie between 0 and 1.")
        if min(self.inflows, self.inflow_from_fen, self.most_fen, self.steady_months, self.firm_most_fen) < 0:
            raise ValueError("The bounds of lending must not be negative.")

    @classmethod
    def of_policy(cls, body: Mapping[str, Any]) -> Self:
        """The rules of a policy's row; before they stood by themselves three of them were among those of actions."""
        actions = body.get("actions", {})
        earlier = {name: actions[f"loan_{name}"] for name in ("inflows", "inflow_from_fen", "most_fen")
                   if f"loan_{name}" in actions}  # fmt: skip
        return cls(**{**earlier, **body.get("lending", {})})


@dataclass(frozen=True)
class LoanReason:
    """What speaks for a proposal: a code with its figure (fen, months, cards) or the grade."""

    code: str
    value: float | str


@dataclass(frozen=True)
class LoanOffer:
    """What may be proposed, subject to approval: at most so many fen, and why."""

    amount_fen: int
    reasons: tuple[LoanReason, ...]


@dataclass(frozen=True)
class Bars:
    """What forbids a proposal whatever the books say: refused or overdue, and a request under way or just declined."""

    is_refused: bool = False
    has_asked: bool = False


@dataclass(frozen=True)
class PersonBooks:
    """A person's quarter and record; `months` of the last twelve with income, None where nobody tells."""

    inflow_fen: int | None
    months: int | None
    grade: str | None
    cards: int | None
    holds_loan: bool
    is_new: bool


@dataclass(frozen=True)
class FirmBooks:
    """A firm's year and record: settlement, deposits and loans in fen."""

    settlement_fen: int | None
    deposits_fen: int
    loans_fen: int
    grade: str | None


def propose_to_person(books: PersonBooks, bars: Bars, rules: LendingRules) -> LoanOffer | NoLoan:
    """A bounded proposal to a person, or why there is none."""
    share = rules.unknown_share if books.grade is None else rules.shares[books.grade]
    if bars.is_refused or books.grade == "poor":
        return NoLoan.REFUSED
    if bars.has_asked:
        return NoLoan.ASKED
    if books.holds_loan:
        return NoLoan.HOLDS_ONE
    if books.is_new:
        return NoLoan.NEW
    if books.inflow_fen is None or books.inflow_fen < rules.inflow_from_fen:
        return NoLoan.NO_FLOWS
    if books.months is not None and books.months < rules.steady_months:
        return NoLoan.UNSTEADY
    amount = int(min(rules.inflows * books.inflow_fen * share, rules.most_fen)) // STEP * STEP
    told = {"inflow": books.inflow_fen, "months": books.months, "grade": books.grade, "cards": books.cards}
    return _offer(amount, told)


def propose_to_firm(books: FirmBooks, bars: Bars, rules: LendingRules) -> LoanOffer | NoLoan:
    """A bounded proposal to a firm, or why there is none."""
    if bars.is_refused or (books.grade is not None and not rules.firm_shares[books.grade]):
        return NoLoan.REFUSED
    if bars.has_asked:
        return NoLoan.ASKED
    if books.grade is None:
        return NoLoan.NO_RECORD
    if not books.settlement_fen:
        return NoLoan.NO_FLOWS
    room = rules.firm_shares[books.grade] * books.settlement_fen - books.loans_fen
    amount = int(min(room, rules.firm_most_fen)) // FIRM_STEP * FIRM_STEP
    told: dict[str, float | str | None] = {"settlement": books.settlement_fen, "grade": books.grade}
    return _offer(amount, {**told, "deposits": books.deposits_fen, "owed": books.loans_fen})


def _offer(amount: int, told: Mapping[str, float | str | None]) -> LoanOffer | NoLoan:
    if amount <= 0:
        return NoLoan.TOO_LITTLE
    return LoanOffer(amount, tuple(LoanReason(code, value) for code, value in told.items() if value))
