"""The yardstick: from files to classes as an analyst writes it in pandas and scikit-learn; frozen.

python bench/classes_pandas.py TRANSACTIONS.parquet BALANCES.parquet AS_OF OUT.parquet [careful]

A straightforward script reads the files as `read_parquet` does. A careful one reads words as categories, which spares
half of the time and memory.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from pyarrow import parquet
from sklearn.metrics.pairwise import euclidean_distances

WORDS = ["customer", "direction", "channel", "kind"]
WINDOWS = (7, 30, 90, 365)
CHANNELS = ("counter", "atm", "transfer", "online")
PRODUCTS = ["demand_deposit", "time_deposit", "wealth_products"]
LETTERS = np.array(list("ABCD"))
FEATURES = {
    "assets": "assets", "activity": "transfers", "age": "age", "digital": "logins", "counter": "counter_share",
    "cards": "cards",
}  # fmt: skip
KNEES = {"assets": 100_000, "activity": 1, "digital": 1}
WEIGHTS = {"assets": 1.0, "activity": 1.0, "age": 1.0, "digital": 0.5, "counter": 0.5, "cards": 0.25}
PROTOTYPES = {
    "assets": [-0.5, 1.2, 0.6, -1.0],
    "activity": [0.5, 0.6, -0.7, -0.9],
    "age": [-1.0, 0.1, 0.9, 0.7],
    "digital": [0.4, 0.5, -0.5, -0.5],
    "counter": [-0.5, -0.3, 0.5, 0.4],
    "cards": [0.3, 0.5, -0.4, -0.5],
}


def windows(transactions: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row of windowed features per customer; money in fen."""
    seen = transactions[(transactions["day"] <= as_of) & ~transactions["kind"].isin(["interest", "fee"])]
    seen = seen.assign(age=(as_of - seen["day"]).dt.days)
    result = pd.DataFrame(seen.groupby("customer", observed=True)["age"].agg(recency_days="min", known_days="max"))
    for days in WINDOWS:
        recent = seen[seen["age"] < days]
        for way in ("in", "out"):
            amounts = recent[recent["direction"] == way].groupby("customer", observed=True)["amount"]
            result[f"count_{way}_{days}"] = amounts.count()
            result[f"amount_{way}_{days}"] = amounts.sum()
    for days in (90, 365):
        recent = seen[seen["age"] < days]
        uses = recent.groupby(["customer", "channel"], observed=True).size().unstack(fill_value=0)
        for channel in CHANNELS:
            result[f"{channel}_{days}"] = uses[channel]
    result = result.fillna(0).astype("int64")
    before = seen[(seen["age"] >= 90) & (seen["age"] < 180)]
    for way in ("in", "out"):
        earlier = before[before["direction"] == way].groupby("customer", observed=True)["amount"].sum()
        earlier = earlier.reindex(result.index, fill_value=0)
        now = result[f"amount_{way}_90"]
        both = now + earlier
        result[f"trend_{way}"] = ((now - earlier) / both).where(both > 0)
    salaries = seen[(seen["kind"] == "salary") & (seen["direction"] == "in") & (seen["age"] < 365)]
    times = salaries.assign(month_day=salaries["day"].dt.day).groupby(["customer", "month_day"], observed=True).size()
    ranked = times.rename("times").reset_index().sort_values(["times", "month_day"], ascending=[False, True])
    result["salary_day"] = ranked.drop_duplicates("customer").set_index("customer")["month_day"]
    return result


def standardised(people: pd.DataFrame) -> pd.DataFrame:
    """The dimensions that a fifth of the customers have, in spreads from the middle (trimean, 10–90 % range)."""
    found = {}
    for code, name in FEATURES.items():
        column = people[name].astype(float)
        if column.notna().mean() < 0.2:
            continue
        shaped = np.log1p(column / KNEES[code]) if code in KNEES else column
        low, lower, median, upper, high = pd.Series(shaped).quantile([0.1, 0.25, 0.5, 0.75, 0.9])
        found[code] = (shaped - round((lower + 2 * median + upper) / 4, 6)) / round((high - low) / 2.563, 6)
    return pd.DataFrame(found)


def classes(people: pd.DataFrame) -> pd.DataFrame:
    """Letter, gap to the runner-up and the three strongest reasons; an unknown dimension counts for no letter."""
    space = standardised(people)
    codes = np.array(space.columns)
    weights = np.array([WEIGHTS[code] for code in codes])
    prototypes = np.array([PROTOTYPES[code] for code in codes]).T
    places = space.to_numpy()
    known = ~np.isnan(places)
    distances = np.empty((len(people), len(LETTERS)))
    for pattern in np.unique(known, axis=0):
        rows = (known == pattern).all(axis=1)
        scale = np.sqrt(weights[pattern])
        distances[rows] = euclidean_distances(
            places[rows][:, pattern] * scale, prototypes[:, pattern] * scale, squared=True
        )
    order = distances.argsort(axis=1, kind="stable")
    letter, runner_up = order[:, 0], order[:, 1]
    terms = weights * ((places - prototypes[runner_up]) ** 2 - (places - prototypes[letter]) ** 2)
    terms = np.nan_to_num(terms)
    strongest = np.argsort(-np.abs(terms).round(6), axis=1, kind="stable")[:, :3]
    each = np.arange(len(people))
    result = pd.DataFrame({"letter": LETTERS[letter], "runner_up": LETTERS[runner_up]}, index=people.index)
    result["gap"] = distances[each, runner_up] - distances[each, letter]
    for place in range(strongest.shape[1]):
        result[f"reason_{place + 1}"] = codes[strongest[:, place]]
        result[f"points_{place + 1}"] = terms[each, strongest[:, place]].round(3)
    return result


def main(source: str, balances: str, day: str, out: str, way: str = "straightforward") -> None:
    """Read, count, join, judge, write."""
    if way == "careful":
        transactions = parquet.read_table(source, read_dictionary=WORDS).to_pandas(date_as_object=False)
    else:
        transactions = pd.read_parquet(source)
        transactions["day"] = pd.to_datetime(transactions["day"])
    features = windows(transactions, pd.Timestamp(day))
    del transactions
    features.index = features.index.astype(str)
    people = pd.read_parquet(balances).set_index("customer").join(features).sort_index()
    people["assets"] = people[PRODUCTS].sum(axis=1)
    people["transfers"] = people["count_in_90"] + people["count_out_90"]
    uses = people[[f"{channel}_90" for channel in CHANNELS]].sum(axis=1)
    people["counter_share"] = people["counter_90"] / uses.where(uses > 0)
    people["logins"] = people["logins"].where(people["transfers"].notna())
    people.join(classes(people)).to_parquet(Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
