"""Reading a YAML form field by field; what is missing, wrong or unknown is named by its place."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml

from campaigns.chains.reading import read_deadline
from campaigns.compliance.words import forbidden, lacks_risk_notice
from campaigns.forms.model import FaultCode, FormError

LONGEST_FILE = 50_000
Choice = TypeVar("Choice", bound=StrEnum)


class Form:
    """One mapping of a form; every field is taken once, and `finish` refuses what nobody took."""

    def __init__(self, found: object, place: str = "") -> None:
        if not isinstance(found, Mapping):
            raise FormError(FaultCode.NOT_A_FORM, place or "-")
        self._fields: dict[str, Any] = {str(name): value for name, value in found.items()}
        self._place = place

    def place(self, name: str) -> str:
        """Where a field stands, as written."""
        return f"{self._place}.{name}" if self._place else name

    def has(self, name: str) -> bool:
        """Whether a field is there and not taken yet."""
        return name in self._fields

    def text(self, name: str, longest: int, default: str | None = None) -> str:
        """A text of 1 to `longest` characters; numbers are read as written."""
        found = self._take(name, default)
        if isinstance(found, bool) or not isinstance(found, str | int | float) or not str(found).strip():
            raise FormError(FaultCode.BAD_TEXT, self.place(name), f"1–{longest}")
        if len(str(found).strip()) > longest:
            raise FormError(FaultCode.BAD_TEXT, self.place(name), f"1–{longest}")
        return str(found).strip()

    def number(self, name: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within limits."""
        found = self._take(name, default)
        if type(found) is not int or not least <= found <= most:
            raise FormError(FaultCode.BAD_NUMBER, self.place(name), f"{least}–{most}")
        return found

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of the words of an enumeration."""
        found = self._take(name, default)
        try:
            return kind(found)
        except ValueError:
            raise FormError(FaultCode.BAD_CHOICE, self.place(name), " / ".join(kind)) from None

    def moment(self, name: str, now: datetime, zone: ZoneInfo) -> datetime:
        """A moment in the future, in the words that chains understand too: 明天20:00, 2026-12-31 18:00, 3天."""
        found = self._take(name, None)
        moment = found if isinstance(found, datetime) else read_deadline(str(found), now, zone)
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        if moment is None or moment <= now:
            raise FormError(FaultCode.BAD_MOMENT, self.place(name))
        return moment

    def texts(self, name: str, least: int, most: int, longest: int) -> tuple[str, ...]:
        """A list of different texts."""
        found = self._take(name, [])
        if not isinstance(found, list) or not least <= len(found) <= most:
            raise FormError(FaultCode.BAD_LIST, self.place(name), f"{least}–{most}")
        within = Form(dict(enumerate(found, start=1)), self.place(name))
        texts = tuple(within.text(str(at), longest) for at in range(1, len(found) + 1))
        if len(set(texts)) < len(texts):
            raise FormError(FaultCode.BAD_LIST, self.place(name), f"{least}–{most}")
        return texts

    def numbers(self, name: str, most: int) -> tuple[tuple[int, int], ...]:
        """A mapping of whole numbers above 0 to whole numbers above 0, in order; empty where it is missing."""
        found = self._take(name, {})
        if not isinstance(found, Mapping) or any(
            type(each) is not int or not 1 <= each <= most for pair in found.items() for each in pair
        ):
            raise FormError(FaultCode.BAD_NUMBER, self.place(name), f"1–{most}: 1–{most}")
        return tuple(sorted(found.items()))

    def forms(self, name: str, most: int) -> list["Form"]:
        """A list of 1 to `most` forms."""
        found = self._take(name, [])
        if not isinstance(found, list) or not 1 <= len(found) <= most:
            raise FormError(FaultCode.BAD_LIST, self.place(name), f"1–{most}")
        return [Form(each, f"{self.place(name)}.{at}") for at, each in enumerate(found, start=1)]

    def anything(self, name: str) -> Any:
        """A field as YAML read it, of a kind that only one file has; it must be there."""
        return self._take(name, None)

    def finish(self) -> None:
        """Refuse what nobody took: a misspelt field is no wish to be ignored."""
        for name in self._fields:
            raise FormError(FaultCode.UNKNOWN_FIELD, self.place(name))

    def _take(self, name: str, default: Any) -> Any:
        found = self._fields.pop(name, None)
        if found is None and default is None:
            raise FormError(FaultCode.MISSING, self.place(name))
        return default if found is None else found


def read_form(text: str) -> Form:
    """A whole file as a form.

    Raises:
        FormError: it is no YAML, or no mapping.
    """
    try:
        found = yaml.safe_load(text[:LONGEST_FILE])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise FormError(FaultCode.NOT_YAML, str(mark.line + 1) if mark else "1") from error
    return Form(found)


def line_of(text: str, place: str) -> int:
    """The line, from 1, where a place (quizzes.2.prize) stands in a YAML text, or what comes nearest above it."""
    node = yaml.compose(text[:LONGEST_FILE], Loader=yaml.SafeLoader)
    line = 1
    for name in place.split("."):
        line = node.start_mark.line + 1 if node is not None else line
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if str(key.value) == name), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and name.isdecimal() and 1 <= int(name) <= len(node.value):
            node = node.value[int(name) - 1]
            line = node.start_mark.line + 1
    return line


def decoded(data: bytes) -> str:
    """The text of a file as Chinese offices write it: UTF-8 with or without its mark, or GB18030."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def check_words(place: str, *texts: str) -> None:
    """Refuse forbidden words, and investments without their risk notice (Advertising Law art. 9, 25).

    Raises:
        FormError: names the word and the law.
    """
    for finding in forbidden("\n".join(texts)):
        raise FormError(FaultCode.FORBIDDEN_WORD, place, f"{finding.word} ({finding.law})")
    if any(lacks_risk_notice(text) for text in texts):
        raise FormError(FaultCode.NO_RISK_NOTICE, place)
