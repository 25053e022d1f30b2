"""A working day of a manager with four hundred customers, with real processes and the clock turned."""

import asyncio
import base64
import io
from datetime import datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from PIL import Image

from bot.clock import Clock
from bot.operations.answers import open_office, text_of
from bot.operations.invitations import invite
from bot.settings import Settings
from campaigns.staff.model import Role
from sandbox.client import Phone, Sandbox, words_of
from tests.bot_process import BotProcess
from tests.driver import GROUP, RIGHTS
from tests.e2e import managed_bank as bank
from tests.e2e.conftest import USERNAME

pytestmark = pytest.mark.e2e
EVE, DAY = "2026-12-02", "2026-12-03"  # A Wednesday and a Thursday.
HURRY, EASE = 30, 1  # Domain seconds in a real one.
SECOND_GROUP = "A银行&阳光里商户福利群"


class Manager:
    """李敏 at her desk, in private with the bot: what she says and taps, and what she sees then."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    async def says(self, words: str, awaited: str) -> str:
        """Write, and wait for what is answered."""
        mark = await self.phone.mark(USERNAME)
        await self.phone.says(words, USERNAME)
        return words_of(await self.phone.sees(awaited, USERNAME, since=mark))

    async def taps(self, label: str, awaited: str, message_id: int | None = None) -> str:
        """Press a button, and wait for what comes of it."""
        mark = await self.phone.mark(USERNAME)
        await self.phone.taps(label, USERNAME, message_id=message_id)
        return words_of(await self.phone.sees(awaited, USERNAME, since=mark))


@pytest.fixture
def settings(tmp_path: Path, clock_file: Path) -> Settings:
    """The settings of the bot's process."""
    return Settings(_env_file=None, var_dir=tmp_path, clock_file=clock_file)


async def turn(sandbox: Sandbox, hour: str, rate: int = HURRY) -> None:
    """Turn the clock to an hour of the day."""
    await sandbox.turn_clock(now=f"{DAY}T{hour}:00+08:00", rate=rate)


async def staff(sandbox: Sandbox, settings: Settings, url: str, name: str, role: Role) -> Phone:
    """Somebody who opened an invitation of the bank's."""
    link = await asyncio.to_thread(invite, settings, url, role, Clock(settings.clock_file).now)
    phone = await sandbox.new_person(name)
    await phone.starts(USERNAME, link.removeprefix("start="))
    await phone.sees("/help")
    return phone


async def the_day_before(manager: Manager, sandbox: Sandbox) -> tuple[int, int]:
    """Two groups, a chain, hours for visits, and the hour of the brief."""
    groups = []
    for title in (GROUP, SECOND_GROUP):
        groups.append(await sandbox.new_group(title, manager.phone))
        await manager.phone.adds_bot(USERNAME, groups[-1], parameter="register", rights=RIGHTS)
        await manager.phone.sees("已登记", groups[-1])
    await manager.phone.says("/chain 联名信用卡 3 明天20:00", groups[0])
    await manager.phone.sees("【接龙】联名信用卡", groups[0])
    await manager.says("早报 7:50", "工作日 07:50 发早报")
    await manager.says(f"/slots {DAY} 14:00-17:00 3", "已放出 1 个")
    return groups[0], groups[1]


async def morning(manager: Manager, best: str) -> None:
    """The brief of ten at her hour: write, call, visit, skip."""
    brief = await manager.phone.sees("☀️ 早安，今天值得联系的 10 位客户", USERNAME)
    assert f"1. {best} · " in brief["text"]
    assert "10. 0x" in brief["text"]
    assert "11. " not in brief["text"]
    assert "📨 文案：问候与服务回访" in brief["text"]
    assert "欧阳" not in brief["text"]
    item = brief["message_id"]
    await manager.taps("1 📨", f"已记录（{best}）", item)
    await manager.taps("2 📞", "结果怎样", item)
    await manager.taps("❌ 没成", "为什么没成")
    await manager.taps("他行已办", "客户拒绝")
    await manager.taps("3 🚗", "结果怎样", item)
    await manager.taps("✅ 成了", "已完成")
    await manager.taps("4 ⏭", "为什么", item)
    await manager.taps("刚联系过", "已跳过：刚联系过")
    assert "还剩 6 位" in await manager.says("早报", "今天值得联系的")


