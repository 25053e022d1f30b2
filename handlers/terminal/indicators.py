"""Indicators on the terminal: the catalogue under a policy, its page of the documents, those of one customer."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.indicators import IndicatorLine, IndicatorTable, Use
from campaigns.members.model import Language
from handlers.wording.indicators import (
    amount_of,
    definition_of,
    meaning_of,
    name_of,
    unit_of,
    window_of,
)
from handlers.wording.segments import department_words, yuan
from segmentation.catalogue import Definition, load_catalogue
from segmentation.intake.profiles import Profile

DIRECTIONS = {"more": "↑", "less": "↓", "neither": "–"}
SCORES = {"letter": "class", "potential": "potential", "churn": "churn", "current_value": "yuan a year"}
CATALOGUE_COLUMNS = ("code", "name", "unit", "window", "better", "weight")
CUSTOMER_COLUMNS = ("indicator", "value", "window", "source", "age", *SCORES.values())
PAGE = Path(__file__).parent / "indicators.md"


def catalogue_json(uses: Sequence[Use], version: int, profile: Profile | None) -> str:
    """The catalogue under a version of the policy as one JSON object, with names and meanings in both languages."""
    entries = [{**use.as_json(), **_said(use.definition), **_told(use.definition, profile)} for use in uses]
    body = {"catalogue": load_catalogue().version, "policy_version": version, "indicators": entries}
    return json.dumps(body, ensure_ascii=False)


def print_catalogue(uses: Sequence[Use], version: int, profile: Profile | None, console: Console) -> None:
    """The catalogue for a person; with a profile it says what that bank's departments deliver."""
    stands = f"version {version}" if version else "the defaults; the first run makes version 1"
    console.print(f"The catalogue of indicators, version {load_catalogue().version}; policy: {stands}.")
    table = _table((*CATALOGUE_COLUMNS, "told") if profile else CATALOGUE_COLUMNS)
    for use in uses:
        found = use.definition
        told = ("✓" if found.is_told_by(profile) else "",) if profile else ()
        name, window = name_of(found, Language.ZH), window_of(found, Language.EN)
        table.add_row(found.code, name, found.unit, window, DIRECTIONS[found.better], "; ".join(_weights(use)), *told)
    console.print(table)
    console.print("Scoring lines and maps:")
    for use in uses:
        for line in _lines(use):
            console.print(f"{use.definition.code}: {line}", markup=False, highlight=False, soft_wrap=True)


def catalogue_page(uses: Sequence[Use]) -> str:
    """The catalogue as a page of the documents."""
    rows: dict[str, list[str]] = {"quantitative": [], "qualitative": []}
    for use in uses:
        found = use.definition
        zh, en = name_of(found, Language.ZH), name_of(found, Language.EN)
        window, sources = window_of(found, Language.EN), ", ".join(f"`{each}`" for each in _sources(found))
        cells = [f"`{found.code}`", zh, en, window, DIRECTIONS[found.better], sources, "; ".join(_weights(use))]
        if found.kind == "quantitative":
            cells.insert(3, found.unit)
        else:
            cells.append("; ".join(_lines(use)))
        rows[found.kind].append(f"| {' | '.join(cells)} |")
    meanings = (
        f"- **{name_of(d, Language.ZH)}** `{d.code}`: {meaning_of(d, Language.ZH)}。{meaning_of(d, Language.EN)}."
        for d in load_catalogue().definitions.values()
    )
    return PAGE.read_text("utf-8").format(
        version=load_catalogue().version,
        quantitative="\n".join(rows["quantitative"]),
        qualitative="\n".join(rows["qualitative"]),
        meanings="\n".join(meanings),
    )


def indicators_json(found: IndicatorTable) -> str:
    """A customer's indicators as one JSON object."""
    return json.dumps(found.as_json(), ensure_ascii=False)


def print_indicators(found: IndicatorTable, language: Language, console: Console) -> None:
    """A customer's indicators for a person, the unknown ones last and by name alone."""
    console.print(f"{found.number}: indicators as of {found.as_of}, policy {found.policy_version}.")
    if not found.fits:
        console.print("The day's data were published again after this run: run segment to score them.")
    elif found.potential != found.run_potential:
        console.print(
            f"The potential score of this run, {found.run_potential:.2f}, is a model's; the points below make up the "
            f"documented heuristic's, {found.potential:.2f}."
        )
    table = _table(CUSTOMER_COLUMNS)
    unknown = []
    for line in found.lines:
        definition = definition_of(line.code)
        assert definition is not None
        if line.is_known or line.points:
            table.add_row(*_cells(line, definition, language))
        else:
            unknown.append(name_of(definition, language))
    console.print(table)
    if unknown:
        console.print(f"Unknown: {', '.join(unknown)}.", markup=False, highlight=False)


def _cells(line: IndicatorLine, definition: Definition, language: Language) -> Iterator[str]:
    unit = unit_of(definition, language)
    yield name_of(definition, language)
    if line.value is None:
        yield "never" if line.is_known else "unknown"
    else:
        yield f"{amount_of(definition, line.value, language)} {unit}".strip()
    yield window_of(definition, language, by_quarter=line.by_quarter)
    yield department_words(line.source, language) if line.source else "–"
    yield "–" if line.age_days is None else f"{line.age_days} d"
    for score in SCORES:
        points = line.points.get(score)
        yield "" if points is None else yuan(int(points)) if score == "current_value" else f"{points:+.2f}"


def _said(found: Definition) -> dict[str, Any]:
    return {
        "name": {language.value: name_of(found, language) for language in Language},
        "meaning": {language.value: meaning_of(found, language) for language in Language},
    }


def _told(found: Definition, profile: Profile | None) -> dict[str, bool]:
    return {} if profile is None else {"is_delivered": found.is_told_by(profile)}


def _sources(found: Definition) -> list[str]:
    return [f"{subject}.{name}" for subject, name in found.sources]


def _weights(use: Use) -> Iterator[str]:
    yield from (f"{SCORES[score]} {weight:g}" for score, weight in use.weights.items() if weight)
    if use.margin is not None:
        yield f"margin {use.margin} bp"
    if use.cost is not None:
        yield f"cost {use.cost} fen"


def _lines(use: Use) -> Iterator[str]:
    for score, line in use.lines.items():
        points = ", ".join(f"{_value(value)} → {points:g}" for value, points in line)
        lead = "" if score == "map" else f"{SCORES[score]}: "
        yield f"{lead}{points}, unknown → {use.unknown[score]:g}"


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"


def _table(columns: Sequence[str]) -> Table:
    table = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    for at, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=at == 0)
    return table
