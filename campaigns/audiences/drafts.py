"""An audience built in steps: classes, bands and stages of which any may hold, and tags that must all be there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from campaigns.audiences.fields import FIELDS
from campaigns.audiences.model import (
    Both,
    Compared,
    Comparison,
    Everybody,
    Expression,
    Fault,
    OneOf,
    Term,
)
from campaigns.audiences.parser import parse


class Step(StrEnum):
    """A page of the builder: the field that it chooses values of."""

    CLASS = "class"
    BAND = "band"
    LIFECYCLE = "lifecycle"
    TAG = "tag"

    @property
    def codes(self) -> tuple[str, ...]:
        """The values to choose from."""
        return FIELDS[self].codes

    @property
    def before(self) -> "Step | None":
        """The page before."""
        at = list(Step).index(self)
        return list(Step)[at - 1] if at else None

    @property
    def after(self) -> "Step | None":
        """The next page."""
        return next(iter(list(Step)[list(Step).index(self) + 1 :]), None)


@dataclass(frozen=True)
class Draft:
    """What was chosen on each page, in the order of the values."""

    parts: Mapping[Step, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, line: str) -> "Draft | None":
        """The draft that a line was made of; None for any other line."""
        expression = parse(line)
        if isinstance(expression, Fault):
            return None
        parts: dict[Step, tuple[str, ...]] = {}
        for part in expression.parts if isinstance(expression, Both) else (expression,):
            match part:
                case OneOf(name, values) if name in set(Step) - {Step.TAG}:
                    parts[Step(name)] = tuple(map(str, values))
                case Compared(Step.TAG, Comparison.EQUAL, value):
                    parts[Step.TAG] = (*parts.get(Step.TAG, ()), str(value))
                case Everybody():
                    pass
                case _:
                    return None
        return cls(parts)

    def chosen(self, step: Step) -> tuple[str, ...]:
        """The values that are chosen on a page."""
        return self.parts.get(step, ())

    def toggled(self, step: Step, code: str) -> "Draft":
        """With a value chosen that was not, or left out that was; one that the page does not have changes nothing."""
        wanted = {*self.chosen(step)} ^ ({code} & {*step.codes})
        return replace(self, parts={**self.parts, step: tuple(each for each in step.codes if each in wanted)})

    def expression(self) -> Expression:
        """The draft as a tree."""
        terms: list[Term] = [
            OneOf(step, self.chosen(step)) for step in Step if step is not Step.TAG and self.chosen(step)
        ]
        terms += [Compared("tag", Comparison.EQUAL, code) for code in self.chosen(Step.TAG)]
        return Both(tuple(terms)) if len(terms) > 1 else terms[0] if terms else Everybody()
