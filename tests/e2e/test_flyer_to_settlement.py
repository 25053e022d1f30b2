"""From the flyer to the settlement sheet with real processes: every figure of report, statement and sheet agrees."""

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psycopg
import pytest
import zxingcpp
from PIL import Image

from bot.clock import Clock
from bot.operations import OperationRefusedError
from bot.operations.invitations import invite
from bot.operations.points import CampaignOrder, PointsOffice
from bot.operations.points import open_office as open_points
from bot.operations.publicity import find_report
from bot.operations.referrals import ProgrammeOrder, ReferralOffice
from bot.operations.referrals import open_office as open_referrals
from bot.settings import Settings
from campaigns.announcements.model import Announcement
from campaigns.earnings.model import EarnEvent, EarnLimit, EarnRule, Imprint
from campaigns.partners.model import PartnerKind
from campaigns.points.model import Settlement
from campaigns.publicity.model import PublicityReport
from campaigns.redemptions.model import ShelfItem
from campaigns.staff.model import Role
from sandbox.client import Phone, Sandbox
from storage.vault import Keyring, Vault
from tests.bot_process import BotProcess
from tests.driver import GROUP, RIGHTS
from tests.e2e.conftest import USERNAME

pytestmark = pytest.mark.e2e
Found = TypeVar("Found")
START = "2026-12-01T10:00:00+08:00"
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 8)
RULES = ((EarnEvent.JOIN, EarnLimit.ONCE, 10), (EarnEvent.CHECK_IN, EarnLimit.DAILY, 5))
IMPRINT = Imprint("A银行", "Bank A", "拨打95500", "Call 95500")
DRAW = """kind: join
title: 入群抽波豆 | Join draw
prizes:
  - {name: 一等奖 | First, points: 88, odds: 50%, stock: 2}
  - {name: 谢谢参与 | Thank you, odds: 50%}
closes: 1天
terms: {conditions: 无其他条件 | None, organiser: A银行 | Bank A, complaints: 拨打95500 | Call 95500}
"""
TASK = "tasks:\n- {kind: read, title_zh: 读一读, title_en: Read, points: 30, body_zh: 防诈骗三问, body_en: Questions}"
CODE = re.compile(r"[?&]start=(?:j_)?([\w-]+)")


class Bank:
    """What the bank does by its commands and files while the bot runs."""

    def __init__(self, url: str, var_dir: Path, clock_file: Path) -> None:
        self.url = url
        self.settings = Settings(_env_file=None, var_dir=var_dir, clock_file=clock_file)
        self.clock = Clock(clock_file)

    async def points(self, do: Callable[[PointsOffice], Awaitable[Found]]) -> Found:
        """One command of `points`."""
        return await asyncio.to_thread(open_points, self.settings, self.url, self.clock.now, do)

    async def referrals(self, do: Callable[[ReferralOffice], Awaitable[Found]]) -> Found:
        """One command of `referral`."""
        return await asyncio.to_thread(open_referrals, self.settings, self.url, self.clock.now, do)

    async def report(self) -> PublicityReport:
        """The report on the first event."""
        found = await asyncio.to_thread(find_report, self.settings, self.url, 1)
        assert found is not None
        return found

    def knows(self, number: str, phone: str, since: date) -> None:
        """A customer with a contact, whom the bank knows since a day."""
        index = Vault(Keyring.open(self.settings.keyring_file)).index(phone)
        with psycopg.connect(self.url) as connection:
            key = uuid4()
            connection.execute("INSERT INTO customers VALUES (%s, %s, %s)", (key, number, since))
            connection.execute("INSERT INTO customer_contacts VALUES (%s, '', '', %s, %s)", (key, index, since))

    def asks(self, query: str) -> list[tuple[Any, ...]]:
        """What the tables say."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    async def prepares(self) -> int:
        """A campaign with two partners, two announced rules, a programme and something on the shelf; its number."""

        async def do(office: PointsOffice) -> int:
            await office.add_partner("A银行", PartnerKind.BANK)
            await office.add_partner("幸福里", PartnerKind.MERCHANT)
            shares = {"A银行": 60.0, "幸福里": 40.0}
            number = (await office.open(CampaignOrder("入群福利", 100, 10, 2_000, LAST, shares, GROUP))).campaign.id
            for event, limit, points in RULES:
                draft = EarnRule(0, number, event, points, limit, f"福利{points}", f"Gift {points}")
                rule = await office.add_rule(draft)
                assert isinstance(await office.activate(rule.id, IMPRINT), Announcement)
            await office.add_item(ShelfItem(0, 0, "洗车券", "Car wash", 40, 5, FIRST, LAST, 1), "幸福里")
            return number

        number = await self.points(do)
        words = (("老带新", "Bring a friend"), ("在本行新开立账户", "opens a first account with us"))
        order = ProgrammeOrder(number, 1, 2, FIRST, None, *words, free_months=3, cooling_days=1, patience_days=2)
        await self.referrals(lambda office: office.open(order))
        return number


@pytest.fixture
def bank(database_url: str, tmp_path: Path, clock_file: Path) -> Bank:
    """The bank around the bot process."""
    return Bank(database_url, tmp_path, clock_file)


async def staff(sandbox: Sandbox, bank: Bank, name: str, role: Role) -> Phone:
    """Somebody who opened an invitation of the bank's."""
    link = await asyncio.to_thread(invite, bank.settings, bank.url, role, bank.clock.now)
    phone = await sandbox.new_person(name)
    await phone.starts(USERNAME, link.removeprefix("start="))
    await phone.sees("/help")
    return phone


