"""Extract the checkable part of the Bot API description (types, required, limits; no prose) into bot_api.json."""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).with_name("bot_api.json")
PLAIN_UNIONS = {
    "ChatIdUnion": ["int", "str"],
    "DateTimeUnion": ["int"],
    "InputFileUnion": ["file", "str"],
    "ReplyMarkupUnion": ["InlineKeyboardMarkup", "ReplyKeyboardMarkup", "ReplyKeyboardRemove", "ForceReply"],
    "MediaUnion": [
        "InputMediaAudio",
        "InputMediaDocument",
        "InputMediaLivePhoto",
        "InputMediaPhoto",
        "InputMediaVideo",
    ],
    "InputPollOptionUnion": ["InputPollOption", "str"],
    "InputRichMessageMediaUnion": [
        "InputMediaAnimation",
        "InputMediaAudio",
        "InputMediaDocument",
        "InputMediaPhoto",
        "InputMediaVideo",
        "InputMediaVoiceNote",
    ],
    "MaybeInaccessibleMessageUnion": ["Message", "InaccessibleMessage"],
}
ATOMS = {"InputFile": "file", "DateTime": "int", "datetime.datetime": "int", "True": "bool"}
SIZE = re.compile(
    r"(?:^|[\s;,(])(?P<low>\d+)\s?-\s?(?P<high>\d+) "
    r"(?P<unit>characters|bytes|Bytes|identifiers|items|tasks|initial|emoji|search|buttons|additional)"
)
AT_MOST = re.compile(
    r"[Aa]t most (?P<high>\d+) (?P<unit>commands|custom emoji identifiers|suggested tip amounts)"
    r"|up to (?P<length>\d+) characters"
)
BETWEEN = re.compile(
    r"(?:[Mm]ust be between (?P<low>\d+) and (?P<high>\d+)"
    r"|[Vv]alues between (?P<alow>\d+)-(?P<ahigh>\d+) are accepted|[;,] (?P<blow>\d+)-(?P<bhigh>\d+)(?:$|\. |\s*$))"
)
CHOICES = re.compile(r"[Mm]ust be one of (?P<list>'[^.;]*)")
NAME_CHARACTERS = re.compile(r"only A-Z, a-z, 0-9, _ and -|[Oo]nly characters A-Z, a-z, 0-9, _ and - are allowed")
COMMAND_CHARACTERS = "only lowercase English letters, digits and underscores"


def extract(source: dict[str, Any]) -> dict[str, Any]:
    """Return the compact description of every method and of the types reachable from their parameters."""
    unions = dict(PLAIN_UNIONS)
    types: dict[str, Any] = {}
    methods = {name: _fields(method) for name, method in source["methods"].items()}
    waiting = list(_named_types(methods.values()))
    while waiting:
        name = waiting.pop()
        if name in types or name in ATOMS.values():
            continue
        if name.endswith("Union"):
            unions.setdefault(name, _alternatives(name, source["types"]))
            types[name] = {}
            waiting += [word for text in unions[name] for word in re.findall(r"[A-Z]\w+", text)]
            continue
        types[name] = _fields(source["types"][name])
        waiting += _named_types([types[name]])
    return {
        "bot_api": source["bot_api"],
        "methods": dict(sorted(methods.items())),
        "types": {name: fields for name, fields in sorted(types.items()) if name not in unions},
        "unions": {name: unions[name] for name in sorted(unions) if name in types},
    }


def _alternatives(union: str, types: dict[str, Any]) -> list[str]:
    base = union.removesuffix("Union")
    members = [name for name, described in types.items() if base in described["base"]]
    return ["str", f"{union}[]", *members] if base == "RichText" else members


def _named_types(field_maps: Any) -> Iterator[str]:
    for fields in field_maps:
        for field in fields.values():
            yield from re.findall(r"(?<!')\b[A-Z]\w+", field["type"])


def _fields(described: dict[str, Any]) -> dict[str, Any]:
    return {field["name"]: _field(field) for field in described["fields"]}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    kind = _type(field["type"])
    required = field["required"] or field["type"].startswith("Literal")
    compact: dict[str, Any] = {"type": kind}
    if required:
        compact["required"] = True
    return compact | _limits(field["description"], kind)


def _type(text: str) -> str:
    parts = [part.strip() for part in re.split(r"\|", text)]
    return "|".join(_atom(part) for part in parts if part not in {"None", "Default"})


def _atom(text: str) -> str:
    if listed := re.fullmatch(r"list\[(.*)\]", text):
        return f"{_atom(listed[1])}[]"
    if literal := re.fullmatch(r"Literal\[(.*)\]", text):
        value = literal[1]
        if value in {"True", "0"}:
            return ATOMS.get(value, "int")
        return f"'{value.split('.')[-1].strip(chr(39)).lower()}'"
    return ATOMS.get(text, text)


def _limits(description: str, kind: str) -> dict[str, Any]:
    description = re.sub(r"\.\. deprecated::.*", "", description)
    limits: dict[str, Any] = {}
    if kind in {"int", "float"}:
        return _number_limits(description)
    if size := SIZE.search(description):
        limits = {"min": int(size["low"]), "max": int(size["high"]), "unit": size["unit"].lower()}
        if limits["unit"] not in {"characters", "bytes"}:
            limits["unit"] = "items"
    elif most := AT_MOST.search(description):
        high, unit = (most["high"], "items") if most["high"] else (most["length"], "characters")
        limits = {"max": int(high), "unit": unit}
    if limits and (kind.endswith("[]") != (limits["unit"] == "items")):
        limits = {}
    if limits and re.search(r"after entit(?:y|ies) parsing", description):
        limits["parsed"] = True
    return limits | _wording_limits(description, kind)


def _number_limits(description: str) -> dict[str, Any]:
    found = BETWEEN.search(description)
    if not found or "0x7FFFFFFF" in description or "nanograms" in description:
        return {}
    low = found["low"] or found["alow"] or found["blow"]
    high = found["high"] or found["ahigh"] or found["bhigh"]
    limits: dict[str, Any] = {"min": int(low), "max": int(high), "unit": "value"}
    return limits | ({"clamp": True} if found["alow"] else {})


def _wording_limits(description: str, kind: str) -> dict[str, Any]:
    if kind != "str":
        return {}
    if COMMAND_CHARACTERS in description:
        return {"pattern": "[a-z0-9_]+"}
    if NAME_CHARACTERS.search(description):
        return {"pattern": "[A-Za-z0-9_-]+"}
    choices = CHOICES.search(description)
    if choices and choices["list"].count("'") > 2:
        return {"choices": re.findall(r"'([^']+)'", choices["list"])}
    if description.startswith("Type of action to broadcast"):
        return {"choices": re.findall(r"\*(\w+)\*", description)}
    return {}


def main() -> None:
    """Read the description named on the command line and write bot_api.json beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="machine-readable description of the Bot API (JSON)")
    source = json.loads(parser.parse_args().source.read_text("utf-8"))
    compact = extract(source)
    lines = [f'{{"bot_api": {json.dumps(compact["bot_api"])}']
    for section in ("methods", "types", "unions"):
        rows = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in compact[section].items()]
        lines.append(f'"{section}": {{\n' + ",\n".join(rows) + "\n}")
    OUTPUT.write_text(",\n".join(lines) + "}\n", "utf-8")


if __name__ == "__main__":
    main()
