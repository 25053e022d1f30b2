"""The next best action of every customer: the highest expected value that is allowed and that staff have time for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.action_options import NO_PRODUCT, OFFERED, SURE, Case, Option, options
from segmentation.action_reasons import action_reasons
from segmentation.action_report import NOTHING, action_report
from segmentation.action_rules import ActionRules
from segmentation.dimensions import LETTERS, Matrix
from segmentation.json_columns import lists_of
from segmentation.liquidity import DERIVED
from segmentation.next_products import Flags, NextProducts, Places, next_products
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import Portraits
from segmentation.reasons import Reasons
from segmentation.tags import derive_tags

ALTERNATIVES = 2
MINUTES = 60
NEVER = -np.inf


@dataclass(frozen=True)
class Circumstances:
    """What is known of customers beside their figures, by customer id: `appetite` (1–5), `bound`, `credit_refused`.

    `horizon` is for how many days the money can be bound, as the customer told. `corrections` are by action how many
    times likelier than assumed it turned out to succeed.
    """

    table: pd.DataFrame
    corrections: Mapping[str, float] = field(default_factory=dict)

    def of(self, customers: pd.Index) -> pd.DataFrame:
        """The rows of these customers; of whom nothing is known is unasked, not linked and not refused."""
        found = self.table.reindex(customers)
        return pd.DataFrame(
            {
                "appetite": found["appetite"].astype(float),
                "horizon": found["horizon"].astype(float),
                "bound": found["bound"].eq(True),
                "credit_refused": found["credit_refused"].eq(True),
            },
            index=customers,
        )


NOTHING_KNOWN = Circumstances(pd.DataFrame({"appetite": [], "horizon": [], "bound": [], "credit_refused": []}))


@dataclass(frozen=True)
class NextActions:
    """One run's actions, rows in the order of `table`.

    `table` has by customer id: action, channel and product (None for none), amount_fen, probability (0–1),
    expected_value_fen, cost_fen of the contact, opportunity (0–100), waits (staff had no time for a better option).
    """

    table: pd.DataFrame
    products: NextProducts
    reasons: Reasons
    alternatives: pa.StringArray
    report: dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """All options side by side: rows are options, columns are customers; `worth` is NEVER where it is not allowed."""

    actions: npt.NDArray[np.object_]
    channels: npt.NDArray[np.object_]
    minutes: npt.NDArray[np.int64]
    costs: npt.NDArray[np.int64]
    product: Places
    amount: Matrix
    probability: Matrix
    worth: Matrix

    @classmethod
    def of(cls, found: Iterable[Option], letters: Places, rules: ActionRules, corrections: Mapping[str, float]) -> Self:
        """Chances corrected by what was measured; a class without priority gets no manager's time at all."""
        judged = list(found)
        served = np.array([rules.priority[letter] > 0 for letter in LETTERS])[letters]
        ways = [rules.channels[option.channel] for option in judged]
        chances = [np.clip(each.probability * corrections.get(each.action, 1.0), 0, SURE) for each in judged]
        worth = [
            np.where(
                option.allowed & (served | (way.minutes == 0)),
                expected_value(chance, option.value, way.contact_fen),
                NEVER,
            )
            for option, way, chance in zip(judged, ways, chances, strict=True)
        ]
        return cls(
            actions=np.array([option.action for option in judged], dtype=object),
            channels=np.array([option.channel for option in judged], dtype=object),
            minutes=np.array([way.minutes for way in ways]),
            costs=np.array([way.contact_fen for way in ways]),
            product=np.stack([option.product for option in judged]),
            amount=np.stack([option.amount for option in judged]),
            probability=np.stack(chances),
            worth=np.stack(worth),
        )


def expected_value(probability: Matrix, value: Matrix, cost: Matrix | float) -> Matrix:
    """Chance × value at success − cost of the contact, in fen (S-54)."""
    return np.asarray(probability * value - cost)


def corrected(tried: float, succeeded: float, *, weight: float = 5.0) -> float:
    """How many times likelier than assumed: `tried` is the sum of assumed chances, `succeeded` counts.

    Drawn towards 1 as if `weight` further successes had come just as assumed, so that a few cases move little.
    """
    return (succeeded + weight) / (tried + weight)


def decide(
    features: pd.DataFrame, portraits: Portraits, policy: SegmentationPolicy, known: Circumstances = NOTHING_KNOWN
) -> NextActions:
    """Judge every option for everybody and pick; the same input gives the same picks (S-56, S-124, S-144)."""
    beside, table, rules = known.of(features.index), portraits.table, policy.actions
    told = beside["horizon"].to_numpy()
    horizons = np.where(np.isnan(told), horizons_of(features, table, policy), told)
    appetites = beside["appetite"].to_numpy()
    ranked = next_products(features, table["letter"], table["band"], appetites, horizons, rules)
    case = Case(features, portraits, beside, policy, ranked)
    judged = Judged.of(options(case), portraits.assigned.letters, rules, known.corrections)
    possible, waits = share_out(judged.worth, judged.minutes, portraits.assigned.letters, rules)
    picked = possible.argmax(axis=0)
    chosen = _chosen(judged, possible, picked, waits, features.index)
    return NextActions(
        table=chosen,
        products=ranked,
        reasons=action_reasons(case, chosen, judged.minutes[picked], judged.worth.max(axis=0)),
        alternatives=_alternatives(judged, picked, chosen),
        report=action_report(chosen, table["letter"], rules),
    )


