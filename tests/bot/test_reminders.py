"""Reminders on real services and rows: once each over restarts and outages, by policy, and never to who muted them."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.app import App
from bot.services import Surroundings
from campaigns.bankdays.feasts import Festival
from campaigns.compliance.rules import Pass, Suppress
from campaigns.deliveries.model import Delivery, Kind, Reason, State
from campaigns.groups.model import Group
from campaigns.members.model import Introduction, Language, Member, PrivateChat
from campaigns.reminders.festivals import IDEAS
from campaigns.reminders.model import USEFUL, Audience, Line, Plan, Preview, ReminderRefusal
from campaigns.reminders.reading import read_request
from campaigns.reminders.schedule import Before, Thing, Timing, Weekly
from campaigns.staff.model import Absence, Role
from storage.compliance import SqlGate
from storage.database import Database
from storage.groups import SqlGroupStore
from storage.owners import SqlOwnerStore
from storage.reminders import SqlReminderStore
from storage.staff import SqlStaffStore

BANK = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 23, 9, 30, tzinfo=BANK)  # A Monday.
MANAGER, LEAD, WANG, ZHAO = 1, 2, 11, 12
LEDGER = """SELECT campaign, step, recipient, kind, due_at, expires_at, payload ->> 'text' FROM deliveries
    WHERE campaign LIKE 'reminder:%' ORDER BY id"""
MANY = """INSERT INTO reminders (owner_id, state, version, since, next_at, made_at)
    SELECT 1, 'on', 1, :start, :start + n * interval '14 minutes', :start FROM generate_series(0, 199) n"""
THEIR_VERSIONS = """INSERT INTO reminder_versions
    SELECT id, 1, to_char(next_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS+00:00'),
        CASE WHEN id % 4 = 0 THEN '{}' ELSE ARRAY[CAST(:group AS bigint)] END, NULL, CASE WHEN id % 4 = 0 THEN 11 END,
        '带身份证', false, 720, 1, :start FROM reminders"""
GARBLED = """INSERT INTO reminder_versions SELECT reminder_id, 9, 'garbled', groups, line, member_id, words,
    is_marketing, useful_minutes, made_by, made_at FROM reminder_versions WHERE reminder_id = :bad"""
SEGMENT = (
    "INSERT INTO customers SELECT md5(id::text)::uuid, 'K' || id, now()::date FROM members WHERE id > 10",
    "UPDATE members SET customer_id = md5(id::text)::uuid, bound_at = :now WHERE id > 10",
    "INSERT INTO customer_owners SELECT customer_id, 1, :now FROM members WHERE id > 10",
    """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
            wealth_products, funds, asset_plans, large_certificates, loans, has_activity, sex)
        SELECT '2026-10-31', customer_id, 0, 0, 0, 0, 0, 0, 0, 0, false, CASE id WHEN 11 THEN 'f' ELSE 'm' END
        FROM members WHERE id > 10""",
)
EVENTS = (
    """INSERT INTO publicity_events (group_id, manager_id, title, benefits, complaints, starts_at, state, made_at,
            cancelled_at)
        VALUES (1, 1, '社区讲座', '茶点', '95500', :starts, 'planned', :now, NULL),
            (1, 1, '取消的', '茶点', '95500', :starts, 'cancelled', :now, :now)""",
    """INSERT INTO rallies (code, title_zh, title_en, organiser_id, starts_at, ends_at, state, config, secret,
            created_at, moved_at)
        SELECT code, '新春集章', 'Rally', 1, :starts, :starts + interval '8 hours', state, '{}', '', :now, :now
        FROM (VALUES ('spring', 'announced'), ('draft', 'draft')) known (code, state)""",
    "INSERT INTO rally_groups SELECT 1, id, 1 FROM groups UNION ALL SELECT 2, id, NULL FROM groups",
)
Row = tuple[object, ...]


class Desk:
    """A manager with a group and two people, on a clock that stands still until it is turned."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self._clock = folder / "clock.json"
        self.group: Group | None = None
        self.turn(START)

    def turn(self, now: datetime) -> None:
        """Let it be this moment."""
        self._clock.write_text(json.dumps({"anchor_real": 0, "anchor_domain": now.isoformat(), "rate": 0}))

    async def opens(self) -> None:
        """Everybody comes."""
        async with self.app.database.unit_of_work() as uow:
            services, now = self.app.services(uow), self.app.clock.now()
            for number, name in ((MANAGER, "李敏"), (LEAD, "周总"), (WANG, "王小明"), (ZHAO, "赵晓")):
                await services.people.meet(Introduction(number, name, Language.ZH, is_private=True), now)
                await services.people.set_private_chat(number, PrivateChat.OPEN)
            for number, role in ((MANAGER, Role.WEALTH_MANAGER), (LEAD, Role.TEAM_LEAD)):
                await uow.session.execute(
                    text("INSERT INTO staff_roles VALUES (:number, :role, now())"), {"number": number, "role": role}
                )
            groups = SqlGroupStore(uow)
            self.group = await groups.save(-100, "A银行&幸福里商户福利群", "幸福里", MANAGER, now)
            for number in (MANAGER, WANG, ZHAO):
                await groups.add_member(self.group, number, now)

    async def member(self, number: int = MANAGER) -> Member:
        """Somebody as the product knows them."""
        async with self.app.database.unit_of_work() as uow:
            return (await self.app.services(uow).people.many([number]))[number]

    async def keeps(self, timing: Timing, useful: timedelta = USEFUL, groups: tuple[int, ...] | None = None) -> int:
        """A reminder that is on."""
        assert self.group is not None
        plan = Plan(timing, Audience(groups=groups or (self.group.id,)), "带身份证", useful)
        async with self.app.database.unit_of_work() as uow:
            services, store, now = self.app.services(uow), SqlReminderStore(uow), self.app.clock.now()
            number = await store.add(MANAGER, plan, MANAGER, now)
            assert isinstance(await services.reminders.confirm(number, await self.member()), Line)
            return number

    async def says(self, line: str) -> Preview | ReminderRefusal:
        """A line of the manager, in the group; confirmed where it can be."""
        async with self.app.database.unit_of_work() as uow:
            services = self.app.services(uow)
            request = read_request(line, self.app.clock.now(), BANK)
            drafted = await services.reminders.draft(request, await self.member(), self.group)
            assert isinstance(drafted, Preview | ReminderRefusal), drafted
            if isinstance(drafted, Preview):
                await services.reminders.confirm(drafted.line.reminder.id, await self.member())
            return drafted

    async def looks(self, app: App | None = None) -> None:
        """Everything that is due now, as the tick does it."""
        found = 1
        while found:
            async with self.app.database.unit_of_work() as uow:
                found = await (app or self.app).services(uow).reminder_course.tick()

    async def rows(self, query: str = LEDGER) -> Sequence[Row]:
        """What the database says."""
        async with self.app.database.unit_of_work() as uow:
            return [tuple(row) for row in await uow.session.execute(text(query))]


