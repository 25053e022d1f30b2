"""Random trees of the audience language, for tests that every tree must pass."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from campaigns.audiences.fields import FIELDS, Field, Kind
from campaigns.audiences.model import (
    Between,
    Both,
    Compared,
    Comparison,
    Either,
    Everybody,
    Expression,
    Happened,
    Holds,
    Known,
    Not,
    OneOf,
    Within,
)

SCALES = (Kind.NUMBER, Kind.MONEY, Kind.DAY)
SINGLE = (*SCALES, Kind.CHOICE, Kind.TEXT, Kind.FLAG, Kind.PERSON)
SAMENESS = (Comparison.EQUAL, Comparison.UNEQUAL)
TEXTS = ("朝阳区", "海淀区", "Old Town", "且 或 (", '一"二', "幸福里")


def values(field: Field, days: tuple[date, date] = (date(2000, 1, 1), date(2030, 1, 1))) -> st.SearchStrategy[Any]:
    """Values that a field can be compared with."""
    match field.kind:
        case Kind.MONEY:
            return st.integers(-100, 3_000_000)
        case Kind.DAY:
            return st.dates(*days)
        case Kind.PERSON:
            return st.integers(1, 4)
        case Kind.TEXT | Kind.TEXTS:
            return st.sampled_from(TEXTS)
        case Kind.NUMBER:
            return st.integers(-20, 1_000).map(lambda tenths: Decimal(tenths) / 10)
        case _:
            return st.sampled_from(field.codes)


@st.composite
def tests_of(draw: st.DrawFn, field: Field) -> Expression:
    """A condition on one field."""
    kinds = ["within"] if field.kind in (Kind.DAY, Kind.EVENT) else []
    kinds += ["known"] if field.kind in SINGLE else []
    kinds += ["range"] if field.kind in SCALES else []
    kinds += ["compared", "one of"] if field.kind not in (Kind.EVENT, Kind.FLAG) else ["alone"]
    match draw(st.sampled_from(kinds)):
        case "within":
            return Within(field.name, draw(st.integers(0, 400)))
        case "known":
            return Known(field.name, draw(st.booleans()))
        case "range":
            return Between(field.name, *sorted(draw(st.tuples(values(field), values(field)))))
        case "one of":
            return OneOf(field.name, tuple(draw(st.lists(values(field), min_size=1, max_size=3))))
        case "compared":
            orders = tuple(Comparison) if field.kind in SCALES or field.is_ordered else SAMENESS
            return Compared(field.name, draw(st.sampled_from(orders)), draw(values(field)))
        case _:
            return Happened(field.name) if field.kind is Kind.EVENT else Holds(field.name)


conditions: st.SearchStrategy[Expression] = st.sampled_from(list(FIELDS.values())).flatmap(tests_of) | st.just(
    Everybody()
)


def _joined(part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(part, min_size=2, max_size=3).map(tuple)
    return part.map(Not) | several.map(Both) | several.map(Either)


trees: st.SearchStrategy[Expression] = st.recursive(conditions, _joined, max_leaves=8)
