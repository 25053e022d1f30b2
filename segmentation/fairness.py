"""Fairness: how a run treats the sexes, ages and newcomers, and whether a protected trait enters any price."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.averages import finite, mean_of
from segmentation.classes import assign
from segmentation.dimensions import DIMENSIONS, LETTERS
from segmentation.features import build_features
from segmentation.findings import Estimate, FairGroup, Fairness, PriceCheck, RuleReading, TenureBand
from segmentation.policy import SegmentationPolicy
from segmentation.portraits import portray
from segmentation.rates import quote
from segmentation.scoring_maps import QUALITATIVE
from segmentation.standing import is_new

# What no price may read: what says who a person is and not what a person does, and what is derived from it.
PROTECTED_TRAITS = ("age", "birth_date", "life_stage", "sex")
TRIED = 20_000  # customers whose prices are tried out
SMALLEST = 30  # Shares of fewer people are noise, and could point at persons.
FOUR_FIFTHS = (
    0.8  # The line of the US Uniform Guidelines on Employee Selection, 29 CFR 1607.4(D), as a line to look at.
)
NORMAL_975 = 1.959964
UNKNOWN = "unknown"
SEXES = ("f", "m")
NEWCOMERS = ("new", "longer_or_unknown")
# From 60 on a person is elderly by the Law on the Protection of the Rights of the Elderly, article 2.
AGES = ((0, "under_30"), (30, "30_to_44"), (45, "45_to_59"), (60, "from_60"))
TENURES = ((0, "under_180_days"), (180, "under_1_year"), (365, "1_to_3_years"), (1096, "3_to_10_years"),
           (3653, "over_10_years"))  # fmt: skip
Names = npt.NDArray[np.str_]
Starts = tuple[tuple[int, str], ...]
Share = tuple[int, int]


def assess_fairness(
    stored: pd.DataFrame, sexes: pd.Series, table: pd.DataFrame, policy: SegmentationPolicy, seed: int = 1
) -> Fairness:
    """The fairness page of a run.

    `stored` are the day's snapshots as `build_features` reads them, `sexes` "f", "m" or unknown, `table` what the run
    said: letter, potential, churn, confidence, provisional; all three by customer, on the index of `stored`.
    """
    traits = {
        "sex": (sexes.where(sexes.isin(SEXES), UNKNOWN).to_numpy(dtype=str), SEXES),
        "age": (bands(stored["age"], AGES), tuple(name for _, name in AGES)),
        "tenure": (np.where(is_new(stored, policy), *NEWCOMERS), NEWCOMERS),
    }
    groups = [group for trait, (names, order) in traits.items() for group in judge_groups(trait, names, order, table)]
    return Fairness(
        smallest=SMALLEST,
        groups=tuple(groups),
        tenure=by_tenure(bands(stored["tenure_days"], TENURES), table),
        price=check_prices(stored, sexes, policy, seed),
    )


def bands(values: pd.Series, starts: Starts) -> Names:
    """The name of the band that each value falls into; a band begins with its start."""
    names = np.array([name for _, name in starts])
    given = values.to_numpy(dtype=np.float64)
    places = np.searchsorted([start for start, _ in starts], np.nan_to_num(given), "right") - 1
    return np.where(np.isnan(given), UNKNOWN, names[places.clip(0)])


def judge_groups(trait: str, names: Names, order: tuple[str, ...], table: pd.DataFrame) -> tuple[FairGroup, ...]:
    """Every group of a trait that has customers, in their order; the unknown are shown and compared like a group.

    The yardstick is the largest of the known groups, or the unknown where none is large enough.
    """
    sizes = {name: int((names == name).sum()) for name in (*order, UNKNOWN)}
    largest = max(order, key=lambda name: sizes[name])
    largest = largest if sizes[largest] >= SMALLEST else UNKNOWN
    yardstick = _by_letter(table[names == largest])
    return tuple(
        _group(trait, name, table[names == name], yardstick, is_largest=name == largest)
        for name, size in sizes.items()
        if size
    )


def by_tenure(names: Names, table: pd.DataFrame) -> tuple[TenureBand, ...]:
    """The potential score by tenure, since a young bank's score can look excellent by account age alone."""
    members = {name: table[names == name] for name in (*(name for _, name in TENURES), UNKNOWN)}
    return tuple(
        TenureBand(
            band=name,
            customers=len(found),
            potential_mean=_mean_of_many(found["potential"]),
            letters=_by_letter(found) if len(found) >= SMALLEST else {},
            potential_by_letter={
                letter: _mean_of_many(found.loc[found["letter"] == letter, "potential"]) for letter in LETTERS
            },
        )
        for name, found in members.items()
    )


def check_prices(stored: pd.DataFrame, sexes: pd.Series, policy: SegmentationPolicy, seed: int = 1) -> PriceCheck:
    """Read the rules, and price at most 20,000 customers again after dealing their protected traits out anew."""
    rules = read_rules(policy)
    drawn = np.sort(np.random.default_rng(seed).permutation(len(stored))[:TRIED])
    traits = stored.assign(sex=sexes).iloc[drawn]
    present = tuple(name for name in PROTECTED_TRAITS if name in traits)
    changed = count_changed(traits, present, lambda each: prices(build_features(each), policy), seed)
    return PriceCheck(
        clean=changed == 0 and not any(rule.protected for rule in rules if rule.sets_price),
        rules=rules,
        traits_known=tuple(name for name in present if traits[name].notna().any()),
        customers_tried=len(traits),
        values_changed=changed,
        letters_by_age=_letters_by_age(build_features(stored), policy),
    )