@pytest.fixture
async def desk(app: App, tmp_path: Path) -> Desk:
    found = Desk(app, tmp_path)
    await found.opens()
    return found


async def test_two_hundred_reminders_over_four_restarts_come_once_each(desk: Desk, database: Database) -> None:
    assert desk.group is not None
    async with database.unit_of_work() as uow:
        await uow.session.execute(text(MANY), {"start": START + timedelta(minutes=1)})
        await uow.session.execute(text(THEIR_VERSIONS), {"group": desk.group.id, "start": START})
    world = desk.app.world
    for restart in range(4):
        desk.turn(START + timedelta(minutes=14 * 50 * (restart + 1)))
        with suppress(asyncio.CancelledError):  # Killed before it committed: the next one does it all again.
            async with database.unit_of_work() as uow:
                await desk.app.services(uow).reminder_course.tick()
                raise asyncio.CancelledError
        apps = [App(Surroundings(world.settings, database, world.vault, world.clock, world.bot, "b")) for _ in "ab"]
        await asyncio.gather(*(desk.looks(each) for each in apps))
    told = await desk.rows()
    assert len(told) == len({row[0] for row in told}) == 200
    assert await desk.rows("SELECT outcome, count(*) FROM reminder_occurrences GROUP BY 1") == [("planned", 200)]
    assert await desk.rows("SELECT DISTINCT state, next_at FROM reminders") == [("ended", None)]
    private = [row for row in told if row[2] == WANG]
    assert len(private) == 50
    assert all(time(9) <= row[4].astimezone(BANK).time() < time(21) for row in private)  # type: ignore[attr-defined]


