"""Earning on real rows: once, once a day, by a file of events; taps at once pay once; deposits are never paid for."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from campaigns.announcements.model import Announcement, Condition
from campaigns.announcements.rules import read_page
from campaigns.announcements.service import AnnouncementService
from campaigns.deliveries.service import Outbox
from campaigns.earnings.model import (
    EarnEvent,
    EarnLimit,
    EarnRule,
    Imprint,
    LineCode,
    LineOutcome,
    Objection,
    ObjectionCode,
    RuleState,
)
from campaigns.earnings.service import EarnService
from campaigns.members.model import Introduction, Language
from campaigns.points.model import GrantCode, PointsCampaign, Share
from campaigns.points.service import PointsService
from campaigns.staff.model import Role
from campaigns.tasks.model import Rhythm, TaskKind, TaskPlan, TaskRefusal
from campaigns.tasks.service import publish
from handlers.wording.announcements import RuleWords
from handlers.wording.points import PointsWords
from storage.announcements import SqlAnnouncementStore
from storage.database import Database, UnitOfWork
from storage.deliveries import SqlDeliveryStore
from storage.earnings import SqlEarnStore
from storage.groups import SqlGroupStore
from storage.members import SqlMemberStore
from storage.points import SqlPointsStore
from storage.setbacks import SqlSetbacks
from storage.staff import SqlStaffStore
from storage.tasks import SqlTaskStore
from storage.vault import Vault

START = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
ANNA, BOB, CHEN = 11, 12, 13
IMPRINT = Imprint("A银行", "Bank A", "拨打95500", "Call 95500")


class Bank:
    """A group with three members, a campaign of 100 points for it, and a clock that the test turns."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self.vault = vault
        self.now = START
        self.campaign: PointsCampaign

    def points(self, uow: UnitOfWork) -> PointsService:
        return PointsService(SqlPointsStore(uow), lambda: self.now, ZONE)

    def earnings(self, uow: UnitOfWork) -> EarnService:
        people = SqlMemberStore(uow, self.vault)
        outbox = Outbox(SqlDeliveryStore(uow), lambda: self.now)
        pages = AnnouncementService(SqlAnnouncementStore(uow), RuleWords(ZONE), lambda: self.now)
        words = PointsWords()
        return EarnService(SqlEarnStore(uow), self.points(uow), people, outbox, words, pages, lambda: self.now)

    async def rule(self, event: EarnEvent, limit: EarnLimit, points: int = 5, product: str | None = None) -> EarnRule:
        async with self.database.unit_of_work() as uow:
            draft = EarnRule(0, self.campaign.id, event, points, limit, "每日签到", "Daily check-in", product)
            made = await self.earnings(uow).add(draft)
            assert not isinstance(await self.earnings(uow).activate(made.id, IMPRINT), tuple)
            return made

    async def pays(self, member: int, event: EarnEvent = EarnEvent.CHECK_IN, subject: str = "") -> list[GrantCode]:
        async with self.database.unit_of_work() as uow:
            who = await SqlMemberStore(uow, self.vault).get(member)
            assert who is not None
            return [earned.code for earned in await self.earnings(uow).pay(event, who, subject)]

    async def ticks(self) -> int:
        async with self.database.unit_of_work() as uow:
            return await self.earnings(uow).tick(SqlSetbacks(uow, lambda: self.now))

    async def takes_in(self, file: str) -> list[LineOutcome]:
        async with self.database.unit_of_work() as uow:
            return await self.earnings(uow).take_in(self.campaign.id, file)

    async def spendable(self, member: int) -> int:
        async with self.database.unit_of_work() as uow:
            return (await self.points(uow).statement(member)).spendable

    async def bind(self, member: int, number: str) -> UUID:
        async with self.database.unit_of_work() as uow:
            customer = uuid4()
            row = {"id": customer, "number": number}
            await uow.session.execute(text("INSERT INTO customers VALUES (:id, :number, '2026-09-30')"), row)
            await SqlMemberStore(uow, self.vault).bind(member, customer, f"+86138{member:08}", self.now)
            return customer


