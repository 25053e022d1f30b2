"""The Mini App's door: a session for whom Telegram signed, the own points, and a redemption that happens once."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.app import App
from bot.web import build_web
from campaigns.members.model import Language
from handlers.wording.chains import ChainWords
from handlers.wording.points import statement
from tests.bot.conftest import TOKEN
from tests.miniapp import groupbuy, init_data, shelf

WANG, LI = 5_000_000_001, 5_000_000_002
KEY = "0123456789abcdef"
PRIVATE = (
    "GET /points",
    "GET /shelf",
    "GET /redemptions",
    "POST /redemptions/1/code",
    "GET /groupbuys",
    "DELETE /groupbuys/1/entry",
)
GARBAGE = [
    (b"", 400),
    (b"\xff\xfe", 400),
    (b"null", 400),
    (b"[" * 9_000, 400),
    (b'{"init_data": 7}', 400),
    (b'{"init_data": "\\ud800"}', 400),
    (b'{"init_data": "", "more": 1}', 400),
    (b'{"init_data": ""}', 401),
    (b'{"init_data": "hash=%ff&auth_date=1"}', 401),
    (b'{"init_data": "' + b"a=b&" * 3_000 + b'"}', 401),
    (b" " * 20_000, 413),
]


@pytest.fixture
async def door(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app)), base_url="http://bot") as client:
        yield client


class Visitor:
    """Somebody who has the page open."""

    def __init__(self, door: httpx.AsyncClient, session: str) -> None:
        self.door, self.headers = door, {"Authorization": f"Bearer {session}"}

    async def asks(self, what: str, body: Any = None) -> tuple[int, Any]:
        """The status and what the answer says."""
        method, path = what.split()
        answer = await self.door.request(method, f"/app/api{path}", headers=self.headers, json=body)
        told = answer.json()
        return answer.status_code, told.get("detail", told)

    async def redeems(self, item: int, points: int = 20, key: str = KEY) -> tuple[int, Any]:
        return await self.asks("POST /redemptions", {"item": item, "points": points, "key": key})


async def visits(app: App, door: httpx.AsyncClient, person: int = WANG) -> Visitor:
    answer = await door.post("/app/api/session", json={"init_data": init_data(TOKEN, person, app.clock.now())})
    assert answer.status_code == 200
    return Visitor(door, answer.json()["session"])


async def test_the_statement_is_the_chats(app: App, door: httpx.AsyncClient) -> None:
    await shelf(app, WANG)
    status, told = await (await visits(app, door)).asks("GET /points")
    assert status == 200
    assert (told["spendable"], told["held"], told["ending"]) == (50, 0, 50)
    async with app.database.unit_of_work() as uow:
        chat = statement(await app.services(uow).points.statement(WANG), app.zone, Language.ZH)
    assert [line["points"] for line in told["lines"]] == [50]
    assert told["ends_on"] in chat
    assert told["lines"][0]["reason"] in chat


async def test_a_double_tap_redeems_once_and_the_code_opens_at_the_desk(app: App, door: httpx.AsyncClient) -> None:
    item = await shelf(app, WANG, per_person=3)
    wang = await visits(app, door)
    _, seen = await wang.asks("GET /shelf")
    assert seen["items"][0] | {"until": ""} == {
        "id": item,
        "title": "洗车券",
        "points": 20,
        "stock": 5,
        "offset": "5",
        "partner": "幸福里",
        "until": "",
    }
    answers = await asyncio.gather(*(wang.redeems(item) for _ in range(4)))
    assert sorted(status for status, _ in answers) == [201, 409, 409, 409]
    assert {told["error"] for status, told in answers if status == 409} == {"twice"}
    made = next(told for status, told in answers if status == 201)
    assert made["picture"].startswith("data:image/png;base64,")
    async with app.database.unit_of_work() as uow:
        found = await app.services(uow).redemption_desk.look_up(made["code"].removeprefix("r_"))
        assert found is not None
        assert (found[0].member_id, found[0].points, found[1].name) == (WANG, 20, "王芳")
    assert (await wang.asks("GET /points"))[1]["spendable"] == 30
    assert (await wang.redeems(item, key="another-question"))[0] == 201
    assert (await wang.asks("GET /redemptions"))[1]["redemptions"][0]["title"] == "洗车券"


async def test_a_new_code_ends_the_old_one_and_giving_up_brings_the_points_back(
    app: App, door: httpx.AsyncClient
) -> None:
    item = await shelf(app, WANG)
    wang = await visits(app, door)
    _, first = await wang.redeems(item)
    _, second = await wang.asks(f"POST /redemptions/{first['id']}/code")
    assert second["code"] != first["code"]
    async with app.database.unit_of_work() as uow:
        assert await app.services(uow).redemptions.look_up(first["code"].removeprefix("r_")) is None
    assert await wang.asks(f"DELETE /redemptions/{first['id']}") == (200, {"message": "已取消，20 波豆已退回。"})
    assert (await wang.asks(f"DELETE /redemptions/{first['id']}"))[0] == 409
    assert (await wang.asks("GET /points"))[1]["spendable"] == 50


async def test_the_refusals_say_why(app: App, door: httpx.AsyncClient) -> None:
    item = await shelf(app, WANG, points=30)
    wang, li = await visits(app, door), await visits(app, door, LI)
    assert await li.redeems(item) == (
        409,
        {"error": "not_bound", "message": "兑换前需要实名：请先绑定您在本行留的手机号。"},
    )
    assert (await li.asks("GET /shelf"))[1]["is_bound"] is False
    assert (await wang.redeems(item, points=10))[1]["error"] == "new_price"
    assert (await wang.redeems(item + 1))[0] == 404
    _, made = await wang.redeems(item)
    assert (await wang.redeems(item, key="another-question"))[1]["error"] == "enough"
    assert (await li.asks(f"POST /redemptions/{made['id']}/code"))[0] == 409
    assert (await li.asks(f"DELETE /redemptions/{made['id']}"))[0] == 409
    assert (await wang.asks("GET /points"))[1]["held"] == 20


async def test_a_groupbuy_takes_everybody_once_and_shows_no_names(app: App, door: httpx.AsyncClient) -> None:
    await shelf(app, WANG)
    number = await groupbuy(app, WANG, LI, limit=3)
    wang, li = await visits(app, door), await visits(app, door, LI)
    status, seen = await wang.asks(f"GET /groupbuys/{number}")
    assert status == 200
    assert (seen["people"], seen["free"], seen["own"]["state"], seen["own"]["unmet"]) == (0, 9, "not_in", None)
    assert [each["missing"] for each in seen["stages"]] == [2, 5]
    assert "投资须谨慎" in seen["risk"]
    wish = {"quantity": 2, "note": "周末送"}
    answers = await asyncio.gather(*(wang.asks(f"POST /groupbuys/{number}/entry", wish) for _ in range(3)))
    assert sorted(status for status, _ in answers) == [200, 409, 409]
    _, told = next(each for each in answers if each[0] == 200)
    assert told["groupbuy"]["own"]["entries"] == [{"item": 0, "quantity": 2, "note": "周末送"}]
    assert told["groupbuy"]["own"]["is_leader"]
    assert (await wang.asks(f"PATCH /groupbuys/{number}/entry", {"quantity": 3}))[1]["groupbuy"]["free"] == 6
    assert "王" not in json.dumps((await li.asks(f"GET /groupbuys/{number}"))[1], ensure_ascii=False)
    assert [each["id"] for each in (await wang.asks("GET /groupbuys"))[1]["groupbuys"]] == [number]
    assert "start=b_" in (await wang.asks(f"GET /groupbuys/{number}/invitation"))[1]["text"]
    assert (await wang.asks(f"DELETE /groupbuys/{number}/entry"))[1]["groupbuy"]["own"]["state"] == "not_in"


async def test_the_groups_card_leads_to_the_page_where_there_is_one(app: App) -> None:
    number = await groupbuy(app)
    async with app.database.unit_of_work() as uow:
        chain = await app.services(uow).chains.find(number)
    assert chain is not None
    now, link = app.clock.now(), "https://t.me/welfare_bot?startapp="
    urls = [each.url for row in ChainWords(app.zone, app=link).card(chain, now).buttons for each in row]
    assert urls == [None, None, f"{link}chain_{number}"]
    assert len(ChainWords(app.zone).card(chain, now).buttons) == 1


async def test_a_groupbuy_says_who_may_not_enter_and_why(app: App, door: httpx.AsyncClient) -> None:
    number = await groupbuy(app, LI)
    li, stranger = await visits(app, door, LI), await visits(app, door)
    assert "/bind" in (await li.asks(f"GET /groupbuys/{number}"))[1]["own"]["unmet"]
    status, told = await li.asks(f"POST /groupbuys/{number}/entry", {})
    assert (status, told["error"]) == (409, "not_eligible")
    assert (await stranger.asks(f"POST /groupbuys/{number}/entry", {}))[1]["error"] == "group_first"
    assert (await li.asks(f"POST /groupbuys/{number}/confirmation"))[1]["error"] == "nothing_to_confirm"
    for path in ("GET /groupbuys/999", "GET /groupbuys/x", f"GET /groupbuys/{'9' * 30}/invitation"):
        assert (await li.asks(path))[0] == 404
    for body in ({"quantity": 0}, {"quantity": 1.5}, {"item": -1}, {"note": "长" * 41}, {"more": 1}):
        assert (await li.asks(f"POST /groupbuys/{number}/entry", body))[0] == 400


async def test_forged_old_and_future_data_open_no_session(app: App, door: httpx.AsyncClient) -> None:
    now = app.clock.now()
    wrong = [(f"4243:{'t' * 35}", now), (TOKEN, now - timedelta(minutes=6)), (TOKEN, now + timedelta(minutes=2))]
    for token, at in wrong:
        answer = await door.post("/app/api/session", json={"init_data": init_data(token, WANG, at)})
        assert answer.status_code == 401
        assert answer.json()["detail"]["error"] == "reopen"
    async with app.database.unit_of_work() as uow:
        assert await app.services(uow).people.get(WANG) is None


async def test_without_a_session_nothing_is_told(door: httpx.AsyncClient) -> None:
    for what, session in product(PRIVATE, ["", "x", f"{WANG}.9999999999.{'0' * 64}", "é"]):
        method, path = what.split()
        headers = [(b"Authorization", f"Bearer {session}".encode())]
        answer = await door.request(method, f"/app/api{path}", headers=headers)
        assert answer.status_code == 401
        assert "请回到聊天重新打开" in answer.json()["detail"]["message"]


async def test_a_session_of_somebody_who_is_gone_opens_nothing(app: App, door: httpx.AsyncClient) -> None:
    wang = await visits(app, door)
    async with app.database.unit_of_work() as uow:
        await uow.session.execute(text("DELETE FROM members"))
    assert (await wang.asks("GET /points"))[0] == 401


async def test_garbage_is_refused_and_never_a_fault(door: httpx.AsyncClient) -> None:
    for body, status in GARBAGE:
        answer = await door.post("/app/api/session", content=body)
        assert answer.status_code == status, body[:60]
        assert answer.json()["detail"]["message"]


async def test_a_wish_without_its_form_is_refused(app: App, door: httpx.AsyncClient) -> None:
    wang = await visits(app, door)
    right: dict[str, Any] = {"item": 1, "points": 20, "key": KEY}
    forms: list[dict[str, Any]] = [
        {"item": "1"},
        {"item": 2**63},
        {"item": 1.5},
        {"points": 0},
        {"key": "short"},
        {"key": "密" * 10},
    ]
    for wrong in forms:
        assert (await wang.asks("POST /redemptions", right | wrong))[0] == 400
    assert (await wang.asks("POST /redemptions", {}))[0] == 400


async def test_a_redemption_that_cannot_be_is_not_found(app: App, door: httpx.AsyncClient) -> None:
    wang = await visits(app, door)
    for number, status in [("0", 409), ("-1", 404), ("x", 404), ("9" * 19, 404), ("9" * 5_000, 404), ("١", 404)]:
        assert (await wang.asks(f"DELETE /redemptions/{number}"))[0] == status


async def test_the_page_loads_its_own_files_and_nothing_else(door: httpx.AsyncClient) -> None:
    page = await door.get("/app")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors https://web.telegram.org" in policy
    assert "127.0.0.1" not in policy
    files = re.findall(r'(?:src|href)="(/app/files/[^"]+)"', page.text)
    assert len(files) == 4
    for file in files:
        answer = await door.get(file, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert int(answer.headers["Content-Length"]) < 40_000
    assert (await door.get(files[0].replace("weui.min.css", "page.py"))).status_code == 404
    assert (await door.get("/app/files/old/app.css")).status_code == 404