async def test_an_outage_of_two_days_is_made_good_or_dropped_by_policy(desk: Desk) -> None:
    daily = Weekly(frozenset(range(7)), time(10))
    makes_good, drops = await desk.keeps(daily), await desk.keeps(daily, useful=timedelta())
    desk.turn(START + timedelta(days=2, hours=3))  # Wednesday 12:30: three times of 10:00 have passed.
    await desk.looks()
    assert [(row[0], row[6]) for row in await desk.rows()] == [(f"reminder:{makes_good}", "⏰ 带身份证")]
    outcomes = "SELECT reminder_id, outcome FROM reminder_occurrences ORDER BY reminder_id, due_at"
    assert await desk.rows(outcomes) == [
        *((makes_good, outcome) for outcome in ("missed", "missed", "planned")),
        *((drops, "missed") for _ in range(3)),
    ]
    desk.turn(START + timedelta(days=3, minutes=31))
    await desk.looks()
    assert [row[0] for row in await desk.rows()][1:] == [f"reminder:{makes_good}", f"reminder:{drops}"]


async def test_a_reminder_that_cannot_be_planned_holds_up_no_other_and_its_owner_is_told_once(desk: Desk) -> None:
    daily = Weekly(frozenset(range(7)), time(10))
    bad, good = await desk.keeps(daily), await desk.keeps(daily)
    async with desk.app.database.unit_of_work() as uow:
        await uow.session.execute(text(GARBLED), {"bad": bad})
        await uow.session.execute(text("UPDATE reminders SET version = 9 WHERE id = :bad"), {"bad": bad})
    for minutes in (31, 31, 33):  # The second look lies within its rest.
        desk.turn(START + timedelta(minutes=minutes))
        await desk.looks()
    told = [(row[0], row[2]) for row in await desk.rows()]
    assert told == [(f"reminder:{bad}:setback", MANAGER), (f"reminder:{good}", -100)]
    assert await desk.rows("SELECT subject, times FROM setbacks") == [(str(bad), 2)]
    async with desk.app.database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE reminders SET version = 1 WHERE id = :bad"), {"bad": bad})
    desk.turn(START + timedelta(minutes=36))
    await desk.looks()
    assert [row[0] for row in await desk.rows()][2:] == [f"reminder:{bad}"]
    assert await desk.rows("SELECT look FROM setbacks") == []


async def test_a_muted_kind_stops_at_dispatch_and_what_an_own_act_demands_does_not(desk: Desk) -> None:
    async def judged(step: str, campaign: str = "reminder:1") -> object:
        delivery = Delivery(1, campaign, step, WANG, Kind.SERVICE, "sendMessage", {"text": "x"}, State.PLANNED, START)
        async with desk.app.database.unit_of_work() as uow:
            return await SqlGate(uow).judge(delivery, START)

    muted = Suppress(Reason.MUTED)
    async with desk.app.database.unit_of_work() as uow:
        mutes = desk.app.services(uow).mutes
        assert await mutes.mute(WANG, "weekly") == await mutes.mute(WANG, "weekly") == {"weekly"}
        assert await mutes.mute(WANG, "visit") == {"weekly"}
    assert [await judged("weekly:1"), await judged("notice:1")] == [muted, Pass()]
    async with desk.app.database.unit_of_work() as uow:
        assert await desk.app.services(uow).mutes.switch(WANG, "all") == {"weekly", "all"}
    assert [await judged("notice:1"), await judged("2026-12-01", "points:ending")] == [muted, muted]
    assert [await judged("tomorrow", "visit:1"), await judged("own:1"), await judged("issued", "coupon:1")] == [
        Pass()
    ] * 3
    async with desk.app.database.unit_of_work() as uow:
        opened = await desk.app.services(uow).mutes.switch(WANG, "points")
    assert "points" not in opened
    assert {"coupon", "weekly"} <= opened
    assert [await judged("2026-12-01", "points:ending"), await judged("notice:1")] == [Pass(), muted]