async def customers(manager: Manager, best: str) -> None:
    """Search by pinyin and by digits among four hundred, a card, a note in two taps, what is to be done."""
    await manager.says("/my", "我的客户 · 共 400 位\n第 1/50 页")
    await manager.says("/my oyxf", "「oyxf」（拼音）· 共 1 位")
    await manager.says("我的客户 6880", "「6880」（号码后几位）· 共 1 位")
    await manager.taps("1. …", f"👤 客户 {best} · 欧**芳 · 138****6880")
    await manager.taps("📝 备注", "请发一句备注")
    await manager.says("女儿明年上小学", "备注已加密保存")
    await manager.taps("客户卡", "📝 备注：女儿明年上小学（12-03）")
    await manager.taps("⏰ 跟进", "跟进什么")
    await manager.taps("约见面", "已记下：约见面，截止 ")
    listed = await manager.says("/tasks", "我的跟进 · 3 项")
    assert f"{best} 欧**芳 · 客户回应" in listed


async def application(manager: Manager, ouyang: Phone) -> None:
    """An entry of yesterday moved on to the delivered card, for which its customer books a visit."""
    await manager.says("/applications", "欧阳小芳 · 联名信用卡 · 已报名")
    for label in ("已联系", "已同意", "已申请", "已批准", "已送达"):
        await manager.taps(f"→ {label}", f" · {label} · ")
    await ouyang.says("我的进度", USERNAME)
    await ouyang.taps("约上门激活", USERNAME)
    await ouyang.taps("14:00–17:00", USERNAME)
    await ouyang.sees("请发上门地址", USERNAME)
    await ouyang.says("幸福里3栋201", USERNAME)
    await manager.phone.sees("欧**芳 约了上门", USERNAME)


async def question(manager: Manager, ouyang: Phone, sandbox: Sandbox) -> None:
    """A customer's question, answered by an approved text."""
    await ouyang.says("我的快递单号是多少", USERNAME)
    await ouyang.sees("已转给您的理财经理", USERNAME)
    await sandbox.turn_clock(120)
    await manager.phone.sees("欧**芳 问了您一个问题", USERNAME)
    await manager.taps("看问题 1", "我的快递单号是多少")
    await manager.taps("选审核过的答复", "请选一段审核过的文字")
    await manager.taps("已收到，稍后答复", "请填「日期」")
    await manager.says("今天下班", "预览 · 发给 欧阳小芳")
    await manager.phone.taps_and_sees("发送", "已发送", USERNAME)
    await ouyang.sees("李敏正在核实，今天下班前给您答复", USERNAME)


async def posts(manager: Manager, lead: Phone, sandbox: Sandbox, url: str) -> None:
    """Two posts that a colleague approved: the first taken back within its minute, the second sent to one group."""
    for words, groups, label in (("今晚八点直播", 2, "全选 / 全不选"), ("周六上午十点有活动", 1, "阳光里")):
        await manager.says("/broadcast", "请")
        await manager.says(words, "已提交审核")
        await lead.sees(words, USERNAME)
        mark = await manager.phone.mark(USERNAME)
        await lead.taps("✅ 通过", USERNAME)
        await manager.phone.sees("赵强 通过了您的群发", USERNAME, since=mark)
        await manager.taps("选群", "已选 0/2 个")
        await manager.taps(label, f"已选 {groups}/2 个")
        heads = reached(url, groups)
        await manager.taps("预览 ›", f"去重后 {heads} 人")
        await sandbox.turn_clock(rate=EASE)
        await manager.taps(f"确认发送给 {heads} 人", "60 秒后发出")
        if groups == 2:
            await manager.taps("撤回", "已撤回，2 个群都没有发")
        await sandbox.turn_clock(61, rate=HURRY)


def reached(url: str, groups: int) -> int:
    """How many different people are in the last groups."""
    with psycopg.connect(url) as connection:
        query = """SELECT count(DISTINCT member_id) FROM group_members WHERE left_at IS NULL
            AND group_id IN (SELECT id FROM groups ORDER BY id DESC LIMIT %s)"""
        [(found,)] = connection.execute(query, [groups]).fetchall()
        return int(found)


