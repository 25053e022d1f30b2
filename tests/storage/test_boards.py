"""A board on real rows: what it counts, keys that open it once, notices to those nearby and no oftener than allowed."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.boards.model import (
    BOARD_LIVES,
    GRACE,
    LINK_LIVES,
    NOTICES_AN_HOUR,
    Board,
    BoardRefusal,
    Notice,
    NoticeKind,
    Preview,
)
from campaigns.boards.rules import AGAIN_AFTER
from campaigns.boards.service import BoardService, Link, Visit
from campaigns.deliveries.service import Outbox
from campaigns.members.model import Introduction, Language, Member
from campaigns.rallies.course import RallyCourse
from campaigns.rallies.model import Booth, BoothState, Rally
from campaigns.staff.model import Role
from campaigns.staff.service import StaffService
from campaigns.suspicions.model import Sign, SuspicionState
from campaigns.waits.model import Queue
from handlers.wording.boards import BoardWords
from handlers.wording.rallies import RallyWords
from storage.boards import SqlBoardStore
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.members import SqlMemberStore
from storage.rally_desk import SqlRallyDesk
from storage.staff import SqlStaffStore
from storage.vault import Vault
from tests.rally_plans import ZONE
from tests.storage.stamp_fair import Fair

LEAD = Member(950, "李敏", Language.ZH, frozenset({Role.CUSTOMER, Role.TEAM_LEAD}))
SENT = "SELECT recipient, state, payload->>'text' FROM deliveries WHERE campaign LIKE 'rally_notice:%' ORDER BY id"


class Queues:
    """Three who wait everywhere."""

    async def queues(self, rally: Rally) -> Mapping[str, Queue]:
        return {booth.code: Queue(3, 12) for booth in rally.booths}


class Desk:
    """An organiser at the board of a running fair."""

    def __init__(self, fair: Fair) -> None:
        self.fair = fair

    def boards(self, uow: UnitOfWork) -> BoardService:
        def clock() -> datetime:
            return self.fair.now

        people, rallies = SqlMemberStore(uow, self.fair.vault), SqlRallyDesk(uow, self.fair.vault)
        trail, outbox = StaffService(SqlStaffStore(uow), clock), Outbox(SqlDeliveryStore(uow), clock)
        return BoardService(
            SqlBoardStore(uow),
            rallies,
            RallyCourse(rallies, trail, outbox, RallyWords(ZONE, lambda: "welfare_bot"), clock),
            Queues(),
            people,
            trail,
            outbox,
            BoardWords(ZONE),
            clock,
        )

    async def look(self) -> Board:
        async with self.fair.database.unit_of_work() as uow:
            return await self.boards(uow).look(await self.fair.look())

    async def preview(self, kind: NoticeKind, booth: str | None = None) -> Preview | BoardRefusal:
        async with self.fair.database.unit_of_work() as uow:
            return await self.boards(uow).preview(await self.fair.look(), kind, booth)

    async def tell(self, kind: NoticeKind, booth: str | None = None) -> Notice | BoardRefusal:
        async with self.fair.database.unit_of_work() as uow:
            return await self.boards(uow).tell(self.fair.rally, kind, booth, LEAD)

    async def take_back(self, notice: Notice) -> int | BoardRefusal:
        async with self.fair.database.unit_of_work() as uow:
            return await self.boards(uow).take_back(self.fair.rally, notice.id)

    async def turn(self, booth: str, state: BoothState, reason: str | None = None) -> Booth | BoardRefusal:
        async with self.fair.database.unit_of_work() as uow:
            return await self.boards(uow).turn_booth(await self.fair.look(), booth, state, reason, LEAD)

    async def sent(self) -> list[tuple[int, str, str]]:
        async with self.fair.database.unit_of_work() as uow:
            return [(row[0], row[1], row[2]) for row in await uow.session.execute(text(SENT))]

    def passes(self, span: timedelta) -> None:
        self.fair.now += span


@pytest.fixture
async def desk(database: Database, vault: Vault) -> Desk:
    """A fair with three visitors, who stamped at one, two and five booths."""
    fair = Fair(database, vault)
    async with database.unit_of_work() as uow:
        for member in (1, 2, 3, 4, LEAD.id):
            who = Introduction(member, "王芳", Language.ZH, is_private=True)
            await SqlMemberStore(uow, vault).meet(who, fair.now)
        await SqlStaffStore(uow).grant(LEAD.id, Role.TEAM_LEAD, fair.now)
    await fair.open()
    for member, count in ((1, 1), (2, 2), (3, 5)):
        await fair.decide(*(fair.claim(member, f"B{at}") for at in range(1, count + 1)))
    return Desk(fair)


async def test_a_board_counts_visitors_stamps_medals_and_each_booths_last_minutes(desk: Desk) -> None:
    await desk.fair.decide(desk.fair.claim(3, "B1"))
    board = await desk.look()
    totals = board.totals
    assert (totals.visitors, totals.nearby, totals.stamps, totals.medals) == (3, 3, 8, 2)
    assert totals.refused_codes == 1
    assert (board.booths[0].stamps, board.booths[0].recent, board.booths[0].waiting) == (3, 3, 3)
    assert (board.minutes[-1].arrivals, board.minutes[-1].stamps) == (3, 8)
    desk.passes(timedelta(minutes=30))
    later = await desk.look()
    assert [later.booths[0].recent, later.minutes[-1].stamps, later.minutes[-31].stamps] == [0, 0, 8]


async def test_a_gift_line_shows_what_stock_and_budget_leave_and_when_it_is_gone(desk: Desk) -> None:
    (first, _) = (await desk.look()).gifts
    assert (first.medals, first.given, first.left, first.substitutes_left, first.ends) == (1, 0, 40, 500, None)
    hand_out = """INSERT INTO gift_handouts (rally_id, target_code, member_id, state, made_at, is_substitute, worth_fen,
        handed_at, handed_by) VALUES (:rally, 'T1', 3, 'handed_out', :at, false, 3000, :at, :by)"""
    async with desk.fair.database.unit_of_work() as uow:
        facts = {"rally": desk.fair.rally.id, "at": desk.fair.now, "by": LEAD.id}
        await uow.session.execute(text(hand_out), facts)
    (first, _) = (await desk.look()).gifts
    assert (first.given, first.left) == (1, 39)


async def test_a_suspect_is_shown_with_the_score_and_a_masked_name(desk: Desk) -> None:
    row = "INSERT INTO suspicions (rally_id, member_id, score, reasons, found_at) VALUES (:rally, 2, 80, :why, :at)"
    async with desk.fair.database.unit_of_work() as uow:
        facts = {
            "rally": desk.fair.rally.id,
            "why": '[{"code": "ring", "points": 80, "times": 9, "others": []}]',
            "at": desk.fair.now,
        }
        await uow.session.execute(text(row), facts)
    (suspect,) = (await desk.look()).suspects
    assert (suspect.name, suspect.score, suspect.signs, suspect.state) == (
        "王*",
        80,
        ((Sign.RING, 9),),
        SuspicionState.HELD,
    )


async def test_a_link_opens_a_board_once_and_its_session_lasts_the_day(desk: Desk) -> None:
    async with desk.fair.database.unit_of_work() as uow:
        boards = desk.boards(uow)
        link = await boards.link(desk.fair.rally.id, LEAD)
        assert isinstance(link, Link)
        session = await boards.open(link.word)
        assert isinstance(session, str)
        assert await boards.open(link.word) is BoardRefusal.CLOSED
        assert await boards.who(link.word) is BoardRefusal.CLOSED
        visit = await boards.who(session)
        assert isinstance(visit, Visit)
        assert (visit.rally.code, visit.member.id) == ("FAIR", LEAD.id)
        desk.passes(BOARD_LIVES)
        assert await boards.who(session) is BoardRefusal.CLOSED


async def test_an_old_link_opens_nothing_and_who_lost_the_role_is_let_in_no_more(desk: Desk) -> None:
    async with desk.fair.database.unit_of_work() as uow:
        boards = desk.boards(uow)
        old = await boards.link(desk.fair.rally.id, LEAD)
        assert isinstance(old, Link)
        desk.passes(LINK_LIVES)
        assert await boards.open(old.word) is BoardRefusal.CLOSED
        fresh = await boards.link(desk.fair.rally.id, LEAD)
        assert isinstance(fresh, Link)
        session = await boards.open(fresh.word)
        assert isinstance(session, str)
        await uow.session.execute(text("DELETE FROM staff_roles WHERE member_id = :id"), {"id": LEAD.id})
        assert await boards.who(session) is BoardRefusal.FORBIDDEN


async def test_a_customer_gets_no_link(desk: Desk) -> None:
    async with desk.fair.database.unit_of_work() as uow:
        customer = Member(1, "王芳", Language.ZH)
        assert await desk.boards(uow).link(desk.fair.rally.id, customer) is BoardRefusal.FORBIDDEN


async def test_a_notice_goes_once_to_everybody_nearby_after_a_preview_with_its_head_count(desk: Desk) -> None:
    preview = await desk.preview(NoticeKind.FREE, "B2")
    assert isinstance(preview, Preview)
    assert (preview.heads, preview.spared) == (3, 0)
    assert "B2" in preview.zh
    assert "no queue" in preview.en
    placed = await desk.tell(NoticeKind.FREE, "B2")
    assert isinstance(placed, Notice)
    assert placed.heads == 3
    assert [(who, state) for who, state, _ in await desk.sent()] == [(1, "planned"), (2, "planned"), (3, "planned")]
    assert {words for *_, words in await desk.sent()} == {preview.zh}
    assert await desk.tell(NoticeKind.FREE, "B2") is BoardRefusal.JUST_TOLD


async def test_two_taps_at_once_place_one_notice(desk: Desk) -> None:
    found = await asyncio.gather(*(desk.tell(NoticeKind.ENDING) for _ in range(4)))
    assert sum(isinstance(each, Notice) for each in found) == 1
    assert found.count(BoardRefusal.JUST_TOLD) == 3
    assert len(await desk.sent()) == 3


async def test_who_left_an_hour_ago_or_muted_the_event_is_not_told(desk: Desk) -> None:
    async with desk.fair.database.unit_of_work() as uow:
        assert await desk.boards(uow).mute(desk.fair.rally.id, 1)
        assert not await desk.boards(uow).mute(desk.fair.rally.id, 77)
    desk.passes(timedelta(minutes=61))
    await desk.fair.decide(desk.fair.claim(2, "B8"))
    await desk.tell(NoticeKind.FREE, "B2")
    assert [who for who, *_ in await desk.sent()] == [2]


async def test_nobody_gets_more_notices_an_hour_than_allowed(desk: Desk) -> None:
    for at in range(1, NOTICES_AN_HOUR + 1):
        assert isinstance(await desk.tell(NoticeKind.FREE, f"B{at}"), Notice)
    await desk.fair.decide(desk.fair.claim(4, "B1"))
    preview = await desk.preview(NoticeKind.FREE, "B7")
    assert isinstance(preview, Preview)
    assert (preview.heads, preview.spared) == (1, 3)
    assert isinstance(await desk.tell(NoticeKind.FREE, "B7"), Notice)
    assert [who for who, *_ in (await desk.sent())[-2:]] == [3, 4]
    desk.passes(timedelta(minutes=40))
    await desk.fair.decide(desk.fair.claim(1, "B8"))
    desk.passes(timedelta(minutes=21))
    again = await desk.preview(NoticeKind.FREE, "B7")
    assert isinstance(again, Preview)
    assert again.spared == 0


async def test_a_notice_is_taken_back_within_its_minute_and_does_not_count_then(desk: Desk) -> None:
    placed = await desk.tell(NoticeKind.ENDING)
    assert isinstance(placed, Notice)
    assert await desk.take_back(placed) == 3
    assert {state for _, state, _ in await desk.sent()} == {"cancelled"}
    assert await desk.take_back(placed) is BoardRefusal.ALREADY
    again = await desk.tell(NoticeKind.ENDING)
    assert isinstance(again, Notice)
    desk.passes(GRACE)
    assert await desk.take_back(again) is BoardRefusal.TOO_LATE
    assert {each.cancelled_at is None for each in (await desk.look()).notices} == {True, False}


async def test_a_booth_is_paused_for_a_reason_and_notices_must_be_true(desk: Desk) -> None:
    assert isinstance(await desk.turn("B2", BoothState.PAUSED, "设备故障"), Booth)
    assert await desk.turn("B3", BoothState.PAUSED) is BoardRefusal.NO_BOOTH
    assert await desk.preview(NoticeKind.FREE, "B2") is BoardRefusal.UNTRUE
    told = await desk.preview(NoticeKind.PAUSED, "B2")
    assert isinstance(told, Preview)
    assert "设备故障" in told.zh
    assert "a broken device" in told.en
    assert isinstance(await desk.turn("B2", BoothState.OPEN), Booth)
    assert (await desk.look()).booths[1].booth.reason is None


@pytest.mark.parametrize("booth", [None, "B9"])
async def test_a_notice_of_a_booth_needs_one_that_exists(desk: Desk, booth: str | None) -> None:
    assert await desk.preview(NoticeKind.FREE, booth) is BoardRefusal.NO_BOOTH


async def test_the_same_may_be_told_again_after_ten_minutes(desk: Desk) -> None:
    assert isinstance(await desk.tell(NoticeKind.FREE, "B2"), Notice)
    desk.passes(AGAIN_AFTER)
    assert isinstance(await desk.tell(NoticeKind.FREE, "B2"), Notice)
