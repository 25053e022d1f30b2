"""Champion and challenger: a model says the potential only while it beat the heuristic on the latest later window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol


class Standing(StrEnum):
    """Whether a model may say the potential, and why not."""

    ACTIVE = "active"
    RETIRED = "retired"
    NOT_BETTER = "not_better"
    NOT_JUDGED = "not_judged"


class Why(StrEnum):
    """Why a run took the potential from where it did."""

    BEATS_HEURISTIC = "beats_heuristic"
    NO_MODEL = "no_model"
    RETIRED = "retired"
    NOT_BETTER = "not_better"
    NOT_JUDGED = "not_judged"
    NOT_USABLE = "not_usable"


@dataclass(frozen=True)
class Judgement:
    """How a model fared on one window later than its training; `holds` when it beat the heuristic there.

    `as_of` is the day of the scored delivery; what followed it is the outcome. `metrics` is the evaluation's card.
    """

    as_of: date
    holds: bool
    made_by: str
    made_at: datetime
    metrics: dict[str, Any]


@dataclass(frozen=True)
class RegisteredModel:
    """A model that the bank knows, by the SHA-256 of its file, with every judgement on it, the latest first."""

    digest: str
    profile: str
    trained_on: date
    accepted_by: str
    accepted_at: datetime
    retired_by: str | None = None
    retired_at: datetime | None = None
    judgements: tuple[Judgement, ...] = ()

    def judged_before(self, day: date | None) -> Judgement | None:
        """The judgement on the latest window that began before a day; of several on one window the latest made."""
        fitting = [found for found in self.judgements if day is None or found.as_of < day]
        return max(fitting, key=lambda found: (found.as_of, found.made_at), default=None)

    def standing(self, day: date | None = None) -> Standing:
        """Whether the model may speak for a day; without a day, for the days to come."""
        if self.retired_at is not None:
            return Standing.RETIRED
        judged = self.judged_before(day)
        if judged is None:
            return Standing.NOT_JUDGED
        return Standing.ACTIVE if judged.holds else Standing.NOT_BETTER

    def as_json(self) -> dict[str, Any]:
        """In JSON's types."""
        judged = self.judged_before(None)
        return {
            "digest": self.digest,
            "profile": self.profile,
            "trained_on": self.trained_on.isoformat(),
            "standing": self.standing().value,
            "accepted_by": self.accepted_by,
            "accepted_at": self.accepted_at.isoformat(),
            "retired_by": self.retired_by,
            "retired_at": self.retired_at.isoformat() if self.retired_at else None,
            "judged_on": judged.as_of.isoformat() if judged else None,
            "judgements": [
                {**vars(found), "as_of": found.as_of.isoformat(), "made_at": found.made_at.isoformat()}
                for found in self.judgements
            ],
        }


@dataclass(frozen=True)
class Choice:
    """Where a run takes the potential from: the model with its digest, or the heuristic; and why."""

    why: Why
    model: str | None = None
    trained_on: date | None = None
    judged_on: date | None = None

    @property
    def used(self) -> str | None:
        """The digest of the model that says the potential; None for the heuristic."""
        return self.model if self.why is Why.BEATS_HEURISTIC else None

    def as_json(self) -> dict[str, Any]:
        """In JSON's types, as the run's report keeps it."""
        used = "model" if self.used else "heuristic"
        days = {name: day.isoformat() if day else None for name, day in vars(self).items() if name.endswith("_on")}
        return {"from": used, "why": self.why.value, "model": self.model, **days}


def choose(models: Sequence[RegisteredModel], profile: str | None, day: date) -> Choice:
    """The champion of a day: of the active models of this bank the one judged on the latest window, the newest first.

    Where none is active, the choice names what stands against the one that was accepted last.
    """
    ours = sorted((found for found in models if found.profile == profile), key=lambda found: found.accepted_at)
    if not ours:
        return Choice(Why.NO_MODEL)
    active = [found for found in ours if found.standing(day) is Standing.ACTIVE]
    found = max(active, key=lambda model: (_window(model, day), model.accepted_at)) if active else ours[-1]
    judged = found.judged_before(day)
    why = Why.BEATS_HEURISTIC if active else Why(found.standing(day).value)
    return Choice(why, found.digest, found.trained_on, judged.as_of if judged else None)


def _window(model: RegisteredModel, day: date) -> date:
    judged = model.judged_before(day)
    return judged.as_of if judged else date.min


@dataclass(frozen=True)
class Candidate:
    """A model's file with what an evaluation on a later window said of it; digests are SHA-256 of the files."""

    digest: str
    profile: str
    trained_on: date
    body: bytes
    outcome: str
    as_of: date
    holds: bool
    metrics: dict[str, Any]


class ChampionStore(Protocol):
    """Where models and the judgements on them are kept."""

    def models(self, known_by: datetime | None = None) -> list[RegisteredModel]: ...
    def keep_model(self, candidate: Candidate, by: str, now: datetime) -> None: ...
    def keep_judgement(self, digest: str, outcome: str, judged: Judgement) -> None: ...
    def retire(self, digest: str, by: str, now: datetime) -> None: ...


class ModelNotFoundError(Exception):
    """No model, or more than one, has a digest that begins so."""


class ChampionService:
    """Registers models with the judgements on them, and retires them."""

    def __init__(self, store: ChampionStore, now: datetime) -> None:
        self._store = store
        self._now = now

    def models(self) -> list[RegisteredModel]:
        """Every model, the last accepted first."""
        return self._store.models()

    def retire(self, start: str, by: str) -> RegisteredModel:
        """Retire the model whose digest begins so; it stays known, and accepting it again brings it back.

        Raises:
            ModelNotFoundError: none or several begin so.
        """
        found = [model for model in self._store.models() if model.digest.startswith(start)]
        if len(found) != 1:
            raise ModelNotFoundError(f'{len(found)} models have a digest that begins with "{start}": see model list.')
        self._store.retire(found[0].digest, by, self._now)
        return self._find(found[0].digest)

    def keep(self, candidate: Candidate, by: str) -> RegisteredModel:
        """Register a model with one more judgement on it; the same window and outcome again replace that judgement."""
        judged = Judgement(candidate.as_of, candidate.holds, by, self._now, candidate.metrics)
        self._store.keep_model(candidate, by, self._now)
        self._store.keep_judgement(candidate.digest, candidate.outcome, judged)
        return self._find(candidate.digest)

    def _find(self, digest: str) -> RegisteredModel:
        return next(model for model in self._store.models() if model.digest == digest)
