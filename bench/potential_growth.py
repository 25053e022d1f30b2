"""Does a potential score rank growth better than assets alone, at a bank of transactions, out of time.

    python bench/potential_growth.py TRANSACTIONS HOLDERS --learnt-as-of 1993-06-30 --as-of 1993-09-30

TRANSACTIONS and HOLDERS are the bank's files `trans` and `disp` in the form of the profile berka; what was known of the
customers at both days is read from the deployment's database (VAR_DIR or DATABASE_URL; import both days first). Growth
is the mean daily balance of the months after a day against that of as many months before it, never a last balance. A
logistic regression on ranks learns from three months after the first day, which end where the second begins, and is
judged by the six months after the second: nothing that it learnt from had not happened by then.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from bot.backing import migrated_database
from bot.settings import Settings
from segmentation.features import build_features
from segmentation.outlook.comparison import OUTLOOK, compare, potential
from segmentation.policy import SegmentationPolicy
from segmentation.scoring import axis_points, total
from storage.segments import open_segments

STEADY = 0.05  # a mean balance within 5 % is unchanged
CUSHION = 1_000.0
READ_FROM = (
    "assets", "inflow", "outflow", "net_outflow_share", "transfers", "idle_days", "loans", "age", "counter_share",
)  # fmt: skip


def main() -> None:
    """Learn, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transactions", type=Path)
    parser.add_argument("holders", type=Path)
    parser.add_argument("--learnt-as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    given = parser.parse_args()
    balances = daily_balances(given.transactions, given.holders)
    learnt, scored = customers([given.learnt_as_of, given.as_of])
    taught, followed = growth(balances, given.learnt_as_of, 3), growth(balances, given.as_of, 6)
    learnt, scored = learnt.loc[learnt.index.isin(taught.index)], scored.loc[scored.index.isin(followed.index)]
    model = make_pipeline(QuantileTransformer(n_quantiles=50, output_distribution="normal"), LogisticRegression(C=0.1))
    model.fit(values(learnt), outcomes(taught[learnt.index]))
    told = outcomes(followed[scored.index])
    policy = SegmentationPolicy()
    scores = {
        OUTLOOK: potential(model.predict_proba(values(scored))),
        "heuristic": total(axis_points(scored, policy.potential)).to_numpy(),
        "assets": scored["assets"].to_numpy(),
        "tenure": scored["tenure_days"].to_numpy(),
    }
    found = compare(scores, told)
    print(f"learnt from {len(learnt)} customers as of {given.learnt_as_of}, 3 months")
    print(f"judged on {len(scored)} customers as of {given.as_of}, 6 months: fell, same, rose {np.bincount(told)}")
    for name, estimate in found.concordance.items():
        lead = found.lead.get(name)
        ahead = f"  learnt leads by {lead.value:+.3f} ({lead.low:+.3f} to {lead.high:+.3f})" if lead else ""
        print(f"{name:10s} concordance {estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f}){ahead}")


def customers(days: list[date]) -> list[pd.DataFrame]:
    """The features of each day by customer number."""
    settings = Settings()
    with migrated_database(settings) as url, open_segments(url, settings.time_zone) as store:
        stored = [store.snapshots(day) for day in days]
    return [build_features(found).set_index(found["number"]) for found in stored]


def daily_balances(transactions: Path, holders: Path) -> pd.DataFrame:
    """The balance of every owner at the end of every day, from the first transaction on; days down, owners across."""
    moves = pd.read_csv(transactions, sep=";", dtype=str, usecols=["trans_id", "account_id", "date", "balance"])
    moves = moves.assign(
        day=pd.to_datetime(moves["date"], format="%y%m%d"),
        order=moves["trans_id"].astype(int),
        balance=moves["balance"].astype(float),
    ).sort_values(["day", "order"])
    at_end = moves.groupby(["account_id", "day"])["balance"].last().unstack("account_id")
    register = pd.read_csv(holders, sep=";", dtype=str)
    owners = register[register["type"] == "OWNER"].set_index("account_id")["client_id"]
    every = at_end.reindex(pd.date_range(at_end.index.min(), at_end.index.max())).ffill()
    every.columns = pd.Index([owners.get(account) for account in every.columns])
    return every.T.groupby(level=0).sum(min_count=1).T


def growth(balances: pd.DataFrame, day: date, months: int) -> pd.Series:
    """The mean of the months after a day against the mean of as many before it, as a logarithm, of who was there."""
    turn = pd.Timestamp(day)
    first, last = turn - pd.DateOffset(months=months), turn + pd.DateOffset(months=months)
    before = balances.loc[first + pd.Timedelta(days=1) : turn]
    after = balances.loc[turn + pd.Timedelta(days=1) : last]
    ratio = (after.mean().clip(lower=0) + CUSHION) / (before.mean().clip(lower=0) + CUSHION)
    return ratio.map(np.log)[before.iloc[0].notna()]


def outcomes(grown: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """0 fell, 1 unchanged, 2 rose."""
    return np.digitize(grown, [-STEADY, STEADY]).astype(np.int64)


def values(features: pd.DataFrame) -> pd.DataFrame:
    """What is learnt from; unknown stands in the middle."""
    found = features[list(READ_FROM)].replace(np.inf, np.nan)
    return found.fillna(found.median()).fillna(0.0)


if __name__ == "__main__":
    main()
