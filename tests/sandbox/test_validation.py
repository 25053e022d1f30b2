"""Every call is checked against the Bot API description, limit by limit."""

import json
import re
from typing import Any

import pytest
from aiogram import Bot

from sandbox.botapi import METHODS
from sandbox.client import Sandbox
from sandbox.errors import BotApiError
from sandbox.validation import DESCRIPTION, checked, method_name
from tests.sandbox.conftest import Ask
from tests.sandbox.scenes import friend_of
from tests.sandbox_process import ROOT

SAMPLES = {"str": "文", "int": 1, "float": 1.5, "bool": True, "file": "attach://part"}
WRONG: dict[str, Any] = {"str": ["x"], "int": "one", "float": "much", "bool": "maybe", "file": ["x"]}


def sample(kind: str) -> Any:
    """Return the smallest value of a described type."""
    if kind.endswith("[]"):
        return [sample(kind.removesuffix("[]"))]
    kind = kind.split("|", maxsplit=1)[0]
    if kind in DESCRIPTION["unions"]:
        return sample(DESCRIPTION["unions"][kind][0])
    if kind.startswith("'"):
        return kind.strip("'")
    if kind in SAMPLES:
        return SAMPLES[kind]
    fields = DESCRIPTION["types"][kind]
    return {name: within(field) for name, field in fields.items() if field.get("required")}


def within(field: dict[str, Any]) -> Any:
    """Return a value that keeps the field's limits."""
    if "choices" in field:
        return field["choices"][0]
    if "pattern" in field:
        return "a"
    if field.get("unit") == "value":
        return field["min"]
    if field.get("unit") == "items":
        return sample(field["type"]) * max(field.get("min", 1), 1)
    return sample(field["type"])


def required_of(method: str) -> dict[str, Any]:
    """Return the smallest acceptable parameters of a method."""
    return {name: within(field) for name, field in DESCRIPTION["methods"][method].items() if field.get("required")}


LIMITED = [
    (method, name)
    for method, fields in DESCRIPTION["methods"].items()
    for name, field in fields.items()
    if "max" in field and not field.get("parsed") and not field.get("clamp")
]


@pytest.mark.parametrize("method", DESCRIPTION["methods"])
def test_the_smallest_call_of_every_method_is_accepted(method: str) -> None:
    params, ignored = checked(method, required_of(method))
    assert params.keys() == required_of(method).keys()
    assert ignored == []


@pytest.mark.parametrize("method", DESCRIPTION["methods"])
def test_no_required_parameter_may_be_missing(method: str) -> None:
    whole = required_of(method)
    for name in whole:
        with pytest.raises(BotApiError) as refusal:
            checked(method, {key: value for key, value in whole.items() if key != name})
        assert refusal.value.code == 400


@pytest.mark.parametrize("method", DESCRIPTION["methods"])
def test_no_parameter_may_be_of_another_type(method: str) -> None:
    for name, field in DESCRIPTION["methods"][method].items():
        wrong = WRONG.get(field["type"], 7.5 if field["type"] not in {"ChatIdUnion", "InputFileUnion"} else ["x"])
        if field["type"] == "DateTimeUnion":
            wrong = "tomorrow"
        with pytest.raises(BotApiError) as refusal:
            checked(method, required_of(method) | {name: wrong})
        assert refusal.value.code == 400


@pytest.mark.parametrize(("method", "name"), LIMITED)
def test_no_parameter_may_pass_its_limit(method: str, name: str) -> None:
    field = DESCRIPTION["methods"][method][name]
    match field["unit"]:
        case "items":
            at_limit, beyond = sample(field["type"]) * field["max"], sample(field["type"]) * (field["max"] + 1)
        case "value":
            at_limit, beyond = field["max"], field["max"] + 1
        case _:
            at_limit, beyond = "a" * field["max"], "a" * (field["max"] + 1)
    checked(method, required_of(method) | {name: at_limit})
    with pytest.raises(BotApiError) as refusal:
        checked(method, required_of(method) | {name: beyond})
    assert refusal.value.code == 400


