"""Deliveries: the files of a folder, matched to a profile's departments and to the day they are true at."""

import hashlib
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from segmentation.intake.faults import refuse
from segmentation.intake.profiles import Department, Profile

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".asc")
ENDINGS = (*(f"{ending}.gz" for ending in TEXT_ENDINGS), *TEXT_ENDINGS, ".parquet", ".xlsx")
EXPECTED = ".csv[.gz]"


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a delivery; `sha256` is of the bytes as they lie on the disk."""

    path: Path
    department: Department
    true_at: date
    sha256: str

    @property
    def name(self) -> str:
        """The name that faults and reports use."""
        return self.path.name


@dataclass(frozen=True)
class Delivery:
    """What departments delivered for one as-of date, and what was left out with the reason."""

    profile: Profile
    as_of: date
    files: tuple[DeliveredFile, ...]
    left_out: tuple[tuple[str, str], ...]


def find_delivery(place: Path, profile: Profile, as_of: date) -> Delivery:
    """Match the files of a folder (or one file) to the profile.

    Raises:
        DeliveryRefusedError: nothing to read, an outcome alone, two files for one thing, a date after the as-of date.
    """
    if not place.exists():
        raise refuse("no_delivery", f"There is no folder or file {place}.")
    found: list[DeliveredFile] = []
    left_out: list[tuple[str, str]] = []
    for path, stem in _files(place):
        if (outcome := profile.outcomes.get(stem)) is not None:
            left_out.append((path.name, f"an outcome of later ({outcome}), known only after {as_of}"))
        elif (reason := profile.unused.get(stem)) is not None:
            left_out.append((path.name, reason))
        elif (file := _match(path, stem, profile, as_of)) is not None:
            found.append(file)
        else:
            left_out.append((path.name, f"no department of the profile {profile.name} delivers a file of this name"))
    if not found:
        raise _nothing_usable(place, profile, left_out)
    _refuse_twins(found)
    order = {department.name: at for at, department in enumerate(profile.departments)}
    found.sort(key=lambda file: (order[file.department.name], file.true_at))
    return Delivery(profile, as_of, tuple(found), tuple(left_out))


def _files(place: Path) -> Iterator[tuple[Path, str]]:
    for path in [place] if place.is_file() else sorted(place.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            ending = next((ending for ending in ENDINGS if path.name.endswith(ending)), "")
            yield path, path.name.removesuffix(ending) if ending else path.name


def _match(path: Path, stem: str, profile: Profile, as_of: date) -> DeliveredFile | None:
    if not path.name.endswith(ENDINGS):
        return None
    for department in profile.departments:
        if (match := department.pattern.fullmatch(stem)) is not None:
            true_at = _true_at(path.name, department, match.groupdict(), as_of)
            return DeliveredFile(path, department, true_at, _digest(path))
    return None


def _true_at(name: str, department: Department, parts: dict[str, str], as_of: date) -> date:
    if department.true_at == "as_of":
        return as_of
    month = int(parts["month"]) if department.true_at == "month_end" else 3 * int(parts["quarter"])
    year = int(parts["year"])
    if not 1 <= month <= 12 or not year:
        raise refuse("bad_date", f"there is no month {month} of the year {year}.", file=name)
    true_at = date(year, month, monthrange(year, month)[1])
    if true_at > as_of:
        raise refuse("after_as_of", f"is true at {true_at}, which lies after the as-of date {as_of}.", file=name)
    return true_at


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise refuse("unreadable", f"cannot be read ({error.strerror}).", file=path.name) from error


def _nothing_usable(place: Path, profile: Profile, left_out: list[tuple[str, str]]) -> Exception:
    if left_out:
        name, reason = left_out[0]
        return refuse("no_input", f"cannot be imported: {reason}.", file=name)
    patterns = ", ".join(f"{department.pattern.pattern}{EXPECTED}" for department in profile.departments)
    return refuse("no_input", f"{place} is empty; the profile {profile.name} expects {patterns}.")


def _refuse_twins(files: list[DeliveredFile]) -> None:
    seen: dict[tuple[str, date], str] = {}
    for file in files:
        first = seen.setdefault((file.department.name, file.true_at), file.name)
        if first != file.name:
            raise refuse("twin", f"tells the same as {first}: deliver one of the two.", file=file.name)
