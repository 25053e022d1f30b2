"""Reading a target's words: "any 5 of B1..B8", "all of zone 红区 and any 2 others", 「红区全部 且 其他任选2」."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaigns.rallies.faults import FaultError, RallyFault
from campaigns.rallies.model import BoothPlan, Need

_AND = re.compile(r"\s+and\s+|\s*(?:并且|而且|且|;)\s*|\s*,\s*(?=any\b|all\b|任选|任意|全部)", re.IGNORECASE)
_ANY = re.compile(r"(?:any|任选|任意)\s*(?P<count>\d{1,3})\s*个?\s*(?:of\b|:)?\s*(?P<of>.+)", re.IGNORECASE)
_ANY_AFTER = re.compile(r"(?P<of>.+?)\s*:?\s*(?:任选|任意)\s*(?P<count>\d{1,3})\s*个?")
_ALL = re.compile(r"(?:all|全部)\s*(?:of\b|:)?\s*(?P<of>.+)", re.IGNORECASE)
_ALL_AFTER = re.compile(r"(?P<of>.+?)\s*:?\s*全部")
_RANGE = re.compile(r"([A-Za-z]+)(\d+)\s*(?:\.\.+|…|-|~|至|到)\s*([A-Za-z]+)?(\d+)")
OTHERS = {"others", "other", "the others", "其他", "其余", "其它"}
EVERYTHING = {"booths", "all booths", "the booths", "摊位", "全场", "所有摊位"}


@dataclass(frozen=True)
class Ground:
    """The booths that needs may name, with their zones."""

    codes: tuple[str, ...]
    zones: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, booths: Iterable[BoothPlan]) -> "Ground":
        """The ground of a plan's booths."""
        found = tuple(booths)
        zones = {
            zone: tuple(each.code for each in found if each.zone == zone) for zone in {each.zone for each in found}
        }
        return cls(tuple(each.code for each in found), zones)


def read_needs(words: str, ground: Ground, place: str) -> tuple[Need, ...]:
    """All needs of a target; "others" are the booths that no earlier need of the same target names.

    Raises:
        FaultError: says which words are not understood, which booth is none, or what can never be reached.
    """
    plain = unicodedata.normalize("NFKC", words).strip().rstrip("。.")
    needs: list[Need] = []
    for clause in _AND.split(plain):
        needs.append(_read(clause.strip(), ground, needs, place))
    return tuple(needs)


def _read(clause: str, ground: Ground, before: Sequence[Need], place: str) -> Need:
    if found := _ANY.fullmatch(clause) or _ANY_AFTER.fullmatch(clause):
        zone, codes = _meant(found["of"], ground, before, place)
        return _checked(Need(int(found["count"]), codes, zone), clause, place)
    if found := _ALL.fullmatch(clause) or _ALL_AFTER.fullmatch(clause):
        zone, codes = _meant(found["of"], ground, before, place)
        return _checked(Need(len(codes), codes, zone), clause, place)
    raise FaultError(RallyFault.BAD_NEED, place, clause)


def _checked(need: Need, clause: str, place: str) -> Need:
    if not 1 <= need.count <= len(need.booths):
        raise FaultError(RallyFault.TOO_MANY_NEEDED, place, f"{clause}: {need.count} / {len(need.booths)}")
    return need


def _meant(text: str, ground: Ground, before: Sequence[Need], place: str) -> tuple[str | None, tuple[str, ...]]:
    """The zone, where it is one, and the codes that words name."""
    words = text.strip().strip("的")
    if words.lower() in OTHERS:
        named = {code for need in before for code in need.booths}
        return None, tuple(code for code in ground.codes if code not in named)
    if words.lower() in EVERYTHING:
        return None, ground.codes
    zone = re.sub(r"^(?:the\s+)?(?:zone|分区|区域)\s+", "", words, flags=re.IGNORECASE).strip()
    for known, codes in ground.zones.items():
        if {words, zone} & {known, *(part.strip() for part in known.split("|"))}:
            return known, codes
    return None, _listed(words, ground, place)


def _listed(words: str, ground: Ground, place: str) -> tuple[str, ...]:
    """B1..B8, B10 and B2,B5: each booth once, every one must be there."""
    spread = _RANGE.sub(_spread, words)
    codes = tuple(dict.fromkeys(part for part in re.split(r"[\s,、和]+", spread) if part))
    for code in codes:
        if code not in ground.codes:
            raise FaultError(RallyFault.UNKNOWN_BOOTH, place, code)
    return codes


def _spread(found: re.Match[str]) -> str:
    letters, first, again, last = found.groups()
    is_one_row = again in {None, letters} and int(last) - int(first) < 200
    return ",".join(f"{letters}{at}" for at in range(int(first), int(last) + 1)) if is_one_row else found[0]
