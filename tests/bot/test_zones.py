"""The Mini App's door for bookings: a hospital visit is booked and given back, and what cannot be is said."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.app import App
from bot.web import build_web
from tests.bot.test_miniapp import Visitor, visits

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml").read_text("utf-8")


@pytest.fixture
async def wang(app: App) -> AsyncIterator[Visitor]:
    """Somebody who opened the page of a bank with zones."""
    async with app.database.unit_of_work() as uow:
        await app.services(uow).catalogue.load(EXAMPLE, "王", "首次")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app)), base_url="http://bot") as client:
        yield await visits(app, client)


async def test_a_hospital_visit_is_booked_and_given_back_in_the_mini_app(app: App, wang: Visitor) -> None:
    status, told = await wang.asks("GET /zones")
    assert status == 200
    zones = {each["code"]: each for each in told["zones"]}
    clinic = zones["city-hospital"]
    assert clinic["title"] == "🏥 医院挂号（内科）"
    assert "📍 市第一医院（示例）" in clinic["lines"]
    first = clinic["slots"][0]
    assert first["words"].endswith("（3）")
    status, told = await wang.asks("POST /zones/city-hospital", {"at": first["at"]})
    assert status == 200
    assert "约好了：医院挂号（内科）" in told["message"]
    [mine] = next(each["booked"] for each in told["zones"] if each["code"] == "city-hospital")
    status, told = await wang.asks("POST /zones/city-hospital", {"at": first["at"]})
    assert (status, told["error"]) == (409, "same_day")
    status, told = await wang.asks("POST /zones/city-hospital", {"at": first["at"] + 60})
    assert (status, told["error"]) == (409, "no_slot")
    status, told = await wang.asks("POST /zones/no-such-place", {"at": first["at"]})
    assert (status, told["error"]) == (409, "no_zone")
    status, told = await wang.asks("POST /zones/city-hospital", {"at": "soon"})
    assert status == 400
    status, told = await wang.asks(f"POST /zones/bookings/{mine['id']}/cancellation", {})
    assert (status, told["message"]) == (200, "已取消，名额让给别人了。")
    status, told = await wang.asks(f"POST /zones/bookings/{mine['id']}/cancellation", {})
    assert (status, told["error"]) == (409, "no_booking")