async def test_before_a_chain_its_group_is_reminded_once_and_never_of_one_that_is_full_or_over(desk: Desk) -> None:
    assert desk.group is not None
    await desk.keeps(Before(Thing.CHAIN, timedelta(days=1)))
    seat = await desk.keeps(Before(Thing.SEAT, timedelta(days=1)), useful=timedelta(days=7))
    async with desk.app.database.unit_of_work() as uow:
        await uow.session.execute(
            text(
                """INSERT INTO chains (group_id, product, places, taken, deadline, state, leader_id, next_sequence,
                        opened_at, remind_at, quantity_limit, items, confirm_within, conditions)
                    SELECT :chat, product, 5, taken, :ends, state, 1, 1, :now, :ends, 1, '{}', '1 hour', '[]'
                    FROM (VALUES ('苹果', 3, 'open'), ('梨', 0, 'closed')) known (product, taken, state)"""
            ),
            {"chat": desk.group.id, "ends": START + timedelta(days=2), "now": START},
        )
    await desk.looks()
    assert await desk.rows() == []
    for hours in (24, 25, 30):
        desk.turn(START + timedelta(hours=hours, minutes=2))
        await desk.looks()
    assert [row[6] for row in await desk.rows()] == [
        "⏰ 接龙「苹果」11月25日（周三）09:30 截止，还有 2 个名额。\n带身份证"
    ]
    async with desk.app.database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE chains SET taken = 4 WHERE product = '苹果'"))
    desk.turn(START + timedelta(hours=40))
    await desk.looks()
    told = [(row[0], row[1]) for row in await desk.rows()]
    assert told[1:] == [(f"reminder:{seat}", "seat:seat:1")]


async def test_an_event_and_a_rally_are_told_the_day_before_in_each_group_that_knows_of_them(desk: Desk) -> None:
    assert desk.group is not None
    async with desk.app.database.unit_of_work() as uow:
        other = await SqlGroupStore(uow).save(-200, "A银行&阳光城商户福利群", "阳光城", MANAGER, START)
        for statement in EVENTS:
            await uow.session.execute(text(statement), {"now": START, "starts": START + timedelta(days=3)})
    await desk.keeps(Before(Thing.EVENT, timedelta(days=1)), groups=(desk.group.id, other.id))
    for hours in (47, 49, 50):
        desk.turn(START + timedelta(hours=hours))
        await desk.looks()
    assert sorted((row[2], str(row[1])) for row in await desk.rows()) == [
        (-200, "event:rally:1:2"),
        (-100, "event:event:1"),
        (-100, "event:rally:1:1"),
    ]
    assert "活动「新春集章」11月26日（周四）09:30 开始" in str(await desk.rows())


