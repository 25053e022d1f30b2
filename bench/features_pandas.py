"""The yardstick: windowed features as a careful analyst writes them in pandas; frozen, never made faster or slower.

python bench/features_pandas.py TRANSACTIONS.parquet AS_OF OUT.parquet
"""

import sys
from pathlib import Path

import pandas as pd

WINDOWS = (7, 30, 90, 365)
CHANNELS = ("counter", "atm", "transfer", "online")


def features(transactions: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row of features per customer; money in fen."""
    seen = transactions[transactions["day"] <= as_of].copy()
    seen["age"] = (as_of - seen["day"]).dt.days
    result = pd.DataFrame(seen.groupby("customer")["age"].agg(recency_days="min", known_days="max"))
    for days in WINDOWS:
        recent = seen[seen["age"] < days]
        for way in ("in", "out"):
            amounts = recent[recent["direction"] == way].groupby("customer")["amount"]
            result[f"count_{way}_{days}"] = amounts.count()
            result[f"amount_{way}_{days}"] = amounts.sum()
    for days in (90, 365):
        uses = seen[seen["age"] < days].groupby(["customer", "channel"]).size().unstack(fill_value=0)
        for channel in CHANNELS:
            result[f"{channel}_{days}"] = uses[channel]
    result = result.fillna(0).astype("int64")
    before = seen[(seen["age"] >= 90) & (seen["age"] < 180)]
    for way in ("in", "out"):
        earlier = before[before["direction"] == way].groupby("customer")["amount"].sum()
        earlier = earlier.reindex(result.index, fill_value=0)
        now = result[f"amount_{way}_90"]
        both = now + earlier
        result[f"trend_{way}"] = ((now - earlier) / both).where(both > 0)
    salaries = seen[(seen["kind"] == "salary") & (seen["direction"] == "in") & (seen["age"] < 365)]
    times = salaries.assign(month_day=salaries["day"].dt.day).groupby(["customer", "month_day"]).size()
    ranked = times.rename("times").reset_index().sort_values(["times", "month_day"], ascending=[False, True])
    result["salary_day"] = ranked.drop_duplicates("customer").set_index("customer")["month_day"]
    return result.sort_index()


if __name__ == "__main__":
    source, day, out = sys.argv[1:]
    frame = pd.read_parquet(Path(source))
    frame["day"] = pd.to_datetime(frame["day"])
    features(frame, pd.Timestamp(day)).to_parquet(Path(out))
