"""Reading merchants from lines: 商户,社区,支行; the last two may be missing."""

import re
import unicodedata
from collections.abc import Iterable

from campaigns.places.model import Spot, SpotFault

LONGEST_NAME = 60  # A group's title has 128 characters, and bank and pattern need theirs.


def read_spot(line: str) -> Spot | SpotFault:
    """One line as a merchant; commas of any width, tabs and semicolons part it (S-213)."""
    parts = [part.strip() for part in re.split(r"[,;、\t]", unicodedata.normalize("NFKC", line))]
    if not parts[0]:
        return SpotFault.EMPTY
    if len(parts) > 3:
        return SpotFault.TOO_MANY_PARTS
    if any(len(part) > LONGEST_NAME for part in parts):
        return SpotFault.TOO_LONG
    community, branch = ([*parts[1:], "", ""])[:2]
    return Spot(parts[0], community or None, branch or None)


def read_spots(lines: Iterable[str]) -> list[tuple[int, Spot | SpotFault]]:
    """Every line that says something, with its number from 1; a merchant that is named twice comes once."""
    found: dict[Spot | int, tuple[int, Spot | SpotFault]] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            read = read_spot(line)
            found.setdefault(read if isinstance(read, Spot) else number, (number, read))
    return list(found.values())