async def visit(manager: Manager) -> None:
    """The afternoon's door-step visit, done with a photo."""
    await manager.says("/visits", "14:00–17:00 幸福里 · 幸福里3栋201 · 欧阳小芳")
    await manager.taps("1. 已激活", "请发一张完成照片")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "PNG")
    await manager.phone.sends(USERNAME, photo_base64=base64.b64encode(picture.getvalue()).decode())
    await manager.phone.sees("已记为激活", USERNAME)


async def week(manager: Manager, sandbox: Sandbox) -> None:
    """The week as a picture."""
    mark = await manager.phone.mark(USERNAME)
    await manager.phone.says("/week", USERNAME)
    shown = await manager.phone.sees("联系 3 次：文案 1、电话 1、面谈 1", USERNAME, since=mark)
    assert "早报：推荐 10 位，已联系 3，跳过 1" in shown["caption"]
    async with httpx.AsyncClient(base_url=sandbox.url, trust_env=False) as client:
        content = (await client.get(f"/api/files/{shown['photo'][-1]['file_id']}")).content
    assert Image.open(io.BytesIO(content)).format == "PNG"


async def test_a_day_of_a_manager_with_four_hundred_customers(
    sandbox: Sandbox, bot_process: BotProcess, settings: Settings, database_url: str, tmp_path: Path
) -> None:
    await sandbox.set_faults(limits=False)
    await sandbox.turn_clock(now=f"{EVE}T17:00:00+08:00", rate=HURRY)
    now = datetime.fromisoformat(f"{EVE}T17:00:00+08:00")
    numbers = await asyncio.to_thread(bank.deliver, settings, database_url, tmp_path / "delivery", now)
    ouyang = await sandbox.new_person("欧阳小芳")
    ids = [ouyang.id, *range(bank.FIRST_ID, bank.FIRST_ID + bank.COUNT - 1)]
    await bank.bind(settings, database_url, numbers, ids, now)
    starting = text_of("starting")
    await asyncio.to_thread(
        open_office, settings, database_url, lambda: now, lambda office: office.take_in(starting, "陈静")
    )
    with bot_process:
        manager = Manager(await staff(sandbox, settings, database_url, "李敏", Role.WEALTH_MANAGER))
        lead = await staff(sandbox, settings, database_url, "赵强", Role.TEAM_LEAD)
        first, second = await the_day_before(manager, sandbox)
        await ouyang.joins(first)
        bank.join(database_url, ids, (first, second), now)
        await ouyang.starts(USERNAME)
        await ouyang.taps_and_sees("我要接龙", "已报名", first)

        await turn(sandbox, "07:50")
        await morning(manager, numbers[0])
        await turn(sandbox, "09:05")
        await ouyang.sees("您好，我是理财经理李敏。感谢您一直以来的信任", USERNAME)
        await ouyang.taps_and_sees("我感兴趣", "前会联系您", USERNAME)
        await customers(manager, numbers[0])
        await application(manager, ouyang)
        await question(manager, ouyang, sandbox)
        await posts(manager, lead, sandbox, database_url)
        await ouyang.sees_no("今晚八点直播", first)
        await manager.phone.sees("周六上午十点有活动", second)
        await manager.phone.sees_no("周六上午十点有活动", first)
        await turn(sandbox, "14:30")
        await visit(manager)
        await turn(sandbox, "16:31")
        await manager.phone.sees("🕓 今日名单还剩 6 位没联系", USERNAME)
        await manager.taps("看今日名单", "还剩 6 位")
        await week(manager, sandbox)
        await ouyang.says("我的进度", USERNAME)
        await ouyang.sees("卡片已激活", USERNAME)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM inbox WHERE state <> 'done'").fetchall() == [(0,)]
        assert connection.execute("SELECT stage FROM applications").fetchall() == [("activated",)]
        assert connection.execute("SELECT count(*) FROM deliveries WHERE state = 'unknown'").fetchall() == [(0,)]
