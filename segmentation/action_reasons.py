"""What speaks for an action: three codes with their values, the strongest first."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from segmentation.action_options import Case
from segmentation.dimensions import Matrix
from segmentation.next_products import HOLDABLE, Places
from segmentation.reasons import Reasons, strongest

AXIS = "action"
SPEAKS: Mapping[str, tuple[str, ...]] = {
    "retention": ("churn", "current_value", "untied", "waits"),
    "product": ("alike", "potential", "untied", "amount", "cheap", "waits"),
    "coupon": ("alike", "amount", "spread", "potential", "waits"),
    "step_up": ("step", "potential", "cheap", "waits"),
    "idle_cash": ("untied", "churn", "amount", "waits"),
    "loan": ("inflow", "amount", "potential", "alike", "waits"),
    "complete_data": ("gaps", "cheap", "waits"),
    "risk_questionnaire": ("unasked", "potential", "cheap", "waits"),
    "activate_card": ("counter", "cheap", "waits"),
    "main_account": ("settled", "inflow", "cheap", "waits"),
    "nothing": ("best", "potential", "waits"),
}
CODES = tuple(dict.fromkeys(code for codes in SPEAKS.values() for code in codes))


def action_reasons(case: Case, chosen: pd.DataFrame, minutes: Places, best: Matrix) -> Reasons:
    """The reasons of the chosen actions; points of 0 to 1 say how strongly, and 0 that it does not apply.

    `minutes` are those of a manager that the chosen channels take. `best` is the highest expected value in fen, also
    below 0: doing nothing is because of it.
    """
    values, strength = _columns(case, chosen, minutes, best)
    applies = np.array([[code in SPEAKS[action] for code in CODES] for action in SPEAKS])
    kinds = pd.Index(list(SPEAKS)).get_indexer(pd.Index(chosen["action"]))
    return strongest(AXIS, CODES, values, np.where(applies[kinds], np.nan_to_num(strength), 0.0))


def _columns(case: Case, chosen: pd.DataFrame, minutes: Places, best: Matrix) -> tuple[Matrix, Matrix]:
    """The value of every reason, and its strength 0–1."""
    share = _shares(case, chosen)
    amount, assets = chosen["amount_fen"].to_numpy(dtype=float), np.maximum(case.column("assets"), 1.0)
    cost = chosen["cost_fen"].to_numpy(dtype=float)
    churn, potential, untied = case.column("churn"), case.column("potential"), case.column("untied_share")
    found = {
        "churn": (churn, churn / 100),
        "current_value": (case.column("current_value"), case.column("current") / 125),
        "untied": (untied, 0.8 * untied),
        "alike": (share, np.sqrt(share)),
        "potential": (potential, potential / 100),
        "amount": (amount, 0.9 * amount / assets),
        "cheap": (cost, np.where(minutes == 0, 0.2, 0.0)),
        "spread": (case.by_letter(case.rules.fresh), np.full(len(assets), 0.4)),
        "step": (amount, 1 - amount / assets),
        "inflow": (case.column("inflow"), np.full(len(assets), 0.8)),
        "gaps": (np.array([float(len(names)) for names in case.portraits.missing]), np.full(len(assets), 0.9)),
        "unasked": (share, np.full(len(assets), 0.9)),
        "settled": (case.known("settlement_share"), np.full(len(assets), 0.9)),
        "counter": (case.column("counter_dealings"), np.full(len(assets), 0.9)),
        "best": (np.where(np.isfinite(best), best, np.nan), np.full(len(assets), 0.9)),
        "waits": (np.full(len(assets), float(case.rules.manager_hours)), chosen["waits"].to_numpy() * 0.95),
    }
    columns = [found[code] for code in CODES]
    return np.column_stack([value for value, _ in columns]), np.clip(
        np.column_stack([strength for _, strength in columns]), 0, 1
    )


def _shares(case: Case, chosen: pd.DataFrame) -> Matrix:
    """The share of holders of the chosen product among those alike; 0 without one."""
    names = chosen["product"].replace({"loan": "loans"})
    places = pd.Index(HOLDABLE).get_indexer(pd.Index(names))
    found = case.products.likely[np.arange(len(places)), places]
    return np.where(places < 0, 0.0, found)
