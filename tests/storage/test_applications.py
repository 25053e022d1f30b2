"""Applications on real rows: opened with the entry, moved once, owned without a gap, told in the bank's days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from campaigns.applications.model import Application, MoveRefusal, Stage
from campaigns.chains.model import Plan
from campaigns.members.model import Purpose
from storage.applications import SqlApplicationStore
from storage.chains import SqlChainStore
from storage.database import Database
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.vault import Vault
from tests.storage.card_desk import BOSS, CHAT, CHEN, FRIDAY, LI, SUN, WANG, ZHAO, Desk, open_desk


@pytest.fixture
async def desk(database: Database, vault: Vault) -> Desk:
    return await open_desk(database, vault)


async def joins_group(desk: Desk, number: int) -> None:
    async with desk.database.unit_of_work() as uow:
        groups = SqlGroupStore(uow)
        group = await groups.by_chat(CHAT)
        assert group is not None
        await groups.add_member(group, number, FRIDAY)


async def test_an_entry_opens_one_application_whatever_is_repeated_and_a_return_begins_anew(desk: Desk) -> None:
    await desk.enters(WANG, ZHAO)
    await desk.enters(WANG)
    assert (await desk.of(WANG)).stage is Stage.SIGNED
    assert await desk.moves(WANG, Stage.CONTACTED)
    await desk.leaves(WANG, SUN)
    left = await desk.of(WANG)
    assert (left.stage, left.ended_from, left.due_on) == (Stage.WITHDRAWN, Stage.CONTACTED, None)
    await desk.enters(WANG)
    back = await desk.of(WANG)
    assert (back.id, back.stage, back.version, back.due_on) == (left.id, Stage.SIGNED, 3, date(2026, 11, 23))
    history = await desk.rows("SELECT version, moved_by, stage, reason FROM application_moves ORDER BY 1, 2")
    assert history == [
        (0, None, "signed", None),
        (0, None, "signed", None),
        (1, LI, "contacted", None),
        (2, WANG, "withdrawn", "left_chain"),
        (3, WANG, "signed", "came_back"),
    ]


async def test_what_the_bank_has_stays_when_the_chain_is_left_and_the_owner_hears_of_it(desk: Desk) -> None:
    await desk.enters(WANG)
    await desk.reaches(WANG, Stage.APPLIED)
    await desk.leaves(WANG)
    assert (await desk.of(WANG)).stage is Stage.APPLIED
    assert await desk.told() == [("left", LI)]


async def test_owners_share_the_load_keep_their_customers_and_history_cannot_be_changed(desk: Desk) -> None:
    await joins_group(desk, CHEN)
    await desk.enters(WANG, ZHAO, SUN)
    owners = {number: (await desk.of(number)).owner_id for number in (WANG, ZHAO, SUN)}
    assert owners == {WANG: LI, ZHAO: CHEN, SUN: LI}
    boss, found = await desk.member(BOSS), await desk.of(WANG)
    async with desk.database.unit_of_work() as uow:
        service = desk.services(uow)[0]
        assert await service.hand_over(found.id, 0, WANG, boss) is MoveRefusal.NOT_YOURS  # No manager.
        assert await service.hand_over(found.id, 9, CHEN, boss) is MoveRefusal.MOVED_SINCE
        assert isinstance(await service.hand_over(found.id, 0, CHEN, boss), Application)
    again = Plan("联名借记卡", 9, FRIDAY + timedelta(days=1))
    async with desk.database.unit_of_work() as uow:
        group = await SqlGroupStore(uow).by_chat(CHAT)
        assert group is not None
        other = await SqlChainStore(uow, desk.vault).create(group, again, LI, FRIDAY, FRIDAY)
        assert other is not None
        await desk.services(uow)[0].entered(other, [WANG])
    history = await desk.rows("SELECT application_id, owner_id, reason, handed_by FROM application_owners ORDER BY id")
    assert [row for row in history if row[0] in {found.id, 4}] == [
        (found.id, LI, "load", None),
        (found.id, CHEN, "handed_over", BOSS),
        (4, CHEN, "own_customer", None),
    ]
    for table in ("application_owners", "application_moves"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET application_id = 1"):  # noqa: S608
            with pytest.raises(DBAPIError, match="never changed"):
                await desk.rows(statement)


async def test_nobody_else_moves_an_old_button_does_nothing_and_jumps_are_refused(desk: Desk) -> None:
    await desk.enters(WANG)
    assert await desk.moves(WANG, Stage.CONTACTED, by=CHEN) is MoveRefusal.NOT_YOURS
    assert await desk.moves(WANG, Stage.CONTACTED, by=BOSS) is MoveRefusal.NOT_YOURS
    assert await desk.moves(WANG, Stage.ACTIVATED) is MoveRefusal.JUMP
    assert await desk.moves(WANG, Stage.LOST) is MoveRefusal.NEEDS_REASON
    assert isinstance(await desk.moves(WANG, Stage.CONTACTED), Application)
    assert await desk.moves(WANG, Stage.CONSENTED, version=0) is MoveRefusal.MOVED_SINCE
    wang, zhao, found = await desk.member(WANG), await desk.member(ZHAO), await desk.of(WANG)
    async with desk.database.unit_of_work() as uow:
        service = desk.services(uow)[0]
        assert await service.withdraw(found.id, 1, zhao) is MoveRefusal.NO_APPLICATION
        assert await service.file(found.id, zhao) is MoveRefusal.NOT_YOURS
        assert await service.withdraw(found.id, 0, wang) is MoveRefusal.MOVED_SINCE
        assert isinstance(await service.withdraw(found.id, 1, wang), Application)
    assert await desk.told() == [("withdrawn", LI)]


async def test_owners_hear_once_on_the_day_and_leads_on_the_third_fifth_and_seventh_working_day(desk: Desk) -> None:
    await desk.enters(WANG, ZHAO)
    day: Callable[[int], datetime] = lambda ahead: FRIDAY + timedelta(days=ahead)  # noqa: E731
    told = []
    for ahead in range(20):
        for _ in range(2):
            await desk.ticks(day(ahead))
        told.append(await desk.told())
    [saturday, monday, tuesday] = told[1], told[3], told[4]
    assert (saturday, monday, tuesday) == ([], [("due", LI)], [("due", LI)])
    overdue = [ahead for ahead in range(1, 20) if len(told[ahead]) > len(told[ahead - 1]) and ahead > 3]
    assert [(FRIDAY + timedelta(days=ahead)).date() for ahead in overdue] == [
        date(2026, 11, 26),
        date(2026, 11, 30),
        date(2026, 12, 2),
    ]
    assert told[-1] == [("due", LI), *[("overdue", BOSS)] * 3]


async def test_nothing_is_said_at_night_and_what_fell_into_a_holiday_is_told_after_it_as_one(desk: Desk) -> None:
    desk.now = datetime(2026, 9, 29, 4, tzinfo=UTC)
    await desk.enters(WANG)
    assert await desk.ticks(datetime(2026, 9, 30, 14, tzinfo=UTC)) == 0  # 22 o'clock.
    assert await desk.ticks(datetime(2026, 10, 5, 4, tzinfo=UTC)) == 0  # National Day.
    await desk.ticks(datetime(2026, 10, 13, 4, tzinfo=UTC))  # The bot was down for days: the third and the fifth.
    await desk.ticks(datetime(2026, 10, 13, 5, tzinfo=UTC))
    assert await desk.told() == [("due", LI), ("overdue", BOSS)]
    assert await desk.rows("SELECT escalations, escalate_on FROM applications") == [(2, date(2026, 10, 15))]


async def test_who_is_away_is_spared_and_the_stand_in_is_told_once(desk: Desk) -> None:
    await desk.away(LI, date(2026, 11, 23), date(2026, 11, 24), CHEN)
    await desk.away(BOSS, date(2026, 11, 26), date(2026, 11, 26), CHEN)
    await desk.enters(WANG)
    for ahead in range(7):
        await desk.ticks(FRIDAY + timedelta(days=ahead))
    assert await desk.told() == [("due", CHEN), ("overdue", CHEN)]
    desk.now = FRIDAY + timedelta(days=3)
    assert isinstance(await desk.moves(WANG, Stage.CONTACTED, by=CHEN), Application)
    desk.now = FRIDAY + timedelta(days=5)
    assert await desk.moves(WANG, Stage.CONSENTED, by=CHEN) is MoveRefusal.NOT_YOURS


async def test_a_customer_is_reminded_once_a_stage_and_never_after_saying_stop(desk: Desk) -> None:
    await desk.enters(WANG, ZHAO)
    for number in (WANG, ZHAO):
        await desk.reaches(number, Stage.DELIVERED)
    async with desk.database.unit_of_work() as uow:
        people = SqlMemberStore(uow, desk.vault)
        await people.give_consent(ZHAO, Purpose.MARKETING, "marketing-1", FRIDAY)
        await people.withdraw_consent(ZHAO, Purpose.MARKETING, FRIDAY)
    for ahead in range(5):
        await desk.ticks(FRIDAY + timedelta(days=ahead))
    assert await desk.told() == [("nudge", WANG)]
    assert isinstance(await desk.moves(WANG, Stage.ACTIVATED), Application)
    assert [row[2] for row in await desk.rows()] == ["cancelled"]
    await desk.ticks(FRIDAY + timedelta(days=6))
    assert ("nudge", WANG) in (await desk.told())[1:]


async def test_new_terms_are_a_new_version(desk: Desk) -> None:
    async with desk.database.unit_of_work() as uow:
        store = SqlApplicationStore(uow)
        terms = await store.terms()
        slower = terms.__class__(2, {**terms.days, Stage.SIGNED: 4}, (1,), 3)
        await store.set_terms(slower, "陈晨", FRIDAY)
        assert await store.terms() == slower
    await desk.enters(WANG)
    assert (await desk.of(WANG)).due_on == date(2026, 11, 26)