@pytest.fixture
async def bank(database: Database, vault: Vault) -> Bank:
    made = Bank(database, vault)
    async with database.unit_of_work() as uow:
        for member in (ANNA, BOB, CHEN):
            await SqlMemberStore(uow, vault).meet(Introduction(member, "王", Language.ZH, is_private=True), START)
        group = await SqlGroupStore(uow).save(-100, "A银行&幸福里商户福利群", "幸福里", CHEN, START)
        for member in (ANNA, CHEN):
            await SqlGroupStore(uow).add_member(group, member, START, welcomed=True)
        await SqlStaffStore(uow).grant(CHEN, Role.WEALTH_MANAGER, START)
        partner = await SqlPointsStore(uow).add_partner("幸福里", "merchant")
        ends = START + timedelta(days=30)
        shares = [Share(partner, 10_000)]
        made.campaign = await made.points(uow).open("入群福利", 100, 60, shares, 100, ends, group.id)
    return made


async def test_a_daily_rule_pays_each_day_once_and_never_sums_history(bank: Bank) -> None:
    await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    for _ in range(3):
        assert await bank.pays(ANNA) == [GrantCode.GRANTED]
        assert await bank.pays(ANNA) == [GrantCode.TWICE]
        bank.now += timedelta(days=1)
    assert await bank.spendable(ANNA) == 15


async def test_a_day_begins_at_the_banks_midnight(bank: Bank) -> None:
    await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    bank.now = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)
    assert await bank.pays(ANNA) == [GrantCode.GRANTED]
    bank.now += timedelta(seconds=1)
    assert await bank.pays(ANNA) == [GrantCode.GRANTED]


async def test_fifty_taps_at_once_pay_once(bank: Bank) -> None:
    await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    codes = [code for each in await asyncio.gather(*(bank.pays(ANNA) for _ in range(50))) for code in each]
    assert (codes.count(GrantCode.GRANTED), codes.count(GrantCode.TWICE)) == (1, 49)
    assert await bank.spendable(ANNA) == 5


async def test_a_rule_of_a_group_is_for_those_who_are_in_it(bank: Bank) -> None:
    await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    assert await bank.pays(BOB) == []


async def test_two_members_of_one_customer_earn_once(bank: Bank) -> None:
    await bank.rule(EarnEvent.PRODUCT, EarnLimit.EACH, product="card")
    customer = await bank.bind(ANNA, "10001")
    assert await bank.pays(ANNA, EarnEvent.PRODUCT, "card:1") == [GrantCode.GRANTED]
    async with bank.database.unit_of_work() as uow:
        await SqlMemberStore(uow, bank.vault).unbind(ANNA, bank.now)
        await SqlMemberStore(uow, bank.vault).bind(CHEN, customer, "+8613800000013", bank.now)
    assert await bank.pays(CHEN, EarnEvent.PRODUCT, "card:1") == [GrantCode.TWICE]
    assert await bank.pays(CHEN, EarnEvent.PRODUCT, "card:2") == [GrantCode.GRANTED]


async def test_a_newcomer_is_paid_once_even_after_leaving_and_coming_back(bank: Bank) -> None:
    bank.now += timedelta(minutes=1)
    await bank.rule(EarnEvent.JOIN, EarnLimit.ONCE, 10)
    await bank.rule(EarnEvent.BIND, EarnLimit.ONCE, 7)
    assert await bank.ticks() == 0  # Anna was there before the rule was, and Chen is staff.
    for _ in range(2):
        async with bank.database.unit_of_work() as uow:
            group = await SqlGroupStore(uow).by_chat(-100)
            assert group is not None
            await SqlGroupStore(uow).add_member(group, BOB, bank.now, welcomed=True)
        await bank.ticks()
        async with bank.database.unit_of_work() as uow:
            await SqlGroupStore(uow).remove_member(group, BOB, bank.now)
    assert await bank.spendable(BOB) == 10
    await bank.bind(ANNA, "10001")
    assert (await bank.ticks(), await bank.ticks()) == (1, 0)
    assert await bank.spendable(ANNA) == 7
    async with bank.database.unit_of_work() as uow:
        told = await uow.session.execute(
            text("SELECT recipient, payload ->> 'text' FROM deliveries WHERE recipient > 0 ORDER BY id")
        )
        earned = [(member, words.partition("。")[0]) for member, words in told]
    assert earned == [(BOB, "每日签到：+10 波豆"), (ANNA, "每日签到：+7 波豆")]


