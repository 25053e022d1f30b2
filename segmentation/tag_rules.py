"""Tags that figures give: each a handful of terms that must all hold, as policy; plain enough for the bot to load."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FEN = 100  # fen in a yuan, said again because the bot loads this module and must not load numpy
Terms = tuple["Term", ...]
SAVINGS = "time_deposit+large_certificates+structured_deposit+demand_deposit"


@dataclass(frozen=True)
class Term:
    """A figure, or a sum of figures joined by +, divided by the figure `per`, lies in [at_least, below).

    Figures are features of the run or columns of its portraits; money in fen. What is unknown fulfils no term.
    """

    figure: str
    at_least: float | None = None
    below: float | None = None
    per: str | None = None

    def __post_init__(self) -> None:
        if self.at_least is None and self.below is None:
            raise ValueError(f"The term on {self.figure} has no bound: it needs at_least or below.")


TAGS: Mapping[str, Terms] = {
    "funds_lover": (Term("funds", 0.3, per="assets"), Term("funds", 1_000 * FEN)),
    "wealth_lover": (Term("wealth_products", 0.5, per="assets"), Term("wealth_products", 1_000 * FEN)),
    "deposit_keeper": (Term(SAVINGS, 0.9, per="assets"), Term("assets", 1_000 * FEN)),
    "ebank_heavy": (Term("transfers", 30), Term("logins", 12)),
    "counter_goer": (Term("counter_share", 0.6),),
    "assets_rising": (Term("deposit_change", 0.1),),
    "assets_falling": (Term("deposit_change", below=-0.1),),
    "logs_in_often": (Term("logins", 12),),
    "logs_in_seldom": (Term("logins", 1, 12),),
    "logins_asleep": (Term("logins", below=1),),
    "salary": (Term("salary_day", 1),),
    "idle_cash": (Term("demand_deposit", 50_000 * FEN), Term("untied_share", 0.5)),
    "settles_here": (Term("transfers", 12), Term("inflow", 100_000 * FEN), Term("assets", below=0.2, per="inflow")),
    "holds_wealth_products": (Term("wealth_products", 1_000 * FEN),),
    "holds_funds": (Term("funds", 1_000 * FEN),),
    "holds_loan": (Term("loans", 1_000 * FEN),),
    "many_products": (Term("products", 3),),
    # The goal of becoming the main account (S-59): reached, and within reach of who has regular money coming in.
    "main_account": (Term("settlement_share", 0.7),),
    "main_account_goal": (Term("settlement_share", 0.3, 0.7), Term("inflow", 15_000 * FEN)),
    # For how long the money can be bound (segmentation.liquidity): flows of the quarter, of salaries, of the festival.
    "salary_goes": (Term("salary_stay_days", below=10),),
    "money_turns_over": (Term("outflow", 0.5, per="assets"),),
    "money_drains": (Term("net_outflow_share", 0.2),),
    "money_flows": (Term("outflow", 0.1, 0.5, per="assets"),),
    "festival_outflow": (Term("festival_out_share", 0.25),),
    "money_stays": (Term("outflow", below=0.1, per="assets"), Term("assets", 1_000 * FEN)),
}


def read_tags(found: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, Terms]:
    """The tags out of a policy's row.

    Raises:
        TypeError, ValueError: a term that cannot be.
    """
    return {code: tuple(Term(**term) for term in terms) for code, terms in found.items()}
