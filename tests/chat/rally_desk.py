"""An event day in the chat for tests of gifts and coupons: what organisers and booths do before a desk opens."""

from dataclasses import replace

from campaigns.rallies.model import Rally, RallyState, StampWay
from campaigns.stamps.model import Award
from sandbox.client import Phone
from storage.points import SqlPointsStore
from storage.rallies import SqlRallyStore
from tests import rally_day
from tests.driver import Stage

SHOP = "幸福里"


async def begins(stage: Stage, organiser: Phone, **changes: object) -> Rally:
    """A running event since an hour ago."""
    async with stage.app.database.unit_of_work() as uow:
        now = stage.app.clock.now()
        store = SqlRallyStore(uow, stage.app.world.vault)
        shop = await SqlPointsStore(uow).add_partner(SHOP, "merchant")
        made = await store.create(rally_day.plan(now, **changes), organiser.id, {SHOP: shop}, now)
        await store.move(made.id, RallyState.RUNNING, now)
        return replace(made, state=RallyState.RUNNING)


async def stamps(stage: Stage, rally: Rally, phone: Phone, *booths: str) -> None:
    """Stamps of these booths by a clerk's word, with all that follows from them: medals, gifts, coupons."""
    async with stage.app.database.unit_of_work() as uow:
        found, now = [rally.booth(code) for code in booths], stage.app.clock.now()
        awards = [Award(booth.id, phone.id, None, StampWay.STAFF, now) for booth in found if booth]
        await stage.app.services(uow).stamps.award(rally, awards)


async def clerk(stage: Stage, name: str = "店员") -> Phone:
    """Somebody who works at the merchant."""
    phone = await stage.person(name)
    async with stage.app.database.unit_of_work() as uow:
        token = await stage.app.services(uow).partners.invite(SHOP, phone.id)
    await phone.starts(stage.bot, f"partner_{token}")
    await phone.sees("您现在可以为", stage.bot)
    return phone