async def test_a_file_of_events_pays_once_and_reports_every_line(bank: Bank) -> None:
    await bank.rule(EarnEvent.PRODUCT, EarnLimit.EACH, 40, "mobile_bank")
    await bank.bind(ANNA, "10001")
    async with bank.database.unit_of_work() as uow:
        await uow.session.execute(text("INSERT INTO customers VALUES (gen_random_uuid(), '10002', '2026-09-30')"))
    file = (
        "客户号,事件,日期\n10001,mobile_bank,2026-11-20\n10001,mobile_bank,2026-11-20\n10002,mobile_bank,20261121\n"
        "99999,mobile_bank,2026-11-21\n10001,card,2026-11-21\n10001,mobile_bank,2026-11-23\n10001;mobile_bank\n\n"
        "10001,mobile_bank,2026年11月21日\n10001,mobile_bank,2026/11/22\n"
    )
    codes = [(outcome.line, outcome.code) for outcome in await bank.takes_in(file)]
    assert codes == [
        (2, LineCode.PAID),
        (3, LineCode.TWICE),
        (4, LineCode.NOT_BOUND),
        (5, LineCode.UNKNOWN_CUSTOMER),
        (6, LineCode.NO_RULE),
        (7, LineCode.FUTURE),
        (8, LineCode.UNREADABLE),
        (10, LineCode.PAID),
        (11, LineCode.BUDGET_EMPTY),
    ]
    again = [outcome.code for outcome in await bank.takes_in(file)]
    assert (again.count(LineCode.PAID), again.count(LineCode.TWICE)) == (0, 3)
    assert await bank.spendable(ANNA) == 80


async def test_a_rule_that_pays_for_deposits_is_kept_but_never_activated(bank: Bank) -> None:
    async with bank.database.unit_of_work() as uow:
        draft = EarnRule(0, bank.campaign.id, EarnEvent.DEPOSIT, 5, EarnLimit.EACH, "新户活动", "New accounts")
        made = await bank.earnings(uow).add(draft)
        refused = await bank.earnings(uow).activate(made.id, IMPRINT)
        assert refused == (Objection(ObjectionCode.PAYS_FOR_DEPOSITS, law="Notice 48 (2018)"),)
        assert [rule.state for rule in await bank.earnings(uow).of(bank.campaign.id)] == [RuleState.DRAFT]
    with pytest.raises(IntegrityError, match="earn_rules_no_deposits"):
        async with bank.database.unit_of_work() as uow:
            await SqlEarnStore(uow).set_state(made, RuleState.ACTIVE, START)


async def test_a_rule_is_announced_when_it_becomes_active_and_the_group_reads_its_page(bank: Bank) -> None:
    rule = await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    async with bank.database.unit_of_work() as uow:
        page = await bank.earnings(uow).page(rule.id)
        assert page is not None
        again = await bank.earnings(uow).activate(rule.id, Imprint("B", "B", "别处", "elsewhere"))
        sent = list(await uow.session.execute(text("SELECT recipient, payload ->> 'text' FROM deliveries")))
    assert again == page
    assert [recipient for recipient, _ in sent] == [-100]
    for words in (
        "每日签到：5 波豆",
        "每位客户每天一次",
        "发「签到」",
        "波豆总量 100",
        "2026-12-22",
        "A银行",
        "拨打95500",
    ):
        assert words in page.text_zh
        assert words in sent[0][1]
    assert page.digest in sent[0][1]


