"""Findings: what the checks of a segmentation run say, in plain values without frames; shares 0–1, money in fen."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; an end is None where the interval is open."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class IndicatorDrift:
    """How one indicator moved between two days; `level` is "calm", "look" or "alarm".

    `psi` is the population stability index, `chance` what it stays below in 95 % of draws from one population.
    Medians are of the known values, in the feature's unit; None where nothing is known or most never did it.
    """

    indicator: str
    psi: float
    chance: float
    level: str
    unknown_before: float
    unknown_after: float
    median_before: float | None
    median_after: float | None


@dataclass(frozen=True)
class GroupCount:
    """A free clustering into `groups`.

    `bic` is better when lower, `silhouette` (−1 to 1) when higher; `repeats` is the adjusted Rand index between
    clusterings of two halves of the sample, `rand` the one against the letters.
    """

    groups: int
    bic: float
    silhouette: float
    repeats: float
    rand: float


@dataclass(frozen=True)
class Cluster:
    """One group of the clustering that was looked at closer; `letters` counts its customers by letter.

    `mostly` is the letter that most of them have, and `mostly_share` how many of them.
    """

    place: int
    customers: int
    share: float
    assets_median_fen: int
    assets_fen: int
    transfers_median: float | None
    logins_median: float | None
    age_median: float | None
    counter_share_mean: float | None
    letters: Mapping[str, int]
    mostly: str
    mostly_share: float


@dataclass(frozen=True)
class Grouping:
    """What free clustering finds beside the letters, on `sample` customers drawn with `seed`.

    `chosen` is the number of groups that repeats best among those whose silhouettes differ from the best by luck alone,
    `lowest_bic` the one with the lowest BIC; `clusters` profile the chosen one, the largest first. `answer` to "is
    there a fifth group?" is "yes" when more than four groups stand clearly better apart than four or fewer and repeat,
    "weak" when they stand better apart but do not repeat, "no" otherwise.
    """

    dimensions: tuple[str, ...]
    sample: int
    seed: int
    tried: tuple[GroupCount, ...]
    chosen: int
    lowest_bic: int
    answer: str
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True)
class FairGroup:
    """How the run treats one group of customers; `trait` is "sex", "age" or "tenure".

    A group below the smallest size is suppressed: only its name stands. `shares` is the share per letter, `disparity`
    that share divided by the one of the trait's largest group (1 in that group itself; None where nobody has the letter
    there). `apart` names the letters whose disparity lies, with all its interval, beyond four fifths either way.
    """

    trait: str
    group: str
    suppressed: bool
    is_largest: bool = False
    customers: int | None = None
    shares: Mapping[str, Estimate] | None = None
    disparity: Mapping[str, Estimate | None] | None = None
    apart: tuple[str, ...] = ()
    potential_mean: float | None = None
    churn_mean: float | None = None
    confidence_mean: float | None = None
    provisional_share: float | None = None


@dataclass(frozen=True)
class TenureBand:
    """Customers and mean potential score of one tenure band, all together and per letter.

    A mean of fewer than the smallest size is None, and a band below it has no letters.
    """

    band: str
    customers: int
    potential_mean: float | None
    letters: Mapping[str, int]
    potential_by_letter: Mapping[str, float | None]


@dataclass(frozen=True)
class RuleReading:
    """What one rule reads, and which of that is a protected trait; `sets_price` rules may read none."""

    rule: str
    sets_price: bool
    reads: tuple[str, ...]
    protected: tuple[str, ...]


@dataclass(frozen=True)
class PriceCheck:
    """Whether a protected trait enters what a customer is worth or pays.

    `clean` when no rule that sets a price reads one, and the value and advised rate of every customer tried stay the
    same, to the fen and the basis point, with the protected traits dealt out anew; `traits_known` are those that
    somebody delivered. `letters_by_age` is the share of customers who would have another letter without age, which is a
    dimension of the study's classes; None where age is not compared.
    """

    clean: bool
    rules: tuple[RuleReading, ...]
    traits_known: tuple[str, ...]
    customers_tried: int
    values_changed: int
    letters_by_age: float | None


@dataclass(frozen=True)
class Fairness:
    """The fairness page: groups, tenure bands, and the check of prices; `smallest` is the least size that is shown."""

    smallest: int
    groups: tuple[FairGroup, ...]
    tenure: tuple[TenureBand, ...]
    price: PriceCheck


@dataclass(frozen=True)
class Firmness:
    """How firm the letters stand, as shares of customers who keep theirs and as adjusted Rand index.

    `kept` and `rand`: under scalers estimated from as many customers of the day drawn with replacement, against the one
    of all of them. `kept_by_refit`: if the frozen scaler, fitted on the day `scaler_of`, were estimated again today.
    """

    rounds: int
    kept_mean: float
    kept_worst: float
    rand_mean: float
    rand_worst: float
    kept_by_refit: float
    scaler_of: str


@dataclass(frozen=True)
class LetterProfile:
    """One class in the figures that the study describes it by; None where nothing is known."""

    letter: str
    customers: int
    share: float
    assets_fen: int
    assets_median_fen: int | None
    assets_mean_fen: int | None
    transfers_median: float | None
    transfers_mean: float | None
    log_in_share: float | None
    age_known: float
    age_median: float | None
    counter_known: float
    counter_share_mean: float | None


@dataclass(frozen=True)
class FitSentence:
    """One sentence of the study about a class; `met` is None where the bank delivers nothing to judge it by.

    `measure` names the field of `LetterProfile` that decides, `figures` has it per letter.
    """

    code: str
    letter: str
    measure: str
    met: bool | None
    figures: Mapping[str, float | None]


@dataclass(frozen=True)
class StudyFit:
    """How the classes fit the study's words."""

    profiles: tuple[LetterProfile, ...]
    sentences: tuple[FitSentence, ...]