async def test_lines_are_understood_kept_paused_changed_and_ended_with_what_was_planned(desk: Desk) -> None:
    drafted = await desk.says("每周三 15:00 节假日顺延 本群 每周社区服务日，东门见")
    assert isinstance(drafted, Preview)
    assert (drafted.heads, len(drafted.line.upcoming)) == (3, 3)
    assert isinstance(await desk.says("周二 15:00 客户:王小明 请带身份证来领卡"), Preview)
    assert await desk.says("周二 15:00 客户:没有人 请来领卡") is ReminderRefusal.NOBODY
    assert await desk.says("周二 22:00 本群 早点睡") is ReminderRefusal.QUIET
    manager = await desk.member()
    desk.turn(START + timedelta(days=2, hours=6))
    await desk.looks()
    async with desk.app.database.unit_of_work() as uow:
        reminders = desk.app.services(uow).reminders
        lines = await reminders.lines(manager)
        assert [line.last.states for line in lines if line.last] == [{State.PLANNED: 1}]
        assert isinstance(await reminders.pause(1, manager), Line)
        changed = await reminders.change(1, manager, time="每周四 10:00")
        assert isinstance(changed, Preview)
        assert await reminders.end(1, await desk.member(LEAD)) is ReminderRefusal.UNKNOWN
    cancelled = "SELECT state FROM deliveries WHERE campaign = 'reminder:1' AND step LIKE 'weekly:%'"
    assert await desk.rows(cancelled) == [("cancelled",)]
    assert await desk.rows("SELECT count(*) FROM reminder_versions WHERE reminder_id = 1") == [(2,)]
    async with desk.app.database.unit_of_work() as uow:
        reminders = desk.app.services(uow).reminders
        confirmed = await reminders.confirm(1, manager)
        assert isinstance(confirmed, Line)
        assert confirmed.upcoming[0] == datetime(2026, 11, 26, 10, tzinfo=BANK)
        assert isinstance(await reminders.end(1, manager), Line)
        assert await reminders.resume(1, manager) is ReminderRefusal.DECIDED


async def test_words_that_sell_wait_for_a_second_person_and_leave_as_advertising(desk: Desk) -> None:
    assert isinstance(await desk.says("周二 15:00 本群 办卡有好礼，欢迎咨询"), Preview)
    desk.turn(START + timedelta(days=1, hours=6))
    await desk.looks()
    asked = "SELECT recipient FROM deliveries WHERE campaign = 'reminder:1:review'"
    assert await desk.rows(asked) == [(LEAD,)]
    assert await desk.rows("SELECT state FROM reminders") == [("draft",)]
    lead = await desk.member(LEAD)
    async with desk.app.database.unit_of_work() as uow:
        reminders = desk.app.services(uow).reminders
        assert await reminders.review(1, 1, await desk.member(), approved=True) is ReminderRefusal.OWN_WORDS
        assert await reminders.review(1, 1, lead, approved=True) is ReminderRefusal.PAST
    late = "SELECT payload ->> 'text' FROM deliveries WHERE campaign = 'reminder:1:review' AND recipient = 1"
    assert "时间已经过去" in str(await desk.rows(late))
    assert isinstance(await desk.says("周三 15:00 本群 办卡有好礼，欢迎咨询"), Preview)
    async with desk.app.database.unit_of_work() as uow:
        assert isinstance(await desk.app.services(uow).reminders.review(2, 1, lead, approved=True), Line)
    desk.turn(START + timedelta(days=2, hours=5, minutes=30))
    await desk.looks()
    assert [(row[0], row[3]) for row in await desk.rows() if row[2] == -100] == [("reminder:2", "marketing")]


async def test_whoever_wrote_for_an_absent_colleague_never_approves_those_words(desk: Desk) -> None:
    assert isinstance(await desk.says("每周三 15:00 本群 东门见"), Preview)
    lead, absent = await desk.member(LEAD), Absence(MANAGER, START.date(), START.date() + timedelta(days=1), LEAD)
    async with desk.app.database.unit_of_work() as uow:
        await SqlStaffStore(uow).add_absence(absent, START)
        reminders = desk.app.services(uow).reminders
        assert isinstance(await reminders.change(1, lead, words="办卡有好礼，欢迎咨询"), Preview)
        assert isinstance(await reminders.confirm(1, lead), Line)
        assert await reminders.review(1, 2, lead, approved=True) is ReminderRefusal.OWN_WORDS
    assert await desk.rows("SELECT recipient FROM deliveries WHERE campaign = 'reminder:1:review'") == []


