"""Simulates the next quarter's delivery out of this one and looks how little the scores move.

    python bench/next_quarter.py DIR --model FILE [--as-of 2019-09-30] [--profile cn-bank]

The same customers come a quarter later: every day moved, amounts 10 % higher, logins and transfers 30 % more, the
monthly deposit files late, the quarter's file under its new name. What the deposits were then stands in for those kept
at the training. Scores go through the command's own code, with and without the kept deposits. The customers behave as
before, so their scores should hardly change: mean and 95th percentile of the change, and how many customers keep their
place (rank correlation). The model learnt from these customers: nothing here says how good it is.
"""

import argparse
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pandas as pd

from campaigns.customers.outlook import score_outlook
from segmentation.intake.profiles import load_profile
from segmentation.outlook.delivered import ACTIVITY, BALANCES, LAST_TRANSFER, Delivered, Statement, read_delivery
from segmentation.outlook.model import OUTLOOKS
from segmentation.outlook.modelfile import save_statement, statement_file

FEN = 100
RICHER, BUSIER = 1.1, 1.3


def main() -> None:
    """Write the simulated delivery, score it and this one, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2019, 9, 30))
    parser.add_argument("--profile", default="cn-bank")
    given = parser.parse_args()
    delivered = read_delivery(given.folder, load_profile(given.profile), given.as_of, 0.03)
    later = (pd.Timestamp(given.as_of) + pd.offsets.QuarterEnd()).date()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, richer, busier in (("same", 1.0, 1.0), ("moved", RICHER, BUSIER)):
            write(folder / name, delivered, later, richer, busier)
            kept_beside(given.model, folder / f"{name}.model", delivered, given.as_of, richer)
        shutil.copyfile(given.model, folder / "alone.model")
        for kept in ("with the kept deposits", "without them"):
            scores = {}
            for name in ("same", "moved"):
                model = folder / (f"{name}.model" if kept.startswith("with ") else "alone.model")
                found = score_outlook(folder / name, given.profile, later, model, max_rejected=0.03)
                scores[name] = found.table[list(OUTLOOKS)]
                means = found.table[list(OUTLOOKS)].mean().round(4).to_list()
                print(f"{kept}, {name}: from {found.outlook.used}, means {means}")
            compare(kept, scores["same"], scores["moved"])


def compare(kept: str, same: pd.DataFrame, moved: pd.DataFrame) -> None:
    """How far the probabilities moved."""
    for name in OUTLOOKS:
        change = (moved[name] - same[name]).abs()
        ranks = same[name].corr(moved[name], method="spearman")
        far = change.quantile(0.95)
        print(f"{kept}, {name}: mean change {change.mean():.4f}, 95 % within {far:.4f}, ranks {ranks:.4f}")


def write(folder: Path, delivered: Delivered, later: date, richer: float, busier: float) -> None:
    """The delivery of a quarter later in the bank's own files and columns."""
    folder.mkdir()
    days = pd.Timedelta(days=(later - delivered.as_of).days)
    customers = delivered.customers
    departments = {found.name: found for found in delivered.profile.departments}
    money = customers[[*BALANCES, "transfers_in_amount", "transfers_out_amount"]] / FEN * richer
    counts = (
        customers[[name for name in ACTIVITY if name in ("logins", "transfers", "transfers_in", "transfers_out")]]
        * busier
    ).round()
    moved = pd.to_datetime(customers[LAST_TRANSFER]) + days
    ours = pd.concat([money, counts, moved.dt.strftime("%Y-%m-%d %H:%M:%S").rename(LAST_TRANSFER)], axis=1)
    assert delivered.statement is not None
    deposits = delivered.statement.deposits.reindex(customers.index).dropna(how="all")
    deposits = deposits.assign(balance=deposits["balance"] / FEN * richer)
    quarter = f"deposits_{later.year}q{(later.month + 2) // 3}"
    for name, frame, department in (
        ("aum", ours, "aum"),
        ("behavior", ours, "behavior"),
        (quarter, deposits, "deposits_quarter"),
    ):
        columns = departments[department].columns
        table = pd.DataFrame({column.name: frame[column.field] for column in columns}).round(2)
        table.rename_axis(delivered.customer_column).to_csv(folder / f"{name}.csv.gz")


def kept_beside(model: Path, copy: Path, delivered: Delivered, day: date, richer: float) -> None:
    """A copy of the model with the deposits of this quarter's beginning as those of its end."""
    shutil.copyfile(model, copy)
    assert delivered.since is not None
    deposits = delivered.since.deposits.assign(balance=(delivered.since.deposits["balance"] * richer).round())
    save_statement(Statement(day, deposits), statement_file(copy))


if __name__ == "__main__":
    main()
