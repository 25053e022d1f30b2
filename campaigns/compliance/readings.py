"""A text as the gate reads it: one script, one width, one case, nothing invisible and nothing put between characters.

Whoever hides a word puts something between its characters or takes other characters for it; a reading undoes both and
remembers where each of its characters stands in the original, so that a finding can be shown as it was written.
"""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

FILLER = "\x01"
_HARD = frozenset("`.·•‧∙・●○◆◇■□★☆*_|~^#@\\※→" + FILLER)
_SOFT = frozenset("+/-–—&='\"“”‘’「」『』()[]{}<>《》【】")
_OPENING = {"”": "“", "』": "『", "」": "「"}
_LONGEST_QUOTE = 40
_NATURAL = "、,。:;.!?"
_IN_WORDS = frozenset("*_|~^·•`\\" + FILLER)
# Radicals, variants and Japanese forms that Unicode's own mappings leave alone; letters that look like Latin ones.
_LOOK_ALIKE = str.maketrans(
    "⻛⻓⻔⻅⻉⻋⻝⻩⻰夲収険証圡蕞〇◯０⺟價発売無円廣増益аеорсухіјѕԁһԛѡвкмнтαορνκτιεβ",
    "风长门见贝车食黄龙本收险证土最零零0母价发卖无元广增益aeopcyxijsdhqwbkmhtaopvktieb",
)
_LETTERS_APART = re.compile(r"(?<![a-z0-9])(?:[a-z](?:\W|_){1,3}){3,}[a-z](?![a-z0-9])")
_LETTERS_ALONE = re.compile(r"(?<![a-z0-9])[a-z](?: [a-z]){2,}(?![a-z0-9])")
_NUMBERS_IN_WORDS = re.compile(r"(?<=[a-z])[013457$]+(?=[a-z])")
_AS_LETTERS = str.maketrans("013457$", "oieasts")
_ONE_BY_ONE = re.compile(rf"(?<![一-鿿])[一-鿿](?:(?:[{_NATURAL}\n][一-鿿]){{2,}}|\n[一-鿿])(?![一-鿿])")
_LATIN_BETWEEN = re.compile(r"(?<=[一-鿿])(?:[a-z]{1,4}|\d|[-+/=–—]{1,2})(?=[一-鿿])")
_CHAINS = re.compile(
    rf"[一-鿿](?:(?:[a-z]{{1,4}}|[{_NATURAL}\n]{{1,3}})[一-鿿]){{2,}}|[一-鿿](\d)(?:[一-鿿]\1)+[一-鿿]"
)
_SIGNS = re.compile("[\u3200-\u33ff\U0001f100-\U0001f2ff]")
# Pictures that people write instead of the word; between the characters of a word they only fill.
_PICTURES = {
    "🧧": "红包",
    "🎁": "礼品",
    "🥇": "第一",
    "📱": "手机",
    "🍚": "米",
    "🍳": "锅",
    "🥚": "鸡蛋",
    "🥛": "牛奶",
    "🛢": "油",
}


