"""A line of the language read into a tree, or what is wrong with it and where: recursive descent, one method a rule."""

from collections.abc import Callable
from decimal import Decimal

from campaigns.audiences.fields import FIELDS, Field, Kind
from campaigns.audiences.lexer import Shape, Token, cut
from campaigns.audiences.lexicon import (
    AFTER_RANGE,
    AND,
    BETWEEN,
    COMPARISONS,
    EVERYBODY,
    IN,
    INSIDE,
    IS,
    KEYWORDS,
    KNOWN,
    NOT,
    NOT_IN,
    OR,
    RANGE,
    UNKNOWN,
    WITHIN,
    Lexicon,
)
from campaigns.audiences.model import (
    DEEPEST,
    LONGEST,
    MOST_TERMS,
    MOST_VALUES,
    Between,
    Both,
    Compared,
    Comparison,
    Either,
    Everybody,
    Expected,
    Expression,
    Fault,
    FaultCode,
    Happened,
    Holds,
    Known,
    Not,
    OneOf,
    Term,
    Value,
    Within,
)
from campaigns.audiences.values import TEXTUAL, ReadError, is_backwards, read_value
from campaigns.audiences.walk import Walk

SCALES = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DAY})
HAPPENINGS = frozenset({Kind.DAY, Kind.EVENT})
SEVERAL = frozenset({Kind.MANY, Kind.TEXTS, Kind.TAGS, Kind.EVENT})
PLAIN = Lexicon()


