"""One file of an event loaded twice at the same moment: one event, and one clear sentence for whoever came second."""

import asyncio

from bot.app import App
from campaigns.members.model import Introduction, Language
from campaigns.rallies.model import Loaded, RallyRefusal, TakenAway
from campaigns.staff.model import Role
from storage.staff import SqlStaffStore
from tests.stamp_market import EXAMPLE

LI, ZHAO = 11, 12


async def load(app: App, member_id: int) -> Loaded | RallyRefusal | TakenAway:
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        member = await services.people.get(member_id)
        assert member is not None
        return await services.rallies.load(EXAMPLE.read_text("utf-8"), member)


async def test_two_who_load_the_same_event_at_once_make_one_and_the_second_hears_whose_it_is(app: App) -> None:
    async with app.database.unit_of_work() as uow:
        for member_id in (LI, ZHAO):
            who = Introduction(member_id, "李敏", Language.ZH, is_private=True)
            await app.services(uow).people.meet(who, app.clock.now())
            await SqlStaffStore(uow).grant(member_id, Role.WEALTH_MANAGER, app.clock.now())
    found = await asyncio.gather(*(load(app, each) for each in (LI, ZHAO, LI, ZHAO)))
    loaded = [each for each in found if isinstance(each, Loaded)]
    assert sum(each.is_new for each in loaded) == 1
    assert {each.rally.id for each in loaded} == {loaded[0].rally.id}
    assert [each for each in found if not isinstance(each, Loaded)] == [RallyRefusal.NOT_YOURS] * 2
