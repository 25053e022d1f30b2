"""Places of an outing on real rows: never more volunteers than places, however many tap at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.app import App
from campaigns.members.model import Introduction, Language, Member
from campaigns.outings.model import Outing, OutingKind, OutingRefusal, Signed
from campaigns.publicity.model import Event, EventPlan
from campaigns.staff.model import Role


async def staff(app: App, member_id: int, role: Role = Role.BRANCH) -> Member:
    async with app.database.unit_of_work() as uow:
        services = app.services(uow)
        who = Introduction(member_id, f"员工{member_id}", Language.ZH, is_private=True)
        await services.people.meet(who, app.clock.now())
        token = await services.staff.invite(role, None)
        member = await services.people.get(member_id)
        assert member is not None
        await services.staff.accept(token, member)
        found = await services.people.get(member_id)
        assert found is not None
        return found


async def outing(app: App, manager: Member, seats: int) -> int:
    """An outing three days ahead."""
    async with app.database.unit_of_work() as uow:
        row = """INSERT INTO groups (chat_id, title, merchant, manager_id, registered_at)
            VALUES (-5, '群', '车行', :manager, :now)"""
        await uow.session.execute(text(row), {"manager": manager.id, "now": app.clock.now()})
        services = app.services(uow)
        plan = EventPlan("车展办卡", "现场办卡", app.clock.now() + timedelta(days=3), "95500")
        event = await services.publicity.plan(await services.groups.in_chat(-5), manager, plan)
        assert isinstance(event, Event)
        found = await services.outings.plan(event.id, manager, OutingKind.CARD_DESK, f"A馆 | 展架 | {seats}")
        assert isinstance(found, Outing)
        return event.id


async def signs_up(app: App, event: int, member: Member) -> Signed | OutingRefusal:
    async with app.database.unit_of_work() as uow:
        return await app.services(uow).outings.sign_up(event, member)


async def test_ten_taps_at_once_take_three_places_and_one_that_is_freed_is_taken_again(app: App) -> None:
    manager = await staff(app, 1, Role.WEALTH_MANAGER)
    people = [await staff(app, number) for number in range(11, 16)]
    event = await outing(app, manager, 3)
    outcomes = await asyncio.gather(*(signs_up(app, event, each) for each in [*people, *people]))
    signed = [each for each in outcomes if isinstance(each, Signed)]
    assert len(signed) == 3
    assert {each for each in outcomes if isinstance(each, OutingRefusal)} <= {
        OutingRefusal.FULL,
        OutingRefusal.SIGNED_ALREADY,
    }
    async with app.database.unit_of_work() as uow:
        taken = await uow.session.execute(text("SELECT member_id, seat FROM outing_volunteers ORDER BY seat"))
        seats = [tuple(row) for row in taken]
    assert [seat for _, seat in seats] == [1, 2, 3]
    leaver = next(each for each in people if each.id == seats[1][0])
    other = next(each for each in people if each.id not in {who for who, _ in seats})
    async with app.database.unit_of_work() as uow:
        assert isinstance(await app.services(uow).outings.step_back(event, leaver), Outing)
    assert isinstance(await signs_up(app, event, other), Signed)
    assert await signs_up(app, event, leaver) is OutingRefusal.FULL
    with pytest.raises(IntegrityError):
        async with app.database.unit_of_work() as uow:
            await uow.session.execute(text("UPDATE outing_volunteers SET seat = 4 WHERE seat = 3"))


async def test_who_is_no_staff_of_the_bank_takes_no_place(app: App) -> None:
    manager, partner = await staff(app, 1, Role.WEALTH_MANAGER), await staff(app, 12, Role.PARTNER)
    event = await outing(app, manager, 1)
    assert await signs_up(app, event, partner) is OutingRefusal.NO_STAFF
    assert await signs_up(app, event + 1, manager) is OutingRefusal.OVER


async def test_an_event_is_cancelled_before_somebody_signs_up_or_after_and_never_meanwhile(app: App) -> None:
    manager, other = await staff(app, 1, Role.WEALTH_MANAGER), await staff(app, 12)
    event = await outing(app, manager, 1)
    async with app.database.unit_of_work() as signing:
        assert isinstance(await app.services(signing).outings.sign_up(event, other), Signed)
        async with app.database.unit_of_work() as cancelling:
            await cancelling.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                async with cancelling.session.begin_nested():
                    await app.services(cancelling).publicity.cancel(event, manager)
