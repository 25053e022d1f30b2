"""The bank's file against the chat on real rows: it moves what may move, once, and the rest waits for a person."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from campaigns.applications.model import Application, Reason, Stage
from campaigns.applications.reconciling import CardCode, CardLine, Disagreement, SettleRefusal
from storage.database import Database
from storage.vault import Vault
from tests.storage.card_desk import CHEN, LI, SUN, WANG, ZHAO, Desk, open_desk

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


@pytest.fixture
async def desk(database: Database, vault: Vault) -> Desk:
    found = await open_desk(database, vault)
    await found.enters(WANG, ZHAO, SUN)
    return found


async def take(desk: Desk, *lines: CardLine) -> list[CardCode]:
    async with desk.database.unit_of_work() as uow:
        return [outcome.code for outcome in await desk.reconciler(uow).take_in(lines)]


async def open_ones(desk: Desk, manager: int | None = None) -> list[Disagreement]:
    who = await desk.member(manager) if manager else None
    async with desk.database.unit_of_work() as uow:
        desk_of = desk.reconciler(uow)
        return await (desk_of.disagreements_of(who) if who else desk_of.disagreements())


async def settles(desk: Desk, event: int, by: int, *, bank_is_right: bool) -> Disagreement | SettleRefusal:
    who = await desk.member(by)
    async with desk.database.unit_of_work() as uow:
        return await desk.reconciler(uow).settle(event, who, bank_is_right=bank_is_right)


async def bind(desk: Desk, member: int, number: str) -> UUID:
    key = uuid4()
    async with desk.database.unit_of_work() as uow:
        facts = {"id": key, "number": number, "member": member}
        await uow.session.execute(
            text("INSERT INTO customers (id, number, first_as_of) VALUES (:id, :number, '2026-01-01')"), facts
        )
        await uow.session.execute(text("UPDATE members SET customer_id = :id WHERE id = :member"), facts)
    return key


async def test_a_file_moves_in_the_order_of_days_once_and_by_both_numbers(desk: Desk) -> None:
    await desk.reaches(WANG, Stage.CONSENTED)
    await bind(desk, WANG, "C100")
    lines = [
        CardLine(2, "C100", Stage.DELIVERED, TUESDAY),
        CardLine(3, "C100", Stage.APPROVED, MONDAY),
        CardLine(4, (await desk.of(WANG)).number, Stage.APPLIED, MONDAY),
        CardLine(5, "C100", Stage.APPLIED, TUESDAY),
        CardLine(6, "C404", Stage.APPLIED, MONDAY),
    ]
    moved, kept = CardCode.MOVED, CardCode.UNCHANGED
    assert await take(desk, *lines) == [moved, moved, moved, CardCode.AGREES, CardCode.NO_APPLICATION]
    assert (await desk.of(WANG)).stage is Stage.DELIVERED
    assert await take(desk, *lines) == [kept, kept, kept, kept, CardCode.NO_APPLICATION]
    assert await desk.rows("SELECT count(*) FROM application_moves WHERE moved_by IS NULL AND version > 0") == [(3,)]
    assert await open_ones(desk) == []


async def test_what_the_chat_says_otherwise_stays_is_listed_and_told_once_to_the_owner(desk: Desk) -> None:
    await desk.reaches(WANG, Stage.APPLIED)
    assert await desk.moves(WANG, Stage.DECLINED, reason=Reason.DEBT)
    wang, zhao = (await desk.of(WANG)).number, (await desk.of(ZHAO)).number
    lines = [CardLine(2, wang, Stage.ACTIVATED, MONDAY), CardLine(3, zhao, Stage.APPLIED, MONDAY)]
    assert await take(desk, *lines) == [CardCode.DISAGREES, CardCode.DISAGREES]
    assert ((await desk.of(WANG)).stage, (await desk.of(ZHAO)).stage) == (Stage.DECLINED, Stage.SIGNED)
    assert await take(desk, *lines) == [CardCode.DISAGREES, CardCode.DISAGREES]
    assert await desk.told() == [("disagree", LI)]
    said = await desk.rows("SELECT payload->>'text' FROM deliveries WHERE campaign = 'card_events'")
    assert "不一致 2 处" in str(said)
    assert [len(await open_ones(desk, who)) for who in (LI, CHEN)] == [2, 0]
    # Who moves the application to where the file may go on lets the same file move it.
    await desk.reaches(ZHAO, Stage.CONSENTED)
    assert await take(desk, *lines) == [CardCode.DISAGREES, CardCode.MOVED]
    [left] = await open_ones(desk)
    assert await settles(desk, left.event.id, CHEN, bank_is_right=True) is SettleRefusal.NOT_YOURS
    settled = await settles(desk, left.event.id, LI, bank_is_right=True)
    assert isinstance(settled, Disagreement)
    assert settled.application.stage is Stage.ACTIVATED
    assert await settles(desk, left.event.id, LI, bank_is_right=True) is SettleRefusal.NO_DISAGREEMENT
    assert await settles(desk, 999, LI, bank_is_right=True) is SettleRefusal.NO_DISAGREEMENT
    last = await desk.rows("SELECT from_stage, stage, reason, moved_by FROM application_moves ORDER BY at, version")
    assert ("declined", "activated", "bank_file", LI) in last
    assert await open_ones(desk) == []


async def test_the_chats_word_may_stay_and_then_the_same_line_is_quiet(desk: Desk) -> None:
    line = CardLine(2, (await desk.of(SUN)).number, Stage.APPROVED, MONDAY)
    assert await take(desk, line) == [CardCode.DISAGREES]
    [found] = await open_ones(desk)
    assert isinstance(await settles(desk, found.event.id, LI, bank_is_right=False), Disagreement)
    assert await take(desk, line) == [CardCode.UNCHANGED]
    assert (await desk.of(SUN)).stage is Stage.SIGNED


async def test_a_customer_with_two_open_applications_is_asked_about_and_a_decline_needs_no_reason_of_ours(
    desk: Desk,
) -> None:
    await bind(desk, ZHAO, "C200")
    key = await bind(desk, WANG, "C300")
    async with desk.database.unit_of_work() as uow:
        await uow.session.execute(
            text("UPDATE applications SET customer_id = :id WHERE member_id IN (12, 13)"), {"id": key}
        )
    assert await take(desk, CardLine(2, "C300", Stage.APPLIED, MONDAY)) == [CardCode.SEVERAL]
    await desk.reaches(WANG, Stage.APPLIED)
    number = (await desk.of(WANG)).number
    assert await take(desk, CardLine(2, number, Stage.DECLINED, MONDAY)) == [CardCode.MOVED]
    declined = await desk.of(WANG)
    assert isinstance(declined, Application)
    assert (declined.stage, declined.ended_from) == (Stage.DECLINED, Stage.APPLIED)
