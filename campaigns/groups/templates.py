"""A merchant's template: how a new group is described, announced and filled, and how newcomers are welcomed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from campaigns.compliance.words import forbidden

PLATFORM_CAPACITY = 200_000  # Source: telegram.org/faq, "supergroups of up to 200,000 members".
LONGEST_DESCRIPTION = 255
LONGEST_WORDS = 1_000
PLACEHOLDERS = frozenset({"title", "merchant", "bank", "names"})
FIELDS = frozenset({"description", "announcement", "capacity", "welcomes"})
WELCOME_FIELDS = frozenset({"text", "source", "number", "from", "until"})


class TemplateError(ValueError):
    """A template says something that cannot be used."""


@dataclass(frozen=True)
class WelcomeText:
    """Words for newcomers of one source, of one group by number, or of one span of the day; None means all."""

    text: str
    source: str | None = None
    number: int | None = None
    begins: time | None = None
    ends: time | None = None

    def fits(self, source: str, number: int, at: time) -> bool:
        """Whether these words are for somebody who came this way into this group at this hour."""
        return (
            self.source in {None, source}
            and self.number in {None, number}
            and (self.begins is None or self.ends is None or within(at, self.begins, self.ends))
        )


@dataclass(frozen=True)
class Template:
    """What a new group gets; what is None comes from the default."""

    description: str | None = None
    announcement: str | None = None
    capacity: int | None = None
    welcomes: tuple[WelcomeText, ...] = field(default=())

    def over(self, default: "Template") -> "Template":
        """This template where it says something, the default elsewhere; own welcomes are asked first."""
        return Template(
            self.description or default.description,
            self.announcement or default.announcement,
            self.capacity or default.capacity,
            self.welcomes + default.welcomes,
        )


def within(at: time, begins: time, ends: time) -> bool:
    """Whether a time of day lies in a span, its end excluded; a span that ends before it begins goes over midnight."""
    return begins <= at < ends if begins <= ends else at >= begins or at < ends


def welcome_for(welcomes: Sequence[WelcomeText], source: str, number: int, at: time) -> WelcomeText | None:
    """The first words of the most special kind that fit: source before group before time of day (S-65, F-3)."""
    fitting = [words for words in welcomes if words.fits(source, number, at)]
    return max(fitting, key=_special, default=None)


def _special(words: WelcomeText) -> tuple[bool, bool, bool]:
    return (words.source is not None, words.number is not None, words.begins is not None)


def filled(text: str, **facts: str) -> str:
    """The words with their facts; braces that name nothing known stay as they are."""
    return re.sub(r"\{(\w+)\}", lambda found: facts.get(found[1], found[0]), text)


def read_template(body: Mapping[str, Any]) -> Template:
    """A template out of plain data, as a file or the database has it.

    Raises:
        TemplateError: a field is unknown, of the wrong kind, too long, or advertises with forbidden words.
    """
    _only(body, FIELDS, "A template")
    capacity = body.get("capacity")
    if capacity is not None and not (isinstance(capacity, int) and 2 <= capacity <= PLATFORM_CAPACITY):
        raise TemplateError(f"capacity is {capacity!r}: give a whole number from 2 to {PLATFORM_CAPACITY}.")
    welcomes = body.get("welcomes") or []
    if not isinstance(welcomes, list):
        raise TemplateError("welcomes must be a list.")
    return Template(
        _words(body.get("description"), "description", LONGEST_DESCRIPTION),
        _words(body.get("announcement"), "announcement", LONGEST_WORDS),
        capacity,
        tuple(_welcome(entry, f"welcomes[{index}]") for index, entry in enumerate(welcomes, 1)),
    )


def _welcome(entry: Any, place: str) -> WelcomeText:
    if not isinstance(entry, Mapping):
        raise TemplateError(f"{place} must have a text.")
    _only(entry, WELCOME_FIELDS, place)
    text = _words(entry.get("text"), f"{place}.text", LONGEST_WORDS)
    if text is None:
        raise TemplateError(f"{place} must have a text.")
    begins, ends = (_time(entry.get(name), f"{place}.{name}") for name in ("from", "until"))
    if (begins is None) != (ends is None) or (begins is not None and begins == ends):
        raise TemplateError(f"{place} needs both from and until, and they must differ.")
    number = entry.get("number")
    if number is not None and not (isinstance(number, int) and number > 0):
        raise TemplateError(f"{place}.number is {number!r}: give the running number of a group.")
    return WelcomeText(text, _words(entry.get("source"), f"{place}.source", 64), number, begins, ends)


def _words(value: Any, place: str, longest: int) -> str | None:
    """A text within its length that promises nothing (Advertising Law art. 9, 25) and fills in only what is known."""
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise TemplateError(f"{place} must be a text of 1 to {longest} characters.")
    if found := forbidden(value):
        raise TemplateError(f"{place} says {'、'.join(each.word for each in found)}, which advertising may not say.")
    if unknown := set(re.findall(r"\{(\w+)\}", value)) - PLACEHOLDERS:
        raise TemplateError(
            f"{place} fills in {', '.join(sorted(unknown))}; there are {', '.join(sorted(PLACEHOLDERS))}."
        )
    return value.strip()


def _time(value: Any, place: str) -> time | None:
    if value is None:
        return None
    try:
        return time.fromisoformat(str(value))
    except ValueError as error:
        raise TemplateError(f"{place} is {value!r}: write the time in quotes, such as '22:00'.") from error


def _only(body: Mapping[str, Any], known: frozenset[str], place: str) -> None:
    if unknown := body.keys() - known:
        raise TemplateError(f"{place} does not know {', '.join(sorted(map(str, unknown)))}.")
