"""A line cut into words, numbers, days and signs, each with its place; in either language, with or without spaces."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from campaigns.audiences.lexicon import Lexicon, fold
from campaigns.audiences.model import Fault, FaultCode

TIMES = {"百": 100, "千": 1_000, "k": 1_000, "万": 10_000, "m": 1_000_000, "亿": 100_000_000}
DAYS = {
    **dict.fromkeys(("天", "日", "d", "day", "days"), 1),
    **dict.fromkeys(("周", "星期", "week", "weeks"), 7),
    **dict.fromkeys(("个月", "月", "month", "months"), 30),
    **dict.fromkeys(("年", "year", "years"), 365),
}
YUAN = ("元", "块", "yuan", "rmb")
PLAIN = ("岁", "次", "分", "张", "years_old")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?!\d)")
_TIMES = re.compile(r"\s?(百万|千万|万亿|[百千万亿]|[km](?![a-z_0-9]))|(%)")
_UNIT = re.compile(r"\s?(个月|[元块岁天日周月年次分张]|(?:yuan|rmb|days?|weeks?|months?|years?|d)(?![a-z_0-9]))")
_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_SIGN = re.compile(r">=|<=|!=|<>|==|&&|\|\||\.\.\.?|[=:><≥≤≠&|!~〜–—…\-]")
QUOTES = {'"': '"', "'": "'", "“": "”", "「": "」", "‘": "’"}
OPENING, CLOSING, COMMAS = "([【", ")]】", ",、;"


class Shape(StrEnum):
    """What kind of token it is."""

    WORD = "word"
    NUMBER = "number"
    DAY = "day"
    QUOTED = "quoted"
    OPEN = "open"
    CLOSE = "close"
    COMMA = "comma"
    END = "end"


@dataclass(frozen=True)
class Token:
    """A piece of the line; `word` is folded, `number` counts its unit (万, k, %) in, `days` are those of 30天."""

    shape: Shape
    start: int
    end: int
    word: str = ""
    number: Decimal = Decimal(0)
    days: int | None = None
    is_money: bool = False


def cut(text: str, lexicon: Lexicon) -> list[Token] | Fault:
    """The tokens of a line, an END last, or what cannot be read."""
    folded, at, tokens = fold(text), 0, list[Token]()
    while at < len(folded):
        if folded[at].isspace():
            at += 1
            continue
        token = _next(text, folded, at, lexicon)
        if token is None:
            code = FaultCode.OPEN_QUOTE if folded[at] in QUOTES else FaultCode.STRAY_CHARACTER
            return Fault(text, code, at, at + 1)
        tokens.append(token)
        at = token.end
    return [*tokens, Token(Shape.END, len(text), len(text))]


def _next(text: str, folded: str, at: int, lexicon: Lexicon) -> Token | None:
    character = folded[at]
    for signs, shape in ((OPENING, Shape.OPEN), (CLOSING, Shape.CLOSE), (COMMAS, Shape.COMMA)):
        if character in signs:
            return Token(shape, at, at + 1)
    if character in QUOTES:
        end = text.find(QUOTES[character], at + 1)
        return Token(Shape.QUOTED, at, end + 1, text[at + 1 : end]) if end > at + 1 else None
    if character.isalnum() and (known := _known(folded, at, lexicon)):
        return known
    if character.isdecimal() and character.isascii():
        return _day(folded, at) or _number(folded, at)
    for pattern in (_WORD, _SIGN):
        if found := pattern.match(folded, at):
            return Token(Shape.WORD, at, found.end(), found.group())
    return _unknown(folded, at) if character.isalpha() else None


def _day(folded: str, at: int) -> Token | None:
    found = _DAY.match(folded, at)
    if found is None:
        return None
    year, *rest = (part for part in found.groups() if part)
    return Token(Shape.DAY, at, found.end(), "-".join([year, *(part.zfill(2) for part in rest)]))


def _number(folded: str, at: int) -> Token:
    found = _NUMBER.match(folded, at)
    assert found, "A number begins with a digit."
    number, end, days, is_money = Decimal(found.group().replace(",", "")), found.end(), None, False
    if times := _TIMES.match(folded, end):
        for sign in times.group(1) or "":
            number *= TIMES[sign]
        number = number / 100 if times.group(2) else number
        end = times.end()
    if unit := _UNIT.match(folded, end):
        end, days, is_money = unit.end(), DAYS.get(unit.group(1)), unit.group(1) in YUAN
    return Token(Shape.NUMBER, at, end, folded[at:end], number, days, is_money)


def _known(folded: str, at: int, lexicon: Lexicon) -> Token | None:
    """The longest Chinese word of the language that begins here."""
    for length in range(min(lexicon.longest, len(folded) - at), 0, -1):
        if (word := folded[at : at + length]) in lexicon.chinese:
            return Token(Shape.WORD, at, at + length, word)
    return None


def _unknown(folded: str, at: int) -> Token:
    """Everything up to a word that joins conditions: a name from outside, or a mistake."""
    end = at + 1
    while end < len(folded) and folded[end].isalpha() and not folded[end].isascii() and folded[end] not in "且或":
        end += 1
    return Token(Shape.WORD, at, end, folded[at:end])
