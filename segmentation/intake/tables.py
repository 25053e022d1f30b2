"""Tables of text as they come out of a file, and the check of their header."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import pyarrow as pa

from segmentation.intake.faults import Fault, refuse

ROW_NUMBER = "line"


@dataclass(frozen=True)
class TextTable:
    """Every wanted column as text, a `line` column beside them, and the lines that are no rows at all.

    `raw` has the text of the broken lines by number.
    """

    table: pa.Table
    broken: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    raw: Mapping[int, str] = field(default_factory=dict)


def check_header(header: Sequence[str], wanted: Sequence[str], file: str) -> None:
    """Every wanted column must be there once.

    Raises:
        DeliveryRefusedError: one is missing, perhaps renamed, or there twice.
    """
    for name in wanted:
        if header.count(name) == 1:
            continue
        problem = f"is {'missing' if name not in header else 'there twice'}; the header is: {', '.join(header)}."
        strangers = [other for other in header if other not in wanted]
        if name not in header and (alike := get_close_matches(name, strangers, 1, 0.5)):
            problem += f' If "{alike[0]}" is its new name, write it in the profile.'
        raise refuse("missing_column", problem, file=file, line=1, column=name)


def refuse_without_rows(rows: int, file: str) -> None:
    """A header alone is no delivery."""
    if not rows:
        raise refuse("empty", "has a header and no rows.", file=file, line=2)
