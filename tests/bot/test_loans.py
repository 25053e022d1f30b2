"""The Mini App's door for loan requests: only who Telegram signed, whole and correct forms, one request at a time."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.app import App
from bot.web import build_web
from campaigns.members.model import Introduction, Language
from campaigns.staff.model import Role
from storage.staff import SqlStaffStore
from tests.bot.test_miniapp import Visitor, visits
from tests.miniapp import shelf

WANG, ZHAO, MANAGER = 5_000_000_001, 5_000_000_003, 5_000_000_009
FORM = {
    "firm": "幸福里水果店",
    "registration": "91350100m000100y43",
    "amount_yuan": 200_000,
    "months": 12,
    "use": "stock",
    "turnover": "to_200k",
    "contact": "morning",
    "enquiry": False,
}


@pytest.fixture
async def door(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app)), base_url="http://bot") as client:
        yield client


@pytest.fixture
async def wang(app: App, door: httpx.AsyncClient) -> Visitor:
    """A customer with a linked number, and a manager who can take requests."""
    await shelf(app, WANG)
    async with app.database.unit_of_work() as uow:
        people, now = app.services(uow).people, app.clock.now()
        await people.meet(Introduction(MANAGER, "李敏", Language.ZH, is_private=True), now)
        await SqlStaffStore(uow).grant(MANAGER, Role.WEALTH_MANAGER, now)
    return await visits(app, door)


async def test_a_form_becomes_one_request_that_is_shown_and_taken_back(app: App, wang: Visitor) -> None:
    status, told = await wang.asks("GET /loans")
    assert (status, told["barrier"], told["own"]) == (200, None, [])
    status, told = await wang.asks("POST /loans", FORM)
    assert status == 200
    assert "已收到申请" in told["message"]
    [mine] = told["own"]
    assert "91350100M000100Y43" in mine["words"]
    assert "不用重复提交" in told["barrier"]
    status, told = await wang.asks("POST /loans", FORM)
    assert (status, told["error"]) == (409, "open_already")
    async with app.database.unit_of_work() as uow:
        payloads = list(await uow.session.scalars(text("SELECT payload::text FROM deliveries")))
    assert len(payloads) == 1
    assert "水果店" not in payloads[0]
    status, told = await wang.asks(f"POST /loans/{mine['id']}/withdrawal", {"version": mine["version"]})
    assert (status, told["own"][0]["state"], told["barrier"]) == (200, "withdrawn", None)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"registration": "91350100M000100Y44"}, 400, "bad_registration"),
        ({"firm": " "}, 400, "no_name"),
        ({"amount_yuan": 1}, 400, "bad_amount"),
        ({"months": 999}, 400, "bad_term"),
        ({"use": "casino"}, 400, "not_understood"),
        ({"enquiry": None}, 400, "not_understood"),
        ({"more": 1}, 400, "not_understood"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_kept(
    app: App, wang: Visitor, change: dict[str, Any], status: int, code: str
) -> None:
    answered, told = await wang.asks("POST /loans", FORM | change)
    assert (answered, told["error"]) == (status, code)
    async with app.database.unit_of_work() as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM loan_requests")) == 0


async def test_strangers_are_refused_and_another_ones_request_is_not_touched(
    app: App, door: httpx.AsyncClient, wang: Visitor
) -> None:
    await wang.asks("POST /loans", FORM)
    for what in ("GET /loans", "POST /loans", "POST /loans/1/withdrawal"):
        assert (await Visitor(door, "forged").asks(what, FORM))[0] == 401
    zhao = await visits(app, door, ZHAO)
    assert (await zhao.asks("POST /loans/1/withdrawal", {"version": 1}))[1]["error"] == "no_request"
    assert (await zhao.asks("POST /loans/x/withdrawal", {"version": 1}))[0] == 404
    status, told = await zhao.asks("POST /loans", FORM)
    assert (status, told["error"]) == (409, "not_bound")