def prices(features: pd.DataFrame, policy: SegmentationPolicy) -> pd.DataFrame:
    """The parts of everybody's value, in fen, and the loan rate that would be advised, in basis points."""
    said = portray(features, policy)
    scores = said.table[["current", "potential"]].itertuples(index=False, name=None)
    newcomers = said.table["provisional"].tolist()
    rates = [
        quote(policy.rates, current=current, potential=potential, is_new=new).total
        for (current, potential), new in zip(scores, newcomers, strict=True)
    ]
    return said.parts.assign(loan_rate=rates)


def count_changed(
    people: pd.DataFrame, traits: tuple[str, ...], price: Callable[[pd.DataFrame], pd.DataFrame], seed: int = 1
) -> int:
    """How many customers get another price when their traits are those of somebody else, drawn by lot."""
    order = np.random.default_rng(seed).permutation(len(people))
    dealt = people.assign(**{name: people[name].to_numpy()[order] for name in traits})
    return int((price(people) != price(dealt)).any(axis=1).sum())


def read_rules(policy: SegmentationPolicy) -> tuple[RuleReading, ...]:
    """What every rule of a policy reads when every indicator is told, to the end: a rate reads what its scores read.

    PIPL, article 24: automated decisions make no unreasonable differences in price.
    """
    value = (*policy.value.margins, *policy.value.dealings)
    potential, churn = (
        tuple(indicator.code for indicator in policy.indicators(score, tuple(QUALITATIVE)))
        for score in ("potential", "churn")
    )
    dimensions = tuple(dimension.feature for code, dimension in DIMENSIONS.items() if policy.weights[code] > 0)
    return (
        _reading("current_value", value, sets_price=True),
        _reading("loan_rate", tuple(dict.fromkeys((*value, *potential, "tenure_days"))), sets_price=True),
        _reading("potential", potential),
        _reading("churn", churn),
        _reading("letter", dimensions),
    )


def wilson(hits: int, of: int) -> Estimate:
    """A share with its 95 % score interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    share, square = hits / of, NORMAL_975**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = NORMAL_975 * math.sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    return Estimate(share, min(max(middle - reach, 0.0), share), max(min(middle + reach, 1.0), share))


def disparity(group: Share, yardstick: Share) -> Estimate | None:
    """The ratio of two shares, (hits, customers) each, with an interval from both Wilson intervals.

    By the method of variance estimates recovery (A. Donner and G. Y. Zou, Stat. Methods Med. Res. 21, 2012). None where
    the yardstick has no hit; the upper end is None where it is open.
    """
    if not yardstick[0]:
        return None
    one, two = wilson(*group), wilson(*yardstick)
    assert one.low is not None and one.high is not None and two.low is not None and two.high is not None  # noqa: PT018
    product = one.value * two.value
    under = one.low * (2 * one.value - one.low)
    over = two.low * (2 * two.value - two.low)
    low_root = math.sqrt(max(product**2 - under * two.high * (2 * two.value - two.high), 0.0))
    high_root = math.sqrt(max(product**2 - one.high * (2 * one.value - one.high) * over, 0.0))
    return Estimate(
        value=one.value / two.value,
        low=under / (product + low_root) if under else 0.0,
        high=(product + high_root) / over if over else None,
    )


def _group(
    trait: str, name: str, members: pd.DataFrame, yardstick: Mapping[str, int], *, is_largest: bool
) -> FairGroup:
    size = len(members)
    if size < SMALLEST:
        return FairGroup(trait, name, suppressed=True, is_largest=is_largest)
    letters, others = _by_letter(members), sum(yardstick.values())
    ratios = {letter: disparity((letters[letter], size), (yardstick[letter], others)) for letter in LETTERS}
    if is_largest:
        ratios = {letter: Estimate(1.0, 1.0, 1.0) if yardstick[letter] else None for letter in LETTERS}
    return FairGroup(
        trait=trait,
        group=name,
        suppressed=False,
        is_largest=is_largest,
        customers=size,
        shares={letter: _rounded(wilson(letters[letter], size)) for letter in LETTERS},
        disparity={letter: _rounded(ratio) if ratio else None for letter, ratio in ratios.items()},
        apart=tuple(letter for letter, ratio in ratios.items() if ratio and _is_apart(ratio)),
        potential_mean=mean_of(members["potential"]),
        churn_mean=mean_of(members["churn"]),
        confidence_mean=mean_of(members["confidence"]),
        provisional_share=mean_of(members["provisional"].astype(float)),
    )


def _is_apart(ratio: Estimate) -> bool:
    below = ratio.high is not None and ratio.high < FOUR_FIFTHS
    return below or (ratio.low is not None and ratio.low > 1 / FOUR_FIFTHS)


def _letters_by_age(features: pd.DataFrame, policy: SegmentationPolicy) -> float | None:
    with_age = assign(features, policy)
    if "age" not in with_age.space.codes:
        return None
    ageless = assign(features, replace(policy, weights={**policy.weights, "age": 0.0}))
    return finite(float((with_age.letters != ageless.letters).mean()))


def _reading(rule: str, reads: tuple[str, ...], *, sets_price: bool = False) -> RuleReading:
    return RuleReading(rule, sets_price, reads, tuple(name for name in reads if name in PROTECTED_TRAITS))


def _by_letter(members: pd.DataFrame) -> dict[str, int]:
    return {letter: int((members["letter"] == letter).sum()) for letter in LETTERS}


def _mean_of_many(values: pd.Series) -> float | None:
    return mean_of(values) if len(values) >= SMALLEST else None


def _rounded(found: Estimate) -> Estimate:
    low, high = (None if end is None else round(end, 4) for end in (found.low, found.high))
    return Estimate(round(found.value, 4), low, high)
