"""What a word or number of a line is as a value of a field: fen, a number, a day, a code, a name."""

from datetime import date
from decimal import Decimal

from campaigns.audiences.fields import Field, Kind
from campaigns.audiences.lexer import Shape, Token
from campaigns.audiences.lexicon import KEYWORDS, ME, Lexicon, fold
from campaigns.audiences.model import Expected, FaultCode, Value

FEN = 100
LARGEST = 10**15
WORDED = frozenset({Kind.CHOICE, Kind.MANY, Kind.TAGS})
TEXTUAL = frozenset({Kind.TEXT, Kind.TEXTS})
LONGEST_TEXT = 200


class ReadError(Exception):
    """What stands there is no value of the field."""

    def __init__(self, code: FaultCode, expected: Expected, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected
        self.nearest = nearest


def read_value(field: Field, token: Token, word: str, lexicon: Lexicon, me: int | None) -> Value:
    """The value that a token stands for; `word` is what is written there, of several English words too.

    Raises:
        ReadError: it is none of this field's.
    """
    if field.kind in WORDED:
        return _code(field, token, word, lexicon)
    if field.kind in TEXTUAL:
        return _text(token, word)
    match field.kind:
        case Kind.MONEY:
            return int(_number(token, Expected.MONEY) * FEN)
        case Kind.DAY:
            return _day(token)
        case Kind.PERSON:
            return _person(token, me)
        case _:
            return _number(token, Expected.NUMBER)


def is_backwards(low: Value, high: Value) -> bool:
    """Whether the first of two values of one field is the larger."""
    if isinstance(low, date) and isinstance(high, date):
        return low > high
    return isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and low > high


def _code(field: Field, token: Token, word: str, lexicon: Lexicon) -> str:
    code = lexicon.value(field, word)
    if code is not None:
        return code
    if token.shape in (Shape.WORD, Shape.QUOTED, Shape.NUMBER) and token.word not in KEYWORDS:
        raise ReadError(FaultCode.UNKNOWN_VALUE, Expected.VALUE, lexicon.near_values(field, word))
    raise ReadError(FaultCode.EXPECTED, Expected.VALUE)


def _text(token: Token, word: str) -> str:
    is_name = token.shape in (Shape.QUOTED, Shape.NUMBER) or (token.shape is Shape.WORD and token.word not in KEYWORDS)
    if not is_name or not word.strip() or len(word) > LONGEST_TEXT:
        raise ReadError(FaultCode.EXPECTED, Expected.VALUE)
    return word


def _number(token: Token, expected: Expected) -> Decimal:
    if token.shape is not Shape.NUMBER or token.number > LARGEST:
        raise ReadError(FaultCode.EXPECTED, expected)
    return token.number


def _day(token: Token) -> date:
    try:
        return date.fromisoformat(token.word) if token.shape is Shape.DAY else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise ReadError(FaultCode.EXPECTED, Expected.DAY)


def _person(token: Token, me: int | None) -> int:
    if token.shape is Shape.WORD and fold(token.word) in ME:
        if me is None:
            raise ReadError(FaultCode.NOBODY_ASKS, Expected.VALUE)
        return me
    return int(_number(token, Expected.NUMBER))
