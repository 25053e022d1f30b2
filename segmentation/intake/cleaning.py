"""From a delivered file to typed rows, one per customer, with everything that was not taken listed by line."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.checks import PROBLEMS, Checked, check_column, check_number
from segmentation.intake.deliveries import DeliveredFile
from segmentation.intake.faults import DeliveryRefusedError, Fault
from segmentation.intake.profiles import Column, Department, Profile
from segmentation.intake.reading import ROW_NUMBER, read_text

LISTED = 20
NUMBER = "number"


@dataclass(frozen=True)
class FileQuality:
    """What one file held: rows read, rows rejected (the first 20 listed), identical repeats dropped."""

    file: str
    department: str
    true_at: date
    read: int
    rejected: int = 0
    rejections: tuple[Fault, ...] = ()
    duplicates: int = 0
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The same in JSON's types."""
        return {**asdict(self), "true_at": self.true_at.isoformat()}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "FileQuality":
        """Back from JSON's types."""
        rejections = tuple(Fault(**fault) for fault in found["rejections"])
        true_at = date.fromisoformat(found["true_at"])
        return cls(**{**found, "true_at": true_at, "rejections": rejections, "notes": tuple(found["notes"])})


@dataclass(frozen=True)
class CleanFile:
    """The good rows (`number` and one typed column per field, in the profile's order) and the quality."""

    table: pa.Table
    quality: FileQuality


def clean_file(file: DeliveredFile, profile: Profile, as_of: date) -> CleanFile:
    """Read and check one file whole.

    Raises:
        DeliveryRefusedError: the file cannot be read as the profile says.
    """
    text = read_text(file, profile)
    checks = _check(text.table, file.department, profile, as_of)
    faults = [*text.broken, *_faults(text.table, checks, file, as_of)]
    bad_rows = _any([mask for _, checked in checks for mask in checked.bad.values()])
    names = [NUMBER, *(column.field for column in file.department.columns)]
    table = pa.table([checked.values for _, checked in checks], names=names)
    table = table.append_column(ROW_NUMBER, text.table[ROW_NUMBER]).filter(pc.invert(bad_rows))
    table, repeats, conflicts = _one_row_per_customer(table, file, profile)
    faults = sorted([*faults, *conflicts], key=lambda fault: fault.line or 0)
    quality = FileQuality(
        file=file.name,
        department=file.department.name,
        true_at=file.true_at,
        read=len(text.table) + len(text.broken),
        rejected=len({fault.line for fault in faults}),
        rejections=tuple(faults[:LISTED]),
        duplicates=repeats,
        notes=text.notes,
    )
    return CleanFile(table.drop_columns([ROW_NUMBER]), quality)


def refuse_beyond(quality: FileQuality, max_rejected: float) -> None:
    """Hold the file against the share of rows that may be rejected.

    Raises:
        DeliveryRefusedError: more rows than that are bad; carries the first of them.
    """
    if quality.rejected > max_rejected * quality.read:
        first = quality.rejections[0]
        more = f" ({quality.rejected} of {quality.read} rows of this file are bad)" if quality.rejected > 1 else ""
        raise DeliveryRefusedError(replace(first, problem=first.problem + more))


def _check(table: pa.Table, department: Department, profile: Profile, as_of: date) -> list[tuple[Column, Checked]]:
    number = Column(profile.customer, NUMBER, NUMBER)
    checked = check_number(table[profile.customer].combine_chunks())
    others = ((column, table[column.name].combine_chunks()) for column in department.columns)
    return [(number, checked), *((column, check_column(text, column, as_of)) for column, text in others)]


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
    problem = PROBLEMS[reason].format(form=column.form, as_of=as_of)
    # Names and phone numbers are never repeated in a report.
    shown = "the value" if reason == "empty" or column.type in {"name", "phone"} else f'"{value[:40]}"'
    return Fault(reason, f"{shown} {problem}.", file.name, line, column.name)


def _any(masks: list[pa.Array]) -> pa.Array:
    total = masks[0]
    for mask in masks[1:]:
        total = pc.or_(total, mask)
    return total


def _one_row_per_customer(table: pa.Table, file: DeliveredFile, profile: Profile) -> tuple[pa.Table, int, list[Fault]]:
    """Drop identical repeats and count them; where a customer's rows differ, none of them can be believed."""
    if pc.count_distinct(table[NUMBER]).as_py() == len(table):
        return table, 0, []
    counts = table.group_by(NUMBER).aggregate([([], "count_all")])
    doubled = counts.filter(pc.greater(counts["count_all"], 1))[NUMBER]
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in table.filter(pc.is_in(table[NUMBER], doubled.combine_chunks())).to_pylist():
        rows.setdefault(row[NUMBER], []).append(row)
    drop: list[int] = []
    faults: list[Fault] = []
    for same in rows.values():
        lines = [row.pop(ROW_NUMBER) for row in same]
        if all(row == same[0] for row in same):
            drop += lines[1:]
        else:
            drop += lines
            faults += [_conflict(line, lines, file, profile) for line in lines]
    kept = table.filter(pc.invert(pc.is_in(table[ROW_NUMBER], pa.array(drop, pa.int32()))))
    return kept, len(drop) - len(faults), faults


def _conflict(line: int, lines: list[int], file: DeliveredFile, profile: Profile) -> Fault:
    other = next(other for other in lines if other != line)
    problem = f"the same customer stands on line {other} with other figures."
    return Fault("conflict", problem, file.name, line, profile.customer)
