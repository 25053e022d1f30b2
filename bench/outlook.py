"""Judges the outlook: every part held out, two yardsticks, and how it stands when the quarter or the files shift.

    python bench/outlook.py DIR --outcome FILE [--as-of 2019-09-30] [--profile cn-bank]

All figures are from inside one quarter. Beside plain folds by customer it holds out whole days of the last transfer,
so that no part can profit from what happened to mature that day; it trains on growth over the longest window and scores
growth over the shortest; and it scores amounts that have all grown by 5 %.
"""

import argparse
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from sklearn.model_selection import GroupKFold, StratifiedKFold  # noqa: E402

from segmentation.intake.profiles import load_profile  # noqa: E402
from segmentation.outlook.boosting import grow  # noqa: E402
from segmentation.outlook.calibration import softmax  # noqa: E402
from segmentation.outlook.delivered import BALANCES, LAST_TRANSFER, Delivered, Statement, read_delivery  # noqa: E402
from segmentation.outlook.evaluation import Outcomes, Quality, judge  # noqa: E402
from segmentation.outlook.indicators import BY_NAME, build  # noqa: E402
from segmentation.outlook.outcomes import read_outcomes  # noqa: E402
from segmentation.outlook.training import Folds  # noqa: E402

FOLDS = 5
RAW = (*BALANCES, "logins", "transfers", "transfers_in", "transfers_out", "inflow", "outflow", "deposit")


def main() -> None:
    """Train and judge, one variant after the other; about ten minutes on one core."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--outcome", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2019, 9, 30))
    parser.add_argument("--profile", default="cn-bank")
    given = parser.parse_args()
    delivered = read_delivery(given.folder, load_profile(given.profile), given.as_of, 0.03)
    outcomes = read_outcomes(given.outcome, delivered.customer_column, delivered.customers.index)
    delivered = replace(delivered, customers=delivered.customers.loc[outcomes.classes.index])
    told = outcomes.values()
    by_customer: Folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(told, told))
    days = pd.to_datetime(delivered.customers[LAST_TRANSFER]).dt.day_of_year.fillna(0)
    by_day: Folds = list(GroupKFold(FOLDS, shuffle=True, random_state=1).split(told, groups=days))
    table = Table(title="The outlook, held out inside one quarter", width=110)
    for name in ("variant", "held out", "macro AUC", "AUC fell", "lift fell", "calibration", "seconds"):
        table.add_column(name)
    richer, recent = grown(delivered, 1.05), shorter(delivered)
    quarter, since = build(delivered, BY_NAME["quarter"]), build(delivered, BY_NAME["since"])
    variants: list[tuple[str, str, pd.DataFrame, pd.DataFrame, Folds]] = [
        ("raw columns", "customers", quarter[list(RAW)], quarter[list(RAW)], by_customer),
        ("today's files", "customers", quarter, quarter, by_customer),
        ("today's files", "days of the last transfer", quarter, quarter, by_day),
        ("today's files, amounts +5 %", "customers", quarter, build(richer, BY_NAME["quarter"]), by_customer),
        ("and one earlier statement", "customers", since, since, by_customer),
        ("and one earlier statement", "days of the last transfer", since, since, by_day),
        ("its window cut to the last month", "customers", since, build(recent, BY_NAME["since"]), by_customer),
    ]  # fmt: skip
    for name, held_out, learnt, scored, folds in variants:
        begin = time.perf_counter()
        quality = held_out_quality(learnt, scored, told, folds)
        table.add_row(name, held_out, *figures(quality), f"{time.perf_counter() - begin:.0f}")
    Console(width=110).print(table)


def held_out_quality(learnt: pd.DataFrame, scored: pd.DataFrame, told: Outcomes, folds: Folds) -> Quality:
    """Learn from one frame and score the unseen customers in the other; uncalibrated."""
    table, later = learnt.to_numpy(dtype=float), scored.to_numpy(dtype=float)
    found = np.empty((len(told), 3))
    for at, (seen, unseen) in enumerate(folds):
        found[unseen] = softmax(grow(table[seen], told[seen], at).log_odds(later[unseen]))
    return judge(found, told)


def grown(delivered: Delivered, factor: float) -> Delivered:
    """The same customers with every amount of money grown."""
    money = [*BALANCES, "transfers_in_amount", "transfers_out_amount"]
    customers = delivered.customers.assign(**{name: delivered.customers[name] * factor for name in money})
    assert delivered.statement is not None
    deposits = delivered.statement.deposits.assign(balance=delivered.statement.deposits["balance"] * factor)
    return replace(delivered, customers=customers, statement=Statement(delivered.statement.true_at, deposits))


def shorter(delivered: Delivered) -> Delivered:
    """The same delivery with its latest earlier statement alone."""
    latest = max(delivered.earlier, key=lambda statement: statement.true_at)
    return replace(delivered, earlier=(latest,))


def figures(quality: Quality) -> tuple[str, ...]:
    """The columns of the table."""
    bands = ((quality.macro_auc, 3), (quality.auc_fell, 3), (quality.lift_fell, 2))
    return (
        *(f"{found.value:.{n}f} ({found.low:.{n}f}–{found.high:.{n}f})" for found, n in bands),
        f"{quality.calibration_error:.4f}",
    )


if __name__ == "__main__":
    main()