def horizons_of(features: pd.DataFrame, table: pd.DataFrame, policy: SegmentationPolicy) -> Matrix:
    """For how many days each customer's money can be bound as flows say; NaN where they say nothing (S-58).

    By the same rules of the policy that give the tags, so that the reason can be read at the customer.
    """
    found = derive_tags(features, table, {code: terms for code, terms in policy.tags.items() if code in DERIVED})
    days = np.array([float(DERIVED[code]) for code in found.codes])
    shortest = np.where(found.held, days, np.inf).min(axis=1, initial=np.inf)
    return np.where(np.isinf(shortest), np.nan, shortest)


def opportunity(values: npt.NDArray[Any]) -> Matrix:
    """The rank of an expected value among those above 0, on 0–100; 0 for the rest (S-54)."""
    found, pays = np.zeros(len(values)), values > 0
    if pays.any():
        found[pays] = (100 * pd.Series(values[pays]).rank(pct=True)).round(2)
    return found


def share_out(
    worth: Matrix, minutes: npt.NDArray[np.int64], letters: Places, rules: ActionRules
) -> tuple[Matrix, Flags]:
    """What remains of `worth` (options × customers) once manager's hours are given out, and who has to wait for some.

    Hours go to the classes in the order of the policy (S-46, S-120), within it to the greatest gain per minute over
    what would be done without staff. What nobody has time for is never done.
    """
    staffed = np.flatnonzero(minutes > 0)
    best = staffed[worth[staffed].argmax(axis=0)]
    customers = np.arange(worth.shape[1])
    gain = worth[best, customers] - np.maximum(worth[minutes == 0].max(axis=0), 0)
    order = np.array([rules.priority[letter] for letter in LETTERS])[letters]
    wants = (gain > 0) & (order > 0)
    queue = np.flatnonzero(wants)
    queue = queue[np.lexsort((queue, -gain[queue] / minutes[best[queue]], order[queue]))]
    served = queue[np.cumsum(minutes[best[queue]]) <= rules.manager_hours * MINUTES]
    possible = worth.copy()
    possible[staffed] = NEVER
    possible[best[served], served] = worth[best[served], served]
    wants[served] = False
    return possible, wants


def _chosen(judged: Judged, worth: Matrix, picked: Places, waits: Flags, customers: pd.Index) -> pd.DataFrame:
    """The picked option of everybody in columns; what does not pay becomes doing nothing."""
    columns = np.arange(len(picked))
    value, product = worth[picked, columns], judged.product[picked, columns]
    pays = value > 0
    expected = np.where(pays, np.floor(np.where(pays, value, 0)), 0).astype(np.int64)
    names = np.array(OFFERED, dtype=object)
    return pd.DataFrame(
        {
            "action": np.where(pays, judged.actions[picked], NOTHING),
            "channel": _where(pays, judged.channels[picked]),
            "product": _where(pays & (product != NO_PRODUCT), names[product]),
            "amount_fen": np.where(pays, judged.amount[picked, columns], 0).astype(np.int64),
            "probability": np.where(pays, judged.probability[picked, columns], 0).round(4),
            "expected_value_fen": expected,
            "cost_fen": np.where(pays, judged.costs[picked], 0),
            "opportunity": opportunity(expected),
            "waits": waits,
        },
        index=customers,
    )


def _alternatives(judged: Judged, picked: Places, chosen: pd.DataFrame) -> pa.StringArray:
    """Per customer a JSON list of the next best that would pay, also what staff have no time for."""
    columns, left, waits = np.arange(len(picked)), judged.worth.copy(), chosen["waits"].to_numpy()
    left[picked, columns] = NEVER
    entries = []
    for _ in range(ALTERNATIVES):
        best = left.argmax(axis=0)
        entries.append(_entry(judged, best, left[best, columns], waits))
        left[best, columns] = NEVER
    return lists_of(entries)


def _entry(judged: Judged, picked: Places, value: Matrix, waits: Flags) -> pa.StringArray:
    starts = pa.array(
        [
            f'{{"action":"{action}","channel":"{channel}","product":'
            for action, channel in zip(judged.actions, judged.channels, strict=True)
        ]
    )
    products = pa.array([*(f'"{code}"' for code in OFFERED), "null"])
    columns, pays = np.arange(len(picked)), value > 0
    figures = {
        "amount_fen": judged.amount[picked, columns].astype(np.int64),
        "probability": judged.probability[picked, columns].round(4),
        "expected_value_fen": np.where(pays, value, 0).astype(np.int64),
    }
    return pc.binary_join_element_wise(
        starts.take(pa.array(picked, mask=~pays)),
        products.take(pa.array(judged.product[picked, columns] % (len(OFFERED) + 1))),
        *(part for name, figure in figures.items() for part in (f',"{name}":', _texts(figure))),
        pc.if_else(pa.array((judged.minutes[picked] > 0) & waits), ', "waits": true}', ', "waits": false}'),
        "",
    )  # fmt: skip


def _where(flags: Flags, names: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """The names where they apply, None elsewhere."""
    found = names.copy()
    found[~flags] = None
    return found


def _texts(figures: npt.NDArray[Any]) -> pa.StringArray:
    return pc.cast(pa.array(figures), pa.string())
