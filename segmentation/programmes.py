"""The tiered programme before and after, by class, beside those who were kept out of every campaign (S-116)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from segmentation.dimensions import LETTERS
from segmentation.experiments.balance import BLOCKS_BELOW
from segmentation.experiments.effects import X, Y, adjust, compare
from segmentation.experiments.model import Interval, told_plainly
from segmentation.experiments.moments import Group, Values

FEWEST = 2
CONFIDENCE = 0.95
ALL = "all"
CHANGES = ("assets", "moved_up", "stayed", "online")


@dataclass(frozen=True)
class Beside:
    """What customers of a class changed by more than those kept out: heads, difference, 95 % interval, p.

    Assets are in yuan a customer, the rest are shares; assets have those before taken off (CUPED).
    """

    measure: str
    treated: int
    control: int
    difference: float | None
    interval: Interval | None
    p: float | None


@dataclass(frozen=True)
class ClassChange:
    """One class, as it was on the earlier day; money in yuan, shares 0–1, costs in yuan over the time between.

    `moved` counts where its customers went, "" for those who are in no class of the later day. `growth` and
    `online_change` are means of those known on both days, with paired intervals.
    """

    letter: str
    customers_before: int
    customers_after: int
    assets_before: float
    assets_after: float
    moved: Mapping[str, int]
    growth: float | None
    growth_interval: Interval | None
    online_before: float | None
    online_after: float | None
    online_change: float | None
    online_interval: Interval | None
    cost: float
    beside: tuple[Beside, ...]


@dataclass(frozen=True)
class Programme:
    """The two days, every class and all of them together; `balance_p` asks whether the control fell as planned."""

    before: date
    after: date
    classes: tuple[ClassChange, ...]
    treated: int
    control: int
    planned_control: float | None
    balance_p: float | None

    @property
    def is_blocked(self) -> bool:
        """Whether the control did not fall as planned, so that no difference may be believed."""
        return self.balance_p is not None and self.balance_p < BLOCKS_BELOW

    def as_json(self) -> dict[str, Any]:
        """In JSON's types: intervals as two numbers, days as text."""
        told = asdict(self) | {"blocked": self.is_blocked}
        plain: dict[str, Any] = told_plainly(told)
        return plain


def programme(people: pd.DataFrame, before: date, after: date, planned_control: float | None) -> Programme:
    """Compare two days; one row per customer of either.

    Columns: `letter_before`, `letter_after` (missing where in no class), `assets_before`, `assets_after` (yuan),
    `online_before`, `online_after` (0–1), `cost` (yuan), `control` (1 kept out of every campaign, 0 not, missing where
    no campaign asked). `planned_control` is the share that the global control was to be.
    """
    asked = people["control"].dropna()
    control = int((asked == 1).sum())
    treated = len(asked) - control
    p = None
    if planned_control and control and treated:
        p = float(stats.binomtest(control, control + treated, planned_control).pvalue)
    is_blocked = p is not None and p < BLOCKS_BELOW
    parts = [(letter, people["letter_before"] == letter) for letter in LETTERS]
    everybody = (ALL, pd.Series(True, index=people.index))
    classes = tuple(_class(people, name, chosen, compares=not is_blocked) for name, chosen in (*parts, everybody))
    return Programme(before, after, classes, treated, control, planned_control, p)


def _class(people: pd.DataFrame, name: str, chosen: "pd.Series[bool]", *, compares: bool) -> ClassChange:
    theirs = people[chosen]
    now = people if name == ALL else people[people["letter_after"] == name]
    were = theirs[theirs["assets_before"].notna()]
    both = were[were["assets_after"].notna()]
    growth = (both["assets_after"] - both["assets_before"]).to_numpy(dtype=float)
    online = theirs[theirs["online_before"].notna() & theirs["online_after"].notna()]
    shift = (online["online_after"] - online["online_before"]).to_numpy(dtype=float)
    moved = were["letter_after"].fillna("").value_counts()
    return ClassChange(
        name,
        len(were),
        int(now["assets_after"].notna().sum()),
        float(were["assets_before"].sum()),
        float(now["assets_after"].sum()),
        {str(letter): int(count) for letter, count in sorted(moved.items())},
        float(growth.mean()) if len(growth) else None,
        _paired(growth),
        float(online["online_before"].mean()) if len(online) else None,
        float(online["online_after"].mean()) if len(online) else None,
        float(shift.mean()) if len(shift) else None,
        _paired(shift),
        float(theirs["cost"].sum()),
        tuple(_beside(were, measure) for measure in CHANGES) if compares else (),
    )


def _paired(changes: "np.typing.NDArray[np.float64]") -> Interval | None:
    """The 95 % interval of a mean change; None below two customers."""
    if len(changes) < FEWEST:
        return None
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(changes) - 1)) * float(changes.std(ddof=1)) / sqrt(len(changes))
    return Interval(float(changes.mean()) - half, float(changes.mean()) + half)


def _beside(people: pd.DataFrame, measure: str) -> Beside:
    """Customers whom campaigns might write to, beside those kept out of all."""
    known = people[people["control"].notna()]
    values = _values(known, measure)
    known, values = known[values.notna()], values.dropna()
    groups = []
    for flag in (1, 0):
        mine = (known["control"] == flag).to_numpy()
        columns: dict[str, Values] = {Y: np.asarray(values, dtype=np.float64)[mine]}
        if measure == "assets":
            columns[X] = np.asarray(known["assets_before"], dtype=np.float64)[mine]
        groups.append(Group(columns))
    control, treated = groups
    if min(control.n, treated.n) < FEWEST:
        return Beside(measure, treated.n, control.n, None, None, None)
    if measure == "assets" and (adjusted := adjust(control, treated)):
        return Beside(measure, treated.n, control.n, adjusted.difference, adjusted.interval, adjusted.p)
    found = compare("binary" if measure in {"moved_up", "stayed"} else "continuous", control, treated)
    return Beside(measure, treated.n, control.n, found.difference, found.interval, found.p)


def _values(known: pd.DataFrame, measure: str) -> "pd.Series[float]":
    """What is compared: assets after (0 for who left), whether somebody rose or stayed, how online dealings changed."""
    match measure:
        case "assets":
            return known["assets_after"].fillna(0.0)
        case "moved_up":
            rank = {letter: float(at) for at, letter in enumerate("DCAB")}  # By value: B is worth most, D least.
            after, was = (known[name].map(rank).astype(float) for name in ("letter_after", "letter_before"))
            rose = after > was
            return rose.astype(float).where(known["letter_before"].notna())
        case "stayed":
            return known["assets_after"].notna().astype(float)
        case _:
            return (known["online_after"] - known["online_before"]).astype(float)