async def test_an_announced_rule_changes_in_the_customers_favour_only(bank: Bank) -> None:
    rule = await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    async with bank.database.unit_of_work() as uow:
        earnings = bank.earnings(uow)
        assert await earnings.change(rule.id, 4) == (Objection(ObjectionCode.UNFAVOURABLE),)
        better = await earnings.change(rule.id, 6)
        assert isinstance(better, Announcement)
        assert (better.version, read_page(better.configuration).rewards[0].points) == (2, 6)
        assert await earnings.change(12_345, 6) == (Objection(ObjectionCode.NO_RULE),)
    assert await bank.pays(ANNA) == [GrantCode.GRANTED]
    assert await bank.spendable(ANNA) == 6
    bank.now += timedelta(days=30)
    async with bank.database.unit_of_work() as uow:
        assert not isinstance(await bank.earnings(uow).stop(rule.id), Objection)


async def stops(bank: Bank, rule: EarnRule) -> EarnRule | Announcement | Objection:
    async with bank.database.unit_of_work() as uow:
        return await bank.earnings(uow).stop(rule.id)


async def test_an_announced_rule_ends_early_after_a_published_notice_and_what_was_earned_stays(bank: Bank) -> None:
    await bank.bind(ANNA, "C1")
    check_in = await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    card = await bank.rule(EarnEvent.PRODUCT, EarnLimit.EACH, 7, "开卡")
    assert await bank.pays(ANNA) == [GrantCode.GRANTED]
    notice = await stops(bank, check_in)
    assert isinstance(notice, Announcement)
    end = datetime(2026, 11, 30, tzinfo=ZONE)
    assert (notice.version, read_page(notice.configuration).closes_at) == (2, end)
    assert await stops(bank, check_in) == notice
    assert isinstance(await stops(bank, card), Announcement)
    async with bank.database.unit_of_work() as uow:
        words = list(await uow.session.scalars(text("SELECT payload ->> 'text' FROM deliveries ORDER BY id")))
        better = await bank.earnings(uow).change(check_in.id, 6)
        assert isinstance(better, Announcement)
        assert read_page(better.configuration).closes_at == end
    assert sum("提前结束公示" in said and "2026年11月29日" in said for said in words) == 2
    bank.now = end - timedelta(minutes=1)
    assert await bank.pays(ANNA) == [GrantCode.GRANTED]
    bank.now = end
    assert await bank.pays(ANNA) == []
    assert await bank.spendable(ANNA) == 11
    # A file that comes later pays for what was done in time, and for nothing that was done after the end.
    bank.now += timedelta(days=2)
    codes = [line.code for line in await bank.takes_in("C1,开卡,2026-11-29\nC1,开卡,2026-11-30")]
    assert codes == [LineCode.PAID, LineCode.CLOSED]
    again = await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY, 9)
    assert again.id != check_in.id
    assert await bank.pays(ANNA) == [GrantCode.GRANTED]


async def test_who_joined_before_a_rules_end_is_paid_after_it(bank: Bank) -> None:
    rule = await bank.rule(EarnEvent.JOIN, EarnLimit.ONCE)
    assert isinstance(await stops(bank, rule), Announcement)
    async with bank.database.unit_of_work() as uow:
        group = await SqlGroupStore(uow).by_chat(-100)
        assert group is not None
        end = datetime(2026, 11, 30, tzinfo=ZONE)
        await SqlMemberStore(uow, bank.vault).meet(Introduction(14, "赵", Language.ZH, is_private=True), START)
        await SqlGroupStore(uow).add_member(group, BOB, end - timedelta(seconds=1), welcomed=True)
        await SqlGroupStore(uow).add_member(group, 14, end, welcomed=True)
    bank.now = end + timedelta(seconds=1)
    assert await bank.ticks() == 2
    assert [await bank.spendable(member) for member in (ANNA, BOB, 14)] == [5, 5, 0]


