"""From a delivered file to typed rows with everything that was not taken listed by line and kept in quarantine."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.checks import PROBLEMS, Checked, check_column, check_number
from segmentation.intake.deliveries import DeliveredFile
from segmentation.intake.faults import DeliveryRefusedError, Fault
from segmentation.intake.measures import Measure, far_out, measure
from segmentation.intake.profiles import Column, Department, Profile
from segmentation.intake.reading import read_text
from segmentation.intake.subjects import SENSITIVE
from segmentation.intake.tables import ROW_NUMBER, TextTable

LISTED = 20
NUMBER = "number"


@dataclass(frozen=True)
class FileQuality:
    """What one file held: rows read, rows rejected (the first 20 listed), identical repeats dropped.

    `later` rows tell of after the as-of date: they are kept and not looked at. `measures` are by column.
    """

    file: str
    department: str
    true_at: date
    read: int
    rejected: int = 0
    rejections: tuple[Fault, ...] = ()
    duplicates: int = 0
    notes: tuple[str, ...] = field(default=())
    later: int = 0
    outliers: int = 0
    far_out: tuple[Fault, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same in JSON's types."""
        return {**asdict(self), "true_at": self.true_at.isoformat()}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "FileQuality":
        """Back from JSON's types; reports of earlier versions lack some fields."""
        faults = {name: tuple(Fault(**fault) for fault in found.get(name, ())) for name in ("rejections", "far_out")}
        measures = {column: Measure(**given) for column, given in found.get("measures", {}).items()}
        true_at = date.fromisoformat(found["true_at"])
        return cls(**{**found, **faults, "true_at": true_at, "notes": tuple(found["notes"]), "measures": measures})


@dataclass(frozen=True)
class Quarantined:
    """A row that was not taken: why, and its text; None where the text names people."""

    fault: Fault
    text: str | None


@dataclass(frozen=True)
class CleanFile:
    """The good rows (`number` and one typed column per field, in the profile's order), the quality, and the bad rows.

    `number` is what the department's key holds: a customer's number, or that of an account or a card holder.
    """

    table: pa.Table
    quality: FileQuality
    quarantine: tuple[Quarantined, ...] = ()


def clean_file(file: DeliveredFile, profile: Profile, as_of: date) -> CleanFile:
    """Read and check one file whole.

    Raises:
        DeliveryRefusedError: the file cannot be read as the profile says.
    """
    department = file.department
    text = read_text(file, profile)
    checks = _check(text.table, department, as_of)
    later = _take_later(checks) if department.is_record else 0
    faults = [*text.broken, *_faults(text.table, checks, file, as_of)]
    bad_rows = _any([mask for _, checked in checks for mask in checked.bad.values()])
    names = [NUMBER, *department.fields]
    table = pa.table([checked.values for _, checked in checks], names=names)
    table = table.append_column(ROW_NUMBER, text.table[ROW_NUMBER]).filter(pc.invert(bad_rows))
    table, repeats, conflicts = _without_repeats(table, file)
    faults = sorted([*faults, *conflicts], key=lambda fault: fault.line or 0)
    outliers, listed = far_out(table, ROW_NUMBER, department, file.name)
    quality = FileQuality(
        file=file.name,
        department=department.name,
        true_at=file.true_at,
        read=len(text.table) + len(text.broken),
        rejected=len({fault.line for fault in faults}),
        rejections=tuple(faults[:LISTED]),
        duplicates=repeats,
        notes=(*text.notes, *(note for _, checked in checks for note in checked.notes)),
        later=later,
        outliers=outliers,
        far_out=listed,
        measures=measure(table, department),
    )
    return CleanFile(table.drop_columns([ROW_NUMBER]), quality, _quarantine(faults, text, department))


def refuse_beyond(quality: FileQuality, max_rejected: float) -> None:
    """Hold the file against the share of rows that may be rejected.

    Raises:
        DeliveryRefusedError: more rows than that are bad; carries the first of them.
    """
    if quality.rejected > max_rejected * quality.read:
        first = quality.rejections[0]
        more = f" ({quality.rejected} of {quality.read} rows of this file are bad)" if quality.rejected > 1 else ""
        raise DeliveryRefusedError(replace(first, problem=first.problem + more))


