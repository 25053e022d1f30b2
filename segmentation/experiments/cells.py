"""How single cells are read, as SQL over text: numbers with separators, yes and no, and what counts as missing."""

import re
from dataclasses import dataclass

import duckdb

from segmentation.experiments.files import GIVEN, Source, one_row
from segmentation.experiments.model import ExperimentError

NO_VALUE = ("", "nan", "na", "n/a", "#n/a", "null", "<na>", "\\n")
MISSING = (*NO_VALUE, "none", "nil", "-", "--", "?", "无", "空", "缺失")
YES = ("true", "t", "yes", "y", "是", "有", "真")
NO = ("false", "f", "no", "n", "否", "没有", "假")
PLAIN_KIND = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL\(\d+,\d+\)|BOOLEAN")
# "12,5" and "1.234,5" can only be decimal commas; "1,234" alone is taken for thousands.
DECIMAL_COMMA = r"[+-]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+),([0-9]{1,2}|[0-9]{4,})|[+-]?[0-9]{1,3}([.][0-9]{3})+,[0-9]{3}"
DECIMAL_POINT = r"[+-]?([0-9,]*,)?[0-9]*[.]([0-9]{1,2}|[0-9]{4,})"
THOUSANDS = r"[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?"


@dataclass(frozen=True)
class Cells:
    """How one column is read: an SQL expression of the type DOUBLE, and what to tell about it."""

    expression: str
    notes: tuple[str, ...] = ()


def text_of(column: str) -> str:
    """The SQL of a label's text: trimmed, "1.0" as "1", NULL where there is none."""
    trimmed = f"trim(CAST({column} AS VARCHAR))"
    tidy = f"regexp_replace({trimmed}, '^(-?[0-9]+)[.]0+$', '\\1')"
    return f"CASE WHEN lower({trimmed}) IN {listed(NO_VALUE)} THEN NULL ELSE {tidy} END"


def read_cells(engine: duckdb.DuckDBPyConnection, source: Source, name: str) -> Cells:
    """How to read a column as numbers, decided by all of its values.

    Raises:
        ExperimentError: it holds something that is no number and neither yes nor no; names the first such value.
    """
    column = source.column(name)
    if not source.is_text(name):
        kind = source.types[source.columns.index(name)]
        if not PLAIN_KIND.fullmatch(kind):
            raise ExperimentError(f'The column "{name}" has the type {kind}, which is no number and no yes or no.')
        number = f"CAST({column} AS DOUBLE)"
        return Cells(f"CASE WHEN isfinite({number}) THEN {number} END")
    tidy = f"regexp_replace({column}, '[\\s\\x{{00A0}}\\x{{202F}}''¥￥$€£元]', '', 'g')"
    commas, points, thousands = _counted(engine, column, tidy)
    with_comma = bool(commas) and not points
    number = _comma_number(tidy) if with_comma else _number(column, tidy)
    word = f"lower(trim({column}))"
    missing = f"({column} IS NULL OR {word} IN {listed(MISSING)})"
    value = (
        f"CASE WHEN {missing} THEN NULL WHEN {word} IN {listed(YES)} THEN 1.0 WHEN {word} IN {listed(NO)} THEN 0.0 "
        f"ELSE {number} END"
    )
    _refuse_bad(engine, name, column, f"NOT {missing} AND COALESCE(NOT isfinite({value}), TRUE)")
    notes = (f'"{name}" is written with decimal commas.',) if with_comma else ()
    if thousands and not with_comma:
        notes = (f'Commas in "{name}" are read as thousands separators.',)
    return Cells(value, notes)


def _counted(engine: duckdb.DuckDBPyConnection, column: str, tidy: str) -> tuple[int, int, int]:
    """How many values show a decimal comma, a decimal point, and commas between thousands."""
    if not one_row(engine, f"SELECT count(*) FROM {GIVEN} WHERE contains({column}, ',')")[0]:
        return 0, 0, 0
    forms = (DECIMAL_COMMA, DECIMAL_POINT, THOUSANDS)
    counts = ", ".join(f"count(*) FILTER (regexp_full_match({tidy}, '{form}'))" for form in forms)
    found = one_row(engine, f"SELECT {counts} FROM {GIVEN}")
    return found[0], found[1], found[2]


def _number(column: str, tidy: str) -> str:
    return (
        f"COALESCE(TRY_CAST({column} AS DOUBLE), CASE WHEN regexp_full_match({tidy}, '{THOUSANDS}') "
        f"THEN TRY_CAST(replace({tidy}, ',', '') AS DOUBLE) "
        f"WHEN {tidy} LIKE '%\\%' ESCAPE '\\' THEN TRY_CAST(left({tidy}, -1) AS DOUBLE) / 100 "
        f"ELSE TRY_CAST({tidy} AS DOUBLE) END)"
    )


def _comma_number(tidy: str) -> str:
    return f"TRY_CAST(replace(replace({tidy}, '.', ''), ',', '.') AS DOUBLE)"


def _refuse_bad(engine: duckdb.DuckDBPyConnection, name: str, column: str, bad: str) -> None:
    count, example, words = one_row(
        engine,
        f"SELECT count(*), min({column}), count(DISTINCT {column}) FROM {GIVEN} WHERE {bad}",
    )
    if count:
        advice = ' Write 1 and 0, or "yes" and "no".' if words <= 2 else ""
        said = f"{count:,} cells that are" if count > 1 else "a cell that is"
        raise ExperimentError(
            f'The column "{name}" has {said} neither a number nor yes or no, such as "{str(example)[:40]}".{advice}'
        )


def listed(words: tuple[str, ...]) -> str:
    """Words as an SQL list."""
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"