async def plans_event(manager: Phone, *publicists: Phone) -> None:
    """A publicity plan with its publicists, each with tasks and codes."""
    for words, question in (
        ("/event", "活动叫什么"),
        ("社区开卡节", "大家能得到什么"),
        ("新户送五十元券", "什么时候开始"),
        ("3天", "咨询与投诉"),
    ):
        await manager.says(words, USERNAME)
        await manager.sees(question)
    await manager.says("95500")
    await manager.taps("确认发布")
    await manager.sees("已计划")
    for phone in publicists:
        await manager.taps("➕ 宣传人员")
        await manager.taps(phone.name)
        await manager.sees(f"{phone.name} 已添加")


async def opened_task(publicist: Phone, task: str) -> tuple[int, int]:
    """A publicist's task with its buttons: its message's id, and a mark."""
    await publicist.says("/tasks", USERNAME)
    mark = await publicist.mark(USERNAME)
    await publicist.taps(task)
    page = await publicist.sees("待完成", since=mark)
    while "T-" in str(page.get("reply_markup")):  # The list itself, which came after the mark.
        page = await publicist.sees("待完成", since=page["seq"])
    return int(page["message_id"]), int(page["seq"])


async def scanned(sandbox: Sandbox, estate: Phone) -> str:
    """What a camera reads off the poster that a publicist took from the chat: the code behind its link."""
    page, mark = await opened_task(estate, "T-3 海报")
    await estate.taps("🖼 海报", message_id=page)
    shown = await estate.sees("海报 · 码", since=mark)
    async with httpx.AsyncClient(base_url=sandbox.url, trust_env=False) as client:
        picture = (await client.get(f"/api/files/{shown['photo'][-1]['file_id']}")).content
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return code_in(found.text)


def code_in(link: str) -> str:
    found = CODE.search(link)
    assert found is not None
    return found[1]


async def copy_code(publicist: Phone, task: str) -> str:
    """The code in a task's approved copy, ready to be forwarded."""
    page, mark = await opened_task(publicist, task)
    await publicist.taps("📋 文案", message_id=page)
    return code_in((await publicist.sees("start=j_", since=mark))["text"])


async def arrives(member: Phone, group: int, *, code: str | None = None, typed: str | None = None) -> None:
    """Open a code's link or type it, join by the button that it shows, be welcomed, link the number, draw, be paid."""
    if code:
        await member.starts(USERNAME, f"j_{code}")
    else:
        await member.opens(USERNAME).says(f"进群 {str(typed).lower()}")
    shown = await member.sees("咨询与投诉：95500")
    await member.joins(group, shown["reply_markup"]["inline_keyboard"][0][0]["url"])
    await binds(member)
    await member.sees("🎁 进行中：「入群抽波豆」", group)
    await member.taps_and_sees("抽波豆", "🎁 第", group)
    await member.sees("福利10：+10 波豆", USERNAME)


async def binds(member: Phone) -> None:
    """Agree to the purpose and share the own number."""
    await member.starts(USERNAME, "bind")
    await member.taps("同意")
    await member.sees("请点下方")
    await member.shares_contact()
    await member.sees("绑定成功")


async def redeems(member: Phone) -> str:
    """Tap through the shelf; returns the code's start parameter."""
    mark = await member.mark(USERNAME)
    await member.says("兑换", USERNAME)
    shelf = await member.sees("兑换架", since=mark)
    await member.taps("洗车券 · 40 波豆", message_id=shelf["message_id"])
    question = await member.sees("用 40 波豆兑换", since=mark)
    await member.taps("确认兑换", message_id=question["message_id"])
    found = re.search(r"r_[\w-]{24}", (await member.sees("已为您留好「洗车券」", since=mark))["caption"])
    assert found is not None
    return found[0]


