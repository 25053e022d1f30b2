"""The policy of classes in the hands of staff: shown, tried out on everybody, changed with who, when and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import pandas as pd

from campaigns.customers.segments import PolicyVersion, SegmentStore, earlier_letters, refit
from segmentation.changes import change, differences
from segmentation.dimensions import LETTERS
from segmentation.enterprises import judge
from segmentation.features import build_features
from segmentation.policy import PolicyError, SegmentationPolicy
from segmentation.portraits import portray

COMPARED = ("letter", "band", "lifecycle", "quadrant", "potential", "churn")


@dataclass(frozen=True)
class PolicyEntry:
    """One line of a policy's history."""

    version: int
    made_by: str
    made_at: datetime
    note: str


@dataclass(frozen=True)
class WhatIf:
    """What a change would do to the customers of a day: how many letters, bands, stages and scores would move.

    `matrix` counts customers by the letter of today's policy and of the changed one; both start from the same earlier
    letters, so that only the policy makes the difference.
    """

    as_of: date
    version: int
    changes: dict[str, tuple[Any, Any]]
    customers: int
    moving: dict[str, int]
    matrix: dict[str, dict[str, int]]

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        changes = {key: {"from": old, "to": new} for key, (old, new) in self.changes.items()}
        return {**vars(self), "as_of": self.as_of.isoformat(), "changes": changes}


class PolicyStore(SegmentStore, Protocol):
    """What policies need of the database beyond a run's needs."""

    def policy(self, version: int) -> PolicyVersion | None: ...
    def policy_history(self) -> list[PolicyEntry]: ...


class PolicyService:
    """Shows, tries and changes the policy."""

    def __init__(self, store: PolicyStore, now: datetime) -> None:
        self._store = store
        self._now = now

    def show(self, version: int | None = None) -> PolicyVersion:
        """A version, the newest unless one is named; version 0 is the defaults before the first run.

        Raises:
            PolicyError: there is no such version.
        """
        found = self._store.policy(version) if version is not None else self._store.current_policy()
        if found is None and version:
            raise PolicyError(f"There is no version {version} of the policy.")
        return found or PolicyVersion(0, SegmentationPolicy())

    def history(self) -> list[PolicyEntry]:
        """Every version, the newest first."""
        return self._store.policy_history()

    def what_if(self, settings: Sequence[str], *, refitted: bool = False, until: date | None = None) -> WhatIf:
        """Count who would move, without saving anything.

        Raises:
            PolicyError: the change cannot be, or there are no customers.
        """
        as_of, features = self._customers(until)
        made = self.show()
        before = made.policy if made.policy.scaler else refit(made.policy, features, as_of)
        after = change(before, settings)
        if refitted:
            after = refit(after, features, as_of)
        held = earlier_letters(self._store, features, self._store.run_before(as_of))
        old, new = portray(features, before, held).table, portray(features, after, held).table
        moves = Counter(zip(old["letter"], new["letter"], strict=True))
        return WhatIf(
            as_of=as_of,
            version=made.version,
            changes=differences(before, after),
            customers=len(features),
            moving={name: int((old[name] != new[name]).sum()) for name in COMPARED}
            | {"tier": self._moving_tiers(as_of, before, after)},
            matrix={a: {b: moves[a, b] for b in LETTERS} for a in LETTERS},
        )

    def _moving_tiers(self, as_of: date, before: SegmentationPolicy, after: SegmentationPolicy) -> int:
        """How many enterprises would come into another tier."""
        firms = self._store.enterprises.enterprises(as_of)
        old, new = (judge(firms, policy.enterprises).table["tier"] for policy in (before, after))
        return int((old != new).sum())

    def change(self, settings: Sequence[str], made_by: str, note: str, *, refitted: bool = False) -> PolicyVersion:
        """Keep a new version; one that says the same as the newest is not kept again.

        Raises:
            PolicyError: the change cannot be.
        """
        made = self.show()
        policy = change(made.policy, settings)
        if refitted:
            as_of, features = self._customers(None)
            policy = refit(policy, features, as_of)
        if policy == made.policy:
            return made
        return PolicyVersion(self._store.change_policy(policy, made_by, self._now, note), policy)

    def _customers(self, until: date | None) -> tuple[date, pd.DataFrame]:
        as_of = self._store.latest_day(until)
        if as_of is None:
            raise PolicyError("There are no customers to try the policy on: import a delivery first.")
        return as_of, build_features(self._store.snapshots(as_of))
