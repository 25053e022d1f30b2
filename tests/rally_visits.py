"""An invented event that runs now, and visitors who collect stamps at it through the product's own use cases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.app import App
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import BoothState, CouponPlan, Rally, RallyPlan, RallyState, StampWay
from campaigns.stamps.codes import mint
from campaigns.stamps.model import Award
from storage.points import SqlPointsStore
from storage.rallies import SqlRallyStore
from tests.rally_plans import rally_plan

ORGANISER = 5_000_000_100
NAMES = (
    ("老王牛肉面", "Wang's Noodles"),
    ("米店", "Rice Shop"),
    ("小红书店", "Red Bookshop"),
    ("花", "Flowers"),
    ("甜甜蛋糕", "Sweet Cakes"),
    ("社区体育馆与羽毛球俱乐部", "Community Sports Hall and Badminton Club"),
    ("茶艺", "Tea"),
    ("洗车行", "Car Wash"),
)
PLACES = ((12, 15), (45, 10), (80, 18), (20, 50), (55, 45), (90, 55), (30, 88), (70, 85))


def plan_around(now: datetime, code: str = "FAIR") -> RallyPlan:
    """The tests' event, an hour old, with shops' names and a coupon for the first booth."""
    begins, made = now - timedelta(hours=1), rally_plan(code, scan_only=True)
    ends = begins + timedelta(hours=6)
    booths = tuple(
        replace(each, name_zh=zh, name_en=en, x=x, y=y, opens_at=begins, closes_at=ends)
        for each, (zh, en), (x, y) in zip(made.booths, NAMES, PLACES, strict=True)
    )
    soy = replace(made.gifts[0].article, title_zh="豆浆券", title_en="Soy milk")
    until = ends + timedelta(days=2)
    coupon = CouponPlan("C1", "幸福里", soy, until, "每单一张", "One an order", booth="B1")

    return replace(made, starts_at=begins, ends_at=ends, booths=booths, coupons=(coupon,), needs_real_name=True)


async def running_rally(app: App, code: str = "FAIR") -> Rally:
    """The event, running."""
    now = app.clock.now()
    async with app.database.unit_of_work() as uow:
        await app.services(uow).people.meet(Introduction(ORGANISER, "李敏", Language.ZH, is_private=True), now)
        partner = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        store = SqlRallyStore(uow, app.world.vault)
        made = await store.create(plan_around(now, code), ORGANISER, {"幸福里": partner}, now)
        await store.move(made.id, RallyState.RUNNING, now)
        return replace(made, state=RallyState.RUNNING)


async def visitors(app: App, *people: int, name: str = "张小明") -> None:
    """Know these people."""
    async with app.database.unit_of_work() as uow:
        for person in people:
            who = Introduction(person, name, Language.ZH, is_private=True)
            await app.services(uow).people.meet(who, app.clock.now())


async def stamp(app: App, rally: Rally, person: int, codes: Iterable[str]) -> None:
    """A clerk gives somebody these booths' stamps."""
    booths = {booth.code: booth.id for booth in rally.booths}
    now = app.clock.now()
    async with app.database.unit_of_work() as uow:
        for code in codes:
            await app.services(uow).stamps.award(rally, [Award(booths[code], person, None, StampWay.STAFF, now)])


async def screen(app: App, rally: Rally, code: str) -> str:
    """What a booth's screen shows now, without what stands before it in a link."""
    booth = rally.booth(code)
    assert booth is not None
    async with app.database.unit_of_work() as uow:
        secret = await SqlRallyStore(uow, app.world.vault).secret(rally)
    return mint(secret, booth.id, app.clock.now(), b"12345678")


async def pause(app: App, rally: Rally, code: str, reason: str) -> None:
    """A booth gives no stamps for a while."""
    booth = rally.booth(code)
    assert booth is not None
    async with app.database.unit_of_work() as uow:
        await SqlRallyStore(uow, app.world.vault).set_booth(booth.id, BoothState.PAUSED, reason)
