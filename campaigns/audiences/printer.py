"""A tree as a line again, always the same one for the same tree; reading it gives the tree back, in both languages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from campaigns.audiences.fields import FIELDS, Field, Kind
from campaigns.audiences.lexicon import Lexicon
from campaigns.audiences.model import (
    Between,
    Both,
    Compared,
    Either,
    Everybody,
    Expression,
    Happened,
    Holds,
    Known,
    Not,
    OneOf,
    Term,
    Value,
    Within,
)
from campaigns.audiences.parser import PLAIN
from campaigns.audiences.values import FEN

ENGLISH: Mapping[str, str] = {
    "and": " and ", "or": " or ", "not": "not ", "everybody": "everybody", "in": "{field} in ({values})",
    "range": "{field} {low}..{high}", "within": "{field} within {days} days", "known": "{field} is known",
    "unknown": "{field} is unknown", "comma": ", ",
}  # fmt: skip
CHINESE: Mapping[str, str] = {
    "and": " 且 ", "or": " 或 ", "not": "非 ", "everybody": "所有客户", "in": "{field} 属于 ({values})",
    "range": "{field} {low}..{high}", "within": "{field} {days}天内", "known": "{field} 已知",
    "unknown": "{field} 未知", "comma": "、",
}  # fmt: skip


def say(expression: Expression, lexicon: Lexicon = PLAIN, *, in_chinese: bool = False) -> str:
    """The tree as a line: with codes in English, which is how it is kept, or with Chinese names."""
    return _Printer(lexicon, in_chinese=in_chinese).line(expression)


class _Printer:
    def __init__(self, lexicon: Lexicon, *, in_chinese: bool) -> None:
        self._lexicon = lexicon
        self._in_chinese = in_chinese
        self._words = CHINESE if in_chinese else ENGLISH

    def line(self, expression: Expression) -> str:
        match expression:
            case Both(parts):
                return self._words["and"].join(self._part(part) for part in parts)
            case Either(parts):
                return self._words["or"].join(self._part(part) for part in parts)
            case Not(part):
                return self._words["not"] + self._part(part)
            case _:
                return self._term(expression)

    def _term(self, term: Term) -> str:
        match term:
            case Everybody():
                return self._words["everybody"]
            case Happened(field) | Holds(field):
                return self._field(field)
            case Known(field, is_known):
                return self._words["known" if is_known else "unknown"].format(field=self._field(field))
            case Within(field, days):
                return self._words["within"].format(field=self._field(field), days=days)
            case Between(field, low, high):
                bounds = {"low": self._value(field, low), "high": self._value(field, high)}
                return self._words["range"].format(field=self._field(field), **bounds)
            case OneOf(field, values):
                listed = self._words["comma"].join(self._value(field, value) for value in values)
                return self._words["in"].format(field=self._field(field), values=listed)
            case Compared(field, by, value):
                return f"{self._field(field)} {by} {self._value(field, value)}"

    def _part(self, part: Expression) -> str:
        return f"({self.line(part)})" if isinstance(part, Both | Either) else self.line(part)

    def _field(self, name: str) -> str:
        return self._lexicon.says_field(name, in_chinese=self._in_chinese)

    def _value(self, name: str, value: Value) -> str:
        field = FIELDS[name]
        if isinstance(value, str):
            return self._text(field, value)
        if isinstance(value, date):
            return value.isoformat()
        return _plain(Decimal(value) / FEN if field.kind is Kind.MONEY else Decimal(value))

    def _text(self, field: Field, value: str) -> str:
        if field.kind not in (Kind.TEXT, Kind.TEXTS):
            return self._lexicon.says_value(field.name, value, in_chinese=self._in_chinese)
        opening, closing = next(pair for pair in (('"', '"'), ("“", "”"), ("「", "」")) if pair[1] not in value)
        return f"{opening}{value}{closing}"


def _plain(number: Decimal) -> str:
    """A number without exponent and without zeros behind."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
