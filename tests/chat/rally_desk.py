"""An event day in the chat for tests of gifts and coupons: what organisers and booths do before a desk opens."""

from dataclasses import replace

from campaigns.rallies.model import Rally, RallyState
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


async def stamps(stage: Stage, rally: Rally, phone: Phone, *booths: str, medals: tuple[str, ...] = ()) -> None:
    """What follows from a new stamp at each of these booths, with the medals that the last one brings."""
    for booth in booths:
        async with stage.app.database.unit_of_work() as uow:
            services, found = stage.app.services(uow), rally.booth(booth)
            assert found is not None
            store = SqlRallyStore(uow, stage.app.world.vault)
            if booth == booths[-1]:
                await store.give_medals(rally.id, phone.id, medals, stage.app.clock.now())
            await services.gift_desk.stamped(rally, phone.id, found)
            await services.coupon_desk.stamped(rally, phone.id, found)


async def clerk(stage: Stage, name: str = "店员") -> Phone:
    """Somebody who works at the merchant."""
    phone = await stage.person(name)
    async with stage.app.database.unit_of_work() as uow:
        token = await stage.app.services(uow).partners.invite(SHOP, phone.id)
    await phone.starts(stage.bot, f"partner_{token}")
    await phone.sees("您现在可以为", stage.bot)
    return phone
