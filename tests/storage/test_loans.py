"""Loan requests on real rows: one open request for a customer and a firm whatever comes at once, and all sealed."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.app import App
from campaigns.loans.model import Asked, ContactTime, Firm, LoanRefusal, LoanUse, LoanWish, Turnover
from campaigns.members.model import Introduction, Language, Member
from campaigns.staff.model import Role
from storage.staff import SqlStaffStore
from tests.bot.conftest import app
from tests.miniapp import shelf

__all__ = ["app"]

WANG, LI, OLD, BUSY = 5_000_000_001, 5_000_000_002, 7, 8
FIRM = Firm("幸福里水果店", "91350100M000100Y43", 200_000, 12)
OTHER = Firm("米店", "91440300708461136T", 50_000, 6)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def wish(firm: Firm = FIRM) -> LoanWish:
    return LoanWish(firm, LoanUse.STOCK, Turnover.TO_200K, ContactTime.MORNING, enquiry=True)


async def bank(app: App) -> dict[int, Member]:
    """Two customers and two managers."""
    await shelf(app, WANG, LI)
    async with app.database.unit_of_work() as uow:
        people, now = app.services(uow).people, app.clock.now()
        for number in (OLD, BUSY):
            await people.meet(Introduction(number, f"经理{number}", Language.ZH, is_private=True), now)
            await SqlStaffStore(uow).grant(number, Role.WEALTH_MANAGER, now)
        return await people.many([WANG, LI, OLD, BUSY])


async def ask(app: App, member: Member, firm: Firm = FIRM) -> Asked | LoanRefusal:
    async with app.database.unit_of_work() as uow:
        return await app.services(uow).loans.ask(wish(firm), member)


async def test_of_two_who_ask_for_one_firm_at_once_one_is_in(app: App) -> None:
    people = await bank(app)
    outcomes = await asyncio.gather(ask(app, people[WANG]), ask(app, people[LI]))
    assert Counter(each if isinstance(each, LoanRefusal) else "in" for each in outcomes) == {
        "in": 1,
        LoanRefusal.FIRM_ASKED: 1,
    }


async def test_the_own_manager_has_the_request_and_strangers_share_the_load(app: App) -> None:
    people = await bank(app)
    async with app.database.unit_of_work() as uow:
        customer = people[LI].customer_id
        assert customer is not None
        await app.services(uow).owners.assign(customer, BUSY)
    first = await ask(app, people[LI], OTHER)
    assert isinstance(first, Asked)
    assert first.owner.id == BUSY
    second = await ask(app, people[WANG])
    assert isinstance(second, Asked)
    assert second.owner.id == OLD
    async with app.database.unit_of_work() as uow:
        await app.services(uow).owners.hand_over(people[OLD], BUSY)
        assert {each.member_id for each in await app.services(uow).loans.desk(people[BUSY])} == {WANG, LI}


async def test_no_table_holds_firm_or_registration_in_clear_and_history_stays(app: App) -> None:
    people = await bank(app)
    assert isinstance(await ask(app, people[WANG]), Asked)
    async with app.database.unit_of_work() as uow:
        tables = list(await uow.session.scalars(text(TABLES)))
        for table in tables:
            query = text(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE ANY(:words)')  # noqa: S608
            found = await uow.session.scalar(query, {"words": [f"%{FIRM.name}%", f"%{FIRM.registration}%"]})
            assert (table, found) == (table, 0)
    with pytest.raises(DBAPIError, match="never changed"):
        async with app.database.unit_of_work() as uow:
            await uow.session.execute(text("DELETE FROM loan_moves"))