async def test_new_words_keep_the_new_time_that_waits_for_its_confirmation(desk: Desk) -> None:
    assert isinstance(await desk.says("每周三 15:00 本群 东门见"), Preview)
    manager = await desk.member()
    async with desk.app.database.unit_of_work() as uow:
        reminders = desk.app.services(uow).reminders
        assert isinstance(await reminders.change(1, manager, time="每周四 10:00"), Preview)
        changed = await reminders.change(1, manager, words="西门见")
        assert isinstance(changed, Preview)
        plan = changed.line.reminder.shown
        assert (plan.timing, plan.words) == (Weekly(frozenset({3}), time(10)), "西门见")


async def test_whoever_takes_over_the_groups_takes_their_reminders_and_notes_to_oneself_stay(desk: Desk) -> None:
    await desk.says("工作日 16:00 本群 接龙今晚截止")
    await desk.says("工作日 16:00 我 看早报")
    async with desk.app.database.unit_of_work() as uow:
        await SqlOwnerStore(uow).move(MANAGER, LEAD, START)
    desk.turn(START + timedelta(hours=7))
    await desk.looks()
    told = {(row[2], str(row[1]).partition(":")[0], row[6]) for row in await desk.rows()}
    assert told == {(-100, "weekly", "⏰ 接龙今晚截止"), (MANAGER, "own", "⏰ 看早报")}


async def test_who_stands_in_reminds_the_groups_of_the_absent_until_they_are_back(desk: Desk) -> None:
    absent = Absence(MANAGER, START.date(), START.date() + timedelta(days=1), LEAD)
    async with desk.app.database.unit_of_work() as uow:
        services = desk.app.services(uow)
        await SqlStaffStore(uow).add_absence(absent, START)
        asked = read_request("每天 16:00 全部群 接龙今晚截止", START, BANK)
        drafted = await services.reminders.draft(asked, await desk.member(LEAD))
        assert isinstance(drafted, Preview)
        assert isinstance(await services.reminders.confirm(1, await desk.member(LEAD)), Line)
    for days in range(3):
        desk.turn(START + timedelta(days=days, hours=7))
        await desk.looks()
    outcomes = "SELECT outcome FROM reminder_occurrences ORDER BY due_at"
    assert await desk.rows(outcomes) == [("planned",), ("planned",), ("nobody",)]


async def test_a_festival_proposes_itself_ahead_every_year_and_the_groups_are_reminded_by_one_tap(desk: Desk) -> None:
    async with desk.app.database.unit_of_work() as uow:
        festivals, manager = desk.app.services(uow).festivals, await desk.member()
        assert [await festivals.follow(manager), await festivals.follow(manager)] == [len(IDEAS), 0]
    desk.turn(datetime(2027, 2, 15, 9, 31, tzinfo=BANK))  # Three weeks before Women's Day; Spring Festival is over.
    await desk.looks()
    [(_, step, reader, *_, words)] = [row for row in await desk.rows() if "妇女节" in str(row[6])]
    assert (str(step).partition(":")[0], reader) == ("own", MANAGER)
    assert "/audience 性别 = 女" in str(words)
    assert "女性专属权益月" in str(words)
    async with desk.app.database.unit_of_work() as uow:
        drafted = await desk.app.services(uow).festivals.invite(Festival.WOMEN, manager)
        assert isinstance(drafted, Preview)
        assert drafted.line.upcoming[:2] == (
            datetime(2027, 3, 5, 10, tzinfo=BANK),
            datetime(2028, 3, 5, 10, tzinfo=BANK),
        )


async def test_a_segment_is_reminded_as_it_is_when_the_time_comes(desk: Desk) -> None:
    async with desk.app.database.unit_of_work() as uow:
        for statement in SEGMENT:
            await uow.session.execute(text(statement), {"now": START})
    drafted = await desk.says("周二 15:00 客群「性别 = 女」 周五下午网点有反诈讲座，请来听")
    assert isinstance(drafted, Preview)
    assert drafted.heads == 1
    async with desk.app.database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE customer_snapshots SET sex = 'f'"))
    desk.turn(START + timedelta(days=1, hours=6))
    await desk.looks()
    assert [row[2] for row in await desk.rows()] == [WANG, ZHAO]
