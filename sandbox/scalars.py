"""Single values of a Bot API call: what counts as text, number or truth, in forms and in JSON."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any], Any]
INTEGER = re.compile(r"[+-]?\d{1,18}")


class MistypedError(ValueError):
    """A value is not of the described type."""


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise MistypedError("String expected")
    return str(value)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise MistypedError("must be of type String")
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise MistypedError("must be of type Integer")
    return value


def _integer_from_text(value: Any) -> int:
    if isinstance(value, str) and INTEGER.fullmatch(value.strip()):
        return int(value)
    return _integer(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MistypedError("must be of type Number")
    return value


def _number_from_text(value: Any) -> float:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError as fault:
            raise MistypedError("must be of type Number") from fault
    return _number(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise MistypedError("must be of type Boolean")
    return value


def _boolean_from_text(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in {"true", "1", "yes", "y", "false", "0", "no", "n"}:
        return value.lower() in {"true", "1", "yes", "y"}
    return _boolean(value)


SCALARS: dict[str, Check] = {
    "str": _string,
    "int": _integer_from_text,
    "float": _number,
    "bool": _boolean,
    "file": _string,
    "ChatIdUnion": _text,
    "DateTimeUnion": _integer_from_text,
    "InputFileUnion": _string,
}
SCALARS_FROM_TEXT: dict[str, Check] = {
    "str": _text,
    "int": _integer_from_text,
    "float": _number_from_text,
    "bool": _boolean_from_text,
    "file": _text,
    "ChatIdUnion": _text,
    "DateTimeUnion": _integer_from_text,
    "InputFileUnion": _text,
}