@dataclass(frozen=True)
class Reading:
    """What the gate reads, and the place of each of its characters in the original."""

    text: str
    places: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that a stretch of the reading comes from."""
        return self.places[start], self.places[end - 1] + 1

    def without(self, pattern: re.Pattern[str]) -> "Reading":
        """The same reading with every match left out."""
        return self.leaving_out({at for found in pattern.finditer(self.text) for at in range(*found.span())})

    def leaving_out(self, places: Container[int]) -> "Reading":
        """The same reading without the characters at these places of its own."""
        kept = [at for at in range(len(self.text)) if at not in places]
        return Reading("".join(self.text[at] for at in kept), tuple(self.places[at] for at in kept))


def read(text: str) -> Reading:
    """A text in its plain form; punctuation between sentences stays, since it ends what belongs together."""
    return closed(unclosed(text))


def unclosed(text: str) -> Reading:
    """A text in its plain form with the punctuation that may stand between the characters of one word."""
    characters = [(plain, place) for place, c in enumerate(text) for plain in _plain(c)]
    joined = _joined(characters)
    return Reading("".join(c for c, _ in joined), tuple(place for _, place in joined))


def closed(reading: Reading) -> Reading:
    """A reading whose words written one character after the other (稳，赚，不，赔) are whole again."""
    if _ONE_BY_ONE.search(reading.text):
        reading = _close_up(reading)
    if _LETTERS_ALONE.search(reading.text):
        reading = reading.leaving_out(
            {
                at
                for found in _LETTERS_ALONE.finditer(reading.text)
                for at in range(*found.span())
                if reading.text[at] == " "
            }
        )
    if _NUMBERS_IN_WORDS.search(reading.text):
        as_letters = _NUMBERS_IN_WORDS.sub(lambda found: found[0].translate(_AS_LETTERS), reading.text)
        reading = Reading(as_letters, reading.places)
    return reading


def without_fillers(reading: Reading) -> Reading | None:
    """A reading without what fills up between Chinese characters (保x本, 保-本); None where nothing does."""
    return reading.without(_LATIN_BETWEEN) if _LATIN_BETWEEN.search(reading.text) else None


def without_chains(reading: Reading) -> Reading | None:
    """A reading without what parts three or more single characters (存x款x送); None where nothing does."""
    chained = {at for found in _CHAINS.finditer(reading.text) for at in range(*found.span())}
    return reading.leaving_out({at for at in chained if not is_chinese(reading.text[at])}) if chained else None


def without_signs(text: str) -> Reading | None:
    """A reading in which signs made of a character (🈶, ㊙) only fill up, as in 保🈶本; None where there are none."""
    plain = _SIGNS.sub(FILLER, text)
    return read(plain) if plain != text else None


def with_pictures(text: str) -> Reading | None:
    """A reading of the words that pictures stand for (存10万送🎁); None where there are none."""
    if not any(picture in text for picture in _PICTURES):
        return None
    spelled = [(word, place) for place, c in enumerate(text) for word in _PICTURES.get(c, c)]
    reading = read("".join(c for c, _ in spelled))
    return Reading(reading.text, tuple(spelled[place][1] for place in reading.places))


def letters_only(reading: Reading) -> Reading | None:
    """Only the Latin letters, where they are written one by one (g u a r a n t e e); None elsewhere."""
    if not _LETTERS_APART.search(reading.text):
        return None
    return reading.leaving_out({at for at, c in enumerate(reading.text) if not "a" <= c <= "z"})


def is_chinese(character: str) -> bool:
    """Whether a character is a Chinese one, among those in use."""
    return "一" <= character <= "鿿" or "㐀" <= character <= "䶿"


@lru_cache(maxsize=16_384)
def _plain(character: str) -> str:
    """A character in its plain form; nothing for what only decorates or cannot be seen."""
    if "a" <= character <= "z" or "0" <= character <= "9":
        return character
    if character in "\n\r\u2028\u2029\x0b\x0c":
        return "\n"
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(_seen(c) for c in plain)


def _seen(character: str) -> str:
    kind = unicodedata.category(character)
    if character.isspace() or kind == "Zs":
        return " "
    if character in "ㅤᅠᅟ⠀" or kind[0] == "M" or kind in {"Cf", "Cc"}:
        return ""
    if kind in {"So", "Sk", "Co", "Cn", "Cs"} and character not in "^`":
        mapped = character.translate(_LOOK_ALIKE)
        return mapped if mapped != character else FILLER
    mapped = character.translate(_LOOK_ALIKE)
    return _simplified().convert(mapped) if is_chinese(mapped) else mapped


@cache
def _simplified() -> "OpenCC":
    from opencc import OpenCC  # A few milliseconds, which only who reads a text waits.

    return OpenCC("t2s")


Characters = list[tuple[str, int]]


def _joined(characters: Characters) -> Characters:
    """The characters without what stands between them for no reason of the language."""
    made: Characters = []
    at, size = 0, len(characters)
    while at < size:
        c = characters[at][0]
        if c.isalnum():
            made.append(characters[at])
            at += 1
            continue
        end = at
        while end < size and not characters[end][0].isalnum():
            end += 1
        made += _between(characters, at, end)
        at = end
    return made


def _between(characters: Characters, start: int, end: int) -> Characters:
    """What stays of the marks between two letters or characters."""
    marks = characters[start:end]
    kinds = {c for c, _ in marks}
    left = characters[start - 1][0] if start else ""
    right = characters[end][0] if end < len(characters) else ""
    if not left or not right:
        return [mark for mark in marks if mark[0] not in {FILLER, " "}]
    if is_chinese(left) and is_chinese(right):
        return _between_chinese(characters, start, end, kinds)
    if kinds <= {" ", "\n"}:
        if is_chinese(left) or is_chinese(right):
            return [mark for mark in marks if mark[0] == "\n"][:1]
        return [(" ", marks[0][1])]
    if kinds <= _IN_WORDS and not is_chinese(left) and not is_chinese(right):
        return []
    if not is_chinese(left) and not is_chinese(right):
        return [(" " if c == FILLER else c, place) for c, place in marks]
    return [mark for mark in marks if mark[0] not in {FILLER, " "}]


def _between_chinese(characters: Characters, start: int, end: int, kinds: set[str]) -> Characters:
    marks = characters[start:end]
    if kinds <= _HARD | {" "}:
        return []
    alone = _stands_alone(characters, start - 1, -1) or _stands_alone(characters, end, 1)
    if alone and kinds <= _HARD | _SOFT | {" "} and not _closes(characters, start):
        return []
    return [mark for mark in marks if mark[0] not in {FILLER, " "}]


def _closes(characters: Characters, at: int) -> bool:
    """Whether the mark here ends a quotation of some words; one around a single character only fills."""
    opening = _OPENING.get(characters[at][0])
    return any(c == opening for c, _ in characters[max(0, at - _LONGEST_QUOTE) : max(0, at - 2)])


def _stands_alone(characters: Characters, at: int, step: int) -> bool:
    """Whether the Chinese character here has no Chinese neighbour on its far side."""
    beyond = at + step
    return not (0 <= beyond < len(characters) and characters[beyond][0].isalnum())


def _close_up(reading: Reading) -> Reading:
    """Single characters with a mark after each (稳，赚，不，赔) are read as one word."""
    left_out = {
        at
        for found in _ONE_BY_ONE.finditer(reading.text)
        for at in range(*found.span())
        if reading.text[at] in _NATURAL + "\n"
    }
    return reading.leaving_out(left_out)
