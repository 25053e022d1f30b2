"""The policy of classes: prototypes, weights, scaler, lines and prices, in a versioned value that staff change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Self

from segmentation.action_rules import ActionRules, read_rules
from segmentation.bands import BandRule
from segmentation.catalogue import load_catalogue
from segmentation.dimensions import DIMENSIONS, FEN, LETTERS
from segmentation.enterprises import EnterpriseRule
from segmentation.lending import LendingRules
from segmentation.rates import RateTable
from segmentation.scaler import Scaler
from segmentation.scoring import Indicator, Points, adds_up
from segmentation.scoring_maps import MAPS, beside, completed, map_problem
from segmentation.scoring_maps import WEIGHTS as QUALITATIVE
from segmentation.tag_rules import TAGS, Terms, read_tags
from segmentation.values import ValueRule

PROTOTYPES: Mapping[str, Mapping[str, float]] = {
    "A": {"assets": -0.5, "activity": 0.5, "age": -1.0, "digital": 0.4, "counter": -0.5, "cards": 0.3},
    "B": {"assets": 1.2, "activity": 0.6, "age": 0.1, "digital": 0.5, "counter": -0.3, "cards": 0.5},
    "C": {"assets": 0.6, "activity": -0.7, "age": 0.9, "digital": -0.5, "counter": 0.5, "cards": -0.4},
    "D": {"assets": -1.0, "activity": -0.9, "age": 0.7, "digital": -0.5, "counter": 0.4, "cards": -0.5},
}
WEIGHTS: Mapping[str, float] = {
    "assets": 1.0, "activity": 1.0, "age": 1.0, "digital": 0.5, "counter": 0.5, "cards": 0.25,
}  # fmt: skip
# Chosen on one half of the customers of cn-bank, and shown on the other half and at another bank (docs/benchmarks.md).
POTENTIAL = (
    Indicator(
        "deposit_growth",
        0.35,
        tuple(
            (yuan * FEN, score) for yuan, score in ((-10_000, 0), (-1_000, 10), (0, 60), (10_000, 75), (100_000, 100))
        ),
        unknown=30,
    ),
    Indicator("untied_share", 0.35, ((0, 100), (0.01, 95), (0.1, 75), (0.5, 30), (1, 0))),
    Indicator("net_outflow_share", 0.20, ((-1, 100), (-0.25, 80), (0, 50), (0.25, 20), (1, 0))),
    Indicator("products", 0.10, ((0, 0), (1, 30), (2, 70), (4, 100))),
)
CHURN = (
    Indicator("untied_share", 0.45, ((0, 0), (0.05, 10), (0.5, 60), (1, 100)), unknown=30),
    Indicator(
        "deposit_change", 0.35, ((-1, 100), (-0.5, 90), (-0.25, 70), (-0.1, 50), (0, 30), (0.1, 20), (0.5, 10)),
        unknown=30,
    ),
    Indicator("net_outflow_share", 0.10, ((-1, 0), (0, 30), (0.2, 60), (1, 100)), unknown=30),
    Indicator("idle_days", 0.10, ((0, 20), (30, 40), (90, 80), (180, 100)), unknown=30),
)  # fmt: skip
DEVELOPMENT: Mapping[str, float] = {"potential": 0.5, "closeness": 0.5}
VALUE_POINTS: Points = (
    (10, 0),
    (100, 15),
    (500, 35),
    (1_500, 50),
    (5_000, 65),
    (20_000, 80),
    (100_000, 95),
    (300_000, 100),
)


class PolicyError(ValueError):
    """A policy that cannot be; the message says why in one sentence."""


@dataclass(frozen=True)
class SegmentationPolicy:
    """The versioned policy value; staff may change it, history explains it.

    `prototypes` and `weights` place the four classes in the standardised space; a letter is the nearest prototype.
    `margin` is how much nearer, in squared distance, another prototype must be before a letter changes; from `clear`
    on the letter is sure. Within `new_days` of the first day a letter is provisional, and `provisional_trust` is what
    is left of its confidence. A dimension counts when at least `known_share` of the customers have it. Scores of 0–100
    are cut at `current_line` and `potential_line` into the study's quadrants, which only stand beside the letter.
    `gate_fen` is the line of 500,000 yuan to the middle band. `churn_line` makes a customer a churn warning, and
    `watch_line` puts one of class B on the watch list. `growing_change` is the share by which deposits must have grown.
    `banding` lets behaviour and credit move a customer near a line by one band; `enterprises` are the tiers' points.
    `qualitative` weighs qualitative indicators in a score beside the whole of its figures, and `maps` give their
    categories 0–100; one that no department tells is left out, and the others weigh what they weighed.
    `actions` are the costs, chances and products that next actions are made of; `tags` the rules of tags from figures;
    `rates` advise on loans, `lending` bounds what is proposed.
    """

    prototypes: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: PROTOTYPES)
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    scaler: Scaler | None = None
    margin: float = 0.4
    clear: float = 1.0
    new_days: int = 180
    provisional_trust: float = 0.5
    known_share: float = 0.2
    value: ValueRule = field(default_factory=ValueRule)
    value_points: Points = VALUE_POINTS
    potential: tuple[Indicator, ...] = POTENTIAL
    churn: tuple[Indicator, ...] = CHURN
    qualitative: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: QUALITATIVE)
    maps: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MAPS)
    current_line: float = 50.0
    potential_line: float = 50.0
    gate_fen: int = 500_000 * FEN
    high_net_worth_fen: int = 6_000_000 * FEN
    churn_line: float = 70.0
    watch_line: float = 40.0
    growing_change: float = 0.1
    development: Mapping[str, float] = field(default_factory=lambda: DEVELOPMENT)
    banding: BandRule = field(default_factory=BandRule)
    enterprises: EnterpriseRule = field(default_factory=EnterpriseRule)
    actions: ActionRules = field(default_factory=ActionRules)
    tags: Mapping[str, Terms] = field(default_factory=lambda: TAGS)
    rates: RateTable = field(default_factory=RateTable)
    lending: LendingRules = field(default_factory=LendingRules)

    def __post_init__(self) -> None:
        for problem in (_space_problem(self), _score_problem(self), _line_problem(self)):
            if problem:
                raise PolicyError(problem)

    def indicators(self, score: str, told: Collection[str]) -> tuple[Indicator, ...]:
        """What makes up "potential" or "churn" where these qualitative indicators are told."""
        quantitative = self.potential if score == "potential" else self.churn
        weights = {code: weight for code, weight in self.qualitative[score].items() if code in told}
        return beside(quantitative, weights, self.maps)

    def as_json(self) -> dict[str, Any]:
        """The policy in JSON's types, as its row keeps it."""
        plain = {each.name: _plain(getattr(self, each.name)) for each in fields(self)}
        return {**plain, "scaler": _plain(self.scaler)}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Back from its row; what a row of an earlier form does not say has its default.

        Raises:
            PolicyError: the row says what no policy can.
        """
        known = {each.name for each in fields(cls)}
        given = {name: value for name, value in found.items() if name in known}
        try:
            given |= {name: _indicators(given[name]) for name in ("potential", "churn") if name in given}
            given |= {name: completed(name, given[name]) for name in ("qualitative", "maps") if name in given}
            if "value_points" in given:
                given["value_points"] = _points(given["value_points"])
            if "value" in given:
                given["value"] = ValueRule(**given["value"])
            if "banding" in given:
                given["banding"] = BandRule(**given["banding"])
            if "enterprises" in given:
                given["enterprises"] = EnterpriseRule.from_json(given["enterprises"])
            if "actions" in given:
                given["actions"] = read_rules(given["actions"])
            if "tags" in given:
                given["tags"] = {**TAGS, **read_tags(given["tags"])}
            if "rates" in given:
                given["rates"] = RateTable.from_json(given["rates"])
            given["lending"] = LendingRules.of_policy(found)
            if given.get("scaler") is not None:
                given["scaler"] = Scaler.from_json(given["scaler"])
            return cls(**given)
        except (TypeError, KeyError, ValueError) as error:
            raise error if isinstance(error, PolicyError) else PolicyError(str(error)) from error


def _space_problem(policy: SegmentationPolicy) -> str:
    """What is wrong with prototypes and weights."""
    if set(policy.prototypes) != set(LETTERS):
        return "There must be the prototypes A, B, C and D."
    if set(policy.weights) != set(DIMENSIONS) or not all(weight >= 0 for weight in policy.weights.values()):
        return f"There must be a weight of at least 0 for each of {', '.join(DIMENSIONS)}."
    if any(set(place) != set(DIMENSIONS) for place in policy.prototypes.values()):
        return f"Every prototype needs a coordinate for each of {', '.join(DIMENSIONS)}."
    if policy.weights["assets"] <= 0:
        return "The weight of assets must be above 0: without assets the classes have no meaning."
    assets = {letter: place["assets"] for letter, place in policy.prototypes.items()}
    if not assets["B"] > max(assets[letter] for letter in "ACD"):
        return "The prototype of B must have the highest assets, as the class is described."
    if not assets["D"] < min(assets[letter] for letter in "ABC"):
        return "The prototype of D must have the least assets, as the class is described."
    return ""


def _score_problem(policy: SegmentationPolicy) -> str:
    """What is wrong with indicators and points."""
    if not (adds_up(policy.potential) and adds_up(policy.churn)):
        return "The weights of a score must add up to 1."
    codes = {each.code for each in (*policy.potential, *policy.churn)}
    if odd := sorted(codes - set(load_catalogue().quantitative)):
        return f"The catalogue of indicators has no figure {', '.join(odd)}; `indicators` lists what there is."
    if problem := map_problem(policy.qualitative, policy.maps):
        return problem
    if abs(sum(policy.development.values()) - 1) > 1e-9 or set(policy.development) != {"potential", "closeness"}:
        return "The weights of development, potential and closeness, must add up to 1."
    try:
        Indicator("current_value", 1.0, policy.value_points, scale="log")
    except ValueError as error:
        return str(error)
    return ""


def _line_problem(policy: SegmentationPolicy) -> str:
    """What is wrong with margins and lines."""
    scores = {name: getattr(policy, name) for name in ("current_line", "potential_line", "churn_line", "watch_line")}
    shares = {name: getattr(policy, name) for name in ("provisional_trust", "known_share")}
    for name, value in scores.items():
        if not 0 <= value <= 100:
            return f"{name} must lie between 0 and 100."
    for name, value in shares.items():
        if not 0 <= value <= 1:
            return f"{name} must lie between 0 and 1."
    if policy.margin < 0 or policy.clear <= 0 or policy.new_days < 0 or policy.growing_change < 0:
        return "margin, new_days and growing_change must not be negative, and clear must be above 0."
    if not 0 < policy.gate_fen < policy.high_net_worth_fen:
        return "gate_fen must be above 0 and below high_net_worth_fen."
    return ""


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


def _indicators(entries: list[dict[str, Any]]) -> tuple[Indicator, ...]:
    return tuple(Indicator(**{**entry, "points": _points(entry["points"])}) for entry in entries)


def _points(pairs: list[list[float]]) -> Points:
    return tuple((value, score) for value, score in pairs)
