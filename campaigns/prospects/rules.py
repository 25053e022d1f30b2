"""Reading what a publicist wrote about somebody, and what a personal link's life says."""

import re
import unicodedata
from collections.abc import Callable

from campaigns.prospects.model import Note, ProspectRefusal, ProspectState

LONGEST_NAME, LONGEST_WORDS = 20, 100
MOST_PER_EVENT = 200  # Of one publicist: a list of people that somebody spoke to, not a file of addresses.

_NUMBER = re.compile(r"\+?\d[\d -]{6,18}\d")


def read_note(text: str, read_phone: Callable[[str], str | None]) -> Note | ProspectRefusal:
    """Read "name [number] [what they want]"; the name is the first word, the number optional.

    `read_phone` gives the E.164 form of a number, None for one that cannot be.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    found = _NUMBER.search(plain)
    phone = read_phone(found.group()) if found else None
    if found is not None and phone is None:
        return ProspectRefusal.BAD_PHONE
    rest = plain if found is None else f"{plain[: found.start()]} {plain[found.end() :]}"
    name, _, words = rest.strip(" ,，;；").replace("，", " ").replace(",", " ").partition(" ")
    if not name or len(name) > LONGEST_NAME or name.isdigit():
        return ProspectRefusal.NO_NAME
    return Note(name, phone, words.strip()[:LONGEST_WORDS])


def state_of(*, opened: bool, joined: bool, left: bool) -> ProspectState:
    """How far an invitation is, by what its code's person did last."""
    if left:
        return ProspectState.LEFT
    if joined:
        return ProspectState.JOINED
    return ProspectState.OPENED if opened else ProspectState.INVITED
