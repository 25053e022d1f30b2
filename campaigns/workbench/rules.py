"""Pure rules of the workbench: what the words of a search mean, whom they fit, which field is asked again."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from campaigns.customers.fields import CustomerField
from campaigns.customers.model import Letter
from campaigns.members.rules import masked
from campaigns.workbench.model import OwnCustomer, Search, SearchKind, Update
from segmentation.liquidity import TOLD

PAGE = 8
LONGEST_SEARCH = 12
SHORTEST_ENDING = 3
LIQUIDITY = "liquidity_need"
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "occupation": (
        "employee",
        "public_servant",
        "self_employed",
        "student",
        "retired",
        "homemaker",
        "other",
    ),
    "income_band": ("low", "middle", "upper", "high"),
    LIQUIDITY: tuple(TOLD),
}
FRESH_FOR = timedelta(days=365)


def read_search(words: str, tags: Mapping[str, str], stages: Mapping[str, str]) -> Search:
    """What a search means (S-51): a class, a tag or a stage by name, digits, pinyin or a name, in this order.

    `tags` and `stages` lead from names, folded, to codes.
    """
    said = "".join(unicodedata.normalize("NFKC", words).replace(":", "").split())[:LONGEST_SEARCH]
    folded = said.casefold()
    if not folded:
        return Search(SearchKind.ALL)
    letter = folded.removesuffix("类").removesuffix("類").upper()
    if letter in set(Letter):
        return Search(SearchKind.LETTER, said, letter)
    named = folded.removeprefix("#")
    if tag := _code_of(named, tags):
        return Search(SearchKind.TAG, said, tag)
    if stage := _code_of(named, stages):
        return Search(SearchKind.STAGE, said, stage)
    if folded.isascii():
        kind = SearchKind.LATIN if folded.isalpha() else SearchKind.DIGITS
        return Search(kind, said, folded)
    return Search(SearchKind.NAME, said, folded)


def fits(who: OwnCustomer, search: Search) -> bool:
    """Whether a customer is among those searched."""
    value = search.value
    match search.kind:
        case SearchKind.ALL:
            return True
        case SearchKind.LETTER:
            return who.letter == value
        case SearchKind.TAG:
            return value in who.tags
        case SearchKind.STAGE:
            return who.stage == value
        case SearchKind.DIGITS:
            return _ends(who, value)
        case SearchKind.LATIN:
            return (len(value) >= SHORTEST_ENDING and _ends(who, value)) or _sounds(who.name or "", value)
        case SearchKind.NAME:
            name = (who.name or "").casefold()
            return value in name or (bool(name) and value == masked(name))


def page_of(found: Sequence[OwnCustomer], search: Search, page: int) -> tuple[int, int, tuple[OwnCustomer, ...]]:
    """The page that is shown, how many there are and who stands on it; the last where the list is shorter."""
    pages = max(-(-len(found) // PAGE), 1)
    at = min(max(page, 1), pages)
    return at, pages, tuple(found[(at - 1) * PAGE : at * PAGE])


def in_order(found: Iterable[OwnCustomer]) -> list[OwnCustomer]:
    """Whoever has open follow-ups first, then by class and number."""
    return sorted(found, key=lambda who: (not who.open_followups, who.letter or "Z", who.customer.number))


def to_ask(fields: Sequence[CustomerField], updates: Sequence[Update], today: date) -> CustomerField | None:
    """The one field to ask again: the oldest stale one that nobody answered within a year (S-50)."""
    answered = {each.field for each in updates if each.at.date() > today - FRESH_FOR}
    stale = [each for each in fields if each.stale and each.name in ANSWERS and each.name not in answered]
    return max(stale, key=lambda each: (each.age_days, each.name), default=None)


def _code_of(named: str, codes: Mapping[str, str]) -> str | None:
    """The code behind a name; a button carries only the beginning of a long one."""
    cut = (code for name, code in codes.items() if len(named) >= LONGEST_SEARCH - 1 and name.startswith(named))
    return codes.get(named) or next(cut, None)


def _ends(who: OwnCustomer, ending: str) -> bool:
    if len(ending) < SHORTEST_ENDING:
        return False
    return who.customer.number.casefold().endswith(ending) or (who.phone or "").endswith(ending)


def _sounds(name: str, letters: str) -> bool:
    """Whether a Latin name, pinyin initials (zxf for 张小芳, in every reading) or the whole pinyin begin like this."""
    if name.isascii():
        return letters in name.casefold().replace(" ", "")
    from pypinyin import Style, pinyin  # A third of a second, which only those who search by it wait.

    return _reads(letters, pinyin(name, style=Style.NORMAL, heteronym=True))


def _reads(letters: str, readings: Sequence[Sequence[str]]) -> bool:
    """Whether letters spell the first characters, each by its initial or by a whole reading; the last may be cut."""
    if not letters or not readings:
        return not letters
    first, rest = readings[0], readings[1:]
    return any(
        reading.startswith(letters)
        or (letters.startswith(reading) and _reads(letters[len(reading) :], rest))
        or (letters[0] == reading[0] and _reads(letters[1:], rest))
        for reading in first
    )