class _FaultError(Exception):
    """The line is wrong; never leaves this module."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def parse(text: str, lexicon: Lexicon = PLAIN, me: int | None = None) -> Expression | Fault:
    """The tree of a line; `me` is the member whom 我 means, None where nobody asks."""
    if len(text) > LONGEST:
        return Fault(text, FaultCode.TOO_LONG, LONGEST, len(text))
    if not text.strip():
        return Fault(text, FaultCode.EMPTY, 0, 0, Expected.CONDITION)
    tokens = cut(text, lexicon)
    if isinstance(tokens, Fault):
        return tokens
    try:
        return _Parser(text, tokens, lexicon, me).line()
    except _FaultError as error:
        return error.fault


class _Parser(Walk):
    """Walks over the tokens once."""

    def __init__(self, text: str, tokens: list[Token], lexicon: Lexicon, me: int | None) -> None:
        super().__init__(tokens, lexicon)
        self._text = text
        self._me = me
        self._depth = 0
        self._terms = 0

    def line(self) -> Expression:
        """line = either END"""
        found = self._either()
        if not self._is(Shape.END):
            raise self._expected(Expected.CONNECTIVE)
        return found

    def _either(self) -> Expression:
        """either = both { or both }"""
        parts = [self._both()]
        while self._takes(OR):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Expression:
        """both = negated { [and] negated }; the word may be missing where a range of years follows a value."""
        parts = [self._negated()]
        while self._takes(AND) or self._is_bare_range(parts[-1]):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _negated(self) -> Expression:
        """negated = not negated | condition"""
        start = self._now
        if not self._takes(NOT):
            return self._condition()
        with_it = self._deeper(self._negated, start)
        return Not(with_it)

    def _condition(self) -> Expression:
        """condition = ( either ) | everybody | days inside field | field test | value | range"""
        token = self._now
        if token.shape is Shape.OPEN:
            self._at += 1
            inside = self._deeper(self._either, token)
            if not self._is(Shape.CLOSE):
                raise self._expected(Expected.CLOSING)
            self._at += 1
            return inside
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise self._fault(FaultCode.TOO_MANY_TERMS, token)
        if self._takes(EVERYBODY):
            return Everybody()
        if token.shape is Shape.NUMBER or token.word in WITHIN:
            return self._days_first()
        if token.shape is not Shape.WORD or token.word in KEYWORDS:
            raise self._expected(Expected.CONDITION)
        return self._named()

    def _named(self) -> Expression:
        """A condition that begins with the name of a field or a value."""
        start = self._at
        field = self._takes_field()
        if field is not None:
            return self._test(field)
        word, end = self._longest(lambda each: bool(self._lexicon.holders(each)))
        token = self._tokens[start]
        if word is None:
            near = self._lexicon.near_fields(self._phrase())
            raise self._fault(FaultCode.UNKNOWN_NAME, token, near)
        holders = self._lexicon.holders(word)
        if len(holders) > 1:
            code = [self._lexicon.value(FIELDS[name], word) or word for name in holders]
            near = tuple(f"{name} = {value}" for name, value in zip(holders, code, strict=True))
            raise self._fault(FaultCode.AMBIGUOUS, token, near)
        self._at = end
        code_of = self._lexicon.value(FIELDS[holders[0]], word)
        return Compared(holders[0], Comparison.EQUAL, code_of or word)

    def _days_first(self) -> Expression:
        """近30天接龙, 30天内接龙; or a range without a field, which is an age: 25–40岁."""
        if self._now.word not in WITHIN and self._peek(1).word in RANGE:
            return self._range(FIELDS["age"])
        start = self._now
        days = self._days_inside()
        field = self._takes_field() if days is not None else None
        if days is None or field is None:
            raise self._fault(FaultCode.EXPECTED, start if days is None else self._now, expected=Expected.CONDITION)
        if field.kind not in HAPPENINGS:
            raise self._wrong_test(field, self._tokens[self._at - 1])
        return Within(field.name, days)

    def _days_inside(self) -> int | None:
        """within 30 days, 近30天, 30天内; None where there is nothing of the kind, and nothing is taken."""
        before, said = self._at, self._takes(WITHIN)
        token = self._now
        if token.shape is Shape.NUMBER and token.days and token.number == int(token.number):
            self._at += 1
            if self._takes(INSIDE) or said:
                return min(int(token.number) * token.days, 36_500)
        elif said:
            raise self._expected(Expected.DAYS)
        self._at = before
        return None

    def _test(self, field: Field) -> Expression:
        """test = comparison value | in list | range | within days | is known | nothing"""
        token = self._now
        says_is = self._takes(IS)
        if (known := self._known()) is not None:
            if field.kind in SEVERAL:
                raise self._wrong_test(field, self._tokens[self._at - 1])
            return Known(field.name, known)
        if says_is and self._takes(NOT):
            return Not(self._value_test(field))
        if (days := self._days_inside()) is not None:
            if field.kind not in HAPPENINGS:
                raise self._wrong_test(field, token)
            return Within(field.name, days)
        if self._now.word in IN | NOT_IN:
            return self._list(field)
        if self._now.word in NOT and self._peek(1).word in IN:
            self._at += 1
            return Not(self._list(field))
        if field.kind in (Kind.EVENT, Kind.FLAG):
            if says_is or self._now.word in COMPARISONS:
                raise self._wrong_test(field, self._now)
            return Happened(field.name) if field.kind is Kind.EVENT else Holds(field.name)
        return self._value_test(field)

    def _value_test(self, field: Field) -> Term:
        token = self._now
        if field.kind in (Kind.EVENT, Kind.FLAG):
            raise self._wrong_test(field, token)
        by = self._comparison()
        if by is None:
            if self._takes(BETWEEN) or self._is_range(field):
                return self._range(field)
            if token.shape is Shape.END or token.word in AND | OR or (field.kind in SCALES and not self._is_value()):
                raise self._expected(Expected.TEST, field)
            return Compared(field.name, Comparison.EQUAL, self._value(field))
        if by not in (Comparison.EQUAL, Comparison.UNEQUAL) and field.kind not in SCALES and not field.is_ordered:
            raise self._wrong_test(field, token)
        if by is Comparison.EQUAL and self._is_range(field):
            return self._range(field)
        return Compared(field.name, by, self._value(field))

    def _comparison(self) -> Comparison | None:
        word, end = self._longest(COMPARISONS.__contains__)
        if word is None:
            return None
        self._at = end
        return COMPARISONS[word]

    def _known(self) -> bool | None:
        """known, unknown, not known; None where neither stands here, and nothing is taken."""
        before = self._at
        negated = self._takes(NOT)
        if self._takes(KNOWN):
            return not negated
        if self._takes(UNKNOWN):
            return negated
        self._at = before
        return None

    def _list(self, field: Field) -> Expression:
        """list = in ( value { , value } ) | in range"""
        negated = self._now.word in NOT_IN
        self._at += 1
        if not self._is(Shape.OPEN):
            if field.kind in SCALES and not self._is(Shape.END):
                found: Expression = self._range(field)
                return Not(found) if negated else found
            raise self._expected(Expected.LIST)
        self._at += 1
        values = [self._value(field)]
        while self._is(Shape.COMMA) or self._now.word in OR:
            self._at += 1
            values.append(self._value(field))
            if len(values) > MOST_VALUES:
                raise self._fault(FaultCode.TOO_MANY_VALUES, self._tokens[self._at - 1])
        if not self._is(Shape.CLOSE):
            raise self._expected(Expected.CLOSING)
        self._at += 1
        one_of = OneOf(field.name, tuple(values))
        return Not(one_of) if negated else one_of

    def _range(self, field: Field) -> Term:
        """range = value .. value | between value and value"""
        start = self._now
        low = self._value(field)
        if not self._takes(RANGE | AND):
            raise self._expected(Expected.RANGE_END, field)
        high = self._value(field)
        self._takes(AFTER_RANGE)
        if is_backwards(low, high):
            raise _FaultError(Fault(self._text, FaultCode.BACKWARDS, start.start, self._tokens[self._at - 1].end))
        return Between(field.name, low, high)

    def _value(self, field: Field) -> Value:
        """One value of the field, a minus before a number included."""
        token, minus = self._now, self._now.word == "-" and self._peek(1).shape is Shape.NUMBER
        if minus:
            self._at += 1
        word, end = self._longest(lambda each: self._lexicon.value(field, each) is not None)
        said = self._now
        if field.kind in TEXTUAL and said.shape in (Shape.WORD, Shape.NUMBER):
            end = self._end_of_text()
            word = self._text[said.start : self._tokens[end - 1].end]
        try:
            value = read_value(field, said, word or self._raw(said), self._lexicon, self._me)
        except ReadError as error:
            raise self._fault(error.code, token, error.nearest, error.expected, field.name) from None
        self._at = end if word is not None else self._at + 1
        return -value if minus and isinstance(value, int | Decimal) else value

    def _end_of_text(self) -> int:
        """The place after a name that is not quoted: up to a blank, a sign, or a word that joins conditions."""
        end = self._at + 1
        while self._tokens[end].start == self._tokens[end - 1].end and (
            self._tokens[end].shape is Shape.NUMBER
            or (self._tokens[end].shape is Shape.WORD and self._tokens[end].word not in KEYWORDS)
        ):
            end += 1
        return end

    def _is_bare_range(self, last: Expression) -> bool:
        is_range = self._is(Shape.NUMBER) and self._peek(1).word in RANGE
        return is_range and isinstance(last, Compared) and FIELDS[last.field].kind is Kind.CHOICE

    def _is_range(self, field: Field) -> bool:
        ahead = 1 if self._now.word == "-" else 0
        is_first = self._peek(ahead).shape in (Shape.NUMBER, Shape.DAY)
        return field.kind in SCALES and is_first and self._peek(ahead + 1).word in RANGE

    def _is_value(self) -> bool:
        return self._now.shape in (Shape.NUMBER, Shape.DAY) or self._now.word == "-"

    def _deeper(self, rule: Callable[[], Expression], token: Token) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._fault(FaultCode.TOO_DEEP, token)
        found = rule()
        self._depth -= 1
        return found

    def _raw(self, token: Token) -> str:
        return token.word if token.shape in (Shape.QUOTED, Shape.DAY) else self._text[token.start : token.end]

    def _expected(self, expected: Expected, field: Field | None = None) -> _FaultError:
        return self._fault(FaultCode.EXPECTED, self._now, expected=expected, field=field.name if field else None)

    def _wrong_test(self, field: Field, token: Token) -> _FaultError:
        return self._fault(FaultCode.WRONG_TEST, token, field=field.name)

    def _fault(
        self,
        code: FaultCode,
        token: Token,
        nearest: tuple[str, ...] = (),
        expected: Expected | None = None,
        field: str | None = None,
    ) -> _FaultError:
        return _FaultError(Fault(self._text, code, token.start, token.end, expected, nearest, field))