async def spendable(member: Phone) -> int:
    """The balance that a member reads in the chat."""
    mark = await member.mark(USERNAME)
    await member.says("/points", USERNAME)
    found = re.search(r"您有 ([\d,]+) 波豆", (await member.sees("您有", since=mark))["text"])
    assert found is not None
    return int(found[1].replace(",", ""))


async def closes(manager: Phone, campaign: int, answer: str) -> None:
    """The manager taps on closing and reads this."""
    mark = await manager.mark(USERNAME)
    await manager.says("/budget", USERNAME)
    page = await manager.sees("账平", since=mark)
    tap = await manager.taps(f"关账 #{campaign}", message_id=page["message_id"])
    if answer.startswith("已关账"):
        question = await manager.sees("关账后不能再打开", since=mark)
        tap = await manager.taps(f"确认关账 #{campaign}", message_id=question["message_id"])
    assert answer in str((await tap.answer())["text"])


async def sheet_in_chat(manager: Phone, campaign: int) -> str:
    mark = await manager.mark(USERNAME)
    await manager.says(f"/settlement {campaign}", USERNAME)
    return str((await manager.sees("核销成本", since=mark))["text"])


async def test_from_the_flyer_to_the_settlement_sheet(sandbox: Sandbox, bot_process: BotProcess, bank: Bank) -> None:
    await sandbox.set_faults(limits=False)
    await sandbox.turn_clock(now=START, rate=60)
    phones = {name: f"+861380000000{at}" for at, name in enumerate(("王芳", "张小明", "赵云", "李小红"))}
    wang, zhang, zhao, li = [await sandbox.new_person(name, phone=phone) for name, phone in phones.items()]
    with bot_process:
        for at, phone in enumerate(phones.values()):
            bank.knows(f"C{at}", phone, FIRST if at == 3 else date(2020, 1, 1))
        manager, partner, estate, clerk = await asyncio.gather(
            staff(sandbox, bank, "李敏", Role.WEALTH_MANAGER),
            staff(sandbox, bank, "周强", Role.PARTNER),
            staff(sandbox, bank, "吴静", Role.PROPERTY),
            staff(sandbox, bank, "柜员", Role.BRANCH),
        )
        group = await sandbox.new_group(GROUP, manager)
        await manager.adds_bot(USERNAME, group, parameter="register", rights=RIGHTS)
        await manager.sees("已登记", group)
        manager.opens(USERNAME)
        campaign = await bank.prepares()
        await manager.says(f"/task {campaign}\n{TASK}")
        await manager.sees("已发布")
        await manager.says(f"/newdraw {DRAW}")
        await manager.taps_and_sees("发布", "已发布")
        await plans_event(manager, partner, estate)

        # Three codes bring three customers, who are welcomed with the running draw, draw and earn.
        flyer, moments = await asyncio.gather(copy_code(estate, "T-2"), copy_code(partner, "T-3"))
        poster = await scanned(sandbox, estate)
        await asyncio.gather(
            arrives(wang, group, code=poster), arrives(zhang, group, code=flyer), arrives(zhao, group, typed=moments)
        )
        await wang.says("/planet", USERNAME)
        await wang.taps("读一读")
        await wang.taps("我读完了")
        await wang.sees("「读一读」完成，+30 波豆")
        await zhang.says("签到", group)
        await zhang.sees("签到成功，+5 波豆", group)
        await wang.says("老带新", USERNAME)
        copy = await wang.sees("点链接参加")
        await li.starts(USERNAME, code_in(copy["reply_markup"]["inline_keyboard"][0][0]["url"]))
        await li.sees("王* 邀请您加入")
        await li.taps("绑定手机号")
        await li.taps("同意")
        await li.sees("分享我的手机号")
        await li.shares_contact()
        await li.sees("名额已为您保留")
        await bank.referrals(lambda office: office.take_in(f"number,event,date\nC3,开户,{FIRST}"))
        await closes(manager, campaign, "活动还在进行")

        # Two days on the draw has shown its secret and the referral is paid; one redeems, one gives up, one forgets.
        await sandbox.turn_clock(timedelta(days=2).total_seconds())
        await zhao.sees("🔓「入群抽波豆」已结束", group)
        await li.sees("新客礼到账：100 波豆", USERNAME)
        await wang.sees("老带新奖励到账：100 波豆", USERNAME)
        await clerk.starts(USERNAME, await redeems(wang))
        await clerk.taps("确认发放")
        await wang.sees("您的「洗车券」已领取，用去 40 波豆")
        before = await spendable(li)
        await redeems(li)
        assert await spendable(li) == before - 40
        await li.says("待领取")
        await li.taps_and_sees("取消 洗车券", "已取消，40 波豆已退回")
        assert await spendable(li) == before
        for _ in range(2):
            said = await zhang.says("签到", group)
            await zhang.sees("签到成功，+5 波豆", group, since=said["seq"])
            await sandbox.turn_clock(timedelta(days=1).total_seconds())
        await redeems(li)  # Never fetched: it lapses after a week.

        held = 40
        sheet = await bank.points(lambda office: office.sheet(campaign))
        balances = [await spendable(member) for member in (wang, zhang, zhao, li)]
        check_running(sheet, await bank.report(), balances, held, bank)

        # After its last day the campaign closes once nothing is held, and nobody has points any more.
        await sandbox.turn_clock(timedelta(days=4, hours=20).total_seconds())
        await closes(manager, campaign, "还有兑换没领取")
        mark = await li.mark(USERNAME)
        await sandbox.turn_clock(timedelta(days=3).total_seconds())
        await li.sees("退回", since=mark)
        await closes(manager, campaign, "成员手里还有未过期的波豆")
        await sandbox.turn_clock(timedelta(days=14).total_seconds())
        while bank.asks("SELECT sum(balance) FROM points_accounts WHERE kind = 'member'") != [(0,)]:
            await asyncio.sleep(0.05)  # Lots end by the bot's own tick.
        left = (await bank.points(lambda office: office.sheet(campaign))).totals.left
        await closes(manager, campaign, f"已关账，剩余 {left:,} 已退回")
        check_closed(await bank.points(lambda office: office.sheet(campaign)), sheet, left)
        text = await sheet_in_chat(manager, campaign)
        assert "核销成本 0.40 元" in text
        assert "A银行（分摊 60%）\n核销 0\n应付 0.24 元，应收 0.00 元" in text
        assert "幸福里（分摊 40%）\n核销 40\n应付 0.16 元，应收 0.40 元" in text
        with pytest.raises(OperationRefusedError, match="closed already"):
            await bank.points(lambda office: office.close(campaign))
    assert bank.asks("SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]


def check_running(sheet: Settlement, report: PublicityReport, balances: list[int], held: int, bank: Bank) -> None:
    """While people hold points: the sheet, what members read, the ledger and the publicity report are one."""
    totals = sheet.totals
    assert totals.is_balanced
    assert (totals.outstanding, totals.held, sum(totals.claimed.values()), totals.void) == (sum(balances), held, 40, 0)
    by_reason = dict(
        bank.asks(
            "SELECT m.reason, sum(m.points) FROM points_movements m JOIN points_accounts a ON a.id = m.target_id "
            "WHERE a.kind = 'member' AND m.reason <> 'cancel' GROUP BY 1"
        )
    )
    drawn = int(by_reason.pop("draw", 0))
    assert by_reason == {"join": 30, "task": 30, "check_in": 15, "referral": 200}
    assert drawn % 88 == 0
    assert sum(balances) + held + 40 == drawn + 275
    found = {line.material: line.tally for line in report.codes if line.tally.opened}
    assert sorted(found) == ["flyer", "moments", "poster"]
    assert all((each.joined, each.welcomed, each.bound, each.drawn, each.earned) == (1,) * 5 for each in found.values())
    assert [found[material].redeemed for material in sorted(found)] == [0, 0, 1]
    total = report.total
    assert (total.opened, total.drawn, total.earned, total.redeemed, total.apart) == (3, 3, 3, 1, 0)


def check_closed(closed: Settlement, running: Settlement, left: int) -> None:
    """After closing: what was granted was claimed or has expired, and the cost is shared to the fen."""
    totals = closed.totals
    assert totals.is_balanced
    assert (totals.outstanding, totals.held, totals.void, totals.left) == (0, 0, 0, left)
    assert sum(totals.claimed.values()) + totals.expired == totals.granted == 2_000 - left
    assert totals.expired == running.totals.outstanding + running.totals.held
    shares = {line.name: (line.pays_fen, line.receives_fen) for line in closed.lines}
    assert (closed.cost_fen, shares) == (40, {"A银行": (24, 0), "幸福里": (16, 40)})