async def test_a_rule_whose_page_speaks_of_no_earlier_end_holds_to_its_campaigns(bank: Bank) -> None:
    silent = await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    async with bank.database.unit_of_work() as uow:
        page = await bank.earnings(uow).page(silent.id)
        assert page is not None
        read = read_page(page.configuration)
        plain = replace(read, conditions=read.conditions - {Condition.MAY_END_EARLY})
        pages = AnnouncementService(SqlAnnouncementStore(uow), RuleWords(ZONE), lambda: bank.now)
        assert isinstance(await pages.publish(f"earning:{silent.id}", plain), Announcement)
    assert await stops(bank, silent) == Objection(ObjectionCode.ANNOUNCED)
    late = await bank.rule(EarnEvent.BIND, EarnLimit.ONCE)
    bank.now += timedelta(days=24)
    assert await stops(bank, late) == Objection(ObjectionCode.ANNOUNCED)


async def test_one_active_rule_per_event_and_a_stopped_draft_never_pays(bank: Bank) -> None:
    await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    async with bank.database.unit_of_work() as uow:
        earnings = bank.earnings(uow)
        draft = EarnRule(0, bank.campaign.id, EarnEvent.CHECK_IN, 9, EarnLimit.DAILY, "签到", "Check in")
        second = await earnings.add(draft)
        assert await earnings.activate(second.id, IMPRINT) == (Objection(ObjectionCode.PAID_ALREADY),)
        assert await earnings.change(second.id, 10) == (Objection(ObjectionCode.NOT_ACTIVE),)
        await earnings.stop(second.id)
        assert await earnings.activate(second.id, IMPRINT) == (Objection(ObjectionCode.STOPPED),)
        assert await earnings.activate(12_345, IMPRINT) == (Objection(ObjectionCode.NO_RULE),)
        assert await earnings.stop(12_345) == Objection(ObjectionCode.NO_RULE)


async def test_one_check_in_is_never_paid_by_rule_and_task(bank: Bank) -> None:
    task = TaskPlan(TaskKind.CHECK_IN, Rhythm.DAY, "打卡", "Check in", 2)
    async with bank.database.unit_of_work() as uow:
        other = await bank.points(uow).open("打卡", 100, 60, bank.campaign.shares, 100, START + timedelta(days=30))
        assert not isinstance(await publish(SqlTaskStore(uow), other.id, [task], None, START), TaskRefusal)
        draft = EarnRule(0, other.id, EarnEvent.CHECK_IN, 9, EarnLimit.DAILY, "签到", "Check in")
        rule = await bank.earnings(uow).add(draft)
        assert await bank.earnings(uow).activate(rule.id, IMPRINT) == (Objection(ObjectionCode.CHECK_IN_TASK),)
    await bank.rule(EarnEvent.CHECK_IN, EarnLimit.DAILY)
    async with bank.database.unit_of_work() as uow:
        store = SqlTaskStore(uow)
        assert await publish(store, bank.campaign.id, [task], None, START) is TaskRefusal.CHECK_IN_RULE
        reading = replace(task, kind=TaskKind.READ, rhythm=Rhythm.ONCE)
        assert not isinstance(await publish(store, bank.campaign.id, [reading], None, START), TaskRefusal)


async def test_a_page_needs_somebody_to_complain_to_and_a_running_campaign(bank: Bank) -> None:
    async with bank.database.unit_of_work() as uow:
        earnings = bank.earnings(uow)
        draft = EarnRule(0, bank.campaign.id, EarnEvent.CHECK_IN, 9, EarnLimit.DAILY, "签到", "Check in")
        made = await earnings.add(draft)
        nobody = Imprint("A银行", "Bank A", " ", " ")
        assert await earnings.activate(made.id, nobody) == (Objection(ObjectionCode.NO_COMPLAINTS),)
        bank.now += timedelta(days=30)
        assert await earnings.activate(made.id, IMPRINT) == (Objection(ObjectionCode.CAMPAIGN_OVER),)
