"""The Mini App beside the chat: its buttons lead there, and both tell the same."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.web import build_web
from sandbox.client import Phone
from tests.chat import points_bank as bank
from tests.driver import Stage


@asynccontextmanager
async def opened(stage: Stage, phone: Phone, url: str) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """The way in behind a button's address, with a session; and the view that it names."""
    address = await phone.opens_app(stage.bot, url)
    (data,) = parse_qs(urlsplit(address).fragment)["tgWebAppData"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(stage.app)), base_url="http://bot") as door:
        answer = await door.post("/app/api/session", json={"init_data": data})
        door.headers["Authorization"] = f"Bearer {answer.json()['session']}"
        yield door, parse_qs(urlsplit(address).query)["view"][0]


async def test_points_and_shelf_open_the_app_which_tells_what_the_chat_tells(stage: Stage) -> None:
    campaign = await bank.campaign(stage)
    await bank.item(stage)
    wang = await bank.customer(stage, "王芳", 50, campaign)
    await wang.says("我的波豆")
    said = await wang.sees("您有 50 波豆")
    (button,) = said["reply_markup"]["inline_keyboard"][-1]
    assert button["text"] == "打开小程序"
    async with opened(stage, wang, button["web_app"]["url"]) as (door, view):
        told = (await door.get("/app/api/points")).json()
        made = await door.post("/app/api/redemptions", json={"item": 1, "points": 20, "key": "0123456789"})
    assert (view, told["spendable"]) == ("points", 50)
    assert all(line["reason"] in said["text"] for line in told["lines"])
    assert made.status_code == 201
    assert (await stage.asks(wang, "我的波豆")).startswith("您有 30 波豆，另有 20 已留作兑换。")
    shelf = await wang.says("兑换") and await wang.sees("兑换架")
    assert "view=shelf" in shelf["reply_markup"]["inline_keyboard"][-1][0]["web_app"]["url"]
    (chat,) = await wang.chats()
    assert (chat["menu_button"]["type"], chat["menu_button"]["text"]) == ("web_app", "我的福利")
