"""Checks of every call against the Bot API description, compiled once; answers in Telegram's own words."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.errors import BotApiError, bad_request
from sandbox.model import JsonObject
from sandbox.scalars import SCALARS, SCALARS_FROM_TEXT, Check, MistypedError

DESCRIPTION: JsonObject = json.loads(Path(__file__).with_name("bot_api.json").read_text("utf-8"))
METHOD_NAMES = {name.lower(): name for name in DESCRIPTION["methods"]}
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "media": "there is no media in the request",
    "from_chat_id": "chat_id is empty",
    "title": "title must be non-empty",
    "action": "wrong parameter action in request",
    "file_id": "file_id not specified",
}
TOO_LONG = {
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("InlineKeyboardButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("RichMessageButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("BotCommand", "command"): "BOT_COMMAND_INVALID",
    ("BotCommand", "description"): "BOT_COMMAND_DESCRIPTION_INVALID",
    ("setMyCommands", "commands"): "BOT_COMMANDS_TOO_MUCH",
    ("setChatTitle", "title"): "chat title is too long",
    ("setChatDescription", "description"): "chat description is too long",
    ("setWebhook", "secret_token"): "secret token contains unallowed characters",
    ("sendChatAction", "action"): "wrong parameter action in request",
}
WORDS = {"str": "String", "int": "Integer", "float": "Number", "bool": "Boolean", "file": "InputFile"}


def method_name(name: str) -> str:
    """Return the method as the description writes it; Telegram's 404 for one that does not exist."""
    found: str | None = METHOD_NAMES.get(name.lower())
    if found is None:
        raise BotApiError(404, "Not Found")
    return found


def checked(method: str, given: JsonObject) -> tuple[JsonObject, list[str]]:
    """Return the typed parameters and the names that Telegram ignores; Telegram's 400 for what it refuses."""
    fields = _fields_of_method(method)
    params: JsonObject = {}
    for name, (required, check) in fields.items():
        value = given.get(name)
        if required and (value is None or (value == "" and (method, name) != ("setWebhook", "url"))):
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
        if value is None:
            continue
        params[name] = _top_level(check, method, name, value)
    return params, sorted(given.keys() - fields.keys())


def _top_level(check: Check, method: str, name: str, value: Any) -> Any:
    try:
        return check(value)
    except MistypedError as fault:
        raise bad_request(_mistyped_words(method, name, str(fault))) from fault


def _mistyped_words(method: str, name: str, fault: str) -> str:
    if name in {"chat_id", "from_chat_id"}:
        return "chat not found"
    if name == "reply_markup":
        return f"can't parse reply keyboard markup JSON object: {fault}"
    kind = DESCRIPTION["methods"][method][name]["type"]
    if kind in WORDS:
        return f'parameter "{name}" must be of type {WORDS[kind]}'
    return f'can\'t parse parameter "{name}": {fault}'


@cache
def _fields_of_method(method: str) -> dict[str, tuple[bool, Check]]:
    described = DESCRIPTION["methods"][method]
    return {
        name: (bool(field.get("required")), _limited(_outer(field["type"]), method, name, field))
        for name, field in described.items()
    }


def _outer(kind: str) -> Check:
    """Return the check of a top-level value: forms carry text, so text is read as what is expected."""
    return SCALARS_FROM_TEXT.get(kind) or _decoding(_inner(kind))


def _decoding(check: Check) -> Check:
    def decode(value: Any) -> Any:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as fault:
                raise MistypedError("object expected") from fault
        return check(value)

    return decode


@cache
def _inner(kind: str) -> Check:
    if kind.endswith("[]"):
        return _array(kind.removesuffix("[]"))
    if kind in SCALARS:
        return SCALARS[kind]
    if kind.startswith("'"):
        return _constant(kind.strip("'"))
    if "|" in kind:
        return _any_of(kind.split("|"))
    if kind in DESCRIPTION["unions"]:
        return _any_of(DESCRIPTION["unions"][kind])
    return _object(kind)


def _array(kind: str) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, list):
            raise MistypedError("Array expected")
        item = _inner(kind)
        return [item(one) for one in value]

    return check


def _constant(expected: str) -> Check:
    def check(value: Any) -> Any:
        if value != expected:
            raise MistypedError(f"{expected} expected")
        return value

    return check


def _any_of(kinds: list[str]) -> Check:
    """Return the check of a union: objects are told apart by their constant and required fields."""

    def check(value: Any) -> Any:
        faults = []
        for kind in kinds:
            if isinstance(value, dict) and not _resembles(kind, value):
                continue
            try:
                return _inner(kind)(value)
            except MistypedError as fault:
                faults.append(str(fault))
        raise MistypedError(faults[0] if faults else f"expected one of {', '.join(kinds)}")

    return check


def _resembles(kind: str, value: JsonObject) -> bool:
    fields = DESCRIPTION["types"].get(kind)
    if fields is None:
        return kind in DESCRIPTION["unions"]
    constants = {name: field["type"].strip("'") for name, field in fields.items() if field["type"].startswith("'")}
    if constants:
        return all(value.get(name) == constant for name, constant in constants.items())
    return all(name in value for name, field in fields.items() if field.get("required"))


def _object(kind: str) -> Check:
    @cache
    def fields() -> dict[str, tuple[bool, Check]]:
        return {
            name: (bool(field.get("required")), _limited(_inner(field["type"]), kind, name, field))
            for name, field in DESCRIPTION["types"][kind].items()
        }

    def check(value: Any) -> Any:
        if kind == "KeyboardButton" and isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, dict):
            raise MistypedError(f"{kind} object expected")
        result = {}
        for name, (required, check_field) in fields().items():
            given = value.get(name)
            if given is None:
                if required:
                    raise MistypedError(f'Can\'t find field "{name}" of {kind}')
                continue
            try:
                result[name] = check_field(given)
            except MistypedError as fault:
                raise MistypedError(f'Field "{name}" of {kind}: {fault}') from fault
        return result

    return check


def _limited(check: Check, owner: str, name: str, field: JsonObject) -> Check:
    """Return the check with the limits of the description; texts with markup are measured after parsing elsewhere."""
    if field.get("parsed") or not {"max", "pattern", "choices"} & field.keys():
        return check
    low, high, unit = field.get("min", 0), field.get("max", 1 << 62), field.get("unit", "value")
    pattern = re.compile(field.get("pattern", "."), re.DOTALL)
    whole = "pattern" in field
    choices = field.get("choices")
    refusal = TOO_LONG.get((owner, name), f'parameter "{name}" is out of its limits')

    def limited(value: Any) -> Any:
        value = check(value)
        size = _size(value, unit)
        if field.get("clamp"):
            return min(max(size, low), high)
        if not low <= size <= high or (whole and not pattern.fullmatch(value)) or (choices and value not in choices):
            raise bad_request(refusal)
        return value

    return limited


def _size(value: Any, unit: str) -> Any:
    if unit == "bytes":
        return len(value.encode())
    if unit in {"characters", "items"}:
        return len(value)
    return value if isinstance(value, int | float) else 0
