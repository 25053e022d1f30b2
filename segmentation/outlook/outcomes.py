"""The outcome file: what became of each customer in the quarter after the as-of date; only training reads it."""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.intake.faults import refuse

LABEL = "label"
LABELS = (-1, 0, 1)
LEAST = 30  # customers per outcome: with fewer, nothing can be learnt, held out and calibrated


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of the customers of a delivery: the position in `LABELS` (0 fell, 1 same, 2 rose), by number.

    `unknown` customers of the file are not in the delivery; `untold` customers of the delivery are not in the file.
    """

    classes: pd.Series
    unknown: int
    untold: int

    def values(self) -> npt.NDArray[np.int64]:
        """The classes as numbers."""
        return self.classes.to_numpy(dtype=np.int64)


def read_outcomes(file: Path, customer: str, numbers: pd.Index) -> Outcomes:
    """Read a CSV file, gzipped or not, with the profile's customer column and `label` −1, 0 or 1.

    Raises:
        DeliveryRefusedError: unreadable, a column missing, another label, a customer twice, too few of an outcome.
    """
    found = _labels(file, customer)
    told = numbers[numbers.isin(list(found))]
    classes = pd.Series([LABELS.index(found[number]) for number in told], index=told, dtype="int64")
    for at, label in enumerate(LABELS):
        if (count := int((classes == at).sum())) < LEAST:
            problem = f"holds {count} customers of the delivery with label {label}; at least {LEAST} are needed."
            raise refuse("few_outcomes", problem, file=file.name)
    return Outcomes(classes, unknown=len(found) - len(told), untold=len(numbers) - len(told))


def _labels(file: Path, customer: str) -> dict[str, int]:
    rows = csv.reader(io.StringIO(_text(file)))
    header = [name.strip() for name in next(rows, [])]
    for name in (customer, LABEL):
        if header.count(name) != 1:
            problem = f"is missing or there twice; the header is: {', '.join(header) or 'empty'}."
            raise refuse("missing_column", problem, file=file.name, line=1, column=name)
    at_number, at_label = header.index(customer), header.index(LABEL)
    found: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            problem = f"has {len(row)} values where the header names {len(header)}."
            raise refuse("bad_row", problem, file=file.name, line=line)
        number = row[at_number].strip()
        if row[at_label].strip() not in {"-1", "0", "1"}:
            problem = f'"{row[at_label][:40]}" is no outcome: −1 fell, 0 unchanged, 1 rose or held.'
            raise refuse("bad_label", problem, file=file.name, line=line, column=LABEL)
        if number in found:
            raise refuse("twin", "the same customer stands there twice.", file=file.name, line=line, column=customer)
        found[number] = int(row[at_label])
    return found


def _text(file: Path) -> str:
    if not file.is_file():
        raise refuse("no_outcome", f"There is no outcome file {file}.")
    data = file.read_bytes()
    try:
        return (gzip.decompress(data) if file.name.endswith(".gz") else data).decode("utf-8-sig")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise refuse("damaged", "breaks off or is no gzip file; deliver it again.", file=file.name) from error
    except UnicodeDecodeError as error:
        raise refuse("encoding", "is not UTF-8; save the file as UTF-8.", file=file.name) from error
