"""The next actions of a run in counts and sums: per action, class and channel, hours, and what routing saves."""

from typing import Any

import numpy as np
import pandas as pd

from segmentation.action_rules import ActionRules

NOTHING = "nothing"
MINUTES = 60


def action_report(chosen: pd.DataFrame, letters: pd.Series, rules: ActionRules) -> dict[str, Any]:
    """Counts, contact costs and sums of expected value in fen, manager's hours used and there, and what routing saves.

    Routing saves (S-145) what a manager's call to each of the contacted would have cost beyond the chosen channels.
    What concluding a purchase costs per 10,000 yuan (S-30) stands apart from the cost of contacts.
    """
    minutes = sum(way.minutes * int((chosen["channel"] == name).sum()) for name, way in rules.channels.items())
    contacted = int((chosen["action"] != NOTHING).sum())
    by_call, cost = contacted * rules.channels["call"].contact_fen, int(chosen["cost_fen"].sum())
    return {
        "by_action": _sums(chosen, chosen["action"]),
        "by_class": _sums(chosen, letters),
        "by_channel": _sums(chosen, chosen["channel"].fillna(NOTHING)),
        "expected_value_fen": int(chosen["expected_value_fen"].sum()),
        "contact_cost_fen": cost,
        "cost_if_called_fen": by_call,
        "saved_by_routing_fen": by_call - cost,
        "manager_hours": {"used": round(minutes / MINUTES, 1), "there": rules.manager_hours},
        "waiting_for_staff": int(chosen["waits"].sum()),
        "transaction_fen_per_10000_yuan": {name: way.transaction_fen for name, way in rules.channels.items()},
    }


def _sums(chosen: pd.DataFrame, kinds: pd.Series) -> dict[str, dict[str, int]]:
    grouped = chosen.groupby(np.asarray(kinds, dtype=object), sort=True)
    sums = grouped[["expected_value_fen", "cost_fen"]].sum().assign(customers=grouped.size())
    return {str(kind): {str(name): int(number) for name, number in row.items()} for kind, row in sums.iterrows()}
