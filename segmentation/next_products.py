"""The next product: what customers of the same class and band who hold the same things hold besides."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.action_rules import PRODUCTS, ActionRules
from segmentation.dimensions import FEN, LETTERS, Matrix
from segmentation.features import ASSET_PRODUCTS
from segmentation.json_columns import lists_of
from segmentation.standing import BANDS
from segmentation.suitability import suits

HOLDABLE = (*ASSET_PRODUCTS, "loans")
SETS = 1 << len(HOLDABLE)
GROUPS = len(LETTERS) * len(BANDS)
RANKED = 3
STEP = 1_000 * FEN  # Amounts are proposed in whole thousands of yuan.
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Neighbours:
    """How many of a crowd hold each product: overall, and among those of one group who hold the same other things.

    `shares` (products × group and set) is drawn towards the group's share, and that towards everybody's, where few are
    alike.
    """

    shares: Matrix
    popularity: Matrix

    def likely(self, held: Flags, groups: Places) -> Matrix:
        """Customers × products: the share, 0–1, of holders among those alike, the product itself left aside."""
        sets = _sets(held)
        columns = [self.shares[at, groups * SETS + (sets & ~(1 << at))] for at in range(len(HOLDABLE))]
        return np.column_stack(columns)


@dataclass(frozen=True)
class NextProducts:
    """Per customer and product of HOLDABLE: held, the likely share, an amount in fen; per proposable one whether it
    suits; and the ranking of what suits and is not held, as places in the proposable products, −1 for none."""

    held: Flags
    likely: Matrix
    popularity: Matrix
    amounts: Matrix
    suitable: Flags
    ranked: Places

    def as_json(self) -> pa.StringArray:
        """Per customer a JSON list of {product, share, amount_fen}, the most likely first."""
        rows = np.arange(len(self.ranked))
        return lists_of([self._entry(rows, self.ranked[:, at]) for at in range(self.ranked.shape[1])])

    def _entry(self, rows: Places, picked: Places) -> pa.StringArray:
        nobody = picked < 0
        starts = pa.array([f'{{"product":"{code}","share":' for code in PRODUCTS])
        columns = np.array([HOLDABLE.index(code) for code in PRODUCTS])[picked]
        share = pc.cast(pa.array(self.likely[rows, columns].round(4)), pa.string())
        amount = pc.cast(pa.array(self.amounts[rows, picked].astype(np.int64)), pa.string())
        first = starts.take(pa.array(picked, mask=nobody))
        return pc.binary_join_element_wise(first, share, ', "amount_fen": ', amount, "}", "")


def holdings(features: pd.DataFrame, from_fen: int) -> Flags:
    """Customers × HOLDABLE; a balance below `from_fen` is not held yet."""
    return np.asarray(features[list(HOLDABLE)].to_numpy() >= from_fen)


def groups_of(letters: pd.Series, bands: pd.Series) -> Places:
    """One place per class and band."""
    letter = pd.Index(list(LETTERS)).get_indexer(pd.Index(letters))
    band = pd.Index(BANDS).get_indexer(pd.Index(bands))
    return np.asarray(letter * len(BANDS) + band)


def learn(held: Flags, groups: Places, shrink: int) -> Neighbours:
    """Count holders among those alike; a share of few weighs like `shrink` customers of the wider crowd."""
    sets, popularity = _sets(held), held.mean(axis=0) if len(held) else np.zeros(len(HOLDABLE))
    shares = np.empty((len(HOLDABLE), GROUPS * SETS))
    for at in range(len(HOLDABLE)):
        cells = groups * SETS + (sets & ~(1 << at))
        heads = np.bincount(cells, minlength=GROUPS * SETS).reshape(GROUPS, SETS)
        holders = np.bincount(cells, weights=held[:, at], minlength=GROUPS * SETS).reshape(GROUPS, SETS)
        wide = (holders.sum(axis=1) + shrink * popularity[at]) / (heads.sum(axis=1) + shrink)
        shares[at] = ((holders + shrink * wide[:, None]) / (heads + shrink)).ravel()
    return Neighbours(shares, popularity)


def next_products(
    features: pd.DataFrame,
    letters: pd.Series,
    bands: pd.Series,
    appetites: Matrix,
    horizons: Matrix,
    rules: ActionRules,
) -> NextProducts:
    """Rank what each customer lacks and may be proposed (S-56, S-58, S-126); reads neither age nor sex.

    `appetites` are C1–C5, `horizons` days for which the money can be bound; NaN where nobody knows.
    """
    held, groups = holdings(features, rules.held_from_fen), groups_of(letters, bands)
    found = learn(held, groups, rules.shrink)
    likely = found.likely(held, groups)
    amounts = _amounts(features, held, groups, rules)
    suitable = np.column_stack(
        [suits(each.risk, appetites, each.locked_days, horizons) for each in rules.products.values()]
    )
    columns = [HOLDABLE.index(code) for code in PRODUCTS]
    least = np.array([product.minimum_fen for product in rules.products.values()])
    wanted = np.where(suitable & ~held[:, columns] & (amounts >= least), likely[:, columns], -1.0)
    ranked = np.argsort(-wanted, axis=1, kind="stable")[:, :RANKED]
    ranked = np.where(np.take_along_axis(wanted, ranked, axis=1) < 0, -1, ranked)
    return NextProducts(held, likely, found.popularity, amounts, suitable, ranked)


def _amounts(features: pd.DataFrame, held: Flags, groups: Places, rules: ActionRules) -> Matrix:
    """Customers × proposable products: what holders of the same group hold in the middle, within the own means."""
    means = rules.amount_share * features["assets"].to_numpy()
    found = np.zeros((len(features), len(PRODUCTS)))
    for at, code in enumerate(PRODUCTS):
        holds, balances = held[:, HOLDABLE.index(code)], features[code].to_numpy()
        middles = np.zeros(GROUPS)
        for group in np.unique(groups[holds]):
            middles[group] = np.median(balances[holds & (groups == group)])
        found[:, at] = np.minimum(middles[groups], means) // STEP * STEP
    return found


def _sets(held: Flags) -> Places:
    return np.asarray(held @ (1 << np.arange(len(HOLDABLE))))
