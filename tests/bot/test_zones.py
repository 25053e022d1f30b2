"""The Mini App's door for bookings: a hospital visit is booked and given back, and what cannot be is said."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import text

from bot.app import App
from bot.services import Services
from bot.web import build_web
from campaigns.catalogue.files import read_catalogue
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Introduction, Language
from campaigns.zones.model import Booking
from campaigns.zones.service import ZoneService
from handlers.wording.zones import ZoneWords
from storage.catalogue import SqlCatalogueStore
from storage.database import UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.zones import SqlZoneStore
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


CLINIC = read_catalogue(EXAMPLE).zones["city-hospital"]
LOCAL = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 24, 10, tzinfo=LOCAL)  # A Tuesday.


async def reminded(app: App, now: datetime) -> Booking:
    """Somebody booked a visit of tomorrow, and was reminded of it in the ledger at this moment."""
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        await services.catalogue.load(EXAMPLE, "王", "首次")
        await services.people.meet(Introduction(7, "王芳", Language.ZH, is_private=True), now)
        member = await services.people.get(7)
        assert member is not None
        zones = at(services, uow, now)
        slot = next(iter(CLINIC.slots(now.date() + timedelta(1), LOCAL)))
        made = await zones.book(CLINIC.code, slot.astimezone(UTC), member)
        assert isinstance(made, tuple)
        assert await zones.tick() == 1
        return made[0]


def at(services: Services, uow: UnitOfWork, now: datetime) -> ZoneService:
    """Bookings at a moment."""
    outbox = Outbox(SqlDeliveryStore(uow), lambda: now)
    return ZoneService(
        SqlZoneStore(uow), SqlCatalogueStore(uow), services.people, outbox, ZoneWords(LOCAL), lambda: now, LOCAL
    )


async def test_a_reminder_that_has_not_left_is_cancelled_with_its_booking(app: App) -> None:
    booking = await reminded(app, MORNING)
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        member = await services.people.get(7)
        assert member is not None
        assert await at(services, uow, MORNING).cancel(booking.id, member) is None
        states = await uow.session.scalars(text("SELECT state FROM deliveries WHERE campaign LIKE 'zone:%'"))
        assert list(states) == ["cancelled"]


async def test_tomorrow_is_said_on_the_day_before_and_never_later(app: App) -> None:
    evening = datetime.combine(MORNING, time(23, 30), LOCAL)  # Quiet hours keep it until the next morning.
    await reminded(app, evening)
    async with app.database.unit_of_work() as uow:
        [expires] = await uow.session.scalars(text("SELECT expires_at FROM deliveries WHERE campaign LIKE 'zone:%'"))
        assert expires == datetime(2026, 11, 25, tzinfo=LOCAL)