def _check(table: pa.Table, department: Department, as_of: date) -> list[tuple[Column, Checked]]:
    number = Column(department.key, NUMBER, NUMBER)
    checked = check_number(table[department.key].combine_chunks())
    others = ((column, table[column.name].combine_chunks()) for column in department.columns)
    return [(number, checked), *((column, check_column(text, column, as_of)) for column, text in others)]


def _take_later(checks: list[tuple[Column, Checked]]) -> int:
    """Of records, rows of after the as-of date are no fault: take them off the bad ones and count them."""
    masks = [mask for _, checked in checks if (mask := checked.bad.pop("late", None)) is not None]
    return pc.sum(_any(masks)).as_py() or 0 if masks else 0


def _faults(table: pa.Table, checks: list[tuple[Column, Checked]], file: DeliveredFile, as_of: date) -> list[Fault]:
    """One fault per bad row, its first column's."""
    found: dict[int, Fault] = {}
    for column, checked in checks:
        for reason, mask in checked.bad.items():
            for at in pc.indices_nonzero(mask).to_pylist():
                line = table[ROW_NUMBER][at].as_py()
                found.setdefault(line, _fault(column, reason, line, table[column.name][at].as_py(), file, as_of))
    return list(found.values())


def _fault(column: Column, reason: str, line: int, value: str, file: DeliveredFile, as_of: date) -> Fault:
    problem = PROBLEMS[reason].format(form=" or ".join(column.forms), as_of=as_of)
    # Names, phone and birth numbers are never repeated in a report.
    shown = "the value" if reason == "empty" or column.type in SENSITIVE else f'"{value[:40]}"'
    return Fault(reason, f"{shown} {problem}.", file.name, line, column.name)


def _any(masks: list[pa.Array]) -> pa.Array:
    total = masks[0]
    for mask in masks[1:]:
        total = pc.or_(total, mask)
    return total


def _without_repeats(table: pa.Table, file: DeliveredFile) -> tuple[pa.Table, int, list[Fault]]:
    """Drop identical repeats and count them; where rows of one number differ, none of them can be believed.

    A customer has one row, but of records one per `id`, and any number where rows have no id.
    """
    department = file.department
    by = NUMBER if not department.is_record else "id"
    if by not in table.column_names or pc.count_distinct(table[by]).as_py() == len(table):
        return table, 0, []
    counts = table.group_by(by).aggregate([([], "count_all")])
    doubled = counts.filter(pc.greater(counts["count_all"], 1))[by]
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in table.filter(pc.is_in(table[by], doubled.combine_chunks())).to_pylist():
        rows.setdefault(row[by], []).append(row)
    drop: list[int] = []
    faults: list[Fault] = []
    column = department.key if by == NUMBER else next(c.name for c in department.columns if c.field == by)
    for same in rows.values():
        lines = [row.pop(ROW_NUMBER) for row in same]
        if all(row == same[0] for row in same):
            drop += lines[1:]
        else:
            drop += lines
            faults += [_conflict(line, lines, file, column) for line in lines]
    kept = table.filter(pc.invert(pc.is_in(table[ROW_NUMBER], pa.array(drop, pa.int32()))))
    return kept, len(drop) - len(faults), faults


def _conflict(line: int, lines: list[int], file: DeliveredFile, column: str) -> Fault:
    other = next(other for other in lines if other != line)
    who = "record" if file.department.is_record else "customer"
    return Fault("conflict", f"the same {who} stands on line {other} with other figures.", file.name, line, column)


def _quarantine(faults: list[Fault], text: TextTable, department: Department) -> tuple[Quarantined, ...]:
    """Every bad row once, with its text as delivered, unless the department names people."""
    if not faults:
        return ()
    if any(column.type in SENSITIVE for column in department.columns):
        return tuple(Quarantined(fault, None) for fault in faults)
    lines = pa.array([fault.line for fault in faults], pa.int32())
    rows = text.table.filter(pc.is_in(text.table[ROW_NUMBER], lines)).to_pylist()
    texts = {row.pop(ROW_NUMBER): json.dumps(row, ensure_ascii=False) for row in rows} | dict(text.raw)
    return tuple(Quarantined(fault, texts.get(fault.line or 0)) for fault in faults)