def test_the_published_limits_were_found() -> None:
    def limit(kind: str, owner: str, name: str) -> int:
        return int(DESCRIPTION[kind][owner][name]["max"])

    assert limit("methods", "sendMessage", "text") == 4096
    assert limit("methods", "sendPhoto", "caption") == 1024
    assert limit("methods", "answerCallbackQuery", "text") == 200
    assert limit("types", "InlineKeyboardButton", "callback_data") == 64
    assert limit("methods", "setWebhook", "secret_token") == 256
    assert limit("methods", "setChatTitle", "title") == 128
    assert limit("methods", "setChatDescription", "description") == 255
    assert limit("methods", "setMyCommands", "commands") == 100
    assert limit("methods", "setChatMemberTag", "tag") == 16
    assert limit("types", "CopyTextButton", "text") == 256
    assert limit("methods", "sendMediaGroup", "media") == 10


def test_the_description_carries_no_prose() -> None:
    longest = max(len(text) for text in _strings(DESCRIPTION))
    assert longest < 120


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    return [value] if isinstance(value, str) else []


def test_method_names_do_not_mind_case() -> None:
    assert method_name("SENDMESSAGE") == "sendMessage"


def test_every_implemented_method_is_described() -> None:
    assert METHODS.keys() <= DESCRIPTION["methods"].keys()


async def test_what_is_not_implemented_says_so_by_name(ask: Ask) -> None:
    for method in sorted(DESCRIPTION["methods"].keys() - METHODS.keys()):
        assert await ask(method, **required_of(method)) == {
            "ok": False,
            "error_code": 501,
            "description": f"Not Implemented: {method} is not implemented by the sandbox",
        }


def test_the_readme_names_what_is_implemented() -> None:
    readme = (ROOT / "sandbox" / "README.md").read_text("utf-8")
    played = readme.split("Played are:")[1]
    assert set(re.findall(r"\w+", played)) == METHODS.keys()


async def test_an_unknown_method_is_not_found(ask: Ask) -> None:
    assert await ask("sendEverything") == {"ok": False, "error_code": 404, "description": "Not Found"}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": "abc", "text": "x"}, "chat not found"),
        ({"chat_id": 1, "text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "长" * 4097}, "message is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": "nonsense"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": {"inline_keyboard": {}}}, "Array expected"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}}, 'Can\'t find field "text"'),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "按"}]]}}, "Text buttons are unallowed"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "按", "callback_data": "字" * 22}]]}},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "按", "callback_data": ""}]]}},
            "BUTTON_DATA_INVALID",
        ),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "按", "url": "nowhere"}]]}}, "Wrong HTTP URL"),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "按", "url": "t.me/x", "callback_data": "x"}]]},
            },
            "only one of",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": str(n), "callback_data": "x"}] for n in range(101)]},
            },
            "reply markup is too long",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ],
)
async def test_a_wrong_message_is_refused_in_telegrams_words(
    sandbox: Sandbox, bot: Bot, ask: Ask, params: dict[str, Any], description: str
) -> None:
    friend = await friend_of(sandbox, bot)
    body = {"chat_id": friend.id} | params if "chat_id is" not in description else params
    answer = await ask("sendMessage", **body)
    assert answer["error_code"] == 400
    assert description in answer["description"]


async def test_4096_characters_pass_and_markup_does_not_count(sandbox: Sandbox, bot: Bot) -> None:
    friend = await friend_of(sandbox, bot)
    sent = await bot.send_message(friend.id, f"<b>{'长' * 4096}</b>", parse_mode="HTML")
    assert sent.text == "长" * 4096


async def test_unknown_parameters_are_ignored_but_recorded(sandbox: Sandbox, bot: Bot, ask: Ask) -> None:
    friend = await friend_of(sandbox, bot)
    assert (await ask("sendMessage", chat_id=friend.id, text="x", parsemode="HTML"))["ok"]
    (call,) = await sandbox.calls(method="sendMessage", bot=bot.id)
    assert call["ignored_params"] == ["parsemode"]


async def test_nested_objects_may_come_as_text(sandbox: Sandbox, bot: Bot, ask: Ask) -> None:
    friend = await friend_of(sandbox, bot)
    markup = json.dumps({"keyboard": [["参团", {"text": "退出"}]], "resize_keyboard": True})
    assert (await ask("sendMessage", chat_id=str(friend.id), text="选", reply_markup=markup))["ok"]
    shown = await friend.keyboard()
    assert shown is not None
    assert shown["keyboard"] == [[{"text": "参团"}, {"text": "退出"}]]
