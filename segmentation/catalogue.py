"""The catalogue of indicators: what is measured, in which unit and window, from which field; read from one file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from segmentation.intake.profiles import Profile
from segmentation.intake.subjects import SUBJECTS

FILE = Path(__file__).parent / "indicators.yaml"
UNITS = frozenset({"fen", "count", "days", "years", "share", "ratio", "month_day", "months", "category"})
DIRECTIONS = frozenset({"more", "less", "neither"})
KEYS = frozenset({"unit", "window", "windows", "better", "from", "dimension", "scores"})
QUANTITATIVE, QUALITATIVE = "quantitative", "qualitative"
UNKNOWN = "unknown"
FEWEST = 2


class CatalogueError(ValueError):
    """A catalogue that cannot be; the message says which entry and why in one sentence."""


@dataclass(frozen=True)
class Definition:
    """One indicator: its unit, its window in days (0: a point in time), which way is better, and where it comes from.

    `sources` are (subject, field); the first that a bank delivers is used. A qualitative indicator has `categories` in
    a fixed order, by whose places its values are kept, and the default `scores` of each and of the unknown.
    """

    code: str
    unit: str
    better: str
    sources: tuple[tuple[str, str], ...]
    kind: str = QUANTITATIVE
    window: int = 0
    dimension: str | None = None
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in their order, without the unknown."""
        return tuple(name for name in self.scores if name != UNKNOWN)

    def is_told_by(self, profile: Profile) -> bool:
        """Whether a bank's departments deliver a field that it can be read from."""
        told = {(department.subject, name) for department in profile.departments for name in department.fields}
        return any(source in told for source in self.sources)


@dataclass(frozen=True)
class Catalogue:
    """Every indicator by its code; `version` changes with any meaning, unit, window or category."""

    version: int
    definitions: Mapping[str, Definition]

    @property
    def quantitative(self) -> dict[str, Definition]:
        """Those whose values are figures."""
        return {code: found for code, found in self.definitions.items() if found.kind == QUANTITATIVE}

    @property
    def qualitative(self) -> dict[str, Definition]:
        """Those whose values are categories."""
        return {code: found for code, found in self.definitions.items() if found.kind == QUALITATIVE}


@cache
def load_catalogue(file: Path = FILE) -> Catalogue:
    """Read the catalogue.

    Raises:
        CatalogueError: the file is not readable as one.
    """
    try:
        return parse_catalogue(yaml.safe_load(file.read_text("utf-8")))
    except yaml.YAMLError as error:
        raise CatalogueError(f"{file.name} is no readable YAML ({error}).") from error


def parse_catalogue(found: Any) -> Catalogue:
    """Build a catalogue from its parsed YAML; refuses unknown keys, units, fields and scores out of range."""
    if not isinstance(found, dict) or set(found) != {"version", QUANTITATIVE, QUALITATIVE}:
        raise CatalogueError(f"The catalogue needs version, {QUANTITATIVE} and {QUALITATIVE}, and nothing else.")
    if not isinstance(found["version"], int):
        raise CatalogueError("The version of the catalogue must be a whole number.")
    definitions: dict[str, Definition] = {}
    for kind in (QUANTITATIVE, QUALITATIVE):
        for code, entry in (found[kind] or {}).items():
            for definition in _read(str(code), kind, entry):
                if definition.code in definitions:
                    raise CatalogueError(f"{definition.code}: it stands in the catalogue twice.")
                definitions[definition.code] = definition
    return Catalogue(found["version"], definitions)


def _read(code: str, kind: str, entry: Any) -> Iterator[Definition]:
    """One entry; one with several windows is several indicators."""
    if not isinstance(entry, dict) or (odd := set(entry) - KEYS):
        keys = "no mapping" if not isinstance(entry, dict) else f"unknown: {', '.join(sorted(map(str, odd)))}"
        raise CatalogueError(f"{code}: an entry has the keys {', '.join(sorted(KEYS))}; {keys}.")
    unit = entry.get("unit", "category" if kind == QUALITATIVE else None)
    if unit not in UNITS or (unit == "category") != (kind == QUALITATIVE):
        raise CatalogueError(
            f"{code}: its unit must be one of {', '.join(sorted(UNITS))}, category for qualitative ones."
        )
    if entry.get("better") not in DIRECTIONS:
        raise CatalogueError(f"{code}: better must be one of {', '.join(sorted(DIRECTIONS))}.")
    scores = _scores(code, kind, entry.get("scores"))
    windows = entry.get("windows", [entry.get("window", 0)])
    if not isinstance(windows, list) or not all(isinstance(days, int) and days >= 0 for days in windows):
        raise CatalogueError(f"{code}: a window is a whole number of days.")
    for days in windows:
        yield Definition(
            code=f"{code}_{days}" if "windows" in entry else code,
            unit=unit,
            better=entry["better"],
            sources=_sources(code, entry.get("from")),
            kind=kind,
            window=days,
            dimension=entry.get("dimension"),
            scores=scores,
        )


def _sources(code: str, given: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, list) or not given:
        raise CatalogueError(f"{code}: from must list at least one subject.field.")
    found = []
    for place in given:
        subject, _, name = str(place).partition(".")
        if subject not in SUBJECTS or name not in SUBJECTS[subject].fields:
            raise CatalogueError(f"{code}: no department can deliver {place}.")
        found.append((subject, name))
    return tuple(found)


def _scores(code: str, kind: str, given: Any) -> Mapping[str, float]:
    if kind == QUANTITATIVE:
        if given is not None:
            raise CatalogueError(
                f"{code}: a quantitative indicator is scored by the policy's points, not by categories."
            )
        return {}
    if not isinstance(given, dict) or UNKNOWN not in given or len(given) <= FEWEST:
        raise CatalogueError(f"{code}: scores need at least {FEWEST} categories and {UNKNOWN}.")
    if wrong := [name for name, score in given.items() if type(score) not in (int, float) or not 0 <= score <= 100]:
        raise CatalogueError(f"{code}: the score of {wrong[0]} must be a number from 0 to 100.")
    return {str(name): float(score) for name, score in given.items()}
