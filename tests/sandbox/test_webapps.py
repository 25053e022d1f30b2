"""Mini Apps: a signed address for each opening, buttons where Telegram allows them, data back from a keyboard's app."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonWebApp,
    ReplyKeyboardMarkup,
    WebAppInfo,
)
from aiogram.utils.web_app import WebAppInitData, safe_parse_webapp_init_data

from sandbox.client import RefusedError, Sandbox
from tests.sandbox.scenes import drain, friend_of

APP = "https://bank.example/app?view=shelf"
LOCAL = "http://127.0.0.1:8080/app"


def launch(address: str) -> dict[str, str]:
    """What stands in the fragment."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).fragment).items()}


def opened(bot: Bot, address: str) -> WebAppInitData:
    """Who opened it, as aiogram believes it."""
    return safe_parse_webapp_init_data(bot.token, launch(address)["tgWebAppData"])


async def test_an_opening_is_signed_for_its_person_at_the_clocks_time(sandbox: Sandbox, bot: Bot) -> None:
    phone = await friend_of(sandbox, bot, "王芳")
    clock = await sandbox.turn_clock("3d")
    address = await phone.opens_app(bot.id, APP)
    assert address.startswith(f"{APP}#tgWebAppData=")
    found = opened(bot, address)
    assert found.user is not None
    assert (found.user.id, found.user.first_name, found.user.allows_write_to_pm) == (phone.id, "王芳", True)
    assert found.query_id
    assert clock["now"].startswith(found.auth_date.isoformat()[:16])
    assert "bg_color" in launch(address)["tgWebAppThemeParams"]
    with pytest.raises(ValueError, match="signature"):
        safe_parse_webapp_init_data(f"{bot.id}:{'x' * 35}", launch(address)["tgWebAppData"])


async def test_the_main_app_opens_by_a_link_with_its_parameter(sandbox: Sandbox, bot: Bot) -> None:
    phone = await friend_of(sandbox, bot)
    with pytest.raises(RefusedError, match="no main Mini App"):
        await phone.opens_app(bot.id, start="chain_7")
    await sandbox.act("PATCH", f"/api/bots/{bot.id}", {"main_web_app": LOCAL})
    address = await phone.opens_app(bot.id, start="chain_7")
    assert address.startswith(f"{LOCAL}?tgWebAppStartParam=chain_7#")
    found = opened(bot, address)
    assert (found.start_param, found.query_id) == ("chain_7", None)
    me: Any = await bot.get_me()
    assert me.has_main_web_app


async def test_an_app_stands_at_https_or_on_this_machine(sandbox: Sandbox, bot: Bot) -> None:
    phone = await friend_of(sandbox, bot)
    for url in (APP, LOCAL):
        web_app = WebAppInfo(url=url)
        inline = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="打开", web_app=web_app)]])
        await bot.send_message(phone.id, "看", reply_markup=inline)
        await bot.set_chat_menu_button(menu_button=MenuButtonWebApp(text="福利", web_app=web_app))
    plain = WebAppInfo(url="http://bank.example/app")
    inline = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="打开", web_app=plain)]])
    keys = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="打开", web_app=plain)]])
    for markup in (inline, keys):
        with pytest.raises(TelegramBadRequest, match="Only HTTPS links are allowed"):
            await bot.send_message(phone.id, "看", reply_markup=markup)
    with pytest.raises(TelegramBadRequest, match="Only HTTPS links are allowed"):
        await bot.set_chat_menu_button(menu_button=MenuButtonWebApp(text="福利", web_app=plain))
    with pytest.raises(RefusedError, match="https"):
        await phone.opens_app(bot.id, plain.url)


async def test_the_app_of_a_keyboard_sends_data_once_to_the_bot(sandbox: Sandbox, bot: Bot) -> None:
    phone = await friend_of(sandbox, bot)
    key = KeyboardButton(text="选日子", web_app=WebAppInfo(url=APP))
    keys = ReplyKeyboardMarkup(keyboard=[[key]], one_time_keyboard=True)
    await bot.send_message(phone.id, "哪天方便？", reply_markup=keys)
    await drain(bot)
    sent = {"person_id": phone.id, "button_text": "选日子", "data": "2026-12-01"}
    await sandbox.act("POST", f"/api/chats/{bot.id}/web-app-data", sent)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.web_app_data is not None
    assert update.message.web_app_data.data == "2026-12-01"
    with pytest.raises(RefusedError, match="no Mini App"):
        await sandbox.act("POST", f"/api/chats/{bot.id}/web-app-data", sent)
